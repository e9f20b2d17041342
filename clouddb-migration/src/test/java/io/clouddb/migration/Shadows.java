/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.sql.SQLException;

/**
 * What a stranger may put into a database: for each function that our sources call, and each
 * operator, type and relation of {@code pg_catalog}, one of the same name, before it in the search
 * path of the database, which raises {@value #HIT} when it is reached. They belong to an extension,
 * as those do whose objects our sessions need, so that no migration carries them.
 */
final class Shadows {
  /** With what a shadow begins the message that it raises, and the server its line in the log. */
  static final String HIT = "a stranger was called:";

  /** Before {@code pg_catalog}, which is looked into first only where a path does not name it. */
  static final String PATH = "evil, public, pg_catalog";

  private static final String[] HELPERS = {
    "CREATE EXTENSION IF NOT EXISTS citext SCHEMA public",
    "CREATE SCHEMA evil",
    "GRANT USAGE ON SCHEMA evil TO PUBLIC",
    """
    CREATE FUNCTION evil.hit(what pg_catalog.text) RETURNS pg_catalog.bool
    LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
      RAISE EXCEPTION USING MESSAGE = pg_catalog.concat('a stranger was called: ', what);
    END $$
    """
  };

  /** With the same arguments: they are found wherever the path has them before the catalog. */
  private static final String FUNCTIONS =
      """
      DO $do$ DECLARE f record; BEGIN
      FOR f IN
        SELECT DISTINCT ON (p.proname, p.proargtypes::text) p.proname,
          (SELECT string_agg(format_type(a.type, -1), ', ' ORDER BY a.n)
             FROM unnest(p.proargtypes) WITH ORDINALITY AS a (type, n)) AS arguments,
          CASE WHEN p.proretset THEN 'SETOF ' ELSE '' END
            || CASE WHEN r.typtype = 'p' THEN 'text' ELSE format_type(r.oid, -1) END AS result
        FROM pg_proc p JOIN pg_type r ON r.oid = p.prorettype
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = ANY ('{NAMES}')
          AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) AS a (type)
            JOIN pg_type t ON t.oid = a.type
            WHERE t.typtype = 'p' AND t.typname NOT IN
              ('anyelement', 'anyarray', 'anynonarray', 'anyenum', 'anycompatible',
                'anycompatiblearray', 'anycompatiblenonarray', 'record'))
      LOOP
        EXECUTE format($$CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql IMMUTABLE AS
          %L$$, f.proname, f.arguments, f.result,
          format('BEGIN PERFORM evil.hit(%L); END', 'function ' || f.proname));
      END LOOP; END $do$
      """;

  /** Those that take anything cannot be had with the same arguments, but with better ones. */
  private static final String BETTER_FUNCTIONS =
      """
      DO $do$ DECLARE f record; BEGIN
      FOR f IN
        WITH given (type) AS (VALUES ('text'), ('name'), ('varchar'), ('"char"'), ('int4'),
          ('int8'), ('oid'), ('bool'), ('public.citext'), ('regclass'), ('text[]'), ('anyelement'),
          ('anyarray')),
        lists (arguments, number) AS (
          SELECT type, 1 FROM given
          UNION ALL SELECT 'text, ' || type, 2 FROM given WHERE type <> 'anyarray'
          UNION ALL SELECT 'text, text, ' || type, 3 FROM given
          UNION ALL SELECT 'text, text, text, ' || type, 4 FROM given WHERE type <> 'text'
          UNION ALL SELECT 'text, VARIADIC anyarray', 2)
        SELECT DISTINCT p.proname, l.arguments FROM pg_proc p CROSS JOIN lists l
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f', 'a')
          AND '"any"'::regtype = ANY (p.proargtypes)
          AND (p.provariadic <> 0 OR l.number <= p.pronargs)
          AND NOT EXISTS (SELECT FROM pg_proc q
            WHERE q.pronamespace = 'public'::regnamespace AND q.proname = p.proname)
      LOOP
        EXECUTE format($$CREATE FUNCTION public.%I(%s) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
          %L$$, f.proname, f.arguments,
          format('BEGIN PERFORM evil.hit(%L); END', 'function ' || f.proname));
      END LOOP; END $do$
      """;

  private static final String OPERATORS =
      """
      DO $do$ DECLARE it record; BEGIN
      FOR it IN
        WITH given (type) AS (VALUES ('text'), ('name'), ('varchar'), ('int4'), ('int8'), ('oid'),
          ('public.citext'), ('public.mood'), ('public.folded')),
        names (name) AS (VALUES ('='), ('<>'), ('<'), ('>'), ('<='), ('>='), ('||'), ('~~'),
          ('+'), ('-'), ('*'), ('/'))
        SELECT o.oprname AS name, format_type(nullif(o.oprleft, 0), -1) AS l,
          format_type(o.oprright, -1) AS r, CASE WHEN r.typtype = 'p' THEN 'text' ELSE format_type(r.oid, -1) END AS result,
          'evil' AS place
        FROM pg_operator o JOIN pg_type r ON r.oid = o.oprresult
        WHERE o.oprnamespace = 'pg_catalog'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_type t WHERE t.oid IN (o.oprleft, o.oprright)
            AND t.typtype = 'p' AND t.typname NOT IN
              ('anyelement', 'anyarray', 'anynonarray', 'anyenum', 'anycompatible',
                'anycompatiblearray', 'anycompatiblenonarray', 'record'))
        UNION ALL
        SELECT n.name, l.type, r.type, 'bool', 'public' FROM names n, given l, given r
        WHERE NOT EXISTS (SELECT FROM pg_operator o WHERE o.oprname = n.name
          AND o.oprleft = l.type::regtype AND o.oprright = r.type::regtype
          AND o.oprnamespace IN ('pg_catalog'::regnamespace, 'public'::regnamespace))
      LOOP
        EXECUTE format($$CREATE OR REPLACE FUNCTION evil.%I(%s) RETURNS %s
          LANGUAGE plpgsql IMMUTABLE AS %L$$,
          'operator ' || it.name, concat_ws(', ', it.l, it.r), it.result,
          format('BEGIN PERFORM evil.hit(%L); END', concat_ws(' ', 'operator', it.l, it.name, it.r)));
        EXECUTE format($$CREATE OPERATOR %I.%s (%s RIGHTARG = %s, FUNCTION = evil.%I)$$,
          it.place, it.name, 'LEFTARG = ' || it.l || ',', it.r, 'operator ' || it.name);
      END LOOP; END $do$
      """;

  private static final String TYPES_AND_RELATIONS =
      """
      DO $do$ DECLARE o record; BEGIN
      FOR o IN SELECT t.typname FROM pg_type t
        WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r')
          AND t.typname NOT LIKE '\\_%'
      LOOP
        EXECUTE format('CREATE DOMAIN evil.%I AS pg_catalog.%I CHECK (evil.hit(%L))',
          o.typname, o.typname, 'type ' || o.typname);
      END LOOP;
      FOR o IN SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v')
          AND c.relname NOT LIKE 'pg\\_statistic%'
          AND NOT EXISTS (SELECT FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.atttypid = 'anyarray'::regtype)
      LOOP
        EXECUTE format('CREATE VIEW evil.%I AS SELECT * FROM pg_catalog.%I WHERE evil.hit(%L)',
          o.relname, o.relname, 'relation ' || o.relname);
        EXECUTE format('GRANT SELECT ON evil.%I TO PUBLIC', o.relname);
      END LOOP; END $do$
      """;

  private static final String[] OF_THE_EXTENSION = {
    "SET search_path = pg_catalog",
    "SET allow_system_table_mods = on",
    """
    INSERT INTO pg_depend
    SELECT o.class, o.oid, 0, 'pg_extension'::regclass, e.oid, 0, 'e'
    FROM pg_extension e, (
      SELECT 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
      UNION ALL SELECT 'pg_operator'::regclass, oid, oprnamespace FROM pg_operator
      UNION ALL SELECT 'pg_class'::regclass, oid, relnamespace FROM pg_class WHERE relkind = 'v'
      UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace FROM pg_type
        WHERE typtype IN ('d', 'e')
      UNION ALL SELECT 'pg_namespace'::regclass, oid, oid FROM pg_namespace
    ) AS o (class, oid, schema)
    WHERE e.extname = 'citext'
      AND (o.schema = 'evil'::regnamespace
        OR o.schema = 'public'::regnamespace AND o.class <> 'pg_namespace'::regclass)
      AND NOT EXISTS (SELECT FROM pg_depend d
        WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')
    """,
    "RESET allow_system_table_mods"
  };

  private Shadows() {}

  /**
   * Puts them all into a database, and the types {@code public.mood} and {@code public.folded},
   * which have some of their own.
   */
  static void cast(ConnectionDetails superuser, String owner) throws SQLException, IOException {
    TwoDatabases.run(superuser, HELPERS);
    TwoDatabases.run(
        superuser,
        "SET search_path = pg_catalog",
        "CREATE TYPE public.mood AS ENUM ('sad', 'glad')",
        "CREATE DOMAIN public.folded AS public.citext",
        "ALTER TYPE public.mood OWNER TO " + owner,
        "ALTER DOMAIN public.folded OWNER TO " + owner,
        OPERATORS,
        FUNCTIONS.replace("NAMES", String.join(",", SqlOfSources.calls())),
        BETTER_FUNCTIONS,
        TYPES_AND_RELATIONS);
    TwoDatabases.run(superuser, OF_THE_EXTENSION);
    TwoDatabases.run(
        superuser, "ALTER DATABASE " + superuser.database() + " SET search_path = " + PATH);
  }
}
