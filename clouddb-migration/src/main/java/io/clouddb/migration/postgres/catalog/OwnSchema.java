/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The schema {@code clouddb_migration}: what migrations keep in a database beside what they
 * migrate. All in it belongs to the role of the migration and is what a migration made; nobody else
 * may even look into it. Whoever may create schemas could have made one of that name before, with a
 * table whose triggers run as who writes into it, say; so each use asks first whether it is ours.
 */
public final class OwnSchema {
  /** Its name. */
  public static final String NAME = "clouddb_migration";

  /** The tables that can be in it, with their columns. */
  private static final String TABLES =
      """
      (VALUES
        ('position', 'migration:text,lsn:pg_lsn,system_identifier:text,timeline:int4,'
          'updated_at:timestamptz'),
        ('suspended', 'migration:text,kind:text,table_schema:text,table_name:text,name:text,'
          'state:text'),
        ('foreign_keys', 'migration:text,of_key:text,identity:text,table_schema:text,'
          'table_name:text,definition:text'))""";

  /** The schema, the role that asks, and what is said of somebody who is not that role. */
  private static final String COMMON =
      """
      WITH own AS (
        SELECT n.oid, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n
        WHERE n.nspname OPERATOR(pg_catalog.=) 'clouddb_migration'),
      me AS (
        SELECT r.oid FROM pg_catalog.pg_roles r
        WHERE r.rolname OPERATOR(pg_catalog.=) current_user),
      """;

  private static final String PARTS =
      """
      part AS (
        SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
        JOIN own ON d.refobjid OPERATOR(pg_catalog.=) own.oid
        WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass),
      relation AS (
        SELECT c.oid, c.relowner, c.relname,
          c.relkind OPERATOR(pg_catalog.=) 'r'
          AND c.relpersistence OPERATOR(pg_catalog.=) 'p'
          AND NOT c.relhasrules AND NOT c.relrowsecurity AND NOT c.relispartition
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t
            WHERE t.tgrelid OPERATOR(pg_catalog.=) c.oid)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy p
            WHERE p.polrelid OPERATOR(pg_catalog.=) c.oid)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i
            WHERE i.inhrelid OPERATOR(pg_catalog.=) c.oid
              OR i.inhparent OPERATOR(pg_catalog.=) c.oid)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
            WHERE k.conrelid OPERATOR(pg_catalog.=) c.oid
              AND NOT k.contype OPERATOR(pg_catalog.=) ANY ('{p,n}'::pg_catalog."char"[]))
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_index x
            WHERE x.indrelid OPERATOR(pg_catalog.=) c.oid AND NOT x.indisprimary)
          AND known.columns OPERATOR(pg_catalog.=) (
            SELECT pg_catalog.string_agg(
              pg_catalog.concat(a.attname, ':', y.typname), ',' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type y ON y.oid OPERATOR(pg_catalog.=) a.atttypid
              AND y.typnamespace OPERATOR(pg_catalog.=)
                'pg_catalog'::pg_catalog.regnamespace::pg_catalog.oid
            WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid
              AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
              AND a.attgenerated OPERATOR(pg_catalog.=) '') AS ours
        FROM part
        JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) part.objid
        LEFT JOIN"""
          + " "
          + TABLES
          + """
         known (name, columns)
          ON known.name OPERATOR(pg_catalog.=) c.relname::pg_catalog.text
        WHERE part.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass),
      routine AS (
        SELECT p.oid, p.proowner,
          pg_catalog.regexp_match(p.proname::pg_catalog.text, '^clouddb_[a-z0-9_]+_fence$')
            IS NOT NULL
          AND l.lanname OPERATOR(pg_catalog.=) 'plpgsql' AND NOT p.prosecdef
          AND p.pronargs OPERATOR(pg_catalog.=) 0
          AND p.prorettype OPERATOR(pg_catalog.=)
            'pg_catalog.trigger'::pg_catalog.regtype::pg_catalog.oid AS ours
        FROM part
        JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) part.objid
        JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
        WHERE part.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass)
      """;

  /** Schema, tables, functions, in this order; and what there is else. */
  private static final String STRANGE =
      COMMON
          + PARTS
          + """
            SELECT pg_catalog.concat('it belongs to ', pg_catalog.pg_get_userbyid(own.nspowner))
            FROM own, me WHERE own.nspowner OPERATOR(pg_catalog.<>) me.oid
            UNION ALL
            SELECT pg_catalog.concat(COALESCE(r.rolname::pg_catalog.text, 'PUBLIC'), ' has ',
              a.privilege_type, ' on it')
            FROM own CROSS JOIN LATERAL pg_catalog.aclexplode(own.nspacl) a
            LEFT JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) a.grantee
            WHERE a.grantee OPERATOR(pg_catalog.<>) own.nspowner
            UNION ALL
            SELECT pg_catalog.concat('the relation ', relation.relname, ' in it ',
              CASE WHEN relation.relowner OPERATOR(pg_catalog.<>) me.oid
                THEN pg_catalog.concat('belongs to ',
                  pg_catalog.pg_get_userbyid(relation.relowner))
                ELSE 'is not as migrations make it' END)
            FROM relation, me
            WHERE relation.relowner OPERATOR(pg_catalog.<>) me.oid OR relation.ours IS NOT TRUE
            UNION ALL
            SELECT pg_catalog.concat('the function ',
              routine.oid::pg_catalog.regprocedure::pg_catalog.text,
              CASE WHEN routine.proowner OPERATOR(pg_catalog.<>) me.oid
                THEN pg_catalog.concat(' belongs to ',
                  pg_catalog.pg_get_userbyid(routine.proowner))
                ELSE ' is not as migrations make it' END)
            FROM routine, me
            WHERE routine.proowner OPERATOR(pg_catalog.<>) me.oid OR NOT routine.ours
            UNION ALL
            SELECT pg_catalog.concat('it holds ',
              pg_catalog.pg_describe_object(part.classid, part.objid, 0))
            FROM part
            WHERE part.classid OPERATOR(pg_catalog.<>) 'pg_catalog.pg_class'::pg_catalog.regclass
              AND part.classid OPERATOR(pg_catalog.<>) 'pg_catalog.pg_proc'::pg_catalog.regclass
            """;

  private static final String EXISTS =
      """
      SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace n
        WHERE n.nspname OPERATOR(pg_catalog.=) 'clouddb_migration')
      """;

  private static final String HOLDS =
      """
      SELECT EXISTS (SELECT FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
        WHERE n.nspname OPERATOR(pg_catalog.=) 'clouddb_migration'
          AND c.relname OPERATOR(pg_catalog.=) ?)
      """;

  private static final String EMPTY =
      """
      SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace n
        WHERE n.nspname OPERATOR(pg_catalog.=) 'clouddb_migration'
          AND pg_catalog.pg_get_userbyid(n.nspowner) OPERATOR(pg_catalog.=) current_user
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.refobjid OPERATOR(pg_catalog.=) n.oid AND d.refclassid OPERATOR(pg_catalog.=)
              'pg_catalog.pg_namespace'::pg_catalog.regclass))
      """;

  private static final String GRANTEES =
      """
      SELECT DISTINCT CASE WHEN a.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC'
        ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END
      FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) a
      WHERE n.nspname OPERATOR(pg_catalog.=) 'clouddb_migration'
        AND a.grantee OPERATOR(pg_catalog.<>) n.nspowner
      """;

  private OwnSchema() {}

  /**
   * Makes it where it is missing. What is there is ours then.
   *
   * @param connection a session of the migration's role
   * @throws io.clouddb.error.ConditionFailedException when it is there and not ours, saying why
   * @throws SQLException when the database refuses
   */
  public static void create(Connection connection) throws SQLException {
    if (!isTrue(connection, EXISTS)) {
      try (Statement ddl = connection.createStatement()) {
        // Another migration may be making it; whether that was one, is asked below.
        ddl.execute("CREATE SCHEMA IF NOT EXISTS clouddb_migration");
        // Default privileges of the role may have given some.
        for (String grantee : CatalogQuery.list(connection, GRANTEES, row -> row.getString(1))) {
          ddl.execute("REVOKE ALL ON SCHEMA clouddb_migration FROM " + grantee);
        }
      }
    }
    require(connection);
  }

  /**
   * Whether a table is in it. What is there is ours then.
   *
   * @param connection a session of the migration's role
   * @param table the table's name
   * @return false when it is not there
   * @throws io.clouddb.error.ConditionFailedException when the schema is not ours, saying why
   * @throws SQLException when the catalogs cannot be read
   */
  public static boolean holds(Connection connection, String table) throws SQLException {
    if (!isTrue(connection, HOLDS, table)) {
      return false;
    }
    require(connection);
    return true;
  }

  /**
   * Requires that it is ours, and all that is in it, where it is there.
   *
   * @param connection a session of the migration's role
   * @throws io.clouddb.error.ConditionFailedException when it is not, saying why
   * @throws SQLException when the catalogs cannot be read
   */
  public static void require(Connection connection) throws SQLException {
    List<String> strange = strange(connection);
    if (!strange.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The schema clouddb_migration of the database "
                  + connection.getCatalog()
                  + " is not the migration's: "
                  + String.join("; ", strange))
          .resource(NAME)
          .nextStep(remedy())
          .toException();
    }
  }

  /**
   * What to do about one that is not ours.
   *
   * @return a sentence or two
   */
  public static String remedy() {
    return "Find out who made it, and for what. Run the migration as the role that did, if it was an"
        + " earlier migration; otherwise drop what is there that no migration made.";
  }

  /**
   * Says what of it is not ours.
   *
   * @param connection a session of the migration's role
   * @return one description each; empty when there is no such schema, or all of it is ours
   * @throws SQLException when the catalogs cannot be read
   */
  public static List<String> strange(Connection connection) throws SQLException {
    return CatalogQuery.list(connection, STRANGE, row -> row.getString(1));
  }

  /**
   * Removes it when it is ours and nothing is in it any more.
   *
   * @param connection a session of the migration's role; in auto-commit mode
   * @throws SQLException when the database refuses
   */
  public static void dropWhenEmpty(Connection connection) throws SQLException {
    if (isTrue(connection, EMPTY)) {
      try (Statement ddl = connection.createStatement()) {
        ddl.execute("DROP SCHEMA IF EXISTS clouddb_migration");
      }
    }
  }

  private static boolean isTrue(Connection connection, String question, Object... parameters)
      throws SQLException {
    return CatalogQuery.list(connection, question, row -> row.getBoolean(1), parameters).get(0);
  }
}
