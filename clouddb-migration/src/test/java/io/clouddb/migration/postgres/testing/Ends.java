/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.testing;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ApplyOptions;
import io.clouddb.migration.postgres.apply.ExpectedMarker;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.copy.CopiedTable;
import io.clouddb.migration.postgres.copy.SnapshotCopy;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.stream.Pause;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Two empty databases on two real servers, each with an admin who owns the database, may replicate
 * and is no superuser; and the order in which a migration uses the data path.
 */
public final class Ends implements AutoCloseable {
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final SecretRef PASSWORD = SecretRef.literal("secret");

  private final EmbeddedPostgres sourceServer;
  private final EmbeddedPostgres targetServer;
  private final String database = "d" + UUID.randomUUID().toString().substring(0, 8);
  private final ConnectionDetails source;
  private final ConnectionDetails target;

  private Ends(int from, int to, boolean mayBeReplica) throws SQLException {
    sourceServer = Servers.get(from, "source");
    targetServer = Servers.get(to, "target");
    source = prepare(sourceServer, false);
    target = prepare(targetServer, mayBeReplica);
  }

  public static Ends of(int from, int to) throws SQLException {
    return new Ends(from, to, false);
  }

  /** Ends whose target admin may set session_replication_role; from 15. */
  public static Ends withReplicaRole(int from, int to) throws SQLException {
    return new Ends(from, to, true);
  }

  private ConnectionDetails prepare(EmbeddedPostgres server, boolean mayBeReplica)
      throws SQLException {
    String admin = database + "_admin";
    ReusedSessions.run(
        server.superuser(),
        "CREATE ROLE "
            + admin
            + " LOGIN REPLICATION NOSUPERUSER PASSWORD "
            + HashedOnce.literal("secret"),
        "CREATE DATABASE " + database + " OWNER " + admin + " TEMPLATE template0");
    if (mayBeReplica) {
      ReusedSessions.run(
          server.superuser(), "GRANT SET ON PARAMETER session_replication_role TO " + admin);
    }
    asSuperuser(server, "GRANT ALL ON SCHEMA public TO " + admin);
    return server.connection(database, admin, PASSWORD);
  }

  public ConnectionDetails source() {
    return source;
  }

  public ConnectionDetails target() {
    return target;
  }

  public EmbeddedPostgres sourceServer() {
    return sourceServer;
  }

  public EmbeddedPostgres targetServer() {
    return targetServer;
  }

  /** Runs SQL as the superuser of the source's server, in the database. */
  public void asSuperuser(EmbeddedPostgres server, String... sql) throws SQLException {
    ReusedSessions.run(server.superuser().toBuilder().database(database).build(), sql);
  }

  public void onSource(String... sql) throws SQLException {
    ReusedSessions.run(source, sql);
  }

  public void onTarget(String... sql) throws SQLException {
    ReusedSessions.run(target, sql);
  }

  public void onBoth(String... sql) throws SQLException {
    onSource(sql);
    onTarget(sql);
  }

  public static String query(ConnectionDetails where, String sql) throws SQLException {
    return ReusedSessions.pinned(
        where,
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
              lines.add(rows.getString(1));
            }
            return String.join("\n", lines);
          }
        });
  }

  /** The tables of all user schemas as the source's catalog has them. */
  public List<Table> tables() throws SQLException {
    return ReusedSessions.pinned(source, Ends::tables);
  }

  private static List<Table> tables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relreplident,"
                    + " pg_relation_size(c.oid) / 8192, greatest(c.reltuples, 0)::bigint"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind IN ('r', 'p')"
                    + " AND n.nspname NOT IN"
                    + " ('pg_catalog', 'information_schema', 'clouddb_migration')"
                    + " ORDER BY 2, 3")) {
      List<Table> tables = new ArrayList<>();
      while (rows.next()) {
        long oid = rows.getLong(1);
        char identity = rows.getString(5).charAt(0);
        tables.add(
            new Table(
                new TableName(rows.getString(2), rows.getString(3)),
                oid,
                rows.getString(4).equals("p") ? Table.Kind.PARTITIONED : Table.Kind.ORDINARY,
                columns(connection, oid),
                key(connection, oid, identity),
                identity,
                rows.getLong(6),
                rows.getLong(7),
                Optional.empty()));
      }
      return tables;
    }
  }

  private static List<Column> columns(Connection connection, long oid) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT attname, format_type(atttypid, atttypmod), atttypid, attnotnull,"
                + " attgenerated <> '', attidentity FROM pg_attribute"
                + " WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
      statement.setLong(1, oid);
      try (ResultSet rows = statement.executeQuery()) {
        List<Column> columns = new ArrayList<>();
        while (rows.next()) {
          String identity = rows.getString(6);
          columns.add(
              new Column(
                  rows.getString(1),
                  rows.getString(2),
                  (int) rows.getLong(3),
                  rows.getBoolean(4),
                  rows.getBoolean(5),
                  identity.isEmpty() ? ' ' : identity.charAt(0)));
        }
        return columns;
      }
    }
  }

  private static List<String> key(Connection connection, long oid, char identity)
      throws SQLException {
    if (identity == 'f' || identity == 'n') {
      return List.of();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
                + " AND a.attnum = ANY (i.indkey) WHERE i.indrelid = ? AND "
                + (identity == 'i' ? "i.indisreplident" : "i.indisprimary")
                + " ORDER BY array_position(i.indkey::int2[], a.attnum)")) {
      statement.setLong(1, oid);
      try (ResultSet rows = statement.executeQuery()) {
        List<String> names = new ArrayList<>();
        while (rows.next()) {
          names.add(rows.getString(1));
        }
        return names;
      }
    }
  }

  /** Publication, locks, slot, copy and the first position, in the order that is right. */
  public List<CopiedTable> copy(int workers, long chunkBytes) throws SQLException {
    return copy(workers, chunkBytes, TrustedCode.of(Set.of()));
  }

  /** As {@link #copy(int, long)}, where code of others runs on the target. */
  public List<CopiedTable> copy(int workers, long chunkBytes, TrustedCode trusted)
      throws SQLException {
    List<Table> tables = tables();
    String names =
        tables.stream()
            .filter(t -> t.kind() == Table.Kind.ORDINARY)
            .map(t -> t.name().quoted())
            .collect(Collectors.joining(", "));
    onSource("CREATE PUBLICATION clouddb_test FOR TABLE " + names);
    try (TableLocks locks = TableLocks.acquire(source, tables, PATIENCE);
        ReplicationSlot slot = ReplicationSlot.create(source, "clouddb_" + database, PATIENCE)) {
      ReusedSessions.plain(
          target,
          connection -> {
            PositionTable.create(connection);
            PositionTable.start(
                connection,
                "test",
                new PositionTable.Position(slot.consistentPoint(), slot.identity()));
            return slot;
          });
      return SnapshotCopy.between(source, target)
          .workers(workers)
          .chunkBytes(chunkBytes)
          .trusting(trusted)
          .build()
          .copy(tables, slot.snapshot(), locks::release);
    }
  }

  public ApplyOptions.Builder options() {
    return ApplyOptions.of("test").slot("clouddb_" + database);
  }

  /** A started applier of all tables. */
  public Applier applier(ApplyOptions options) throws SQLException {
    Applier applier = new Applier(source, target, tables(), options);
    applier.start();
    return applier;
  }

  public Applier applier() throws SQLException {
    return applier(options().build());
  }

  /** Waits until all that the source has committed is durable on the target. */
  public void catchUp(Applier applier) throws SQLException {
    String marker = UUID.randomUUID().toString();
    try (ExpectedMarker expected = applier.expectMarker(marker)) {
      onSource(
          "SET synchronous_commit = on",
          "SELECT pg_logical_emit_message(true, 'clouddb', '" + marker + "')");
      expected.await(PATIENCE);
    }
  }

  /** Waits until a query gives a result; fails when it does not in time. */
  public static void await(ConnectionDetails where, String sql, String expected)
      throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String found = query(where, sql);
    while (!found.equals(expected)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(sql + " gave " + found + " instead of " + expected);
      }
      Pause.millis(20);
      found = query(where, sql);
    }
  }

  /** The name of the migration's slot. */
  public String slot() {
    return "clouddb_" + database;
  }

  /** All rows of a table as text, in the order of that text. */
  public static String dump(ConnectionDetails where, TableName table) throws SQLException {
    return query(
        where, "SELECT t::text COLLATE \"C\" FROM ONLY " + table.quoted() + " AS t ORDER BY 1");
  }

  /** What differs between the two ends, by table; empty when nothing does. */
  public Map<TableName, String> differences() throws SQLException {
    TreeMap<TableName, String> differences = new TreeMap<>();
    for (Table table : tables()) {
      if (table.kind() == Table.Kind.ORDINARY) {
        String sql =
            "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text COLLATE \"C\", E'\\n' ORDER"
                + " BY t::text COLLATE \"C\")), '') FROM ONLY "
                + table.name().quoted()
                + " AS t";
        String left = query(source, sql);
        String right = query(target, sql);
        if (!left.equals(right)) {
          differences.put(table.name(), left + " <> " + right);
        }
      }
    }
    return differences;
  }

  @Override
  public void close() throws SQLException {
    ReusedSessions.closeIn(source);
    ReusedSessions.closeIn(target);
    ReusedSessions.plain(
        sourceServer.superuser(),
        connection -> {
          SlotStatus.drop(connection, "clouddb_" + database, PATIENCE);
          return database;
        });
    // A temporary slot ends with its session, a moment after whoever had it has closed that.
    await(
        sourceServer.superuser(),
        "SELECT count(*) FROM pg_replication_slots WHERE active AND database = '" + database + "'",
        "0");
    String drop = "DROP DATABASE " + database + " WITH (FORCE)";
    String admin = database + "_admin";
    ReusedSessions.run(sourceServer.superuser(), drop, "DROP ROLE " + admin);
    ReusedSessions.run(
        targetServer.superuser(), drop, "DROP OWNED BY " + admin, "DROP ROLE " + admin);
  }
}
