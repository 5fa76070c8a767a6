# ruff: noqa: E501 - SQL reads better in long lines
"""Shops full of goods, made in the database itself: 8 SKUs a product, in two colours."""

MADE = """
INSERT INTO catalogue_category (site_id, slug, name, position, garment)
SELECT %(site)s, 'bench-' || n, jsonb_build_object('ja', (ARRAY['シャツ','コート','ニット','パンツ','スカート','シューズ','バッグ','帽子','ジャケット','ワンピース'])[n], 'en', 'Category ' || n), 100 + n, ''
FROM generate_series(1, 10) n ON CONFLICT DO NOTHING;
INSERT INTO catalogue_product (site_id, slug, item_number, brand, name, description, material,
    season, category_id, position, published_from, gender, composition, collection, kana, tags,
    age_group, care, origin, scales, fit_note, worn, attributes, tax_rate_bp, preorder_month,
    is_giftable, is_final_sale, audience, version, video, video_title, video_captions, matching,
    related)
SELECT %(site)s, 'bench-' || n, 'B-' || n, 'Brand ' || (n %% 40),
    jsonb_build_object('ja', (ARRAY['リネン','コットン','ウール','デニム','フランネル','サテン','ナイロン'])[1 + n %% 7] || ' '
        || (ARRAY['レギュラーカラーシャツ','チェスターコート','クルーネックニット','ワイドパンツ','プリーツスカート','スニーカー','ショルダーバッグ','キャップ','テーラードジャケット','ロングワンピース'])[1 + n %% 10] || ' ' || n,
        'en', 'Item ' || n),
    jsonb_build_object('ja', '<p>' || repeat('しっかりと縫われた、長く着られる一着です。', 6) || '</p>'),
    '{"ja": "綿100%%"}', (ARRAY['2026SS','2026AW','2027SS'])[1 + n %% 3], c.id, n,
    now() - n * interval '1 minute', (ARRAY['women','men','unisex'])[1 + n %% 3],
    jsonb_build_array(jsonb_build_object('part', '{}'::jsonb, 'fibres',
        jsonb_build_array(jsonb_build_array((ARRAY['cotton','linen','wool','nylon','polyester'])[1 + n %% 5], 100)))),
    '', '', ARRAY['tag' || n %% 20], 'adult', '{}', 'JP', '{}', '{}', '[]', '{}', 1000, '',
    true, false, 'public', 1, '', '{}', '', '{}', '{}'
FROM generate_series(%(first)s::int, %(last)s::int) n
JOIN catalogue_category c ON c.site_id = %(site)s AND c.slug = 'bench-' || (1 + n %% 10);
CREATE TEMP TABLE made ON COMMIT DROP AS SELECT id, position AS n FROM catalogue_product
WHERE site_id = %(site)s AND slug LIKE 'bench-%%' AND position BETWEEN %(first)s AND %(last)s;
INSERT INTO catalogue_colour (site_id, product_id, code, name, family, hex, position)
SELECT %(site)s, made.id, 'c' || k, jsonb_build_object('ja', f[2], 'en', f[1]), f[1], '#224466', k
FROM made, generate_series(0, 1) k,
LATERAL (SELECT (ARRAY[ARRAY['navy','ネイビー'],ARRAY['white','白'],ARRAY['black','黒'],ARRAY['red','赤'],ARRAY['green','緑'],ARRAY['beige','ベージュ']])[1 + (made.n + k) %% 6 : 1 + (made.n + k) %% 6][1:2] AS g) x,
LATERAL (SELECT ARRAY[g[1][1], g[1][2]] AS f) y;
INSERT INTO catalogue_size (site_id, product_id, code, label, measures, position)
SELECT %(site)s, made.id, s, s, '{}', i FROM made, unnest(ARRAY['S','M','L','XL']) WITH ORDINALITY z(s, i);
INSERT INTO catalogue_sku (site_id, product_id, colour_id, size_id, code, code_folded, gtin,
    supplier_code, price_yen, list_price_yen, weight_g, active)
SELECT %(site)s, made.id, c.id, z.id, 'B-' || made.n || '-' || c.code || '-' || z.code,
    lower('B-' || made.n || '-' || c.code || '-' || z.code), '', '', 1980 + made.n %% 400 * 100,
    CASE WHEN made.n %% 5 = 0 THEN 2980 + made.n %% 400 * 100 END, 300, true
FROM made JOIN catalogue_colour c ON c.product_id = made.id
JOIN catalogue_size z ON z.product_id = made.id;
INSERT INTO inventory_stock (site_id, sku_id, location_id, on_hand, allocated, held)
SELECT %(site)s, k.id, l.id, (made.n + k.weight_g + length(k.code)) %% 7 * 3, 0, 0
FROM made JOIN catalogue_sku k ON k.product_id = made.id,
LATERAL (SELECT id FROM inventory_location WHERE site_id = %(site)s ORDER BY position LIMIT 1) l;
"""
REFRESH = """
SELECT search_refresh(ARRAY(SELECT id FROM catalogue_product WHERE site_id = %(site)s
    AND slug LIKE 'bench-%%' AND position BETWEEN %(first)s AND %(last)s)),
  search_learn(ARRAY(SELECT id FROM catalogue_product WHERE site_id = %(site)s
    AND slug LIKE 'bench-%%' AND position BETWEEN %(first)s AND %(last)s))
"""
SITE = """
WITH c AS (INSERT INTO tenancy_company (name) VALUES ('Bench') RETURNING id), s AS (
    INSERT INTO tenancy_site (company_id, slug, name, name_ja, hosts, mail_from, look)
    SELECT c.id, 'b' || %(n)s::text, 'Bench', '', ARRAY['b' || %(n)s::text || '.localhost'], 'b@b.example', '{}' FROM c
    RETURNING id)
INSERT INTO inventory_location (site_id, code, name, kind, position, sells_online, buffer, pickup,
    pickup_days, prefecture, address, hours, active)
SELECT id, 'MAIN', '{"ja": "倉庫"}', 'warehouse', 0, true, 0, false, 7, '', '{}', '{}', true FROM s
RETURNING site_id
"""
NAIVE = """
SELECT t, count(DISTINCT product_id) FROM search_goods, unnest(facets) t
WHERE site_id = %(site)s AND published_from <= now() GROUP BY t
"""
