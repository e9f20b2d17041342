/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists every object that somebody made in a database, of whatever kind, so that what is not
 * carried can be named. What belongs to an extension comes with it; what is a part of another
 * object (a table's row type, a range's constructors) comes with that.
 */
final class Inventory {
  // 16384 is the first oid that a server gives to what is made after its creation.
  private static final String OBJECTS =
      """
      WITH object AS (
        SELECT 'pg_catalog.pg_class'::regclass::oid AS classid, c.oid, c.relnamespace AS schema,
          c.oid AS relation,
          CASE WHEN c.relkind = 'f' THEN 'Its rows are in another place.'
            WHEN EXISTS (SELECT FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p
              ON p.oid = h.inhparent
                WHERE h.inhrelid = c.oid AND p.relkind = 'f')
              THEN 'It inherits from a foreign table.'
            WHEN a.amname <> 'heap' THEN 'Its access method is ' || a.amname || '.'
            ELSE '' END AS reason
        FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND c.relpersistence <> 't'
          AND NOT (c.relkind = 'S' AND EXISTS (
            SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class o ON o.oid = d.refobjid
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
              AND d.deptype = 'i' AND d.refclassid = 'pg_catalog.pg_class'::regclass))
        UNION ALL
        SELECT 'pg_catalog.pg_class'::regclass, x.oid, x.relnamespace, i.indrelid,
          'It is not valid: a CREATE INDEX CONCURRENTLY has failed or is under way.'
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
          JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
        WHERE NOT i.indisvalid AND x.relkind = 'i' AND c.relpersistence <> 't'
          AND c.relkind IN ('r', 'm')
        UNION ALL
        SELECT 'pg_catalog.pg_type'::regclass, t.oid, t.typnamespace, NULL, ''
        FROM pg_catalog.pg_type t
        WHERE t.typtype IN ('b', 'd', 'e', 'r', 'p') AND t.typelem = 0
        UNION ALL
        SELECT 'pg_catalog.pg_proc'::regclass, oid, pronamespace, NULL,
          CASE WHEN prokind = 'a' THEN '' ELSE 'It is not written in a language of SQL texts.' END
        FROM pg_catalog.pg_proc
        UNION ALL SELECT 'pg_catalog.pg_operator'::regclass, oid, oprnamespace, NULL, ''
          FROM pg_catalog.pg_operator
        UNION ALL SELECT 'pg_catalog.pg_opclass'::regclass, oid, opcnamespace, NULL, ''
          FROM pg_catalog.pg_opclass
        UNION ALL SELECT 'pg_catalog.pg_opfamily'::regclass, oid, opfnamespace, NULL, ''
          FROM pg_catalog.pg_opfamily
        UNION ALL SELECT 'pg_catalog.pg_collation'::regclass, oid, collnamespace, NULL, ''
          FROM pg_catalog.pg_collation
        UNION ALL SELECT 'pg_catalog.pg_conversion'::regclass, oid, connamespace, NULL, ''
          FROM pg_catalog.pg_conversion
        UNION ALL SELECT 'pg_catalog.pg_ts_config'::regclass, oid, cfgnamespace, NULL, ''
          FROM pg_catalog.pg_ts_config
        UNION ALL SELECT 'pg_catalog.pg_ts_dict'::regclass, oid, dictnamespace, NULL, ''
          FROM pg_catalog.pg_ts_dict
        UNION ALL SELECT 'pg_catalog.pg_ts_parser'::regclass, oid, prsnamespace, NULL, ''
          FROM pg_catalog.pg_ts_parser
        UNION ALL SELECT 'pg_catalog.pg_ts_template'::regclass, oid, tmplnamespace, NULL, ''
        FROM pg_catalog.pg_ts_template
        UNION ALL SELECT 'pg_catalog.pg_statistic_ext'::regclass, oid, stxnamespace, stxrelid, ''
        FROM pg_catalog.pg_statistic_ext
        UNION ALL SELECT 'pg_catalog.pg_rewrite'::regclass, oid, NULL, ev_class, ''
          FROM pg_catalog.pg_rewrite
        UNION ALL SELECT 'pg_catalog.pg_trigger'::regclass, oid, NULL, tgrelid, ''
          FROM pg_catalog.pg_trigger
        WHERE NOT tgisinternal AND tgparentid = 0
        UNION ALL SELECT 'pg_catalog.pg_policy'::regclass, oid, NULL, polrelid, ''
          FROM pg_catalog.pg_policy
        UNION ALL SELECT 'pg_catalog.pg_cast'::regclass, oid, NULL, NULL, '' FROM pg_catalog.pg_cast
        UNION ALL SELECT 'pg_catalog.pg_language'::regclass, oid, NULL, NULL, ''
          FROM pg_catalog.pg_language
        UNION ALL SELECT 'pg_catalog.pg_am'::regclass, oid, NULL, NULL, '' FROM pg_catalog.pg_am
        UNION ALL SELECT 'pg_catalog.pg_transform'::regclass, oid, NULL, NULL, ''
          FROM pg_catalog.pg_transform
        UNION ALL SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, oid, NULL, NULL, ''
        FROM pg_catalog.pg_foreign_data_wrapper
        UNION ALL SELECT 'pg_catalog.pg_foreign_server'::regclass, oid, NULL, NULL, ''
          FROM pg_catalog.pg_foreign_server
        UNION ALL SELECT 'pg_catalog.pg_event_trigger'::regclass, oid, NULL, NULL, ''
          FROM pg_catalog.pg_event_trigger
        WHERE pg_catalog.pg_get_userbyid(evtowner) NOT IN ('rdsadmin', 'azuresu', 'cloudsqladmin'))
      SELECT o.classid::bigint AS class_id, o.oid::bigint AS object_id, i.type, i.identity,
        o.reason, coalesce(n.nspname, rn.nspname) AS schema, r.relname AS relation,
        r.relpersistence AS persistence
      FROM object o
      CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.oid, 0) i
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.schema
      LEFT JOIN pg_catalog.pg_class r ON r.oid = o.relation
      LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
      WHERE o.oid >= 16384 AND i.identity IS NOT NULL
        AND coalesce(n.nspname, rn.nspname, '') NOT LIKE 'pg\\_%'
        AND coalesce(n.nspname, rn.nspname, '') NOT IN (
          'information_schema', 'clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = o.classid AND e.objid = o.oid AND e.deptype IN ('e', 'i'))
        AND (r.oid IS NULL OR NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = r.oid
            AND e.deptype = 'e'))
        AND (o.classid <> 'pg_catalog.pg_rewrite'::regclass OR r.relkind NOT IN ('v', 'm'))
      ORDER BY i.type, i.identity
      """;

  /** What is no object that the query above could list. */
  private static final String FURTHER =
      """
      SELECT 'disabled foreign key' AS type,
        pg_catalog.format('%I ON %I.%I', k.conname, n.nspname, c.relname) AS identity,
        'Its triggers were disabled (DISABLE TRIGGER ALL), so rows may violate it.' AS reason,
        n.nspname AS schema, c.relname AS relation
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n
        ON n.oid = c.relnamespace
      WHERE k.contype = 'f' AND k.conparentid = 0 AND EXISTS (
        SELECT FROM pg_catalog.pg_trigger t
        WHERE t.tgconstraint = k.oid AND t.tgisinternal AND t.tgenabled <> 'O')
      UNION ALL
      SELECT 'pending detachment', pg_catalog.format('%I.%I', n.nspname, c.relname),
        'A DETACH PARTITION CONCURRENTLY has not been finished.', n.nspname, c.relname
      FROM pg_catalog.pg_inherits i
      JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace n
        ON n.oid = c.relnamespace
      WHERE i.inhdetachpending
      UNION ALL
      SELECT 'dependency', i.type || ' ' || i.identity || ' ON EXTENSION '
        || pg_catalog.quote_ident(x.extname),
        'It was made with ALTER ... DEPENDS ON EXTENSION.', NULL, NULL
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
      CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) i
      WHERE d.deptype = 'x' AND d.refclassid = 'pg_catalog.pg_extension'::regclass
      UNION ALL
      SELECT 'security label', coalesce(i.type || ' ' || i.identity, l.classoid::regclass::text),
        'It is the label of the provider ' || l.provider || '.', n.nspname, c.relname
      FROM pg_catalog.pg_seclabel l
      LEFT JOIN LATERAL pg_catalog.pg_identify_object(l.classoid, l.objoid, l.objsubid) i ON true
      LEFT JOIN pg_catalog.pg_class c ON l.classoid = 'pg_catalog.pg_class'::regclass
        AND c.oid = l.objoid
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      UNION ALL
      SELECT 'large objects', '', 'There are ' || pg_catalog.count(*)
        || '. The stream of changes lacks them,'
          || ' and nothing can keep them from being written in the cutover.', NULL, NULL
      FROM pg_catalog.pg_largeobject_metadata HAVING pg_catalog.count(*) > 0
      UNION ALL
      SELECT 'user mapping', pg_catalog.format('for %s on %I', coalesce(m.usename, 'public'),
        m.srvname), '',
        NULL, NULL
      FROM pg_catalog.pg_user_mappings m
      ORDER BY 1, 2
      """;

  /**
   * An object of the user's.
   *
   * @param address where the catalog holds it; none for what has none of its own
   * @param type what it is, in the server's words
   * @param identity its name, qualified and quoted
   * @param reason why it is not carried, when its kind does not say
   * @param schema the schema it is in, or that its table is in
   * @param relation the table that it belongs to or is
   */
  record Entry(
      Optional<Address> address,
      String type,
      String identity,
      String reason,
      Optional<String> schema,
      Optional<String> relation) {}

  private Inventory() {}

  static List<Entry> read(Connection connection) throws SQLException {
    List<Entry> entries =
        list(
            connection,
            OBJECTS,
            row ->
                entry(
                    row,
                    Optional.of(new Address(row.getLong("class_id"), row.getLong("object_id")))));
    entries.addAll(list(connection, FURTHER, row -> entry(row, Optional.empty())));
    return entries;
  }

  private static Entry entry(ResultSet row, Optional<Address> address) throws SQLException {
    @Nullable String schema = row.getString("schema");
    @Nullable String relation = row.getString("relation");
    return new Entry(
        address,
        row.getString("type"),
        row.getString("identity"),
        row.getString("reason"),
        Optional.ofNullable(schema),
        Optional.ofNullable(relation));
  }
}
