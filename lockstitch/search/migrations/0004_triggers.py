"""Who tells the index: the catalogue's tables, and stock where a word changes."""

from django.db import migrations

TABLES = {
    "catalogue_product": "id",
    "catalogue_colour": "product_id",
    "catalogue_size": "product_id",
    "catalogue_sku": "product_id",
    "catalogue_pairing": "product_id",
    "catalogue_colourpicture": "colour_id",
}
SHOWN = (  # on every page of a site, or so seldom changed that it may empty the site's pages
    "content_page", "content_notice", "catalogue_category", "catalogue_attribute",
    "pricing_terms", "pricing_promotion", "pricing_salegate",
    "inventory_location", "fulfilment_dispatchterms", "search_synonym",
)  # fmt: skip

TOUCHED = """
CREATE FUNCTION goods_of_touched(ids uuid[], of text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE products uuid[];
BEGIN
    IF of = 'colour_id' THEN
        SELECT array_agg(DISTINCT product_id) INTO products FROM catalogue_colour WHERE id = ANY (ids);
    ELSE
        products := ids;
    END IF;
    IF products IS NULL THEN RETURN; END IF;
    PERFORM page_touch(site_id, array_agg('p:' || id)) FROM catalogue_product
        WHERE id = ANY (products) GROUP BY site_id;
    IF of <> 'colour_id' AND coalesce(current_setting('lockstitch.search', true), '') <> 'later' THEN
        PERFORM search_refresh(products);
        IF of = 'id' THEN PERFORM search_learn(products); END IF;
    END IF;
END $$;
"""
TRIGGERS = """
CREATE FUNCTION {table}_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM goods_of_touched(array_agg(DISTINCT {key}), '{key}') FROM added;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM goods_of_touched(array_agg(DISTINCT {key}), '{key}') FROM gone;
    ELSE
        PERFORM goods_of_touched(array_agg(DISTINCT n.{key}), '{key}')
        FROM added n JOIN gone o ON o.id = n.id WHERE n IS DISTINCT FROM o;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER goods_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_touched();
CREATE TRIGGER goods_changed AFTER UPDATE ON {table} REFERENCING OLD TABLE AS gone
    NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION {table}_touched();
CREATE TRIGGER goods_gone AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_touched();
"""
CATEGORY = """
CREATE FUNCTION search_category_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH RECURSIVE down AS (
        SELECT n.id, n.site_id FROM added n JOIN gone o ON o.id = n.id
        WHERE (n.parent_id, n.name) IS DISTINCT FROM (o.parent_id, o.name)
        UNION SELECT c.id, c.site_id FROM catalogue_category c JOIN down ON c.parent_id = down.id
    )
    INSERT INTO search_dirty (site_id, product_id)
    SELECT p.site_id, p.id FROM catalogue_product p JOIN down ON down.id = p.category_id;
    RETURN NULL;
END $$;
CREATE TRIGGER search_category AFTER UPDATE ON catalogue_category REFERENCING OLD TABLE AS gone
    NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_category_changed();

CREATE FUNCTION search_location_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_dirty (site_id, product_id)
    SELECT DISTINCT k.site_id, k.product_id FROM added n JOIN gone o ON o.id = n.id
    JOIN inventory_stock s ON s.site_id = n.site_id AND s.location_id = n.id
    JOIN catalogue_sku k ON k.site_id = s.site_id AND k.id = s.sku_id
    WHERE (n.sells_online, n.active, n.buffer) IS DISTINCT FROM (o.sells_online, o.active, o.buffer);
    RETURN NULL;
END $$;
CREATE TRIGGER search_location AFTER UPDATE ON inventory_location REFERENCING OLD TABLE AS gone
    NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_location_changed();
"""
PICTURE = """
-- An address that was fetched by now: only where the picture is shown.
CREATE FUNCTION picture_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM goods_of_touched(array_agg(DISTINCT p.colour_id), 'colour_id')
    FROM added n JOIN catalogue_colourpicture p ON p.site_id = n.site_id AND p.picture_id = n.id;
    RETURN NULL;
END $$;
CREATE TRIGGER goods_changed AFTER UPDATE ON catalogue_picture REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION picture_touched();
"""
FORMER = """
CREATE FUNCTION slug_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_formerslug f USING added n JOIN gone o ON o.id = n.id
        WHERE n.slug <> o.slug AND f.site_id = n.site_id AND f.slug = n.slug;
    INSERT INTO search_formerslug (site_id, slug, product_id)
    SELECT o.site_id, o.slug, o.id FROM added n JOIN gone o ON o.id = n.id
        WHERE n.slug <> o.slug AND o.published_from IS NOT NULL
    ON CONFLICT (site_id, slug) DO UPDATE SET product_id = EXCLUDED.product_id;
    RETURN NULL;
END $$;
CREATE TRIGGER slug_kept AFTER UPDATE ON catalogue_product REFERENCING OLD TABLE AS gone
    NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION slug_kept();
"""
STOCK = """
CREATE FUNCTION stock_word(pieces bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN pieces <= 0 THEN 'out' WHEN pieces <= 3 THEN 'few' ELSE 'in' END
$$;

-- Of these SKUs, whose stock nears a boundary at some location: where the word is another now.
-- A row that another transaction has in hand is not waited for: the worker follows.
CREATE FUNCTION stock_words_changed(skus uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE products uuid[]; free uuid[];
BEGIN
    IF skus IS NULL THEN RETURN; END IF;
    SELECT array_agg(DISTINCT k.product_id) INTO products
    FROM catalogue_sku k JOIN catalogue_size z ON z.id = k.size_id
    JOIN search_goods g ON g.colour_id = k.colour_id
    LEFT JOIN search_left(skus) l ON l.sku_id = k.id
    WHERE k.id = ANY (skus) AND stock_word(coalesce(l.pieces, 0)) <> CASE
        WHEN z.label = ANY (g.few) THEN 'few' WHEN 'z:' || z.label = ANY (g.facets) THEN 'in'
        ELSE 'out' END;
    IF products IS NULL THEN RETURN; END IF;
    PERFORM page_touch(site_id, array_agg('p:' || id)) FROM catalogue_product
        WHERE id = ANY (products) GROUP BY site_id;
    WITH locked AS (
        SELECT id, product_id FROM search_goods WHERE product_id = ANY (products)
        ORDER BY colour_id FOR UPDATE SKIP LOCKED
    )
    SELECT array_agg(x.product_id) INTO free FROM (
        SELECT g.product_id FROM search_goods g LEFT JOIN locked ON locked.id = g.id
        WHERE g.product_id = ANY (products) GROUP BY g.product_id
        HAVING count(*) = count(locked.id)) x;
    PERFORM search_refresh(free);
    INSERT INTO search_dirty (site_id, product_id)
    SELECT site_id, id FROM catalogue_product
    WHERE id = ANY (products) AND NOT id = ANY (coalesce(free, '{}'));
END $$;

CREATE FUNCTION stock_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM stock_words_changed(array_agg(DISTINCT sku_id)) FROM added WHERE on_hand > 0;
    ELSE
        PERFORM stock_words_changed(array_agg(DISTINCT n.sku_id))
        FROM added n JOIN gone o ON o.id = n.id
        JOIN inventory_location l ON l.site_id = n.site_id AND l.id = n.location_id
        WHERE n.on_hand - n.allocated - n.held <> o.on_hand - o.allocated - o.held
        AND least(n.on_hand - n.allocated - n.held, o.on_hand - o.allocated - o.held) <= l.buffer + 3;
        PERFORM page_touch(k.site_id, array_agg(DISTINCT 'p:' || k.product_id))  -- in one shop
        FROM added n JOIN gone o ON o.id = n.id
        JOIN inventory_location l ON l.site_id = n.site_id AND l.id = n.location_id
        JOIN catalogue_sku k ON k.site_id = n.site_id AND k.id = n.sku_id
        WHERE l.kind = 'store' AND stock_word(n.on_hand - n.allocated - n.held - l.buffer)
            <> stock_word(o.on_hand - o.allocated - o.held - l.buffer) GROUP BY k.site_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER goods_new AFTER INSERT ON inventory_stock REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION stock_touched();
CREATE TRIGGER goods_changed AFTER UPDATE ON inventory_stock REFERENCING OLD TABLE AS gone
    NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION stock_touched();

-- What the worker does: rows whose moment has come, and rows that were in somebody's hand.
CREATE FUNCTION search_catch_up(site uuid, most integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE products uuid[];
BEGIN
    WITH due AS (
        DELETE FROM search_dirty WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM search_dirty WHERE site_id = site LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING product_id
    ), late AS (
        SELECT product_id FROM search_goods WHERE site_id = site AND changes_at <= now()
        ORDER BY changes_at LIMIT most
    )
    SELECT array_agg(product_id) INTO products FROM (SELECT * FROM due UNION SELECT * FROM late) x;
    PERFORM search_refresh(products);
    PERFORM search_learn(products);
    RETURN coalesce(cardinality(products), 0);
END $$;
"""
FILL = """
DO $$ DECLARE one uuid;
BEGIN
    FOR one IN SELECT id FROM tenancy_site LOOP
        PERFORM set_config('lockstitch.site_ids', one::text, true);
        PERFORM search_refresh(ARRAY(SELECT id FROM catalogue_product WHERE site_id = one));
        PERFORM search_learn(ARRAY(SELECT id FROM catalogue_product WHERE site_id = one));
    END LOOP;
    PERFORM set_config('lockstitch.site_ids', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_kept"),
        ("fulfilment", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            [
                TOUCHED,
                *(TRIGGERS.format(table=table, key=key) for table, key in TABLES.items()),
                CATEGORY, PICTURE, FORMER, STOCK,
                *(f"SELECT page_watch('{table}')" for table in SHOWN),
                FILL,
            ],
            migrations.RunSQL.noop,
        )
    ]
