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
            name='Promotion',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('name', models.JSONField(default=dict)),
                ('kind', models.CharField(max_length=10)),
                ('yen', models.PositiveIntegerField(default=0)),
                ('rate_bp', models.PositiveIntegerField(default=0)),
                ('pieces', models.PositiveIntegerField(default=0)),
                ('gift_sku_id', models.UUIDField(null=True)),
                ('products', models.JSONField(default=list)),
                ('categories', models.JSONField(default=list)),
                ('brands', models.JSONField(default=list)),
                ('excludes_sale', models.BooleanField(default=False)),
                ('from_yen', models.PositiveIntegerField(default=0)),
                ('from_pieces', models.PositiveIntegerField(default=0)),
                ('exclusive', models.BooleanField(default=False)),
                ('priority', models.IntegerField(default=0)),
                ('needs_coupon', models.BooleanField(default=False)),
                ('ranks', models.JSONField(default=list)),
                ('members_only', models.BooleanField(default=False)),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('active', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('active', True)), fields=['site', 'ends_at'], name='promotion_running')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('amount', 'rate', 'shipping', 'n_for', 'quantity', 'gift')), ('rate_bp__lte', 10000), models.Q(models.Q(('kind', 'amount'), _negated=True), ('yen__gt', 0), _connector='OR'), models.Q(models.Q(('kind', 'rate'), _negated=True), ('rate_bp__gt', 0), _connector='OR'), models.Q(models.Q(('kind', 'n_for'), _negated=True), models.Q(('pieces__gt', 1), ('yen__gt', 0)), _connector='OR'), models.Q(models.Q(('kind', 'quantity'), _negated=True), models.Q(('pieces__gt', 1), ('rate_bp__gt', 0)), _connector='OR'), models.Q(models.Q(('kind', 'gift'), _negated=True), ('gift_sku_id__isnull', False), _connector='OR')), name='promotion_has_what_its_kind_needs'), models.CheckConstraint(condition=models.Q(('starts_at', None), ('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='promotion_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='SaleGate',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('opens_at', models.DateTimeField(null=True)),
                ('by_rank', models.JSONField(default=dict)),
                ('link_digest', models.BinaryField(null=True)),
                ('link_opens_at', models.DateTimeField(null=True)),
                ('product', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.product')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'product'), name='gate_product')],
            },
        ),
        migrations.CreateModel(
            name='Terms',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('shipping_yen', models.PositiveIntegerField(default=660)),
                ('free_shipping_from_yen', models.PositiveIntegerField(default=11000, null=True)),
                ('free_measures_before', models.BooleanField(default=False)),
                ('shipping_by_prefecture', models.JSONField(default=dict)),
                ('weight_fees', models.JSONField(default=list)),
                ('islands', models.JSONField(default=dict)),
                ('cod_fees', models.JSONField(default=list)),
                ('wrappings', models.JSONField(default=list)),
                ('bank_account', models.JSONField(default=dict)),
                ('bank_days', models.PositiveIntegerField(default=7)),
                ('lead_days', models.PositiveIntegerField(default=3)),
                ('carrier', models.CharField(default='yamato', max_length=20)),
                ('hold_minutes', models.PositiveIntegerField(default=0)),
                ('return_days', models.PositiveIntegerField(default=8)),
                ('return_fee_yen', models.PositiveIntegerField(default=0)),
                ('closed_weekdays', models.JSONField(default=list)),
                ('closed_days', models.JSONField(default=list)),
                ('registration_number', models.CharField(blank=True, default='', max_length=14)),
                ('issuer', models.JSONField(default=dict)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site',), name='terms_site'), models.CheckConstraint(condition=models.Q(('registration_number__regex', '^(T\\d{13})?$')), name='terms_registration_number')],
            },
        ),
        migrations.CreateModel(
            name='Coupon',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('total_limit', models.PositiveIntegerField(null=True)),
                ('member_limit', models.PositiveIntegerField(null=True)),
                ('first_order', models.BooleanField(default=False)),
                ('granted_only', models.BooleanField(default=False)),
                ('used', models.PositiveIntegerField(default=0)),
                ('active', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('promotion', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='coupons', to='pricing.promotion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'code'), name='coupon_code'), models.CheckConstraint(condition=models.Q(('total_limit', None), ('used__lte', models.F('total_limit')), _connector='OR'), name='coupon_total_limit'), models.CheckConstraint(condition=models.Q(('first_order', False), ('member_limit', 1), _connector='OR'), name='coupon_first_order_once')],
            },
        ),
        migrations.CreateModel(
            name='CouponGrant',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('member_id', models.UUIDField()),
                ('given', models.BooleanField(default=False)),
                ('allowed', models.PositiveIntegerField(default=1)),
                ('used', models.PositiveIntegerField(default=0)),
                ('expires_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=80)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('coupon', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='pricing.coupon')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'member_id'], name='grant_member')],
                'constraints': [models.UniqueConstraint(fields=('site', 'coupon', 'member_id'), name='grant_once'), models.CheckConstraint(condition=models.Q(('used__lte', models.F('allowed'))), name='grant_member_limit')],
            },
        ),
        migrations.CreateModel(
            name='CouponUse',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('order_id', models.UUIDField()),
                ('member_id', models.UUIDField(null=True)),
                ('turn', models.PositiveIntegerField(default=1)),
                ('back', models.BooleanField(default=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('coupon', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='pricing.coupon')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'order_id', 'coupon', 'turn', 'back'), name='coupon_use_once')],
            },
        ),
    ]
