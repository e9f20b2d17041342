/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

/**
 * What runs when rows are written, as SQL: what checks, domains, generated columns, indexes,
 * statistics and partition keys lead to.
 */
public final class RowCode {
  /** Tables. */
  private static final String CHOSEN =
      """
      WITH RECURSIVE chosen (name, oid) AS (
        SELECT q.name, pg_catalog.to_regclass(q.name)::pg_catalog.oid
        FROM pg_catalog.unnest(?::pg_catalog.text[]) q (name)
      """;

  /** A row that is written to a partitioned table goes on to one of its partitions. */
  private static final String PARTITIONS =
      """
        UNION
        SELECT c.name, i.inhrelid
        FROM chosen c
        JOIN pg_catalog.pg_class k ON k.oid OPERATOR(pg_catalog.=) c.oid
        JOIN pg_catalog.pg_inherits i ON i.inhparent OPERATOR(pg_catalog.=) k.oid
        WHERE k.relkind OPERATOR(pg_catalog.=) 'p'::pg_catalog."char"
      """;

  /** Tables, and domains whether a table has a column of them or not; with what they run. */
  private static final String ROOTS =
      """
      ),
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
        SELECT c.name, 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, x.oid
        FROM chosen c JOIN pg_catalog.pg_statistic_ext x
          ON x.stxrelid OPERATOR(pg_catalog.=) c.oid
        UNION
        SELECT pg_catalog.format('%I.%I', n.nspname, t.typname),
          'pg_catalog.pg_type'::pg_catalog.regclass, t.oid
        FROM pg_catalog.pg_type t
        JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
        WHERE t.typtype OPERATOR(pg_catalog.=) 'd'
          AND n.nspname OPERATOR(pg_catalog.=) ANY (?::pg_catalog.text[])
      """;

  /**
   * What each of them leads to: what pg_depend knows, and what it does not. It goes from a
   * composite type to its columns, but not from its type to its class, and from a multirange to its
   * range, but not back; and what a built-in function returns is not in it. Casts that are looked
   * up when they are needed are those to JSON, and those that a foreign key between two types
   * takes. What is planned under a NOT takes the operator's negator.
   *
   * <p>A trigger of a partition leads to that of the partitioned table which it is a copy of, and
   * which others may have made.
   *
   * <p>A domain's default runs for a column that is left out, and so for none but those at which
   * somebody begins: it has no row of its own in a catalog, and goes by the class of columns with
   * the oid of the domain. Functions that a domain itself depends on are its default's.
   */
  private static final String EDGES =
      """
        UNION
        SELECT r.name, e.classid, e.objid
        FROM reached r CROSS JOIN LATERAL (
          SELECT d.refclassid, d.refobjid FROM pg_catalog.pg_depend d
          WHERE d.classid OPERATOR(pg_catalog.=)
            CASE WHEN r.classid OPERATOR(pg_catalog.=)
                'pg_catalog.pg_attribute'::pg_catalog.regclass
              THEN 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid
              ELSE r.classid END
            AND d.objid OPERATOR(pg_catalog.=) r.objid
            AND d.refclassid OPERATOR(pg_catalog.=) ANY (ARRAY[
              'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
              'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid,
              'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid,
              'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid,
              'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid])
            AND NOT (r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
              AND d.refclassid OPERATOR(pg_catalog.=) ANY (ARRAY[
                'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid,
                'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid])
              AND EXISTS (
                SELECT FROM pg_catalog.pg_type t
                WHERE t.oid OPERATOR(pg_catalog.=) r.objid
                  AND t.typtype OPERATOR(pg_catalog.=) 'd'::pg_catalog."char"))
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
            AND t.typrelid OPERATOR(pg_catalog.<>) 0::pg_catalog.oid
          UNION ALL
          SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, g.rngmultitypid
          FROM pg_catalog.pg_range g
          WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
            AND g.rngtypid OPERATOR(pg_catalog.=) r.objid
          UNION ALL
          SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, k.castfunc
          FROM pg_catalog.pg_cast k
          WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
            AND k.castsource OPERATOR(pg_catalog.=) r.objid
            AND k.castfunc OPERATOR(pg_catalog.<>) 0::pg_catalog.oid
            AND (k.castcontext OPERATOR(pg_catalog.=) 'i'
              OR k.casttarget OPERATOR(pg_catalog.=) ANY (ARRAY[
                'pg_catalog.json'::pg_catalog.regtype::pg_catalog.oid,
                'pg_catalog.jsonb'::pg_catalog.regtype::pg_catalog.oid]))
          UNION ALL
          SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oprnegate
          FROM pg_catalog.pg_operator o
          WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_operator'::pg_catalog.regclass
            AND o.oid OPERATOR(pg_catalog.=) r.objid
            AND o.oprnegate OPERATOR(pg_catalog.<>) 0::pg_catalog.oid
          UNION ALL
          SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oprcom
          FROM pg_catalog.pg_operator o
          WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_operator'::pg_catalog.regclass
            AND o.oid OPERATOR(pg_catalog.=) r.objid
            AND o.oprcom OPERATOR(pg_catalog.<>) 0::pg_catalog.oid
          UNION ALL
          SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, y.oid
          FROM (
      """
          + StoredExpressions.TREES
          + """
          ) x CROSS JOIN LATERAL
      """
          + StoredExpressions.TYPES
          + """
           m (found)
          JOIN pg_catalog.pg_type y ON y.oid OPERATOR(pg_catalog.=) m.found[1]::pg_catalog.oid
          WHERE y.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid) e (classid, objid)),
      """;

  /**
   * The functions among it, with whose they are. Those of the server, of extensions and of others
   * that may do more than work something out count as code of whoever uses them too, in the place
   * that is named; in a trigger, of each who may make one on that table. The fence stands on
   * everybody's tables, and is the migration's.
   */
  private static final String RAN =
      """
      ran (name, owner, routine, place) AS (
        SELECT r.name, p.proowner, p.oid, NULL::pg_catalog.text
        FROM reached r JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) r.objid
        WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
        UNION ALL
        SELECT used.name, used.owner, used.routine,
          pg_catalog.pg_describe_object(
            CASE WHEN used.classid OPERATOR(pg_catalog.=)
                'pg_catalog.pg_attribute'::pg_catalog.regclass
              THEN 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid
              ELSE used.classid END, used.objid, 0)
        FROM (
          SELECT r.name, r.classid, r.objid, x.owner, m.found[1]::pg_catalog.oid AS routine
          FROM reached r CROSS JOIN LATERAL (
      """
          + StoredExpressions.TREES
          + """
          ) x CROSS JOIN LATERAL
      """
          + StoredExpressions.FUNCTIONS
          + """
           m (found)
          UNION
          SELECT r.name, r.classid, r.objid, o.oprowner, o.oprcode
          FROM reached r
          JOIN pg_catalog.pg_operator o ON o.oid OPERATOR(pg_catalog.=) r.objid
          WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_operator'::pg_catalog.regclass
          UNION
          SELECT r.name, r.classid, r.objid, w.owner, g.tgfoid
          FROM reached r
          JOIN pg_catalog.pg_trigger g ON g.oid OPERATOR(pg_catalog.=) r.objid
          JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) g.tgrelid
          CROSS JOIN LATERAL
      """
          + StoredExpressions.WHO_MAKES_TRIGGERS
          + """
          WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_trigger'::pg_catalog.regclass
            AND NOT g.tgisinternal AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_proc f
              JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) f.pronamespace
              JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) f.proowner
              JOIN pg_catalog.pg_roles me ON me.rolname OPERATOR(pg_catalog.=) current_user
              WHERE f.oid OPERATOR(pg_catalog.=) g.tgfoid
                AND n.nspname OPERATOR(pg_catalog.=) 'clouddb_migration'::pg_catalog.name
                AND (o.rolsuper OR pg_catalog.pg_has_role(o.oid, me.oid, 'MEMBER')))) used
        CROSS JOIN LATERAL (
          SELECT p.oid FROM pg_catalog.pg_proc p
          WHERE p.oid OPERATOR(pg_catalog.=) used.routine AND
      """
          + StoredExpressions.MAY_DO_MORE
          // Not asked of all functions that there are.
          + " OFFSET 0) p)\n";

  private RowCode() {}

  /**
   * The beginning of a query over {@code ran (name, owner, routine, place)}: which functions run
   * for the rows of which table, and whose code that is (0: anybody's); where the place is not
   * null, it is code of the owner of what is named there. {@code chosen (name, oid)} are the
   * tables. The two parameters are arrays of text: quoted names of tables, and names of the schemas
   * whose domains count too.
   *
   * @param roots further places to begin at, each with its UNION; may be empty. Their parameters
   *     come last. A domain's default is a place of the class of columns, with the domain's oid
   * @return a WITH clause without what selects from it
   */
  public static String ranBy(String roots) {
    return CHOSEN + ROOTS + roots + EDGES + RAN;
  }

  /**
   * As {@link #ranBy}, where rows are written to each of the tables by its name: the partitions of
   * one that is partitioned count too. Where that is known to be so on the other side as well, its
   * partitions are written by their own names, and it is not among the tables.
   *
   * @param roots see {@link #ranBy}
   * @return a WITH clause without what selects from it
   */
  public static String ranByWriting(String roots) {
    return CHOSEN + PARTITIONS + ROOTS + roots + EDGES + RAN;
  }
}
