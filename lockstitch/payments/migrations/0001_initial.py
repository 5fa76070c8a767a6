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
                ('amount_yen', models.PositiveIntegerField()),
                ('due_on', models.DateField(null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('order', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'order'), name='pay_order')],
            },
        ),
        migrations.CreateModel(
            name='Capture',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('amount_yen', models.PositiveIntegerField()),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('payment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='captures', to='payments.payment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'payment'), name='capture_once'), models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0)), name='capture_is_money')],
            },
        ),
    ]
