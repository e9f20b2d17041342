/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The rows of the catalogs themselves, by name instead of oid, between databases of one version: a
 * second opinion, since the comparison under test sees no more than the transfer does.
 */
final class RawCatalogs {
  private static final String USER = " NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";

  // Whether a partition's key counts as made there (conislocal, connoinherit) differs after a
  // restore by pg_dump, too: keys of partitions are attached, which leaves no other trace. So does
  // whether an inherited NOT NULL with a name of its own counts as made there.
  private static final List<String> QUERIES =
      List.of(
          "SELECT ROW(conrelid::regclass, contypid::regtype, conname, contype, condeferrable,"
              + " condeferred, convalidated, conislocal OR contype IN ('p', 'u', 'f', 'n'),"
              + " coninhcount, connoinherit OR contype IN ('p', 'u', 'f'), conparentid <> 0, confupdtype, confdeltype, confmatchtype,"
              + " pg_get_constraintdef(oid))::text FROM pg_constraint"
              + " WHERE connamespace::regnamespace::text"
              + USER,
          "SELECT ROW(attrelid::regclass, attname, atttypid::regtype, atttypmod, attnotnull,"
              + " atthasdef, attidentity, attgenerated, attislocal, attinhcount, attstorage,"
              + " attcompression, attstattarget, ARRAY(SELECT o FROM unnest(attoptions) o"
              + " WHERE o NOT LIKE 'pg\\_attver=%'), attcollation::regcollation)::text"
              + " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
              + " WHERE attnum > 0 AND NOT attisdropped AND c.relnamespace::regnamespace::text"
              + USER,
          "SELECT ROW(c.oid::regclass, relkind, relpersistence, reloptions, relreplident,"
              + " relispartition, relhasrules, relhastriggers, relhassubclass, relispopulated,"
              + " relchecks, pg_get_expr(relpartbound, c.oid))::text FROM pg_class c"
              + " WHERE relnamespace::regnamespace::text"
              + USER,
          "SELECT ROW(indexrelid::regclass, indrelid::regclass, indisunique, indisprimary,"
              + " indisexclusion, indimmediate, indisclustered, indisvalid, indisreplident,"
              + " pg_get_indexdef(indexrelid))::text"
              + " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
              + " WHERE c.relnamespace::regnamespace::text"
              + USER,
          "SELECT ROW(inhrelid::regclass, inhparent::regclass, inhseqno)::text FROM pg_inherits",
          "SELECT ROW(tgrelid::regclass, tgname, tgenabled, tgparentid <> 0, tgdeferrable,"
              + " tginitdeferred, pg_get_triggerdef(oid))::text FROM pg_trigger"
              + " WHERE NOT tgisinternal",
          "SELECT ROW(ev_class::regclass, rulename, ev_enabled, pg_get_ruledef(oid))::text"
              + " FROM pg_rewrite WHERE oid >= 16384",
          "SELECT ROW(seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmax,"
              + " seqmin, seqcache, seqcycle)::text FROM pg_sequence",
          "SELECT ROW(pg_describe_object(classid, objid, objsubid),"
              + " pg_describe_object(refclassid, refobjid, refobjsubid), deptype)::text"
              + " FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid >= 16384"
              + " AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')"
              + " AND objid::regclass::text !~ 'pg_toast'",
          "SELECT ROW(i.type, i.identity, description)::text FROM pg_description d,"
              + " pg_identify_object(d.classoid, d.objoid, d.objsubid) i"
              + " WHERE d.objoid >= 16384 OR d.objoid = 2200",
          "SELECT ROW(p.oid::regprocedure, prokind, prosecdef, proisstrict, proretset, provolatile,"
              + " proparallel, procost, prorows, proconfig, prosrc, pg_get_function_result(p.oid),"
              + " pg_get_function_arguments(p.oid))::text FROM pg_proc p WHERE p.oid >= 16384",
          "SELECT ROW(t.oid::regtype, typtype, typnotnull, typbasetype::regtype, typtypmod,"
              + " typcollation::regcollation, pg_get_expr(typdefaultbin, 0), ARRAY(SELECT"
              + " enumlabel FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder))::text"
              + " FROM pg_type t WHERE t.oid >= 16384 AND typnamespace::regnamespace::text"
              + USER,
          "SELECT ROW(oid::regclass, relowner::regrole, relrowsecurity, relforcerowsecurity,"
              + " reloftype::regtype, "
              + sorted("relacl")
              + ")::text FROM pg_class WHERE relnamespace::regnamespace::text"
              + USER,
          "SELECT ROW(attrelid::regclass, attname, "
              + sorted("attacl")
              + ")::text FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= 16384",
          "SELECT ROW(oid::regprocedure, proowner::regrole, "
              + sorted("proacl")
              + ")::text FROM pg_proc WHERE oid >= 16384",
          "SELECT ROW(oid::regtype, typowner::regrole, "
              + sorted("typacl")
              + ")::text FROM pg_type WHERE oid >= 16384 AND typnamespace::regnamespace::text"
              + USER,
          "SELECT ROW(nspname, nspowner::regrole, "
              + sorted("nspacl")
              + ")::text FROM pg_namespace WHERE oid >= 16384",
          "SELECT ROW(defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype, "
              + sorted("defaclacl")
              + ")::text FROM pg_default_acl",
          "SELECT ROW(polname, polrelid::regclass, polcmd, polpermissive, (SELECT"
              + " array_agg(r::regrole::text ORDER BY 1) FROM unnest(polroles) r),"
              + " pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))::text"
              + " FROM pg_policy",
          "SELECT (to_jsonb(c) - 'oid' - 'collencoding' - 'collnamespace' - 'collowner' ||"
              + " jsonb_build_object('n', collnamespace::regnamespace, 'o', collowner::regrole))"
              + "::text FROM pg_collation c WHERE oid >= 16384",
          "SELECT ROW(stxowner::regrole, stxname, stxstattarget, pg_get_statisticsobjdef(oid))::text"
              + " FROM pg_statistic_ext",
          "SELECT ROW(extname, extversion, extnamespace::regnamespace)::text FROM pg_extension");

  private RawCatalogs() {}

  private static String sorted(String acl) {
    return "(SELECT array_agg(i::text ORDER BY i::text) FROM unnest(" + acl + ") i)";
  }

  static List<String> read(ConnectionDetails database) throws SQLException {
    try (Connection connection = CatalogSession.open(database)) {
      List<String> rows = new ArrayList<>();
      for (String query : QUERIES) {
        rows.addAll(CatalogQuery.list(connection, query, row -> row.getString(1)));
      }
      Collections.sort(rows);
      return rows;
    }
  }
}
