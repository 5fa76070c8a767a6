"""How a text becomes lexemes. `rules.fold` and `rules.runs` say the same in Python, for what is
typed; a test compares the two."""

from django.db import migrations

WORDS = """
-- Width, case, kana, small kana, long vowels and hyphens do not matter.
CREATE FUNCTION search_fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT regexp_replace(
    replace(replace(replace(replace(replace(
        translate(lower(normalize($1, NFKC)),
            'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶぁぃぅぇぉっゃゅょゎぢづをー-‐‑–—―−~''’・',
            'ああいいううええおおかがきぎくぐけげこごさざしじすずせぜそぞただちじつつずてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもややゆゆよよらりるれろわわいえおんゔかけあいうえおつやゆよわじずお'),
        'ゔあ', 'ば'), 'ゔい', 'び'), 'ゔえ', 'べ'), 'ゔお', 'ぼ'), 'ゔ', 'ぶ'),
    '([あかさたなはまやらわがざだばぱ])あ|([いきしちにひみりぎじびぴ])い|([うくすつぬふむゆるぐずぶぷ])う|([えけせてねへめれげぜでべぺ])え|([おこそとのほもよろごぞどぼぽ])[おう]',
    '\\1\\2\\3\\4\\5', 'g')
$$;

-- Words of Latin letters whole; all else by two letters, and a Chinese character alone.
CREATE FUNCTION search_tokens(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
WITH run AS (
    SELECT DISTINCT m[1] AS r FROM (VALUES ($1), (replace($1, '-', ' '))) v(t),
    regexp_matches(search_fold(v.t), '([a-z0-9]+(?:\\.[a-z0-9]+)*|(?:(?![a-z0-9])[[:alnum:]])+)', 'g') m
)
SELECT array_agg(DISTINCT x) FROM run, LATERAL (
    SELECT 'w' || r AS x WHERE r ~ '^[a-z0-9]'
    UNION ALL SELECT 'g' || substr(r, i, 2) FROM generate_series(1, length(r) - 1) i
        WHERE r !~ '^[a-z0-9]'
    UNION ALL SELECT 'g' || substr(r, i, 1) FROM generate_series(1, length(r)) i
        WHERE r !~ '^[a-z0-9]' AND (length(r) = 1 OR substr(r, i, 1) BETWEEN '一' AND '鿿')
) each
$$;

-- What stands before each lexeme, so that one site's are together in the index.
CREATE FUNCTION search_mark(uuid) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT right($1::text, 6) $$;
"""
BACK = "DROP FUNCTION search_fold, search_tokens, search_mark;"


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunSQL(WORDS, BACK)]
