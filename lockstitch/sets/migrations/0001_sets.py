"""Sets and their parts; pages that name one are told when it changes."""

import django.db.models.deletion
from django.db import migrations, models

import lockstitch.tenancy.models

SITE = {
    "db_index": False, "on_delete": django.db.models.deletion.PROTECT, "related_name": "+",
    "to": "tenancy.site",
}  # fmt: skip


def key(to: str, on_delete: object = django.db.models.deletion.PROTECT, **more: object):  # type: ignore[no-untyped-def]
    return lockstitch.tenancy.models.TenantKey(
        to=to, on_delete=on_delete, db_constraint=False, db_index=False,
        **{"related_name": "+", **more},
    )  # fmt: skip


def row_id() -> models.UUIDField:
    return models.UUIDField(
        db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("catalogue", "0003_prices_kept"),
        ("search", "0003_kept"),
        ("tenancy", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="GoodsSet",
            fields=[
                ("id", row_id()),
                ("number", models.PositiveIntegerField()),
                ("name", models.JSONField(default=dict)),
                ("text", models.JSONField(default=dict)),
                ("price_yen", models.PositiveIntegerField()),
                ("hides_contents", models.BooleanField(default=False)),
                ("published_from", models.DateTimeField(null=True)),
                ("published_until", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("picture", key("catalogue.picture", null=True)),
                ("site", models.ForeignKey(**SITE)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["site", "-published_from", "-id"], name="set_shown")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("site", "number"), name="set_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_until", None),
                            ("published_until__gt", models.F("published_from")),
                            _connector="OR",
                        ),
                        name="set_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price_yen__gte", 1)), name="set_has_a_price"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SetPart",
            fields=[
                ("id", row_id()),
                ("quantity", models.PositiveSmallIntegerField(default=1)),
                ("position", models.PositiveIntegerField(default=0)),
                ("colour", key("catalogue.colour")),
                (
                    "goods_set",
                    key("sets.goodsset", django.db.models.deletion.CASCADE, related_name="parts"),
                ),
                ("site", models.ForeignKey(**SITE)),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [models.Index(fields=["site", "colour"], name="set_by_colour")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "goods_set", "colour"), name="set_colour_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)), name="set_part_is_a_piece"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            ["SELECT page_watch('sets_goodsset')", "SELECT page_watch('sets_setpart')"],
            migrations.RunSQL.noop,
        ),
    ]
