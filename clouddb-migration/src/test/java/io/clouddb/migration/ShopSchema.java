/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;

/** A small shop with what makes migrations hard: keys in a chain, partitions, triggers, types. */
public final class ShopSchema {
  private ShopSchema() {}

  public static void create(ConnectionDetails owner, int customers) throws SQLException {
    TwoDatabases.run(
        owner,
        "CREATE TYPE status AS ENUM ('new', 'paid', 'sent')",
        "CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " name text NOT NULL, balance numeric NOT NULL DEFAULT 0, tags text[],"
            + " profile jsonb, photo bytea,"
            + " label text GENERATED ALWAYS AS (upper(name)) STORED)",
        "CREATE TABLE orders (id bigserial PRIMARY KEY,"
            + " customer bigint NOT NULL REFERENCES customers ON DELETE CASCADE,"
            + " state status NOT NULL DEFAULT 'new', total numeric(12,2),"
            + " created timestamptz NOT NULL DEFAULT now())",
        "CREATE INDEX ON orders (customer)",
        "CREATE TABLE \"Order Items\" (\"order\" bigint REFERENCES orders ON DELETE CASCADE,"
            + " line int, \"Text\" text, PRIMARY KEY (\"order\", line))",
        "CREATE TABLE events (at date, id bigint, what text, PRIMARY KEY (at, id))"
            + " PARTITION BY RANGE (at)",
        "CREATE TABLE events_2025 PARTITION OF events"
            + " FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
        "CREATE TABLE events_2026 PARTITION OF events"
            + " FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
        "CREATE TABLE ledger (id uuid PRIMARY KEY, writer int NOT NULL, number bigint NOT NULL,"
            + " customer bigint NOT NULL)",
        "CREATE TABLE audit (id bigserial PRIMARY KEY, what text)",
        "CREATE FUNCTION note_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " INSERT INTO audit (what) VALUES ('order ' || NEW.id); RETURN NULL; END $$",
        "CREATE TRIGGER note AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION note_order()",
        "CREATE VIEW open_orders AS SELECT o.id, c.name FROM orders o"
            + " JOIN customers c ON c.id = o.customer WHERE o.state = 'new'",
        "INSERT INTO customers (name, balance, tags, profile, photo) SELECT 'customer ' || i,"
            + " i * 1.10, ARRAY['a', NULL, i::text], jsonb_build_object('n', i, 'x', null),"
            + " CASE WHEN i % 100 = 0 THEN decode(repeat('ab', 20000), 'hex') END"
            + " FROM generate_series(1, "
            + customers
            + ") i",
        "INSERT INTO orders (customer, total) SELECT 1 + i % "
            + customers
            + ", i"
            + " FROM generate_series(1, "
            + 2 * customers
            + ") i",
        "INSERT INTO \"Order Items\" SELECT id, 1, 'item ''' || id FROM orders",
        "INSERT INTO events SELECT date '2025-06-01' + (i % 400), i, 'event'"
            + " FROM generate_series(1, "
            + customers
            + ") i",
        "GRANT INSERT ON audit TO shop_app",
        "GRANT USAGE ON SEQUENCE audit_id_seq TO shop_app",
        "ANALYZE");
  }
}
