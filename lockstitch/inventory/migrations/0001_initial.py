import django.db.models.deletion
import django.db.models.expressions
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
            name='Location',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20)),
                ('name', models.JSONField()),
                ('kind', models.CharField(default='warehouse', max_length=10)),
                ('position', models.PositiveIntegerField(default=0)),
                ('sells_online', models.BooleanField(default=True)),
                ('buffer', models.PositiveIntegerField(default=0)),
                ('pickup', models.BooleanField(default=False)),
                ('pickup_days', models.PositiveIntegerField(default=7)),
                ('prefecture', models.CharField(blank=True, max_length=4)),
                ('address', models.JSONField(default=dict)),
                ('hours', models.JSONField(default=dict)),
                ('active', models.BooleanField(default=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('site', 'code'), name='location_code'), models.CheckConstraint(condition=models.Q(('kind__in', ['warehouse', 'store'])), name='location_kind')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('holder', models.UUIDField()),
                ('quantity', models.PositiveIntegerField()),
                ('expires_at', models.DateTimeField()),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('sku', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.sku')),
                ('location', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'sku'], name='hold_sku'), models.Index(fields=['site', 'expires_at'], name='hold_expiry')],
                'constraints': [models.UniqueConstraint(fields=('site', 'holder', 'sku', 'location'), name='hold_once'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='hold_is_something')],
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('reference', models.UUIDField()),
                ('quantity', models.IntegerField()),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('sku', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.sku')),
                ('location', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('quantity__gt', 0)), fields=['site', 'location', 'sku'], name='allocation_open')],
                'constraints': [models.UniqueConstraint(fields=('site', 'reference', 'sku', 'location'), name='allocation_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='allocation_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=12)),
                ('on_hand_delta', models.IntegerField()),
                ('allocated_delta', models.IntegerField()),
                ('held_delta', models.IntegerField(default=0)),
                ('reference', models.UUIDField(null=True)),
                ('note', models.CharField(blank=True, max_length=120)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('location', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('sku', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.sku')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'sku', 'at'], name='movement_history'), models.Index(fields=['site', 'location', '-at', '-id'], name='movement_location')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('reason__in', ['hold', 'unhold']), _negated=True), fields=('site', 'reference', 'sku', 'location', 'reason'), name='movement_once')],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('number', models.CharField(max_length=20)),
                ('state', models.CharField(default='open', max_length=10)),
                ('blind', models.BooleanField(default=False)),
                ('expected_on', models.DateField(null=True)),
                ('note', models.CharField(blank=True, max_length=120)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('posted_by', models.UUIDField(null=True)),
                ('posted_at', models.DateTimeField(null=True)),
                ('location', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('source', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
            ],
            options={
                'indexes': [models.Index(fields=['site', '-at', '-id'], name='sheet_list')],
                'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='sheet_number'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'transfer'), ('source__isnull', False), models.Q(('source', models.F('location')), _negated=True)), models.Q(('kind__in', ['receipt', 'count']), ('source__isnull', True)), _connector='OR'), name='sheet_transfer_has_two_ends'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'sent', 'posted', 'dropped'])), name='sheet_state')],
            },
        ),
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('on_hand', models.IntegerField(default=0)),
                ('allocated', models.IntegerField(default=0)),
                ('held', models.IntegerField(default=0)),
                ('shelf', models.CharField(blank=True, db_default='', max_length=20)),
                ('stated_at', models.DateTimeField(null=True)),
                ('location', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('sku', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='catalogue.sku')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'sku', 'location'), name='stock_sku'), models.CheckConstraint(condition=models.Q(('on_hand__gte', 0)), name='stock_not_negative'), models.CheckConstraint(condition=models.Q(('allocated__gte', 0), ('held__gte', 0), ('allocated__lte', django.db.models.expressions.CombinedExpression(models.F('on_hand'), '-', models.F('held')))), name='stock_allocated_is_there')],
            },
        ),
        migrations.CreateModel(
            name='SheetLine',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('expected', models.PositiveIntegerField(default=0)),
                ('found', models.PositiveIntegerField(null=True)),
                ('sheet', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='inventory.sheet')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('sku', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.sku')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'sheet', 'sku'), name='sheet_line_sku')],
            },
        ),
    ]
