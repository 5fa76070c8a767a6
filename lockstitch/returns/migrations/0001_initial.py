import django.db.models.deletion
import django.db.models.functions.datetime
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orders', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('state', models.CharField(default='asked', max_length=10)),
                ('at_once', models.BooleanField(default=False)),
                ('note_record_id', models.UUIDField(null=True)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('closed_at', models.DateTimeField(null=True)),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ('asked', 'approved', 'received'))), fields=['site', 'asked_at', 'id'], name='return_open'), models.Index(fields=['site', '-asked_at', '-id'], name='return_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'approved', 'received', 'closed', 'refused', 'withdrawn'])), name='return_states')],
            },
        ),
        migrations.CreateModel(
            name='ReturnEvent',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('was', models.CharField(max_length=10)),
                ('became', models.CharField(max_length=10)),
                ('reason', models.CharField(blank=True, max_length=120)),
                ('by_kind', models.CharField(max_length=10)),
                ('by_id', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ret', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='returns.return')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['site', 'ret', 'at'], name='return_history')],
            },
        ),
        migrations.CreateModel(
            name='ReturnLine',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('quantity', models.PositiveIntegerField()),
                ('reason', models.CharField(max_length=14)),
                ('measure', models.CharField(blank=True, max_length=10)),
                ('wanted_sku_id', models.UUIDField(null=True)),
                ('accepted', models.PositiveIntegerField(null=True)),
                ('disposition', models.CharField(blank=True, max_length=8)),
                ('exchanged', models.BooleanField(default=False)),
                ('line', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.orderline')),
                ('ret', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='returns.return')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'ret', 'line'), name='return_line_once'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0), models.Q(('accepted', None), ('accepted__lte', models.F('quantity')), _connector='OR'), ('disposition__in', ['', 'restock', 'outlet', 'scrap'])), name='return_line_makes_sense')],
            },
        ),
    ]
