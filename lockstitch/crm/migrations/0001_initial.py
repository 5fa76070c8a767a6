import django.db.models.deletion
import django.db.models.functions.datetime
import lockstitch.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('criteria', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'name'), name='segment_name')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('cart_id', models.UUIDField()),
                ('touched_at', models.DateTimeField()),
                ('posted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('returned_at', models.DateTimeField(null=True)),
                ('order_id', models.UUIDField(null=True)),
                ('member', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'member', '-posted_at'], name='reminder_member')],
                'constraints': [models.UniqueConstraint(fields=('site', 'cart_id', 'touched_at'), name='reminder_once')],
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('purpose', models.CharField(default='news', max_length=20)),
                ('texts', models.JSONField(default=dict)),
                ('coupon_id', models.UUIDField(null=True)),
                ('state', models.CharField(default='draft', max_length=10)),
                ('starts_at', models.DateTimeField(null=True)),
                ('per_minute', models.PositiveIntegerField(default=60)),
                ('addressed', models.PositiveIntegerField(default=0)),
                ('posted', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('by', models.UUIDField(null=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('segment', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.segment')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['scheduled', 'sending'])), fields=['site', 'starts_at'], name='campaign_due'), models.Index(fields=['site', '-made_at'], name='campaign_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(('per_minute__gte', 1), ('posted__lte', models.F('addressed')), ('state__in', ('draft', 'scheduled', 'sending', 'sent', 'stopped')), models.Q(('state', 'draft'), ('starts_at__isnull', False), _connector='OR')), name='campaign_states')],
            },
        ),
        migrations.CreateModel(
            name='Addressee',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('posted_at', models.DateTimeField(null=True)),
                ('left_out', models.CharField(blank=True, max_length=10)),
                ('member', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('campaign', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.campaign')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('left_out', ''), ('posted_at', None)), fields=['site', 'campaign', 'id'], name='addressee_waiting')],
                'constraints': [models.UniqueConstraint(fields=('site', 'campaign', 'member'), name='addressee_once')],
            },
        ),
    ]
