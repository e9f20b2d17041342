-- What servers of different versions write in other words. Statements are separated by a line of "--;".
CREATE TABLE public.plain (id integer PRIMARY KEY, v text, n numeric, at timestamptz, x xml, j jsonb);
--;
CREATE TABLE public.other (id integer PRIMARY KEY, plain integer, v text);
--;
CREATE RULE copied AS ON INSERT TO public.plain DO ALSO
  INSERT INTO public.other SELECT p.id, p.id, p.v FROM public.plain p WHERE p.id = NEW.id;
--;
CREATE RULE guarded AS ON UPDATE TO public.plain
  WHERE OLD.v IS DISTINCT FROM NEW.v AND EXISTS (SELECT 1 FROM public.other WHERE plain = OLD.id)
  DO ALSO (UPDATE public.other SET v = NEW.v WHERE other.plain = OLD.id;
    DELETE FROM public.other WHERE v IS NULL);
--;
CREATE RULE instead AS ON DELETE TO public.other DO INSTEAD
  UPDATE public.other SET v = (SELECT max(v) FROM public.plain) WHERE id = OLD.id RETURNING other.*;
--;
CREATE VIEW public.written AS SELECT id, v FROM public.plain WHERE n > 1;
--;
CREATE RULE written_insert AS ON INSERT TO public.written DO INSTEAD
  INSERT INTO public.plain (id, v) VALUES (NEW.id, NEW.v) RETURNING plain.id, plain.v;
--;
CREATE VIEW public.joined AS SELECT id, plain.v, other.v AS w, n FROM public.plain JOIN public.other USING (id);
--;
CREATE VIEW public.nested AS SELECT v, (SELECT count(*) FROM public.other WHERE plain = plain.id) AS c,
  n + (SELECT avg(n) FROM public.plain q WHERE q.id < plain.id) AS a FROM public.plain;
--;
CREATE VIEW public.with_query AS WITH a AS (SELECT id, v FROM public.plain WHERE id > 5)
  SELECT a.*, row_number() OVER (PARTITION BY v ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
  FROM a UNION ALL SELECT id, v, 0 FROM public.other ORDER BY 1 LIMIT 10;
--;
CREATE VIEW public.of_xml AS SELECT xmlserialize(CONTENT x AS text) AS t, at AT TIME ZONE 'UTC' AS u,
  extract(year FROM at) AS y, trim(both 'x' FROM v) AS w, overlay(v PLACING 'a' FROM 2) AS o,
  substring(v FROM 2 FOR 3) AS s, position('a' IN v) AS p, normalize(v) AS m, v IS NORMALIZED AS i,
  (at, at + interval '1 day') OVERLAPS (at, at) AS ov, CURRENT_DATE AS d FROM public.plain;
--;
CREATE MATERIALIZED VIEW public.kept AS SELECT v, count(*) FROM public.plain GROUP BY v HAVING count(*) > 0;
--;
CREATE FUNCTION public.counted(i integer) RETURNS bigint LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT count(*) FROM public.plain WHERE id = i AND v LIKE 'a%'; END;
--;
CREATE TABLE public.expressions (
  id integer PRIMARY KEY DEFAULT (extract(epoch FROM now()) / 2)::integer,
  v text DEFAULT trim(both 'x' FROM 'xyx') CHECK (v ~~ 'a%' OR substring(v FROM 2 FOR 3) = 'abc'),
  x xml DEFAULT '<a/>',
  g integer GENERATED ALWAYS AS (length(overlay(v PLACING 'a' FROM 2))) STORED,
  at timestamp CHECK (at AT TIME ZONE 'UTC' > '2000-01-01' AND (v COLLATE "C") < 'z')
);
--;
CREATE INDEX expressions_x ON public.expressions ((x::text)) WHERE v IS NOT NULL;
--;
CREATE STATISTICS public.of_expressions ON (lower(v)), (id % 10) FROM public.expressions;
--;
CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
--;
CREATE TRIGGER guarded AFTER UPDATE ON public.plain FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.* AND NEW.v IN ('a', 'b') AND extract(year FROM NEW.at) > 2000)
  EXECUTE FUNCTION public.nothing();
--;
ALTER TABLE public.other ENABLE ROW LEVEL SECURITY;
--;
CREATE POLICY seen ON public.other USING (EXISTS (SELECT FROM public.plain p WHERE p.id = other.plain)
  AND v <> CURRENT_USER) WITH CHECK (id IN (SELECT id FROM public.plain));
--;
CREATE COLLATION public.phonebook (provider = icu, locale = 'de@collation=phonebook');
--;
CREATE COLLATION public.swedish (provider = icu, locale = 'sv_SE');
--;
CREATE COLLATION public.numbers (provider = icu, locale = 'en-u-kn-true', deterministic = false);
--;
CREATE COLLATION public.upper_first (provider = icu, locale = 'en@colCaseFirst=upper');
--;
CREATE COLLATION public.by_library (provider = libc, locale = 'C');
--;
CREATE TABLE public.sorted (a text COLLATE public.phonebook, b text COLLATE public.swedish,
  c text COLLATE public.by_library, d text COLLATE public.numbers);
