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
                'constraints': [models.UniqueConstraint(fields=('site', 'token_digest'), name='cart_token')],
            },
        ),
        migrations.CreateModel(
            name='CartLine',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('quantity', models.PositiveIntegerField()),
                ('price_seen_yen', models.PositiveIntegerField()),
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
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID4(), primary_key=True, serialize=False)),
                ('member_id', models.UUIDField(null=True)),
                ('language', models.CharField(default='ja', max_length=2)),
                ('record_id', models.UUIDField(null=True)),
                ('buyer_hint', models.CharField(blank=True, max_length=40)),
                ('prefecture', models.CharField(blank=True, max_length=4)),
                ('postal_zone', models.CharField(blank=True, max_length=3)),
                ('contact_at', models.DateTimeField(null=True)),
                ('method', models.CharField(blank=True, max_length=8)),
                ('delivery_date', models.DateField(null=True)),
                ('delivery_slot', models.CharField(blank=True, max_length=8)),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('placed_at', models.DateTimeField(null=True)),
                ('cart', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checkout.cart')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
