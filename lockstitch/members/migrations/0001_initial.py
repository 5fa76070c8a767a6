import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.uuid
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
            name='Rank',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=30)),
                ('name', models.JSONField(default=dict)),
                ('level', models.PositiveIntegerField()),
                ('threshold', models.PositiveIntegerField(default=0)),
                ('rate_bp', models.PositiveIntegerField(default=0)),
                ('times_bp', models.PositiveIntegerField(default=10000)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['level'],
                'constraints': [models.UniqueConstraint(fields=('site', 'code'), name='rank_code'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('site', 'level'), name='rank_level'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('site', 'threshold'), name='rank_threshold'), models.CheckConstraint(condition=models.Q(('rate_bp__lte', 10000)), name='rank_rate')],
            },
        ),
        migrations.CreateModel(
            name='PointRule',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('name', models.JSONField(default=dict)),
                ('add_bp', models.PositiveIntegerField(default=0)),
                ('times_bp', models.PositiveIntegerField(default=10000)),
                ('products', models.JSONField(default=list)),
                ('categories', models.JSONField(default=list)),
                ('brands', models.JSONField(default=list)),
                ('ranks', models.JSONField(default=list)),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('active', models.BooleanField(default=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('rate_bp', models.PositiveIntegerField(default=0)),
                ('points_live_months', models.PositiveIntegerField(default=12, null=True)),
                ('restored_live_days', models.PositiveIntegerField(default=30)),
                ('spend_unit_points', models.PositiveIntegerField(default=1)),
                ('rank_by', models.CharField(default='spend', max_length=6)),
                ('rank_window_months', models.PositiveIntegerField(default=12)),
                ('welcome_points', models.PositiveIntegerField(default=0)),
                ('birthday_points', models.PositiveIntegerField(default=0)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site',), name='programme_site'), models.CheckConstraint(condition=models.Q(('rank_window_months__gte', 1), ('rate_bp__lte', 10000), ('rank_by__in', ['spend', 'count']), ('spend_unit_points__gte', 1)), name='programme_makes_sense')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('hint', models.CharField(max_length=40)),
                ('joined_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('profile_id', models.UUIDField(null=True)),
                ('prefecture', models.CharField(blank=True, default='', max_length=4)),
                ('language', models.CharField(default='ja', max_length=2)),
                ('birth_month', models.PositiveSmallIntegerField(null=True)),
                ('rank_since', models.DateField(null=True)),
                ('rank_measure', models.PositiveBigIntegerField(default=0)),
                ('closed_at', models.DateTimeField(null=True)),
                ('mail_key', models.UUIDField(db_default=django.db.models.functions.uuid.UUID4())),
                ('unmailable_at', models.DateTimeField(null=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('rank', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.rank')),
            ],
            options={
                'indexes': [models.Index(fields=['site', '-joined_at', '-id'], name='member_list'), models.Index(fields=['site', 'profile_id'], name='member_profile'), models.Index(fields=['site', 'birth_month'], name='member_birthdays'), models.Index(fields=['site', 'mail_key'], name='member_mail_key')],
                'constraints': [models.CheckConstraint(condition=models.Q(('birth_month', None), models.Q(('birth_month__gte', 1), ('birth_month__lte', 12)), _connector='OR'), name='member_birth_month')],
            },
        ),
        migrations.CreateModel(
            name='Garment',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=20)),
                ('size', models.CharField(blank=True, max_length=20)),
                ('measures', models.JSONField(default=dict)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('member', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='garments', to='members.member')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PointEntry',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=8)),
                ('points', models.IntegerField(default=0)),
                ('pending', models.IntegerField(default=0)),
                ('owed', models.IntegerField(default=0)),
                ('order_id', models.UUIDField(null=True)),
                ('reference', models.CharField(blank=True, max_length=80)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('member', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'member', '-at', '-id'], name='points_history'), models.Index(fields=['site', 'order_id'], name='points_order'), models.Index(fields=['site', 'at'], name='points_time')],
                'constraints': [models.UniqueConstraint(fields=('site', 'member', 'kind', 'order_id', 'reference'), name='points_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='RankChange',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('was', models.CharField(blank=True, max_length=30)),
                ('became', models.CharField(blank=True, max_length=30)),
                ('measure', models.PositiveBigIntegerField()),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('member', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rank_changes', to='members.member')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'member', '-at'], name='rank_history')],
            },
        ),
        migrations.CreateModel(
            name='Favourite',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('token_digest', models.BinaryField(null=True)),
                ('price_seen_yen', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('product', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.product')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('sku', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.sku')),
                ('member', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('token_digest', None)), fields=('site', 'member', 'product', 'sku'), name='favourite_member', nulls_distinct=False), models.UniqueConstraint(condition=models.Q(('member', None)), fields=('site', 'token_digest', 'product', 'sku'), name='favourite_browser', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('member', None), ('token_digest', None), _connector='XOR'), name='favourite_of_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=20)),
                ('given', models.BooleanField()),
                ('version', models.CharField(max_length=20)),
                ('source', models.CharField(max_length=20)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('member', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='members.member')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'member', 'purpose', '-at'], name='consent_last')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('record_id', models.UUIDField()),
                ('by', models.UUIDField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('member', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='members.member')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'member', '-at'], name='note_history')],
            },
        ),
        migrations.CreateModel(
            name='PointAccount',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('balance', models.PositiveIntegerField(default=0)),
                ('pending', models.PositiveIntegerField(default=0)),
                ('owed', models.PositiveIntegerField(default=0)),
                ('member', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'member'), name='points_member')],
            },
        ),
        migrations.CreateModel(
            name='PointLot',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('order_id', models.UUIDField(null=True)),
                ('points', models.PositiveIntegerField()),
                ('remaining', models.PositiveIntegerField()),
                ('expires_on', models.DateField(null=True)),
                ('entry', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.pointentry')),
                ('member', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('remaining__gt', 0)), fields=['site', 'member', 'expires_on', 'id'], name='lot_next'), models.Index(condition=models.Q(('remaining__gt', 0)), fields=['site', 'expires_on'], name='lot_expiring')],
                'constraints': [models.CheckConstraint(condition=models.Q(('remaining__lte', models.F('points'))), name='lot_holds_no_more')],
            },
        ),
        migrations.CreateModel(
            name='PointUse',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('points', models.PositiveIntegerField()),
                ('entry', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='members.pointentry')),
                ('lot', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.pointlot')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
