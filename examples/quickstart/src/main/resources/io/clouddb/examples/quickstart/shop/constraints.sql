ALTER TABLE shop.customers ADD PRIMARY KEY (id);
ALTER TABLE shop.customers ADD UNIQUE (email);
ALTER TABLE shop.products ADD PRIMARY KEY (id);
ALTER TABLE shop.products ADD UNIQUE (sku);
ALTER TABLE shop.products ADD CHECK (price > 0);
ALTER TABLE shop.orders ADD PRIMARY KEY (id);
ALTER TABLE shop.order_lines ADD PRIMARY KEY (order_id, line);
ALTER TABLE shop.events ADD PRIMARY KEY (id);
ALTER TABLE shop.documents ADD PRIMARY KEY (id);

CREATE INDEX customers_profile ON shop.customers USING gin (profile jsonb_path_ops);
CREATE INDEX customers_name ON shop.customers (lower(name));
CREATE INDEX orders_customer ON shop.orders (customer_id, placed_at DESC);
CREATE INDEX orders_placed_by ON shop.orders (placed_by) WHERE placed_by IS NOT NULL;
CREATE INDEX order_lines_product ON shop.order_lines (product_id);
CREATE INDEX events_happened_at ON shop.events USING brin (happened_at);
CREATE INDEX writes_write_id ON shop.writes (write_id);

ALTER TABLE shop.orders ADD FOREIGN KEY (customer_id) REFERENCES shop.customers;
ALTER TABLE shop.order_lines ADD FOREIGN KEY (order_id) REFERENCES shop.orders ON DELETE CASCADE;
ALTER TABLE shop.order_lines ADD FOREIGN KEY (product_id) REFERENCES shop.products;
ALTER TABLE shop.events ADD FOREIGN KEY (customer_id) REFERENCES shop.customers;
ALTER TABLE shop.documents ADD FOREIGN KEY (customer_id) REFERENCES shop.customers;

SELECT setval(pg_get_serial_sequence('shop.customers', 'id'), (SELECT max(id) FROM shop.customers));
SELECT setval(pg_get_serial_sequence('shop.products', 'id'), (SELECT max(id) FROM shop.products));
SELECT setval(pg_get_serial_sequence('shop.orders', 'id'), (SELECT max(id) FROM shop.orders));
SELECT setval(pg_get_serial_sequence('shop.events', 'id'), (SELECT max(id) FROM shop.events));

CREATE FUNCTION shop.add_to_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE shop.orders SET total = total + NEW.amount WHERE id = NEW.order_id;
  RETURN NULL;
END
$$;

-- Would add every amount twice if it fired on the target while changes are applied there.
CREATE TRIGGER add_to_total AFTER INSERT ON shop.order_lines
  FOR EACH ROW EXECUTE FUNCTION shop.add_to_total();

CREATE VIEW shop.sales AS
  SELECT p.id, p.title, count(*) AS lines, sum(l.amount) AS amount
  FROM shop.products p JOIN shop.order_lines l ON l.product_id = p.id
  GROUP BY p.id, p.title;

ANALYZE shop.customers, shop.products, shop.orders, shop.order_lines, shop.events, shop.documents;
