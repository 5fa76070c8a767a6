import django.db.models.deletion
from django.db import migrations, models

import lockstitch.tenancy.models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0008_alterations'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SizeTable',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('brand', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=20)),
                ('gender', models.CharField(blank=True, max_length=8)),
                ('systems', models.JSONField(default=list)),
                ('rows', models.JSONField(default=list)),
                ('meanings', models.JSONField(default=dict)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={'ordering': ['brand', 'kind', 'gender']},
        ),
        migrations.AddConstraint(
            model_name='sizetable',
            constraint=models.UniqueConstraint(fields=('site', 'brand', 'kind', 'gender'), name='size_table'),
        ),
    ]
