-- Every value is computed from the row's number, so two runs make the same rows.
INSERT INTO shop.customers (id, name, email, tier, balance, interests, profile, joined_at)
OVERRIDING SYSTEM VALUE
SELECT i,
       'Customer ' || i || CASE WHEN i % 97 = 0 THEN E' \u00e9\u4e2d\u6587\U0001F600' ELSE '' END,
       'customer' || i || '@example.com',
       (ARRAY['basic', 'silver', 'gold'])[1 + i % 3]::shop.tier,
       (i * 7919 % 10000000)::numeric / 100,
       ARRAY['topic ' || i % 11, 'topic ' || i % 7],
       jsonb_build_object('visits', i % 50, 'score', (i * 31 % 1000)::numeric / 8,
                          'address', jsonb_build_object('city', 'City ' || i % 300, 'zip', i % 99999)),
       timestamptz '2020-01-01 00:00:00+00' + i * interval '61.000013 seconds'
FROM generate_series(1, current_setting('quickstart.customers')::bigint) AS i;

INSERT INTO shop.products (id, sku, title, price, ratings)
OVERRIDING SYSTEM VALUE
SELECT i, 'SKU-' || lpad(i::text, 8, '0'), 'Product ' || md5(i::text),
       (100 + i * 37 % 99900)::numeric / 100, ARRAY[i % 5, i % 4, NULL, i % 3]
FROM generate_series(1, current_setting('quickstart.products')::bigint) AS i;

INSERT INTO shop.orders (id, customer_id, state, placed_at)
OVERRIDING SYSTEM VALUE
SELECT i, 1 + i * 17 % current_setting('quickstart.customers')::bigint,
       (ARRAY['placed', 'paid', 'shipped', 'returned'])[1 + i % 4]::shop.order_state,
       timestamptz '2024-01-01 00:00:00+00' + i * interval '47 seconds'
FROM generate_series(1, current_setting('quickstart.orders')::bigint) AS i;

INSERT INTO shop.order_lines (order_id, line, product_id, quantity, price)
SELECT 1 + i % current_setting('quickstart.orders')::bigint,
       1 + i / current_setting('quickstart.orders')::bigint,
       1 + i * 13 % current_setting('quickstart.products')::bigint,
       1 + i % 9, (100 + i * 37 % 99900)::numeric / 100
FROM generate_series(0, current_setting('quickstart.order_lines')::bigint - 1) AS i;

INSERT INTO shop.events (id, customer_id, happened_at, weight, payload)
OVERRIDING SYSTEM VALUE
SELECT i, 1 + i * 29 % current_setting('quickstart.customers')::bigint,
       timestamp '2025-01-01 00:00:00' + i * interval '13 seconds',
       CASE i % 1000 WHEN 0 THEN '-0'::float8 WHEN 1 THEN 'NaN' ELSE i / 3.0::float8 END,
       jsonb_build_object('kind', (ARRAY['view', 'click', 'search'])[1 + i % 3], 'path', '/p/' || i % 5000,
                          'agent', md5(i::text))
FROM generate_series(1, current_setting('quickstart.events')::bigint) AS i;

-- Rows from 100 kB to 2 MB, of text that does not compress.
INSERT INTO shop.documents (id, customer_id, added_on, body, scan)
SELECT i, 1 + i % current_setting('quickstart.customers')::bigint, date '2025-01-01' + i,
       (SELECT string_agg(md5(i || '/' || part), '') FROM generate_series(1, 3200 * (1 + i % 10)) AS part),
       decode((SELECT string_agg(md5(i || '-' || part), '') FROM generate_series(1, 6400 * (1 + i % 10)) AS part), 'hex')
FROM generate_series(1, current_setting('quickstart.documents')::integer) AS i;
