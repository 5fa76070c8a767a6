"""The index follows the catalogue and the stock in the transaction that changes them, and every
process is told which pages no longer hold. All of it set-based: a file of ten thousand products
fires as often as it has statements."""

from django.db import migrations

TOLD = """
-- Tells the processes, once committed: 'site tag tag ...'. Too many tags are '*', the whole site.
CREATE FUNCTION page_touch(site uuid, tags text[]) RETURNS void LANGUAGE sql AS $$
SELECT pg_notify('lockstitch_page', site || ' ' ||
    CASE WHEN cardinality(tags) > 150 THEN '*' ELSE array_to_string(tags, ' ') END)
WHERE site IS NOT NULL AND cardinality(tags) > 0
$$;

-- For tables that stand on every page of a site, or change seldom.
CREATE FUNCTION page_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM page_touch(site_id, ARRAY['*']) FROM (SELECT DISTINCT site_id FROM gone) x;
    ELSE
        PERFORM page_touch(site_id, ARRAY['*']) FROM (SELECT DISTINCT site_id FROM added) x;
    END IF;
    RETURN NULL;
END $$;

-- Puts it on a table; safe to repeat.
CREATE FUNCTION page_watch(name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS page_new ON %1$s; DROP TRIGGER IF EXISTS page_old ON %1$s;
        DROP TRIGGER IF EXISTS page_gone ON %1$s;
        CREATE TRIGGER page_new AFTER INSERT ON %1$s REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION page_changed();
        CREATE TRIGGER page_old AFTER UPDATE ON %1$s REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION page_changed();
        CREATE TRIGGER page_gone AFTER DELETE ON %1$s REFERENCING OLD TABLE AS gone
            FOR EACH STATEMENT EXECUTE FUNCTION page_changed();', name);
END $$;

-- A shop's name or look.
CREATE FUNCTION page_site_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM page_touch(id, ARRAY['*']) FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER page_old AFTER UPDATE ON tenancy_site REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION page_site_changed();

CREATE FUNCTION goods_told() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE many boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM page_touch(site_id, tags) FROM (
            SELECT site_id, array_agg(DISTINCT t) || 'a'::text AS tags FROM added,
            LATERAL (SELECT 'p:' || product_id AS t UNION ALL SELECT f FROM unnest(facets) f
                     WHERE f LIKE 'c:%') x GROUP BY site_id) y;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM page_touch(site_id, tags) FROM (
            SELECT site_id, array_agg(DISTINCT t) || 'a'::text AS tags FROM gone,
            LATERAL (SELECT 'p:' || product_id AS t UNION ALL SELECT f FROM unnest(facets) f
                     WHERE f LIKE 'c:%') x GROUP BY site_id) y;
    ELSE
        PERFORM page_touch(site_id, tags) FROM (
            SELECT n.site_id, array_agg(DISTINCT t) || 'a'::text AS tags
            FROM added n JOIN gone o ON o.site_id = n.site_id AND o.id = n.id,
            LATERAL (SELECT 'p:' || n.product_id AS t WHERE n.score = o.score
                     UNION ALL SELECT f FROM unnest(n.facets || o.facets) f WHERE f LIKE 'c:%') x
            GROUP BY n.site_id) y;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER goods_new AFTER INSERT ON search_goods REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION goods_told();
CREATE TRIGGER goods_changed AFTER UPDATE ON search_goods
    REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION goods_told();
CREATE TRIGGER goods_gone AFTER DELETE ON search_goods REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION goods_told();
"""

REFRESH = r"""
-- What a SKU costs at that moment: catalogue.rules.price_at.
CREATE FUNCTION sku_price(s catalogue_sku, at timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN s.sale_price_yen IS NOT NULL AND s.sale_from <= at
    AND (s.sale_until IS NULL OR at < s.sale_until) THEN s.sale_price_yen ELSE s.price_yen END
$$;

-- Pieces that can be sold: inventory.queries.available.
CREATE FUNCTION search_left(skus uuid[]) RETURNS TABLE (sku_id uuid, pieces bigint)
LANGUAGE sql STABLE AS $$
SELECT s.sku_id, sum(greatest(0, s.on_hand - s.allocated - s.held - l.buffer))
FROM inventory_stock s JOIN inventory_location l ON l.site_id = s.site_id AND l.id = s.location_id
WHERE s.sku_id = ANY (skus) AND l.sells_online AND l.active GROUP BY s.sku_id
$$;

CREATE FUNCTION search_rows(products uuid[]) RETURNS SETOF search_goods LANGUAGE sql STABLE AS $$
WITH RECURSIVE p AS MATERIALIZED (
    SELECT * FROM catalogue_product
    WHERE id = ANY (products) AND published_from IS NOT NULL AND audience = 'public'
        AND (published_until IS NULL OR published_until > now())
), up AS (
    SELECT c.id AS leaf, c.id, c.parent_id, c.name, 1 AS depth FROM catalogue_category c
    WHERE c.id IN (SELECT category_id FROM p)
    UNION ALL
    SELECT up.leaf, c.id, c.parent_id, c.name, up.depth + 1 FROM up
    JOIN catalogue_category c ON c.id = up.parent_id WHERE up.depth < 8
), path AS MATERIALIZED (
    SELECT leaf, array_agg('c:' || right(id::text, 12)) AS facets,
        string_agg(concat_ws(' ', name->>'ja', name->>'en'), ' ') AS words
    FROM up GROUP BY leaf
), pw AS MATERIALIZED (
    SELECT p.id, search_tokens(concat_ws(' ', p.name->>'ja', p.name->>'en', p.kana, p.brand,
            p.item_number, p.material->>'ja', p.material->>'en', p.season, p.collection,
            array_to_string(p.tags, ' '), path.words)) AS words,
        coalesce(path.facets, '{}')
        || CASE WHEN p.brand <> '' THEN ARRAY['b:' || p.brand] ELSE '{}' END
        || CASE WHEN p.season <> '' THEN ARRAY['s:' || p.season] ELSE '{}' END
        || CASE WHEN p.gender <> '' THEN ARRAY['x:' || p.gender] ELSE '{}' END
        || CASE WHEN p.preorder_month <> '' THEN ARRAY['o:pre'] ELSE '{}' END
        || ARRAY(SELECT DISTINCT 'm:' || (fibre->>0)
            FROM jsonb_array_elements(CASE jsonb_typeof(p.composition) WHEN 'array' THEN p.composition ELSE '[]' END) part,
                jsonb_array_elements(CASE jsonb_typeof(part->'fibres') WHEN 'array' THEN part->'fibres' ELSE '[]' END) fibre)
        || ARRAY(SELECT 't:' || t FROM unnest(p.tags) t)
        || ARRAY(SELECT 'v:' || a.key || ':' || v
            FROM jsonb_each(p.attributes) a, jsonb_array_elements_text(
                CASE jsonb_typeof(a.value) WHEN 'array' THEN a.value ELSE jsonb_build_array(a.value) END) v)
        AS facets
    FROM p LEFT JOIN path ON path.leaf = p.category_id
), sk AS MATERIALIZED (
    SELECT k.*, z.label, z.position AS at, sku_price(k, now()) AS yen FROM catalogue_sku k
    JOIN catalogue_size z ON z.id = k.size_id
    WHERE k.product_id = ANY (products) AND k.active AND (k.published_until IS NULL OR k.published_until > now())
), held AS MATERIALIZED (
    SELECT * FROM search_left(ARRAY(SELECT id FROM sk))
), col AS MATERIALIZED (
    SELECT sk.colour_id, min(yen) AS yen,
        bool_or(list_price_yen IS NOT NULL OR yen < sk.price_yen) AS sale,
        coalesce(array_agg(label ORDER BY at) FILTER (WHERE pieces > 0 AND (published_from IS NULL OR published_from <= now())), '{}') AS sizes,
        coalesce(array_agg(label ORDER BY at) FILTER (WHERE pieces BETWEEN 1 AND 3), '{}') AS few,
        string_agg(DISTINCT label, ' ') AS labels,
        least(min(sale_from) FILTER (WHERE sale_price_yen IS NOT NULL AND sale_from > now()),
              min(sale_until) FILTER (WHERE sale_price_yen IS NOT NULL AND sale_until > now()),
              min(published_from) FILTER (WHERE published_from > now()),
              min(published_until) FILTER (WHERE published_until > now())) AS changes_at
    FROM sk LEFT JOIN held ON held.sku_id = sk.id GROUP BY sk.colour_id
), rows AS (
    SELECT p.site_id, p.id AS product_id, c.id AS colour_id, pw.words, pw.facets, c.family,
        c.name, col.yen, col.sale, col.sizes, col.few, col.labels, col.changes_at, p.position,
        greatest(p.published_from, c.published_from) AS shown_from,
        least(p.published_until, c.published_until) AS shown_until,
        row_number() OVER (PARTITION BY p.id ORDER BY c.position, c.id) - 1 AS place,
        min(col.yen) OVER (PARTITION BY p.id) AS lowest
    FROM p JOIN pw ON pw.id = p.id JOIN catalogue_colour c ON c.product_id = p.id
    JOIN col ON col.colour_id = c.id
    WHERE c.published_until IS NULL OR c.published_until > now()
), whole AS (
    SELECT rows.*, rows.facets
        || CASE WHEN family <> '' THEN ARRAY['f:' || family] ELSE '{}' END
        || CASE WHEN sale THEN ARRAY['o:sale'] ELSE '{}' END
        || CASE WHEN cardinality(sizes) > 0 THEN ARRAY['o:in'] ELSE '{}' END
        || ARRAY(SELECT 'z:' || z FROM unnest(sizes) z)
        || ARRAY['y:' || CASE WHEN yen < 3000 THEN 0 WHEN yen < 5000 THEN 1 WHEN yen < 10000 THEN 2
            WHEN yen < 20000 THEN 3 WHEN yen < 30000 THEN 4 WHEN yen < 50000 THEN 5 ELSE 6 END]
        AS tokens FROM rows
)
SELECT uuidv7(), place::smallint, tokens, few,
    array_to_tsvector(ARRAY(SELECT DISTINCT search_mark(site_id) || t FROM unnest(tokens || words
        || search_tokens(concat_ws(' ', name->>'ja', name->>'en', labels))) t)),
    yen, lowest, position, shown_from, shown_until, 0,
    least(changes_at, CASE WHEN shown_from > now() THEN shown_from END, shown_until),
    colour_id, product_id, site_id
FROM whole
$$;

-- The words of these products, for the nearest one to a word written wrong.
CREATE FUNCTION search_learn(products uuid[]) RETURNS void LANGUAGE sql AS $$
INSERT INTO search_term (site_id, word)
SELECT DISTINCT t.site_id, m[1] FROM (
    SELECT p.site_id, concat_ws(' ', p.name->>'ja', p.name->>'en', p.kana, p.brand,
        c.name->>'ja', c.name->>'en') AS words
    FROM catalogue_product p LEFT JOIN catalogue_category c ON c.id = p.category_id
    WHERE p.id = ANY (products)
    UNION SELECT c.site_id, concat_ws(' ', c.name->>'ja', c.name->>'en') FROM catalogue_colour c
    WHERE c.product_id = ANY (products)
) t, regexp_matches(search_fold(replace(t.words, '-', ' ')),
    '([a-z][a-z0-9]+|(?:(?![a-z0-9])[[:alnum:]]){2,})', 'g') m
WHERE NOT EXISTS (SELECT 1 FROM search_term o WHERE o.site_id = t.site_id AND o.word = m[1])
ORDER BY 1, 2 ON CONFLICT (site_id, word) DO NOTHING
$$;

-- Brings the rows of these products to what the catalogue says; writes only what differs.
CREATE FUNCTION search_refresh(products uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(products) IS NULL OR cardinality(products) = 0 THEN RETURN; END IF;
    -- Two who change one product each compute after the other has committed.
    PERFORM 1 FROM search_goods WHERE product_id = ANY (products) ORDER BY colour_id FOR UPDATE;
    WITH fresh AS MATERIALIZED (SELECT * FROM search_rows(products)), gone AS (
        DELETE FROM search_goods g WHERE g.product_id = ANY (products)
            AND NOT EXISTS (SELECT 1 FROM fresh f WHERE f.colour_id = g.colour_id)
    )
    INSERT INTO search_goods AS g SELECT * FROM fresh ORDER BY colour_id
    ON CONFLICT (site_id, colour_id) DO UPDATE SET
        place = EXCLUDED.place, facets = EXCLUDED.facets, few = EXCLUDED.few,
        lexemes = EXCLUDED.lexemes, price_yen = EXCLUDED.price_yen,
        lowest_yen = EXCLUDED.lowest_yen, position = EXCLUDED.position,
        published_from = EXCLUDED.published_from, published_until = EXCLUDED.published_until,
        changes_at = EXCLUDED.changes_at
    WHERE (g.place, g.facets, g.few, g.lexemes, g.price_yen, g.lowest_yen, g.position,
           g.published_from, g.published_until, g.changes_at) IS DISTINCT FROM
          (EXCLUDED.place, EXCLUDED.facets, EXCLUDED.few, EXCLUDED.lexemes, EXCLUDED.price_yen,
           EXCLUDED.lowest_yen, EXCLUDED.position, EXCLUDED.published_from,
           EXCLUDED.published_until, EXCLUDED.changes_at);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_words"),
        ("inventory", "0001_initial"),
        ("content", "0001_initial"),
        ("pricing", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.RunSQL(REFRESH, migrations.RunSQL.noop),
    ]
