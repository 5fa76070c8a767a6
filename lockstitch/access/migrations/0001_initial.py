import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('code_digest', models.BinaryField(primary_key=True, serialize=False)),
                ('host', models.CharField(max_length=253)),
                ('kind', models.CharField(max_length=10)),
                ('principal_id', models.UUIDField()),
                ('expires_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Operator',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('handle', models.CharField(max_length=60)),
                ('role', models.CharField(max_length=20)),
                ('site_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list)),
                ('active', models.BooleanField(default=True)),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='tenancy.company')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'handle'], name='operator_company')],
            },
        ),
    ]
