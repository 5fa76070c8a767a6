import datetime
import django.db.models.deletion
import django.db.models.functions.datetime
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0001_initial'),
        ('orders', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LabelBatch',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('carrier', models.CharField(max_length=20)),
                ('ships_on', models.DateField()),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', '-at', '-id'], name='batch_list')],
            },
        ),
        migrations.CreateModel(
            name='PaperIssue',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('copy', models.PositiveIntegerField()),
                ('by_kind', models.CharField(max_length=10)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'order', 'kind', 'copy'), name='paper_once')],
            },
        ),
        migrations.CreateModel(
            name='DispatchTerms',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('cut_off', models.TimeField(default=datetime.time(15, 0))),
                ('handling_days', models.PositiveIntegerField(default=1)),
                ('on_holidays', models.BooleanField(default=False)),
                ('origin', models.CharField(default='東京都', max_length=4)),
                ('transit', models.JSONField(default=dict)),
                ('late_days', models.PositiveIntegerField(default=2)),
                ('sender', models.JSONField(default=dict)),
                ('contents', models.CharField(default='衣料品', max_length=25)),
                ('yamato_customer', models.CharField(blank=True, max_length=12)),
                ('yamato_class', models.CharField(blank=True, max_length=3)),
                ('yamato_fare', models.CharField(blank=True, max_length=2)),
                ('sagawa_customer', models.CharField(blank=True, max_length=12)),
                ('yupack_kind', models.CharField(blank=True, max_length=20)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site',), name='dispatch_terms_site')],
            },
        ),
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('no', models.PositiveIntegerField()),
                ('destination', models.PositiveIntegerField(default=1)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('carrier', models.CharField(max_length=20)),
                ('tracking_number', models.CharField(blank=True, max_length=20)),
                ('state', models.CharField(default='planned', max_length=10)),
                ('money_yen', models.PositiveIntegerField(default=0)),
                ('tax_yen', models.PositiveIntegerField(default=0)),
                ('code', models.CharField(blank=True, max_length=8)),
                ('waits_until', models.DateField(null=True)),
                ('by', models.UUIDField(null=True)),
                ('planned_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ready_at', models.DateTimeField(null=True)),
                ('shipped_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('batch', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='fulfilment.labelbatch')),
                ('location', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['no'],
                'indexes': [models.Index(fields=['site', 'tracking_number'], name='parcel_tracking'), models.Index(fields=['site', 'state', 'planned_at', 'id'], name='parcel_list')],
                'constraints': [models.UniqueConstraint(fields=('site', 'order', 'no'), name='parcel_no'), models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('site', 'code'), name='parcel_code'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'shipped', 'delivered', 'returned', 'dropped'])), name='parcel_state'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'dropped']), ('shipped_at__isnull', False), _connector='OR'), name='parcel_sent_has_its_day')],
            },
        ),
        migrations.CreateModel(
            name='ParcelEvent',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('facts', models.JSONField(default=dict)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('parcel', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='fulfilment.parcel')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'parcel', 'at'], name='parcel_history')],
            },
        ),
        migrations.CreateModel(
            name='ParcelLine',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('line_key', models.UUIDField()),
                ('sku_id', models.UUIDField()),
                ('quantity', models.PositiveIntegerField()),
                ('parcel', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='fulfilment.parcel')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'parcel', 'line_key'), name='parcel_line'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='parcel_line_is_something')],
            },
        ),
    ]
