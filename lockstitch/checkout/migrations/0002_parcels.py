import django.contrib.postgres.fields
import django.db.models.deletion
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('checkout', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('delivery_date', models.DateField(null=True)),
                ('delivery_slot', models.CharField(blank=True, max_length=8)),
                ('wrapping', models.CharField(blank=True, max_length=20)),
                ('hides_prices', models.BooleanField(default=False)),
                ('has_message', models.BooleanField(default=False)),
                ('pickup_location_id', models.UUIDField(null=True)),
                ('no', models.PositiveIntegerField()),
                ('record_id', models.UUIDField()),
                ('hint', models.CharField(max_length=40)),
                ('prefecture', models.CharField(max_length=4)),
                ('postal_zone', models.CharField(max_length=3)),
                ('checkout', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='checkout.checkout')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['no'],
                'constraints': [models.UniqueConstraint(fields=('site', 'checkout', 'no'), name='recipient_no'), models.CheckConstraint(condition=models.Q(('no__gte', 2), ('no__lte', 10)), name='recipient_numbers')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('no', models.PositiveIntegerField()),
                ('sku_id', models.UUIDField()),
                ('quantity', models.PositiveIntegerField()),
                ('checkout', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='checkout.checkout')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'checkout', 'no', 'sku_id'), name='share_sku'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='share_is_a_piece')],
            },
        ),
        migrations.AddField(
            model_name='cartline',
            name='saved',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='checkout',
            name='coupons',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list),
        ),
        migrations.AddField(
            model_name='checkout',
            name='has_message',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='checkout',
            name='hides_prices',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='checkout',
            name='is_preorder',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='checkout',
            name='pickup_location_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='checkout',
            name='points_yen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='checkout',
            name='wrapping',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddIndex(
            model_name='cart',
            index=models.Index(fields=['site', 'member_id', '-touched_at'], name='cart_member'),
        ),
    ]
