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
            name='Category',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=60)),
                ('name', models.JSONField(default=dict)),
                ('position', models.PositiveIntegerField(default=0)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('site', 'slug'), name='category_slug')],
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('source_url', models.URLField(blank=True, max_length=2000)),
                ('source_sha256', models.CharField(blank=True, max_length=64)),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('placeholder', models.TextField(blank=True)),
                ('dominant', models.CharField(blank=True, max_length=7)),
                ('renditions', models.JSONField(default=list)),
                ('alt', models.JSONField(default=dict)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_sha256', ''), _negated=True), fields=('site', 'source_sha256'), name='picture_once')],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('slug', models.SlugField(allow_unicode=True, max_length=160)),
                ('item_number', models.CharField(max_length=60)),
                ('brand', models.CharField(blank=True, max_length=120)),
                ('name', models.JSONField(default=dict)),
                ('description', models.JSONField(default=dict)),
                ('material', models.JSONField(default=dict)),
                ('season', models.CharField(blank=True, max_length=20)),
                ('tax_rate_bp', models.PositiveIntegerField(default=1000)),
                ('preorder_month', models.CharField(blank=True, max_length=7)),
                ('is_final_sale', models.BooleanField(default=False)),
                ('published_from', models.DateTimeField(null=True)),
                ('published_until', models.DateTimeField(null=True)),
                ('position', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('category', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.category')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'position', 'id'], name='product_listing'), models.Index(fields=['site', 'category', 'position', 'id'], name='product_category')],
                'constraints': [models.UniqueConstraint(fields=('site', 'slug'), name='product_slug'), models.CheckConstraint(condition=models.Q(('tax_rate_bp__lte', 10000)), name='product_tax_rate')],
            },
        ),
        migrations.CreateModel(
            name='Colour',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=60)),
                ('name', models.JSONField(default=dict)),
                ('family', models.CharField(blank=True, max_length=20)),
                ('hex', models.CharField(blank=True, max_length=7)),
                ('position', models.PositiveIntegerField(default=0)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('product', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='colours', to='catalogue.product')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('site', 'product', 'code'), name='colour_code')],
            },
        ),
        migrations.CreateModel(
            name='Size',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=60)),
                ('label', models.CharField(max_length=60)),
                ('position', models.PositiveIntegerField(default=0)),
                ('product', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sizes', to='catalogue.product')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('site', 'product', 'code'), name='size_code')],
            },
        ),
        migrations.CreateModel(
            name='ColourPicture',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField(default=0)),
                ('colour', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='catalogue.colour')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('picture', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.picture')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('site', 'colour', 'position'), name='colour_picture_position')],
            },
        ),
        migrations.CreateModel(
            name='Sku',
            fields=[
                ('id', models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=120)),
                ('code_folded', models.CharField(max_length=120)),
                ('gtin', models.CharField(blank=True, max_length=14)),
                ('price_yen', models.PositiveIntegerField()),
                ('list_price_yen', models.PositiveIntegerField(null=True)),
                ('weight_g', models.PositiveIntegerField(default=0)),
                ('active', models.BooleanField(default=True)),
                ('colour', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='skus', to='catalogue.colour')),
                ('product', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='skus', to='catalogue.product')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.site')),
                ('size', lockstitch.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='skus', to='catalogue.size')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'code_folded'), name='sku_code'), models.UniqueConstraint(fields=('site', 'colour', 'size'), name='sku_cell'), models.UniqueConstraint(condition=models.Q(('gtin', ''), _negated=True), fields=('site', 'gtin'), name='sku_gtin'), models.CheckConstraint(condition=models.Q(('list_price_yen', None), ('list_price_yen__gt', models.F('price_yen')), _connector='OR'), name='sku_list_price_is_higher')],
            },
        ),
    ]
