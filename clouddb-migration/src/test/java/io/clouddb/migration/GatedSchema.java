/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tables whose copy, and indexes whose build, can be held up at a known row: a negative number
 * waits for the advisory lock of that number, so whoever holds the lock on the target shuts a gate
 * there. The source's own writes find all gates open.
 */
final class GatedSchema {
  /** Holds up the copy of {@code big} in its middle. */
  static final int BIG = 1;

  /** Holds up the copy of {@code keyless}. */
  static final int KEYLESS = 2;

  /** Holds up the build of an index, with keys made and other indexes not. */
  static final int INDEX = 3;

  /** Holds up the build of another. */
  static final int LAST_INDEX = 4;

  /** Holds up whoever applies a row with this number. */
  static final int APPLY = 5;

  static final List<String> TABLES =
      List.of(
          "big",
          "child",
          "empty",
          "filled",
          "indexed",
          "keyless",
          "part_1",
          "part_2",
          "quiet",
          "renumbered");

  private GatedSchema() {}

  static void create(ConnectionDetails owner) throws SQLException {
    TwoDatabases.run(
        owner,
        "CREATE FUNCTION passes(v int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN"
            + " IF v < 0 THEN PERFORM pg_advisory_xact_lock_shared(-v); END IF;"
            + " RETURN true; END $$",
        "CREATE DOMAIN gate AS int CHECK (public.passes(VALUE))",
        "CREATE TABLE big (id bigint PRIMARY KEY, body text, n int, g gate)",
        "ALTER TABLE big ALTER body SET STORAGE EXTERNAL",
        "CREATE TABLE child (id bigint PRIMARY KEY,"
            + " big bigint NOT NULL REFERENCES big ON UPDATE CASCADE ON DELETE CASCADE)",
        "CREATE TABLE keyless (a int, t text, g gate)",
        "ALTER TABLE keyless REPLICA IDENTITY FULL",
        "CREATE TABLE renumbered (id int PRIMARY KEY, n int UNIQUE)",
        "CREATE TABLE parted (id int, region int, t text, PRIMARY KEY (id, region))"
            + " PARTITION BY LIST (region)",
        "CREATE TABLE part_1 PARTITION OF parted FOR VALUES IN (1)",
        "CREATE TABLE part_2 PARTITION OF parted FOR VALUES IN (2)",
        "CREATE TABLE quiet (id int PRIMARY KEY, t text)",
        "CREATE TABLE empty (id int PRIMARY KEY)",
        "CREATE TABLE filled (id bigint PRIMARY KEY, t text)",
        "CREATE TABLE indexed (id int PRIMARY KEY, n int, t text)",
        "CREATE INDEX indexed_before ON indexed (t)",
        "CREATE INDEX indexed_gate ON indexed (passes(n)) WHERE n > -4",
        "CREATE INDEX indexed_last ON indexed (passes(n)) WHERE n < -3",
        "CREATE UNIQUE INDEX indexed_unique ON indexed (t, id)",
        "INSERT INTO big SELECT i, repeat(md5(i::text), 100), 0,"
            + " CASE WHEN i = 600 THEN -1 ELSE 1 END FROM generate_series(1, 1200) i",
        "INSERT INTO child SELECT i, i FROM generate_series(1, 300) i",
        "INSERT INTO keyless SELECT i % 50, 'twice', CASE WHEN i = 50 THEN -2 ELSE 1 END"
            + " FROM generate_series(1, 100) i",
        "INSERT INTO renumbered SELECT i, i FROM generate_series(1, 400) i",
        "INSERT INTO parted SELECT i, 1 + i % 2, 'p' || i FROM generate_series(1, 400) i",
        "INSERT INTO quiet SELECT i, 'q' || i FROM generate_series(1, 500) i",
        "INSERT INTO indexed SELECT i, CASE i WHEN 7 THEN -3 WHEN 8 THEN -4 ELSE i END, 't' || i"
            + " FROM generate_series(1, 200) i",
        "ANALYZE");
  }

  /** Shuts gates on a database, until the connection is closed. */
  static Connection shut(ConnectionDetails database, int... gates) throws SQLException {
    Connection connection = database.connect();
    try (Statement statement = connection.createStatement()) {
      for (int gate : gates) {
        statement.execute("SELECT pg_advisory_lock(" + gate + ")");
      }
    }
    return connection;
  }

  static void open(Connection shut, int gate) throws SQLException {
    try (Statement statement = shut.createStatement()) {
      statement.execute("SELECT pg_advisory_unlock(" + gate + ")");
    }
  }

  /** Waits until a session stands before a gate. */
  static void awaitAt(ConnectionDetails database, int gate) {
    Eventually.until(
        "somebody stands before gate " + gate,
        () ->
            "t"
                .equals(
                    TwoDatabases.ask(
                        database,
                        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory'"
                            + " AND NOT granted AND mode = 'ShareLock' AND objid = "
                            + gate
                            + ")")));
  }

  /** The file of each table: another one, and it was emptied and filled again. */
  static Map<String, String> files(ConnectionDetails database) throws SQLException {
    Map<String, String> files = new TreeMap<>();
    for (String table : TABLES) {
      files.put(
          table,
          TwoDatabases.ask(
              database, "SELECT pg_relation_filenode(to_regclass('public." + table + "'))"));
    }
    return files;
  }

  /** Rows of the tables that differ between two databases which nobody writes to; by table. */
  static Map<String, String> differences(ConnectionDetails left, ConnectionDetails right)
      throws SQLException {
    return differences(left, right, TABLES);
  }

  /** Rows of some tables that differ. */
  static Map<String, String> differences(
      ConnectionDetails left, ConnectionDetails right, List<String> tables) throws SQLException {
    Map<String, String> differences = new TreeMap<>();
    for (String table : tables) {
      String sql =
          "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n'"
              + " ORDER BY t::text COLLATE \"C\")), '') FROM public."
              + table
              + " AS t";
      String there = TwoDatabases.ask(left, sql);
      String here = TwoDatabases.ask(right, sql);
      if (!there.equals(here)) {
        differences.put(table, there + " <> " + here);
      }
    }
    return differences;
  }

  /** Indexes, constraints and whether they are valid, as the server writes them. */
  static String objects(ConnectionDetails database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT string_agg(o, E'\\n' ORDER BY o COLLATE \"C\") FROM ("
                    + " SELECT pg_get_indexdef(indexrelid) || indisvalid FROM pg_index"
                    + "  WHERE indrelid::regclass::text NOT LIKE 'pg\\_%'"
                    + "  AND indrelid IN (SELECT oid FROM pg_class"
                    + "   WHERE relnamespace = 'public'::regnamespace)"
                    + " UNION ALL SELECT conrelid::regclass || conname"
                    + "  || pg_get_constraintdef(oid) || convalidated FROM pg_constraint"
                    + "  WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"
                    + ") AS objects (o)")) {
      row.next();
      return row.getString(1);
    }
  }
}
