"""Sets in a cart."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import lockstitch.tenancy.models

KEY = {
    "db_constraint": False, "db_index": False, "on_delete": django.db.models.deletion.CASCADE,
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0002_buyer_mark"),
        ("sets", "0001_sets"),
    ]
    operations = [
        migrations.CreateModel(
            name="CartSet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "skus",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("price_seen_yen", models.PositiveIntegerField()),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "cart",
                    lockstitch.tenancy.models.TenantKey(
                        related_name="sets", to="checkout.cart", **KEY
                    ),
                ),
                (
                    "goods_set",
                    lockstitch.tenancy.models.TenantKey(
                        related_name="+", to="sets.goodsset", **KEY
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="tenancy.site",
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "cart", "goods_set", "skus"), name="cart_set_choice"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1), ("quantity__lte", 20)),
                        name="cart_set_quantity",
                    ),
                ],
            },
        ),
    ]  # fmt: skip
