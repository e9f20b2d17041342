/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

/**
 * What runs when rows are written, as SQL: what checks, domains, generated columns, indexes and
 * partition keys lead to.
 */
public final class RowCode {
  /** Tables, and domains whether a table has a column of them or not; with what they run. */
  private static final String ROOTS =
      """
      WITH RECURSIVE chosen AS (
        SELECT q.name, pg_catalog.to_regclass(q.name)::pg_catalog.oid AS oid
        FROM pg_catalog.unnest(?::pg_catalog.text[]) q (name)),
      reached (name, classid, objid) AS (
        SELECT name, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, oid FROM chosen
        UNION
        SELECT c.name, 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid
        FROM chosen c JOIN pg_catalog.pg_constraint k
          ON k.conrelid OPERATOR(pg_catalog.=) c.oid
        UNION
        SELECT c.name, 'pg_catalog.pg_class'::pg_catalog.regclass, x.indexrelid
        FROM chosen c JOIN pg_catalog.pg_index x ON x.indrelid OPERATOR(pg_catalog.=) c.oid
        UNION
        SELECT c.name, 'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid
        FROM chosen c
        JOIN pg_catalog.pg_attrdef d ON d.adrelid OPERATOR(pg_catalog.=) c.oid
        JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid
          AND a.attnum OPERATOR(pg_catalog.=) d.adnum
        WHERE a.attgenerated OPERATOR(pg_catalog.<>) ''
        UNION
        SELECT pg_catalog.format('%I.%I', n.nspname, t.typname),
          'pg_catalog.pg_type'::pg_catalog.regclass, t.oid
        FROM pg_catalog.pg_type t
        JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
        WHERE t.typtype OPERATOR(pg_catalog.=) 'd'
          AND n.nspname OPERATOR(pg_catalog.=) ANY (?::pg_catalog.text[])
      """;

  /**
   * What each of them leads to, by what pg_depend knows; it goes from a composite type to its
   * columns, but not from its type to its class.
   */
  private static final String EDGES =
      """
        UNION
        SELECT r.name, e.classid, e.objid
        FROM reached r CROSS JOIN LATERAL (
          SELECT d.refclassid, d.refobjid FROM pg_catalog.pg_depend d
          WHERE d.classid OPERATOR(pg_catalog.=) r.classid
            AND d.objid OPERATOR(pg_catalog.=) r.objid
            AND d.refclassid OPERATOR(pg_catalog.=) ANY (ARRAY[
              'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
              'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid,
              'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid,
              'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid])
          UNION ALL
          SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid
          FROM pg_catalog.pg_constraint k
          WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
            AND k.contypid OPERATOR(pg_catalog.=) r.objid
          UNION ALL
          SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, t.typrelid
          FROM pg_catalog.pg_type t
          WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
            AND t.oid OPERATOR(pg_catalog.=) r.objid
            AND t.typrelid OPERATOR(pg_catalog.<>) 0::pg_catalog.oid) e (classid, objid))
      """;

  private RowCode() {}

  /**
   * The beginning of a query over {@code reached (name, classid, objid)}: which objects belong to
   * the rows of which table; {@code chosen (name, oid)} are the tables. Its two parameters are
   * arrays of text: quoted names of tables, and names of the schemas whose domains count too.
   *
   * @param roots further places to begin at, each with its UNION; may be empty
   * @return a WITH clause without what selects from it
   */
  public static String reachedBy(String roots) {
    return ROOTS + roots + EDGES;
  }
}
