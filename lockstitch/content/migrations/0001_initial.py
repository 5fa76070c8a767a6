import django.db.models.deletion
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=60)),
                ('title', models.JSONField(default=dict)),
                ('body', models.JSONField(default=dict)),
                ('position', models.PositiveIntegerField(default=0)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('site', 'slug'), name='page_slug')],
            },
        ),
    ]
