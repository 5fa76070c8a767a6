import django.db.models.deletion
import django.db.models.expressions
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
            name='Order',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=24)),
                ('checkout_id', models.UUIDField()),
                ('member_id', models.UUIDField(null=True)),
                ('record_id', models.UUIDField()),
                ('buyer_hint', models.CharField(max_length=40)),
                ('prefecture', models.CharField(max_length=4)),
                ('postal_zone', models.CharField(max_length=3)),
                ('language', models.CharField(default='ja', max_length=2)),
                ('method', models.CharField(max_length=8)),
                ('delivery_date', models.DateField(null=True)),
                ('delivery_slot', models.CharField(blank=True, max_length=8)),
                ('items_yen', models.PositiveIntegerField()),
                ('shipping_yen', models.PositiveIntegerField()),
                ('fee_yen', models.PositiveIntegerField()),
                ('total_yen', models.PositiveIntegerField()),
                ('taxes', models.JSONField()),
                ('status', models.CharField(default='placed', max_length=12)),
                ('payment', models.CharField(max_length=12)),
                ('fulfilment', models.CharField(default='unshipped', max_length=12)),
                ('placed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', '-placed_at', '-id'], name='order_list'), models.Index(fields=['site', 'fulfilment', '-placed_at', '-id'], name='order_to_ship'), models.Index(fields=['site', 'payment', '-placed_at', '-id'], name='order_unpaid'), models.Index(fields=['site', 'member_id', '-placed_at'], name='order_member')],
                'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='order_number'), models.UniqueConstraint(fields=('site', 'checkout_id'), name='order_once'), models.UniqueConstraint(fields=('site', 'record_id'), name='order_record'), models.CheckConstraint(condition=models.Q(('total_yen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('items_yen'), '+', models.F('shipping_yen')), '+', models.F('fee_yen')))), name='order_total_is_its_parts'), models.CheckConstraint(condition=models.Q(('status__in', ['placed', 'completed', 'cancelled']), ('payment__in', ['awaiting', 'authorised', 'captured', 'refund_due', 'void']), ('fulfilment__in', ['unshipped', 'shipped', 'stopped'])), name='order_known_states'), models.CheckConstraint(condition=models.Q(models.Q(('fulfilment', 'shipped'), _negated=True), ('payment__in', ['captured', 'refund_due']), _connector='OR'), name='order_shipped_is_captured')],
            },
        ),
        migrations.CreateModel(
            name='OrderEvent',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=30)),
                ('machine', models.CharField(blank=True, max_length=12)),
                ('was', models.CharField(blank=True, max_length=12)),
                ('became', models.CharField(blank=True, max_length=12)),
                ('facts', models.JSONField(default=dict)),
                ('by_kind', models.CharField(max_length=10)),
                ('by_id', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['site', 'order', 'at'], name='event_history')],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('sku_id', models.UUIDField()),
                ('sku_code', models.CharField(max_length=120)),
                ('name', models.JSONField()),
                ('colour', models.JSONField()),
                ('size', models.CharField(max_length=60)),
                ('picture_key', models.CharField(blank=True, max_length=80)),
                ('product_slug', models.CharField(blank=True, max_length=160)),
                ('unit_price_yen', models.PositiveIntegerField()),
                ('quantity', models.PositiveIntegerField()),
                ('tax_rate_bp', models.PositiveIntegerField()),
                ('total_yen', models.PositiveIntegerField()),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['position'],
                'indexes': [models.Index(fields=['site', 'sku_id'], name='line_sku')],
                'constraints': [models.UniqueConstraint(fields=('site', 'order', 'position'), name='line_position'), models.CheckConstraint(condition=models.Q(('total_yen', django.db.models.expressions.CombinedExpression(models.F('unit_price_yen'), '*', models.F('quantity'))), ('quantity__gt', 0)), name='line_total_is_price_times_quantity')],
            },
        ),
    ]
