import django.db.models.deletion
import django.db.models.functions.datetime
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=12)),
                ('on_hand_delta', models.IntegerField()),
                ('allocated_delta', models.IntegerField()),
                ('reference', models.UUIDField(null=True)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('sku', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.sku')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'sku', 'at'], name='movement_history')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('reason__in', ['allocate', 'release', 'ship'])), fields=('site', 'reference', 'sku', 'reason'), name='movement_once')],
            },
        ),
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('on_hand', models.IntegerField(default=0)),
                ('allocated', models.IntegerField(default=0)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('sku', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='catalogue.sku')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'sku'), name='stock_sku'), models.CheckConstraint(condition=models.Q(('on_hand__gte', 0)), name='stock_not_negative'), models.CheckConstraint(condition=models.Q(('allocated__gte', 0), ('allocated__lte', models.F('on_hand'))), name='stock_allocated_is_there')],
            },
        ),
    ]
