import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0003_carry_over'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='orderline',
            name='net_yen',
            field=models.PositiveIntegerField(),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('status', 'pending')), fields=['site', 'placed_at'], name='order_pending'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('total_yen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('items_yen'), '+', models.F('shipping_yen')), '+', models.F('fee_yen')), '+', models.F('wrapping_yen')), '-', models.F('discount_yen')))), name='order_total_is_its_parts'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('discount_yen__lte', models.F('items_yen')), ('points_yen__lte', models.F('total_yen'))), name='order_discount_and_points_within'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('money_back_yen__lte', django.db.models.expressions.CombinedExpression(models.F('total_yen'), '-', models.F('points_yen'))), ('points_back_yen__lte', models.F('points_yen')), ('reduced_yen', django.db.models.expressions.CombinedExpression(models.F('money_back_yen'), '+', models.F('points_back_yen')))), name='order_gives_back_what_it_took'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'placed', 'completed', 'cancelled', 'lapsed']), ('payment__in', ['awaiting', 'failed', 'authorised', 'capturing', 'captured', 'refund_due', 'refunded', 'void']), ('fulfilment__in', ['unshipped', 'part', 'shipped', 'delivered', 'stopped'])), name='order_known_states'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fulfilment__in', ('shipped', 'delivered')), _negated=True), ('payment__in', ('capturing', 'captured', 'refund_due', 'refunded')), _connector='OR'), name='order_shipped_is_captured'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('site', 'order', 'revision', 'position'), name='line_position'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('site', 'order', 'revision', 'key'), name='line_key'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('net_yen', django.db.models.expressions.CombinedExpression(models.F('total_yen'), '-', models.F('discount_yen')))), name='line_net_is_total_less_discount'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled__lte', django.db.models.expressions.CombinedExpression(models.F('quantity'), '-', models.F('shipped'))), ('returned__lte', models.F('shipped'))), name='line_pieces_agree'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.UniqueConstraint(fields=('site', 'order', 'no'), name='destination_no'),
        ),
        migrations.AddIndex(
            model_name='reduction',
            index=models.Index(fields=['site', 'order', 'at'], name='reduction_order'),
        ),
        migrations.AddIndex(
            model_name='reduction',
            index=models.Index(fields=['site', 'at', 'id'], name='reduction_time'),
        ),
        migrations.AddConstraint(
            model_name='reduction',
            constraint=models.UniqueConstraint(fields=('site', 'reference', 'line'), name='reduction_once', nulls_distinct=False),
        ),
        migrations.RemoveField(
            model_name='order',
            name='delivery_date',
        ),
        migrations.RemoveField(
            model_name='order',
            name='delivery_slot',
        ),
    ]
