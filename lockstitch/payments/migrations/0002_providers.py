import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0004_rules'),
        ('payments', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
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
                ('payment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='payments.payment')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['making', 'open'])), fields=['site', 'expires_at'], name='attempt_open')],
                'constraints': [models.UniqueConstraint(fields=('site', 'payment', 'no'), name='attempt_no'), models.UniqueConstraint(condition=models.Q(('state__in', ['closed', 'failed']), _negated=True), fields=('site', 'payment'), name='attempt_alive_once'), models.UniqueConstraint(condition=models.Q(('session_ref', ''), _negated=True), fields=('site', 'provider', 'session_ref'), name='attempt_session'), models.UniqueConstraint(condition=models.Q(('payment_ref', ''), _negated=True), fields=('site', 'provider', 'payment_ref'), name='attempt_payment')],
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
                ('payment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disagreements', to='payments.payment')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', '-opened_at', '-id'], name='disagreement_list')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('site', 'provider', 'kind', 'ref'), name='disagreement_open_once')],
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
                ('payment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='given', to='payments.payment')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'payment', 'reference'), name='given_once'), models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0)), name='given_is_money')],
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
        migrations.RemoveConstraint(
            model_name='capture',
            name='capture_once',
        ),
        migrations.AddField(
            model_name='capture',
            name='reference',
            field=models.CharField(default='', max_length=120),
        ),
        migrations.AddField(
            model_name='payment',
            name='attention',
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name='payment',
            name='authorised_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='payment',
            name='captured_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='payment',
            name='checked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='payment',
            name='expires_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='payment',
            name='given_back_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='payment',
            name='provider',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='payment',
            name='refunded_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('provider', ''), _negated=True), fields=['site', 'checked_at'], name='pay_to_check'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['site', 'expires_at'], name='pay_expiring'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('attention', ''), _negated=True), fields=['site', 'made_at'], name='pay_look'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('captured_yen__lte', models.F('amount_yen')), ('refunded_yen__lte', models.F('captured_yen')), ('given_back_yen__lte', models.F('amount_yen')), ('refunded_yen__lte', models.F('given_back_yen'))), name='pay_within'),
        ),
        migrations.AddField(
            model_name='capture',
            name='attempt',
            field=lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='captures', to='payments.attempt'),
        ),
        migrations.AddIndex(
            model_name='capture',
            index=models.Index(fields=['site', 'at', 'id'], name='capture_time'),
        ),
        migrations.AddConstraint(
            model_name='capture',
            constraint=models.UniqueConstraint(fields=('site', 'payment', 'reference'), name='capture_once'),
        ),
    ]
