import django.db.models.deletion
import django.db.models.functions.datetime
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Destination',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('no', models.PositiveIntegerField(default=1)),
                ('record_id', models.UUIDField()),
                ('hint', models.CharField(max_length=40)),
                ('prefecture', models.CharField(max_length=4)),
                ('postal_zone', models.CharField(max_length=3)),
                ('carrier', models.CharField(blank=True, max_length=20)),
                ('delivery_date', models.DateField(null=True)),
                ('delivery_slot', models.CharField(blank=True, max_length=8)),
                ('wrapping', models.CharField(blank=True, max_length=20)),
                ('has_message', models.BooleanField(default=False)),
                ('hides_prices', models.BooleanField(default=False)),
                ('pickup_location_id', models.UUIDField(null=True)),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='destinations', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['no'],
            },
        ),
        migrations.CreateModel(
            name='Reduction',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=8)),
                ('reference', models.UUIDField()),
                ('quantity', models.PositiveIntegerField(default=0)),
                ('yen', models.PositiveIntegerField()),
                ('taxes', models.JSONField()),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('line', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reductions', to='orders.orderline')),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reductions', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_total_is_its_parts',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_known_states',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_shipped_is_captured',
        ),
        migrations.RemoveConstraint(
            model_name='orderline',
            name='line_position',
        ),
        migrations.AddField(
            model_name='order',
            name='channel',
            field=models.CharField(default='web', max_length=8),
        ),
        migrations.AddField(
            model_name='order',
            name='discount_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='order',
            name='explained',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='order',
            name='flag',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='order',
            name='money_back_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='order',
            name='note_record_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='on_hold',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='orderline',
            name='exchanges',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='points_back_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='order',
            name='points_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='order',
            name='reduced_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='order',
            name='revision',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='order',
            name='wrapping_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='orderline',
            name='cancelled',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='orderline',
            name='destination',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='orderline',
            name='discount_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='orderline',
            name='is_final_sale',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='orderline',
            name='is_gift',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='orderline',
            name='key',
            field=models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7()),
        ),
        migrations.AddField(
            model_name='orderline',
            name='net_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='orderline',
            name='preorder_month',
            field=models.CharField(blank=True, max_length=7),
        ),
        migrations.AddField(
            model_name='orderline',
            name='product_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='orderline',
            name='returned',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='orderline',
            name='revision',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='orderline',
            name='shipped',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
