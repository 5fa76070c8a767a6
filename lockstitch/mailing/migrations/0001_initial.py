import django.db.models.deletion
import django.db.models.functions.datetime
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=30)),
                ('language', models.CharField(max_length=2)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField(max_length=20000)),
                ('html', models.TextField(blank=True, max_length=50000)),
                ('by', models.UUIDField(null=True)),
                ('kept_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'name', 'language'), name='template_letter')],
            },
        ),
    ]
