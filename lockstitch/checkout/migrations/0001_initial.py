import django.contrib.postgres.fields
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
            name='Cart',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('token_digest', models.BinaryField()),
                ('member_id', models.UUIDField(null=True)),
                ('touched_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'member_id', '-touched_at'], name='cart_member')],
                'constraints': [models.UniqueConstraint(fields=('site', 'token_digest'), name='cart_token')],
            },
        ),
        migrations.CreateModel(
            name='CartLine',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('quantity', models.PositiveIntegerField()),
                ('price_seen_yen', models.PositiveIntegerField()),
                ('saved', models.BooleanField(default=False)),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('cart', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='checkout.cart')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('sku', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.sku')),
            ],
            options={
                'ordering': ['added_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('site', 'cart', 'sku'), name='cart_line_sku'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__lte', 20)), name='cart_line_quantity')],
            },
        ),
        migrations.CreateModel(
            name='Checkout',
            fields=[
                ('delivery_date', models.DateField(null=True)),
                ('delivery_slot', models.CharField(blank=True, max_length=8)),
                ('wrapping', models.CharField(blank=True, max_length=20)),
                ('hides_prices', models.BooleanField(default=False)),
                ('has_message', models.BooleanField(default=False)),
                ('pickup_location_id', models.UUIDField(null=True)),
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID4(), primary_key=True, serialize=False)),
                ('member_id', models.UUIDField(null=True)),
                ('language', models.CharField(default='ja', max_length=2)),
                ('is_preorder', models.BooleanField(default=False)),
                ('record_id', models.UUIDField(null=True)),
                ('buyer_hint', models.CharField(blank=True, max_length=40)),
                ('prefecture', models.CharField(blank=True, max_length=4)),
                ('postal_zone', models.CharField(blank=True, max_length=3)),
                ('contact_at', models.DateTimeField(null=True)),
                ('method', models.CharField(blank=True, max_length=8)),
                ('coupons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list)),
                ('points_yen', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('placed_at', models.DateTimeField(null=True)),
                ('cart', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checkout.cart')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'abstract': False,
            },
        ),
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
    ]
