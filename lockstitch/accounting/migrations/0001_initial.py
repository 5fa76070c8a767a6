import django.db.models.deletion
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
            name='Entry',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('kind', models.CharField(max_length=10)),
                ('source_id', models.UUIDField()),
                ('text', models.CharField(max_length=120)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'day', 'id'], name='entry_day'), models.Index(fields=['site', 'kind', 'source_id'], name='entry_source')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'order'), _negated=True), fields=('site', 'kind', 'source_id'), name='entry_once')],
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('account', models.CharField(max_length=16)),
                ('day', models.DateField()),
                ('gross_yen', models.PositiveIntegerField()),
                ('fee_yen', models.PositiveIntegerField()),
                ('reference', models.CharField(max_length=80)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'account', 'reference'), name='payout_once'), models.CheckConstraint(condition=models.Q(('fee_yen__lte', models.F('gross_yen')), ('gross_yen__gt', 0)), name='payout_makes_sense')],
            },
        ),
        migrations.CreateModel(
            name='Books',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('events_until', models.DateTimeField(null=True)),
                ('points_until', models.DateTimeField(null=True)),
                ('locked_until', models.DateField(null=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site',), name='books_site')],
            },
        ),
        migrations.CreateModel(
            name='Close',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('entries', models.PositiveIntegerField()),
                ('sums', models.JSONField()),
                ('disagreements', models.JSONField(default=list)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'day'), name='close_day')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('account', models.CharField(max_length=16)),
                ('yen', models.BigIntegerField()),
                ('entry', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='accounting.entry')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'entry', 'account'), name='line_account'), models.CheckConstraint(condition=models.Q(models.Q(('yen', 0), _negated=True), ('account__in', ['bank', 'card_due', 'service_due', 'cod_due', 'receivable', 'paid_tax', 'deposits', 'points', 'tax_10', 'tax_8', 'sales_10', 'sales_8', 'discounts_10', 'discounts_8', 'shipping', 'fees', 'wrapping', 'points_expired', 'point_cost', 'provider_fees', 'difference'])), name='line_is_money')],
            },
        ),
    ]
