-- One schema with everything that a migration carries. Statements are separated by a line of "--;".
CREATE SCHEMA sales;
--;
CREATE SCHEMA "Odd Schema ""x""";
--;
CREATE SCHEMA "select";
--;
COMMENT ON SCHEMA sales IS 'what is sold; it''s all here';
--;
CREATE EXTENSION citext SCHEMA public;
--;
CREATE EXTENSION btree_gist SCHEMA sales;
--;
CREATE TYPE sales.mood AS ENUM ('sad', 'o''k', 'Very Happy');
--;
ALTER TYPE sales.mood ADD VALUE 'meh' BEFORE 'o''k';
--;
CREATE TYPE public.mood AS ENUM ('other');
--;
CREATE TYPE sales.address AS (street text COLLATE "C", zip varchar(10), "Flat No" integer);
--;
CREATE TYPE sales.price_range AS RANGE (subtype = numeric, multirange_type_name = sales.price_ranges);
--;
CREATE FUNCTION sales.is_even(i integer) RETURNS boolean LANGUAGE sql IMMUTABLE
  AS $$ SELECT i % 2 = 0 $$;
--;
CREATE DOMAIN sales.even AS integer DEFAULT 2 CONSTRAINT "must be even" CHECK (sales.is_even(VALUE));
--;
CREATE DOMAIN sales.email AS public.citext NOT NULL CHECK (VALUE ~ '^.+@.+$');
--;
CREATE DOMAIN sales.names AS varchar(20)[] COLLATE "C";
--;
ALTER DOMAIN sales.even ADD CONSTRAINT small CHECK (VALUE < 1000000) NOT VALID;
--;
CREATE SEQUENCE sales.invoice_no AS bigint START 1000 INCREMENT 5 MINVALUE 10 MAXVALUE 99999 CACHE 7 CYCLE;
--;
CREATE SEQUENCE "Odd Schema ""x"""."Down" AS smallint INCREMENT -1 MINVALUE -300 MAXVALUE -1 START -2;
--;
CREATE FUNCTION sales.next_invoice(prefix text DEFAULT 'R-') RETURNS text LANGUAGE plpgsql
  SET search_path = sales, pg_temp
  AS $$ BEGIN RETURN prefix || nextval('invoice_no'); END $$;
--;
CREATE TABLE sales.customer (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 10) PRIMARY KEY,
  email sales.email,
  "Full Name" text COLLATE "C" NOT NULL,
  feeling sales.mood DEFAULT 'o''k',
  feelings sales.mood[] NOT NULL DEFAULT '{sad}',
  home sales.address,
  referrer bigint,
  balance numeric(12, 2) NOT NULL DEFAULT 0 CHECK (balance > -1000),
  lucky sales.even,
  tags text[],
  document jsonb NOT NULL DEFAULT '{}',
  picture bytea,
  prices sales.price_range,
  born date DEFAULT '2001-02-03',
  every interval(3) DEFAULT '1 day 02:03:04',
  name_length integer GENERATED ALWAYS AS (length("Full Name")) STORED,
  CONSTRAINT "self" FOREIGN KEY (referrer) REFERENCES sales.customer (id) ON DELETE SET NULL,
  CONSTRAINT customer_email_key UNIQUE (email) DEFERRABLE INITIALLY DEFERRED
);
--;
ALTER TABLE sales.customer ALTER COLUMN picture SET STORAGE EXTERNAL;
--;
ALTER TABLE sales.customer ALTER COLUMN document SET COMPRESSION pglz;
--;
ALTER TABLE sales.customer ALTER COLUMN tags SET STATISTICS 321;
--;
ALTER TABLE sales.customer ALTER COLUMN referrer SET (n_distinct = -0.5);
--;
ALTER TABLE sales.customer SET (fillfactor = 71, toast.autovacuum_enabled = false);
--;
ALTER TABLE sales.customer ADD COLUMN dropped text;
--;
ALTER TABLE sales.customer DROP COLUMN dropped;
--;
ALTER TABLE sales.customer ADD COLUMN late smallserial;
--;
COMMENT ON TABLE sales.customer IS E'with\nlines and \\ backslash';
--;
COMMENT ON COLUMN sales.customer."Full Name" IS 'the "name"';
--;
COMMENT ON CONSTRAINT "self" ON sales.customer IS 'who sent them';
--;
COMMENT ON DOMAIN sales.even IS 'a domain';
--;
COMMENT ON CONSTRAINT "must be even" ON DOMAIN sales.even IS 'a domain''s check';
--;
COMMENT ON TYPE sales.mood IS 'an enum';
--;
COMMENT ON SEQUENCE sales.invoice_no IS 'a sequence';
--;
COMMENT ON FUNCTION sales.is_even(integer) IS 'a function';
--;
CREATE TABLE sales.invoice (
  number text DEFAULT sales.next_invoice() PRIMARY KEY,
  customer bigint NOT NULL REFERENCES sales.customer ON UPDATE CASCADE ON DELETE RESTRICT,
  latest_line bigint,
  paid_at timestamptz,
  during tstzrange,
  room integer,
  amount double precision CHECK (amount >= 0) NO INHERIT,
  EXCLUDE USING gist (room WITH =, during WITH &&) WITH (fillfactor = 60) WHERE (room > 0)
);
--;
CREATE TABLE sales.line (
  id bigserial,
  invoice text NOT NULL,
  position integer NOT NULL,
  what varchar(200),
  quantity integer DEFAULT 1,
  CONSTRAINT line_pk PRIMARY KEY (id) WITH (fillfactor = 80),
  CONSTRAINT line_position UNIQUE (invoice, position) INCLUDE (what),
  CONSTRAINT line_invoice FOREIGN KEY (invoice) REFERENCES sales.invoice DEFERRABLE INITIALLY DEFERRED
);
--;
ALTER TABLE sales.invoice ADD CONSTRAINT invoice_latest FOREIGN KEY (latest_line)
  REFERENCES sales.line DEFERRABLE;
--;
ALTER TABLE sales.line ADD CONSTRAINT quantity_sane CHECK (quantity < 1000) NOT VALID;
--;
ALTER TABLE sales.line ADD CONSTRAINT customer_line FOREIGN KEY (position) REFERENCES sales.customer
  (id) NOT VALID;
--;
CREATE INDEX line_what ON sales.line (lower(what) text_pattern_ops DESC NULLS LAST, position)
  WHERE quantity > 1;
--;
ALTER INDEX sales.line_what ALTER COLUMN 1 SET STATISTICS 55;
--;
CREATE INDEX customer_document ON sales.customer USING gin (document jsonb_path_ops);
--;
CREATE INDEX invoice_paid ON sales.invoice USING brin (paid_at) WITH (pages_per_range = 16);
--;
CREATE UNIQUE INDEX customer_name ON sales.customer ("Full Name") INCLUDE (born);
--;
CREATE INDEX customer_even ON sales.customer ((sales.is_even(lucky))) WITH (fillfactor = 50);
--;
CREATE INDEX customer_hash ON sales.customer USING hash (born);
--;
ALTER TABLE sales.customer CLUSTER ON customer_name;
--;
ALTER TABLE sales.customer REPLICA IDENTITY USING INDEX customer_name;
--;
COMMENT ON INDEX sales.customer_name IS 'an index';
--;
CREATE STATISTICS sales.line_numbers (ndistinct, dependencies) ON invoice, position FROM sales.line;
--;
ALTER STATISTICS sales.line_numbers SET STATISTICS 77;
--;
CREATE TABLE "Odd Schema ""x"""."Table with a ""quote"" and a . dot" (
  "select" integer PRIMARY KEY,
  "a column with a name that is exactly as long as the server lets" text,
  "Ünïcödé" text DEFAULT 'ä'
);
--;
CREATE TABLE "select"."table" ("order" integer, "group" uuid DEFAULT gen_random_uuid(), PRIMARY KEY ("order", "group"));
--;
CREATE TABLE public."table" (id integer PRIMARY KEY, "order" integer, "group" uuid,
  FOREIGN KEY ("order", "group") REFERENCES "select"."table");
--;
CREATE TABLE public.t1 (id integer PRIMARY KEY, other integer);
--;
CREATE TABLE public.t2 (id integer PRIMARY KEY, other integer REFERENCES public.t1);
--;
ALTER TABLE public.t1 ADD FOREIGN KEY (other) REFERENCES public.t2;
--;
CREATE TABLE public.whole_row (a integer, b text);
--;
ALTER TABLE public.whole_row REPLICA IDENTITY FULL;
--;
CREATE TABLE public.empty_key (a integer);
--;
ALTER TABLE public.empty_key REPLICA IDENTITY NOTHING;
--;
CREATE TABLE public.no_columns ();
--;
CREATE TABLE sales.event (
  id bigint NOT NULL,
  at timestamptz NOT NULL,
  region text NOT NULL,
  customer bigint REFERENCES sales.customer,
  payload jsonb DEFAULT '{"a": 1}',
  weight integer CHECK (weight > 0),
  PRIMARY KEY (id, at, region)
) PARTITION BY RANGE (at);
--;
CREATE TABLE sales.event_2024 PARTITION OF sales.event
  FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00') PARTITION BY LIST (region);
--;
CREATE TABLE sales.event_2024_eu PARTITION OF sales.event_2024 FOR VALUES IN ('eu', 'o''ther');
--;
CREATE TABLE sales."Event 2024 rest" (
  region text NOT NULL, payload jsonb, extra_first integer, id bigint NOT NULL,
  weight integer, at timestamptz NOT NULL, customer bigint,
  CONSTRAINT event_weight_check CHECK (weight > 0),
  CONSTRAINT own_check CHECK (id > 0)
);
--;
ALTER TABLE sales."Event 2024 rest" DROP COLUMN extra_first;
--;
ALTER TABLE sales.event_2024 ATTACH PARTITION sales."Event 2024 rest" DEFAULT;
--;
CREATE TABLE sales.event_default PARTITION OF sales.event DEFAULT;
--;
CREATE INDEX event_region ON sales.event (region, id);
--;
CREATE INDEX event_only_leaf ON sales.event_2024_eu (weight);
--;
CREATE TABLE sales.bucket (id integer PRIMARY KEY, at timestamptz, region text, event bigint,
  FOREIGN KEY (event, at, region) REFERENCES sales.event (id, at, region)) PARTITION BY HASH (id);
--;
CREATE TABLE sales.bucket_0 PARTITION OF sales.bucket FOR VALUES WITH (MODULUS 2, REMAINDER 0);
--;
CREATE TABLE sales.bucket_1 PARTITION OF sales.bucket FOR VALUES WITH (MODULUS 2, REMAINDER 1);
--;
CREATE VIEW sales.rich AS SELECT * FROM sales.customer WHERE balance > 1000;
--;
CREATE VIEW public.a_first WITH (security_barrier = true) AS
  SELECT r.id, r."Full Name" AS "Name", count(*) AS invoices, max(i.paid_at)
  FROM sales.rich r JOIN sales.invoice i ON i.customer = r.id GROUP BY r.id, r."Full Name";
--;
CREATE VIEW public.grouped AS SELECT id, "Full Name", count(*) FROM sales.customer GROUP BY id;
--;
CREATE VIEW sales.editable AS SELECT id, "Full Name" FROM sales.customer WHERE id > 5
  WITH LOCAL CHECK OPTION;
--;
ALTER VIEW sales.editable ALTER COLUMN "Full Name" SET DEFAULT 'nobody';
--;
CREATE RECURSIVE VIEW sales.chain (id, depth) AS
  SELECT id, 1 FROM sales.customer WHERE referrer IS NULL
  UNION ALL SELECT c.id, p.depth + 1 FROM sales.customer c JOIN chain p ON p.id = c.referrer;
--;
COMMENT ON VIEW sales.rich IS 'a view';
--;
COMMENT ON COLUMN sales.rich.balance IS 'a view''s column';
--;
CREATE FUNCTION sales.rich_ones() RETURNS SETOF sales.rich LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT * FROM sales.rich; END;
--;
CREATE FUNCTION sales.full_name(sales.customer) RETURNS text LANGUAGE sql IMMUTABLE
  AS $$ SELECT $1."Full Name" $$;
--;
CREATE FUNCTION sales.zip_of(a sales.address, OUT zip text, OUT street text) LANGUAGE plpgsql
  AS $$ BEGIN zip := a.zip; street := a.street; END $$;
--;
CREATE FUNCTION sales.variadic_sum(VARIADIC numeric[]) RETURNS numeric LANGUAGE sql
  PARALLEL SAFE COST 7 STRICT SECURITY DEFINER AS $$ SELECT sum(x) FROM unnest($1) x $$;
--;
CREATE PROCEDURE sales.clean(INOUT "N" integer DEFAULT 1) LANGUAGE plpgsql
  AS $$ BEGIN DELETE FROM sales.line WHERE quantity = "N"; COMMIT; END $$;
--;
COMMENT ON PROCEDURE sales.clean(integer) IS 'a procedure';
--;
CREATE FUNCTION sales.touch() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN NEW.quantity := coalesce(NEW.quantity, 0) + TG_ARGV[0]::integer; RETURN NEW; END $$;
--;
CREATE TRIGGER "Touch it" BEFORE INSERT OR UPDATE OF what, quantity ON sales.line
  FOR EACH ROW WHEN (NEW.what IS NOT NULL) EXECUTE FUNCTION sales.touch('1', 'a ''quote');
--;
CREATE FUNCTION sales.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
--;
CREATE TRIGGER disabled_one AFTER DELETE ON sales.line FOR EACH STATEMENT
  EXECUTE FUNCTION sales.nothing();
--;
ALTER TABLE sales.line DISABLE TRIGGER disabled_one;
--;
CREATE TRIGGER always_one AFTER UPDATE ON sales.line REFERENCING NEW TABLE AS n OLD TABLE AS o
  FOR EACH STATEMENT EXECUTE FUNCTION sales.nothing();
--;
ALTER TABLE sales.line ENABLE ALWAYS TRIGGER always_one;
--;
CREATE CONSTRAINT TRIGGER deferred_one AFTER INSERT ON sales.invoice DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION sales.nothing();
--;
CREATE TRIGGER parts AFTER INSERT ON sales.event FOR EACH ROW EXECUTE FUNCTION sales.nothing();
--;
ALTER TABLE sales.event_2024_eu DISABLE TRIGGER parts;
--;
CREATE TRIGGER instead INSTEAD OF INSERT ON sales.rich FOR EACH ROW EXECUTE FUNCTION sales.nothing();
--;
COMMENT ON TRIGGER "Touch it" ON sales.line IS 'a trigger';
--;
CREATE RULE no_delete AS ON DELETE TO public.t2 WHERE OLD.id = 1 DO INSTEAD NOTHING;
--;
ALTER TABLE public.t2 DISABLE RULE no_delete;
--;
CREATE FUNCTION public.count_rich() RETURNS bigint LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT count(*) FROM sales.rich; END;
--;
CREATE TABLE public.needs_view (id integer PRIMARY KEY, n bigint DEFAULT public.count_rich());
--;
CREATE MATERIALIZED VIEW sales.totals AS
  SELECT customer, count(*) AS invoices FROM sales.invoice GROUP BY customer;
--;
CREATE UNIQUE INDEX totals_customer ON sales.totals (customer);
--;
COMMENT ON CONSTRAINT event_weight_check ON sales.event_2024_eu IS 'of a partition';
--;
COMMENT ON TRIGGER parts ON sales.event_2024_eu IS 'of a partition, too';
--;
COMMENT ON MATERIALIZED VIEW sales.totals IS 'a materialized view';
--;
COMMENT ON RULE no_delete ON public.t2 IS 'a rule';
--;
COMMENT ON STATISTICS sales.line_numbers IS 'statistics';
--;
COMMENT ON COLUMN sales.address.zip IS 'a type''s column';
--;
COMMENT ON SCHEMA public IS 'not the standard one';
