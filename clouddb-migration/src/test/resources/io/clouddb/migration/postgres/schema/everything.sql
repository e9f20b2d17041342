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
--;
CREATE COLLATION sales.folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
--;
CREATE COLLATION sales.plain FROM "C";
--;
COMMENT ON COLLATION sales.folded IS 'a collation';
--;
CREATE DOMAIN sales.label AS text COLLATE sales.plain;
--;
CREATE TABLE public.tag (name text COLLATE sales.folded PRIMARY KEY, label sales.label);
--;
CREATE TABLE public.animal (
  id integer PRIMARY KEY,
  name text DEFAULT 'nobody' NOT NULL,
  legs integer DEFAULT 4 CONSTRAINT some_legs CHECK (legs > 0),
  noise text COLLATE "C",
  loud boolean GENERATED ALWAYS AS (noise = upper(noise)) STORED
);
--;
ALTER TABLE public.animal ALTER COLUMN noise SET STORAGE EXTERNAL;
--;
CREATE TABLE public.owned (owner text NOT NULL, "Since" date DEFAULT '2020-01-01');
--;
CREATE TABLE public.dog (
  PRIMARY KEY (id), breed text, legs integer DEFAULT 3, CONSTRAINT few_legs CHECK (legs < 5)
) INHERITS (public.animal, public.owned);
--;
ALTER TABLE public.dog ALTER COLUMN noise SET NOT NULL;
--;
ALTER TABLE public.dog ALTER COLUMN noise SET STORAGE MAIN;
--;
ALTER TABLE public.dog ALTER COLUMN name DROP DEFAULT;
--;
CREATE TABLE public.puppy (weeks integer, PRIMARY KEY (id)) INHERITS (public.dog);
--;
ALTER TABLE public.owned ADD COLUMN late integer DEFAULT 7 CONSTRAINT not_late CHECK (late < 9);
--;
CREATE TABLE public.stray (owner text NOT NULL, "Since" date, late integer, age integer,
  CONSTRAINT not_late CHECK (late < 9));
--;
ALTER TABLE public.stray INHERIT public.owned;
--;
ALTER TABLE public.owned REPLICA IDENTITY FULL;
--;
ALTER TABLE public.stray REPLICA IDENTITY FULL;
--;
COMMENT ON CONSTRAINT not_late ON public.dog IS 'an inherited one';
--;
CREATE TYPE public.row_type AS (id integer, what text);
--;
CREATE TABLE public.typed OF public.row_type (PRIMARY KEY (id), what DEFAULT 'typed');
--;
CREATE UNLOGGED TABLE public.cache (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, no serial,
  value text NOT NULL);
--;
CREATE UNLOGGED TABLE public.cache_hit (id serial PRIMARY KEY, cache integer REFERENCES public.cache);
--;
CREATE INDEX cache_value ON public.cache (value);
--;
CREATE TABLE sales.secret (id integer PRIMARY KEY, owner text, grade integer);
--;
ALTER TABLE sales.secret ENABLE ROW LEVEL SECURITY;
--;
CREATE POLICY "Own ones" ON sales.secret TO "App Reader", CURRENT_USER
  USING (owner = current_user AND grade IN (SELECT id FROM sales.line)) WITH CHECK (grade > 1);
--;
CREATE POLICY low ON sales.secret AS RESTRICTIVE FOR SELECT USING (grade < 5);
--;
CREATE POLICY adding ON sales.secret FOR INSERT TO app_writer WITH CHECK (true);
--;
COMMENT ON POLICY low ON sales.secret IS 'a policy';
--;
CREATE TABLE public.forced (id integer PRIMARY KEY);
--;
ALTER TABLE public.forced FORCE ROW LEVEL SECURITY;
--;
ALTER MATERIALIZED VIEW sales.totals ALTER COLUMN customer SET STATISTICS 33;
--;
CREATE MATERIALIZED VIEW sales.later AS SELECT id FROM sales.secret WITH NO DATA;
--;
CREATE SCHEMA owned_schema;
--;
CREATE TABLE owned_schema.thing (id serial PRIMARY KEY, v text);
--;
CREATE VIEW owned_schema.things AS SELECT id FROM owned_schema.thing;
--;
CREATE FUNCTION owned_schema.definer() RETURNS bigint LANGUAGE sql SECURITY DEFINER
  AS 'SELECT count(*) FROM owned_schema.thing';
--;
CREATE PROCEDURE owned_schema.doing(i integer) LANGUAGE sql AS 'SELECT 1';
--;
CREATE TYPE owned_schema.kind AS ENUM ('a');
--;
CREATE DOMAIN owned_schema.small AS integer CHECK (VALUE < 10);
--;
CREATE COLLATION owned_schema.plain FROM "C";
--;
CREATE STATISTICS owned_schema.numbers ON id, v FROM owned_schema.thing;
--;
GRANT USAGE, CREATE ON SCHEMA owned_schema TO app_owner;
--;
ALTER TABLE owned_schema.thing OWNER TO app_owner;
--;
ALTER VIEW owned_schema.things OWNER TO app_owner;
--;
ALTER FUNCTION owned_schema.definer() OWNER TO app_owner;
--;
ALTER PROCEDURE owned_schema.doing(integer) OWNER TO app_owner;
--;
ALTER TYPE owned_schema.kind OWNER TO app_owner;
--;
ALTER DOMAIN owned_schema.small OWNER TO app_owner;
--;
ALTER COLLATION owned_schema.plain OWNER TO app_owner;
--;
ALTER STATISTICS owned_schema.numbers OWNER TO app_owner;
--;
REVOKE CREATE ON SCHEMA owned_schema FROM app_owner;
--;
GRANT USAGE ON SCHEMA owned_schema TO "App Reader" WITH GRANT OPTION;
--;
GRANT SELECT ON owned_schema.thing, owned_schema.things TO "App Reader";
--;
GRANT SELECT, INSERT, UPDATE ON owned_schema.thing TO app_writer WITH GRANT OPTION;
--;
GRANT DELETE ON owned_schema.thing TO CURRENT_USER;
--;
GRANT USAGE ON SEQUENCE owned_schema.thing_id_seq TO app_writer;
--;
REVOKE EXECUTE ON FUNCTION owned_schema.definer() FROM PUBLIC;
--;
GRANT EXECUTE ON FUNCTION owned_schema.definer() TO "App Reader";
--;
GRANT ALL ON PROCEDURE owned_schema.doing(integer) TO app_writer;
--;
REVOKE USAGE ON TYPE owned_schema.kind FROM PUBLIC;
--;
GRANT USAGE ON DOMAIN owned_schema.small TO app_writer;
--;
GRANT SELECT (id, what), UPDATE (what) ON sales.line TO "App Reader";
--;
GRANT SELECT, TRUNCATE ON sales.totals, public.animal TO PUBLIC;
--;
REVOKE INSERT ON public.tag FROM CURRENT_USER;
--;
GRANT USAGE ON SEQUENCE sales.customer_id_seq TO app_writer;
--;
GRANT CREATE ON SCHEMA public TO app_writer;
--;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "App Reader";
--;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
--;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA owned_schema
  GRANT USAGE ON SEQUENCES TO app_writer WITH GRANT OPTION;
--;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO app_writer;
--;
ALTER SCHEMA owned_schema OWNER TO app_owner;
