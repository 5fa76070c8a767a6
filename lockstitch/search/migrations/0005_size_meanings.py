"""A size is found by what it means: the table of the product's brand says so (catalogue.own_sizes).
The rest of the index's functions is as it was."""

from importlib import import_module

from django.db import migrations

KEPT = import_module("lockstitch.search.migrations.0003_kept").REFRESH
TRIGGERS = import_module("lockstitch.search.migrations.0004_triggers")

WORDS = """
-- Size on the tag -> what it means, by the most particular table: catalogue.own_sizes.fitting.
CREATE FUNCTION size_words(site uuid, of_brand text, of_gender text, garment text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
SELECT t.meanings FROM catalogue_sizetable t
WHERE t.site_id = site AND t.brand = of_brand AND of_brand <> ''
    AND t.kind IN (garment, CASE WHEN garment IN ('shoes', 'bag', 'hat', 'accessories', 'kids')
        THEN garment ELSE 'clothes' END)
    AND t.gender IN ('', of_gender)
ORDER BY t.kind = garment DESC, t.gender <> '' DESC LIMIT 1
$$;

-- The same for a product, of whatever garment it or its category is.
CREATE FUNCTION size_words_of(p catalogue_product) RETURNS jsonb LANGUAGE sql STABLE AS $$
SELECT CASE WHEN p.brand <> '' THEN size_words(p.site_id, p.brand, p.gender, coalesce(
    nullif(p.attributes->'garment'->>0, ''),
    (SELECT c.garment FROM catalogue_category c WHERE c.id = p.category_id), '')) END
$$;
"""
TABLE = """
CREATE FUNCTION search_sizetable_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO search_dirty (site_id, product_id) SELECT p.site_id, p.id
        FROM catalogue_product p JOIN gone t ON t.site_id = p.site_id AND t.brand = p.brand;
    ELSE
        INSERT INTO search_dirty (site_id, product_id) SELECT p.site_id, p.id
        FROM catalogue_product p JOIN added t ON t.site_id = p.site_id AND t.brand = p.brand;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO search_dirty (site_id, product_id) SELECT p.site_id, p.id
        FROM catalogue_product p JOIN gone o ON o.site_id = p.site_id AND o.brand = p.brand
        JOIN added n ON n.id = o.id WHERE n.brand <> o.brand;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_new AFTER INSERT ON catalogue_sizetable REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION search_sizetable_changed();
CREATE TRIGGER search_changed AFTER UPDATE ON catalogue_sizetable REFERENCING OLD TABLE AS gone
    NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_sizetable_changed();
CREATE TRIGGER search_gone AFTER DELETE ON catalogue_sizetable REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION search_sizetable_changed();
SELECT page_watch('catalogue_sizetable');
"""


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        if text.count(old) != 1:
            raise ValueError(f"not once: {old}")
        text = text.replace(old, new)
    return text


ROWS = changed(
    "CREATE FUNCTION search_rows" + KEPT.partition("CREATE FUNCTION search_rows")[2].partition("$$;")[0] + "$$;",
    ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    ("), sk AS MATERIALIZED (\n    SELECT k.*, z.label,",
     "), meant AS MATERIALIZED (\n    SELECT p.id, size_words_of(p) AS words FROM catalogue_product p WHERE p.id = ANY (products)\n"
     "), sk AS MATERIALIZED (\n    SELECT k.*, coalesce(meant.words->>btrim(z.label), z.label) AS label, z.label AS tag,"),
    ("JOIN catalogue_size z ON z.id = k.size_id\n    WHERE k.product_id",
     "JOIN catalogue_size z ON z.id = k.size_id JOIN meant ON meant.id = k.product_id\n    WHERE k.product_id"),
    ("string_agg(DISTINCT label, ' ')", "concat_ws(' ', string_agg(DISTINCT label, ' '), string_agg(DISTINCT tag, ' '))"),
)
STOCK = changed(
    "CREATE FUNCTION stock_words_changed"
    + TRIGGERS.STOCK.partition("CREATE FUNCTION stock_words_changed")[2].partition("$$;")[0] + "$$;",
    ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    ("JOIN catalogue_size z ON z.id = k.size_id\n",
     "JOIN catalogue_size z ON z.id = k.size_id\n    JOIN catalogue_product p ON p.id = k.product_id\n"
     "    CROSS JOIN LATERAL (SELECT coalesce(size_words_of(p)->>btrim(z.label), z.label) AS label) m\n"),
    ("WHEN z.label = ANY (g.few)", "WHEN m.label = ANY (g.few)"),
    ("'z:' || z.label = ANY", "'z:' || m.label = ANY"),
)
CATEGORY = changed(
    TRIGGERS.CATEGORY.partition("$$;")[0] + "$$;",
    ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    ("(n.parent_id, n.name) IS DISTINCT FROM (o.parent_id, o.name)",
     "(n.parent_id, n.name, n.garment) IS DISTINCT FROM (o.parent_id, o.name, o.garment)"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0004_triggers"),
        ("catalogue", "0009_size_tables"),
    ]
    operations = [
        migrations.RunSQL([WORDS, ROWS, STOCK, CATEGORY, TABLE], migrations.RunSQL.noop)
    ]
