/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

/**
 * The expressions that belong to a table, as the catalogs keep them. {@code pg_depend} does not say
 * all that they run: built-in functions are not in it, and some of those run SQL that they are
 * given as a text, look for a type by a text or a number, or change the session. So do functions of
 * extensions, and those that an administrator made for everybody: they do what who uses them says.
 */
final class StoredExpressions {
  /**
   * Who may have made a trigger of the table {@code c}, as {@code w (owner)}; 0 stands for
   * everybody, as in privileges.
   */
  static final String WHO_MAKES_TRIGGERS =
      """
      (SELECT c.relowner
        UNION ALL
        SELECT a.grantee FROM pg_catalog.aclexplode(c.relacl) a
        WHERE a.privilege_type OPERATOR(pg_catalog.=) 'TRIGGER') w (owner)
      """;

  /**
   * The expressions of {@code r (classid, objid)}, as {@code tree}, and {@code owner}, whose they
   * are. The default of a domain is one of the class of columns with the domain's oid ({@link
   * RowCode}).
   */
  static final String TREES =
      """
      SELECT coalesce(c.relowner, t.typowner) AS owner, k.conbin::pg_catalog.text AS tree
      FROM pg_catalog.pg_constraint k
      LEFT JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) k.conrelid
      LEFT JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) k.contypid
      WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_constraint'::pg_catalog.regclass
        AND k.oid OPERATOR(pg_catalog.=) r.objid AND k.conbin IS NOT NULL
      UNION ALL
      SELECT t.typowner, t.typdefaultbin::pg_catalog.text
      FROM pg_catalog.pg_type t
      WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_attribute'::pg_catalog.regclass
        AND t.oid OPERATOR(pg_catalog.=) r.objid AND t.typdefaultbin IS NOT NULL
      UNION ALL
      SELECT c.relowner, d.adbin::pg_catalog.text
      FROM pg_catalog.pg_attrdef d
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) d.adrelid
      WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        AND d.oid OPERATOR(pg_catalog.=) r.objid
      UNION ALL
      SELECT c.relowner,
        pg_catalog.concat_ws(' ', x.indexprs::pg_catalog.text, x.indpred::pg_catalog.text)
      FROM pg_catalog.pg_index x
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) x.indexrelid
      WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
        AND x.indexrelid OPERATOR(pg_catalog.=) r.objid
        AND (x.indexprs IS NOT NULL OR x.indpred IS NOT NULL)
      UNION ALL
      SELECT c.relowner, x.partexprs::pg_catalog.text
      FROM pg_catalog.pg_partitioned_table x
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) x.partrelid
      WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
        AND x.partrelid OPERATOR(pg_catalog.=) r.objid AND x.partexprs IS NOT NULL
      UNION ALL
      SELECT x.stxowner, x.stxexprs::pg_catalog.text
      FROM pg_catalog.pg_statistic_ext x
      WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass
        AND x.oid OPERATOR(pg_catalog.=) r.objid AND x.stxexprs IS NOT NULL
      UNION ALL
      SELECT w.owner, g.tgqual::pg_catalog.text
      FROM pg_catalog.pg_trigger g
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) g.tgrelid
      CROSS JOIN LATERAL
      """
          + WHO_MAKES_TRIGGERS
          + """
      WHERE r.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_trigger'::pg_catalog.regclass
        AND g.oid OPERATOR(pg_catalog.=) r.objid AND g.tgqual IS NOT NULL
      """;

  /** Finds the functions in {@code tree}; what stands in texts of a user's can only add some. */
  static final String FUNCTIONS =
      "pg_catalog.regexp_matches(tree, ':(?:op|hash|neg)?funcid ([0-9]+)', 'g')";

  /**
   * Finds the users' types in {@code tree}, whatever the field is called that has them: what
   * SQL/JSON and polymorphic built-in functions return ({@code multirange(x)}), and the type of a
   * whole row, are not in pg_depend.
   */
  static final String TYPES =
      "pg_catalog.regexp_matches(tree, ':[A-Za-z_]*typ(?:e|[Ii]d|e[Ii]d) ([1-9][0-9]{4,9})', 'g')";

  /**
   * Whether the function {@code p}, which {@code used.owner} uses, may do more than work something
   * out of values. One of the server: it is volatile, and none of those known to be harmless; reads
   * tables by name; or calls the input function of a type that it is told at run time. One of an
   * extension or of somebody else: it is volatile, or is written in a language that can run any
   * text and is not immutable, or looks by the path of the session for what it calls, where the
   * user's own schema can come first. The extensions named here give all that they call its schema.
   */
  static final String MAY_DO_MORE =
      """
      (p.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid AND (
          p.provolatile OPERATOR(pg_catalog.=) 'v'
            AND p.proname OPERATOR(pg_catalog.<>) ALL ('{clock_timestamp,timeofday,random,
              random_normal,array_sample,array_shuffle,gen_random_uuid,uuidv4,uuidv7,
              suppress_redundant_updates_trigger,tsvector_update_trigger,
              tsvector_update_trigger_column}'::pg_catalog.name[])
          OR p.proname OPERATOR(pg_catalog.~)
            '^((table|query|cursor|schema|database)_to_xml|pg_input_|fmgr_.*_validator$)'
          OR p.proargtypes[0] OPERATOR(pg_catalog.=) 'pg_catalog.cstring'::pg_catalog.regtype
            AND p.proargtypes[1] OPERATOR(pg_catalog.=) 'pg_catalog.oid'::pg_catalog.regtype)
        OR p.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid
          AND p.proowner OPERATOR(pg_catalog.<>) used.owner
          AND (p.provolatile OPERATOR(pg_catalog.=) 'v'
            OR p.prolang OPERATOR(pg_catalog.<>) ALL (
              SELECT l.oid FROM pg_catalog.pg_language l
              WHERE l.lanname OPERATOR(pg_catalog.=) ANY ('{c,internal}'::pg_catalog.name[]))
            AND (p.provolatile OPERATOR(pg_catalog.<>) 'i'
              OR p.prosqlbody IS NULL
              AND NOT EXISTS (
                SELECT FROM pg_catalog.unnest(p.proconfig) g (setting)
                WHERE g.setting OPERATOR(pg_catalog.~) '^search_path=[^$]*$')
              AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_depend e
                JOIN pg_catalog.pg_extension x ON x.oid OPERATOR(pg_catalog.=) e.refobjid
                WHERE e.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
                  AND e.objid OPERATOR(pg_catalog.=) p.oid
                  AND e.refclassid OPERATOR(pg_catalog.=)
                    'pg_catalog.pg_extension'::pg_catalog.regclass
                  AND e.deptype OPERATOR(pg_catalog.=) 'e'
                  AND x.extname OPERATOR(pg_catalog.=) ANY (
                    '{citext,postgis,postgis_raster,postgis_sfcgal}'::pg_catalog.name[])))))
      """;

  private StoredExpressions() {}
}
