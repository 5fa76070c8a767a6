"""What is due can be sold of goods that are sold ahead: inventory.queries.available. And what a
change of stock tells is planned for as many rows as it has."""

from importlib import import_module

from django.db import migrations

CATEGORY = import_module("lockstitch.search.migrations.0004_triggers").CATEGORY

LEFT = """
CREATE OR REPLACE FUNCTION search_left(skus uuid[]) RETURNS TABLE (sku_id uuid, pieces bigint)
LANGUAGE sql STABLE AS $$
SELECT s.sku_id, sum(greatest(0, s.on_hand - s.allocated - s.held - l.buffer))
FROM inventory_stock s JOIN inventory_location l ON l.site_id = s.site_id AND l.id = s.location_id
WHERE s.sku_id = ANY (skus) AND l.sells_online AND l.active
    AND (l.kind <> 'due' OR EXISTS (SELECT FROM catalogue_sku k JOIN catalogue_product p
        ON p.id = k.product_id WHERE k.id = s.sku_id AND p.preorder_month <> ''))
GROUP BY s.sku_id
$$;
"""
# A function's own statement keeps the plan that its first call made: made for one row, it took
# minutes for a thousand. EXECUTE plans anew.
TOUCHED = """
CREATE OR REPLACE FUNCTION stock_touched() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE near uuid[]; told uuid[];  -- told: in one shop
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM stock_words_changed(array_agg(DISTINCT sku_id)) FROM added WHERE on_hand > 0;
        RETURN NULL;
    END IF;
    EXECUTE $sql$
        SELECT array_agg(DISTINCT sku_id) FILTER (WHERE least(now_free, was_free) <= buffer + 3),
            array_agg(DISTINCT sku_id) FILTER (WHERE kind = 'store'
                AND stock_word(now_free - buffer) <> stock_word(was_free - buffer))
        FROM (SELECT n.sku_id, l.buffer, l.kind, n.on_hand - n.allocated - n.held AS now_free,
                o.on_hand - o.allocated - o.held AS was_free
            FROM added n JOIN gone o ON o.id = n.id
            JOIN inventory_location l ON l.site_id = n.site_id AND l.id = n.location_id) x
        WHERE now_free <> was_free $sql$ INTO near, told;
    PERFORM stock_words_changed(near);
    IF told IS NOT NULL THEN
        PERFORM page_touch(site_id, array_agg(DISTINCT 'p:' || product_id)) FROM catalogue_sku
            WHERE id = ANY (told) GROUP BY site_id;
    END IF;
    RETURN NULL;
END $$;
"""


def location() -> str:
    start = CATEGORY.index("CREATE FUNCTION search_location_changed")
    text = CATEGORY[start : CATEGORY.index("CREATE TRIGGER search_location")]
    for row in "no":
        text = text.replace(f"{row}.buffer)", f"{row}.buffer, {row}.kind)")
    return text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):

    dependencies = [("inventory", "0002_due"), ("search", "0005_size_meanings")]

    operations = [migrations.RunSQL(LEFT + TOUCHED + location(), migrations.RunSQL.noop)]
