import django.contrib.postgres.fields
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
            name='Payment',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('method', models.CharField(max_length=8)),
                ('provider', models.CharField(blank=True, max_length=8)),
                ('amount_yen', models.PositiveIntegerField()),
                ('given_back_yen', models.PositiveIntegerField(default=0)),
                ('authorised_yen', models.PositiveIntegerField(default=0)),
                ('captured_yen', models.PositiveIntegerField(default=0)),
                ('refunded_yen', models.PositiveIntegerField(default=0)),
                ('due_on', models.DateField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('attention', models.CharField(blank=True, max_length=30)),
                ('checked_at', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('provider', ''), _negated=True), fields=['site', 'checked_at'], name='pay_to_check'), models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['site', 'expires_at'], name='pay_expiring'), models.Index(condition=models.Q(('attention', ''), _negated=True), fields=['site', 'made_at'], name='pay_look')],
                'constraints': [models.UniqueConstraint(fields=('site', 'order'), name='pay_order'), models.CheckConstraint(condition=models.Q(('captured_yen__lte', models.F('amount_yen')), ('refunded_yen__lte', models.F('captured_yen')), ('given_back_yen__lte', models.F('amount_yen')), ('refunded_yen__lte', models.F('given_back_yen'))), name='pay_within')],
            },
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('provider', models.CharField(max_length=8)),
                ('event_id', models.CharField(max_length=255)),
                ('kind', models.CharField(max_length=80)),
                ('ref', models.CharField(max_length=255)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'received_at'], name='event_time')],
                'constraints': [models.UniqueConstraint(fields=('site', 'provider', 'event_id'), name='event_once')],
            },
        ),
        migrations.CreateModel(
            name='RefundAccount',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('record_id', models.UUIDField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'order', '-at'], name='refund_account')],
            },
        ),
        migrations.CreateModel(
            name='RefundBatch',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('transfer_on', models.DateField()),
                ('sender', models.JSONField()),
                ('count', models.PositiveIntegerField()),
                ('total_yen', models.PositiveBigIntegerField()),
                ('state', models.CharField(default='draft', max_length=8)),
                ('made_by', models.UUIDField()),
                ('first_by', models.UUIDField(null=True)),
                ('second_by', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('sent_at', models.DateTimeField(null=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', '-made_at', '-id'], name='refund_batch_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'dropped']), models.Q(('first_by__isnull', False), ('second_by__isnull', False), models.Q(('first_by', models.F('second_by')), _negated=True)), _connector='OR'), name='batch_two_approvers')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('line_digest', models.BinaryField()),
                ('paid_on', models.DateField()),
                ('amount_yen', models.PositiveIntegerField()),
                ('number', models.CharField(blank=True, max_length=24)),
                ('state', models.CharField(default='open', max_length=8)),
                ('matched_by', models.UUIDField(null=True)),
                ('matched_at', models.DateTimeField(null=True)),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', '-paid_on', '-id'], name='transfer_list')],
                'constraints': [models.UniqueConstraint(fields=('site', 'line_digest'), name='transfer_once'), models.CheckConstraint(condition=models.Q(models.Q(('order__isnull', False), ('state', 'matched')), models.Q(('order__isnull', True), ('state__in', ['open', 'ignored'])), _connector='OR'), name='transfer_matched_has_order')],
            },
        ),
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('provider', models.CharField(max_length=8)),
                ('methods', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), default=list)),
                ('last4', models.CharField(blank=True, max_length=4)),
                ('konbini_days', models.PositiveIntegerField(default=3)),
                ('cursor', models.CharField(blank=True, max_length=255)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('changed_by', models.UUIDField(null=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'provider'), name='connection_once')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('no', models.PositiveIntegerField()),
                ('provider', models.CharField(max_length=8)),
                ('method', models.CharField(max_length=8)),
                ('amount_yen', models.PositiveIntegerField()),
                ('state', models.CharField(default='making', max_length=12)),
                ('session_ref', models.CharField(blank=True, max_length=255)),
                ('payment_ref', models.CharField(blank=True, max_length=255)),
                ('url', models.TextField(blank=True)),
                ('voucher', models.JSONField(default=dict)),
                ('expires_at', models.DateTimeField()),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('payment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='payments.payment')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['making', 'open'])), fields=['site', 'expires_at'], name='attempt_open')],
                'constraints': [models.UniqueConstraint(fields=('site', 'payment', 'no'), name='attempt_no'), models.UniqueConstraint(condition=models.Q(('state__in', ['closed', 'failed']), _negated=True), fields=('site', 'payment'), name='attempt_alive_once'), models.UniqueConstraint(condition=models.Q(('session_ref', ''), _negated=True), fields=('site', 'provider', 'session_ref'), name='attempt_session'), models.UniqueConstraint(condition=models.Q(('payment_ref', ''), _negated=True), fields=('site', 'provider', 'payment_ref'), name='attempt_payment')],
            },
        ),
        migrations.CreateModel(
            name='GivenBack',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('reference', models.UUIDField()),
                ('amount_yen', models.PositiveIntegerField()),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('payment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='given', to='payments.payment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'payment', 'reference'), name='given_once'), models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0)), name='given_is_money')],
            },
        ),
        migrations.CreateModel(
            name='Disagreement',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('provider', models.CharField(max_length=8)),
                ('kind', models.CharField(max_length=20)),
                ('ref', models.CharField(max_length=255)),
                ('here_yen', models.PositiveIntegerField(default=0)),
                ('there_yen', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(default='open', max_length=8)),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.UUIDField(null=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('payment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disagreements', to='payments.payment')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', '-opened_at', '-id'], name='disagreement_list')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('site', 'provider', 'kind', 'ref'), name='disagreement_open_once')],
            },
        ),
        migrations.CreateModel(
            name='RefundBatchLine',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('amount_yen', models.PositiveIntegerField()),
                ('account', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.refundaccount')),
                ('batch', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.refundbatch')),
                ('payment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.payment')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'batch', 'payment'), name='batch_line_once'), models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0)), name='batch_line_is_money')],
            },
        ),
        migrations.CreateModel(
            name='Capture',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('amount_yen', models.PositiveIntegerField()),
                ('reference', models.CharField(default='', max_length=120)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('attempt', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='captures', to='payments.attempt')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('payment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='captures', to='payments.payment')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'at', 'id'], name='capture_time')],
                'constraints': [models.UniqueConstraint(fields=('site', 'payment', 'reference'), name='capture_once'), models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0)), name='capture_is_money')],
            },
        ),
        migrations.CreateModel(
            name='ProviderCall',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('verb', models.CharField(max_length=8)),
                ('key', models.CharField(max_length=120)),
                ('amount_yen', models.PositiveIntegerField(default=0)),
                ('reference', models.UUIDField(null=True)),
                ('state', models.CharField(default='pending', max_length=8)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=80)),
                ('by_kind', models.CharField(default='system', max_length=10)),
                ('by_id', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('tried_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('attempt', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='payments.attempt')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['pending', 'unknown'])), fields=['site', 'made_at'], name='call_open')],
                'constraints': [models.UniqueConstraint(fields=('site', 'key'), name='call_key'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'done', 'failed', 'unknown', 'replaced'])), name='call_states')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('amount_yen', models.PositiveIntegerField()),
                ('reference', models.CharField(max_length=255)),
                ('way', models.CharField(max_length=8)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('attempt', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.attempt')),
                ('payment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.payment')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'at', 'id'], name='refund_time')],
                'constraints': [models.UniqueConstraint(fields=('site', 'payment', 'reference'), name='refund_once'), models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0)), name='refund_is_money')],
            },
        ),
    ]
