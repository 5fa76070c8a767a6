import django.db.models.deletion
import django.db.models.functions.datetime
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0011_promises'),
        ('inventory', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Allotment',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('reference', models.UUIDField()),
                ('quantity', models.PositiveIntegerField()),
                ('step', models.UUIDField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='location',
            name='location_kind',
        ),
        migrations.AddField(
            model_name='allocation',
            name='first_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='location',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['warehouse', 'store', 'due'])), name='location_kind'),
        ),
        migrations.AddConstraint(
            model_name='location',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'due'), _negated=True), models.Q(('buffer', 0), ('pickup', False)), _connector='OR'), name='location_due_is_nowhere'),
        ),
        migrations.AddField(
            model_name='allotment',
            name='location',
            field=lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location'),
        ),
        migrations.AddField(
            model_name='allotment',
            name='site',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site'),
        ),
        migrations.AddField(
            model_name='allotment',
            name='sku',
            field=lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.sku'),
        ),
        migrations.AddIndex(
            model_name='allotment',
            index=models.Index(fields=['site', 'reference', 'at'], name='allotment_order'),
        ),
        migrations.AddIndex(
            model_name='allotment',
            index=models.Index(fields=['site', 'step'], name='allotment_step'),
        ),
        migrations.AddConstraint(
            model_name='allotment',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='allotment_is_something'),
        ),
    ]
