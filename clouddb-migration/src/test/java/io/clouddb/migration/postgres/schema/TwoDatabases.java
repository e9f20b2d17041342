/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.testing.HashedOnce;
import io.clouddb.migration.postgres.testing.ReusedSessions;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.postgres.InstalledPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Real servers of any version, each started once for a test class, with databases whose admin has
 * what a cloud's admin has: it owns the database and the schema public, may replicate and make
 * roles and databases, and is no superuser.
 */
public final class TwoDatabases implements AutoCloseable {
  private static final String PASSWORD = "a'secret";

  private final Map<String, String> settings;
  private final Optional<InstalledPostgres> installed;
  private final Map<Integer, EmbeddedPostgres> servers = new ConcurrentHashMap<>();
  private final AtomicInteger databases = new AtomicInteger();

  /** Servers that log their changes in the logical form. */
  public TwoDatabases() {
    this(Map.of("wal_level", "logical"));
  }

  /** Servers with settings. */
  public TwoDatabases(Map<String, String> settings) {
    this(settings, Optional.empty());
  }

  private TwoDatabases(Map<String, String> settings, Optional<InstalledPostgres> installed) {
    this.settings = Map.copyOf(settings);
    this.installed = installed;
  }

  /** As {@link #TwoDatabases()}, on a server of this machine, whose version is the only one. */
  public static TwoDatabases on(InstalledPostgres server) {
    return new TwoDatabases(Map.of("wal_level", "logical"), Optional.of(server));
  }

  /** A new empty database on a server of that version. */
  public ConnectionDetails database(int version) throws SQLException {
    EmbeddedPostgres server = server(version);
    String name = "Shop " + databases.incrementAndGet();
    ConnectionDetails superuser = server.superuser();
    execute(superuser, "CREATE DATABASE \"" + name + "\" OWNER admin");
    execute(superuser.toBuilder().database(name).build(), "ALTER SCHEMA public OWNER TO admin");
    return server.connection(name, "admin", SecretRef.literal(PASSWORD));
  }

  /** The superuser of the server that a database is on, connected to that database. */
  public ConnectionDetails superuser(int version, ConnectionDetails database) {
    return server(version).superuser().toBuilder().database(database.database()).build();
  }

  private EmbeddedPostgres server(int version) {
    return servers.computeIfAbsent(version, this::start);
  }

  private EmbeddedPostgres start(int version) {
    var builder = EmbeddedPostgres.builder().version(version).durable(false);
    installed.ifPresent(builder::installed);
    settings.forEach(builder::setting);
    EmbeddedPostgres server = builder.start();
    try {
      execute(
          server.superuser(),
          "CREATE ROLE admin LOGIN REPLICATION CREATEDB CREATEROLE PASSWORD "
              + HashedOnce.literal(PASSWORD),
          "CREATE ROLE app_owner",
          "GRANT app_owner TO admin",
          "CREATE ROLE \"App Reader\"",
          "CREATE ROLE app_writer");
    } catch (SQLException e) {
      server.close();
      throw new IllegalStateException(e);
    }
    return server;
  }

  /** Runs statements on a database, each in its own transaction. */
  public static void execute(ConnectionDetails database, String... statements) throws SQLException {
    ReusedSessions.run(database, statements);
  }

  /** Makes triggers and rules on the target, as the pause of a cutover does. */
  static void makeTriggers(SchemaTransfer transfer, ConnectionDetails target) throws SQLException {
    try (Connection connection = CatalogSession.open(target)) {
      transfer.prepareTakeover(false).make(connection);
    }
  }

  /** Runs a script beside this class, whose statements are separated by lines of {@code --;}. */
  public static void script(ConnectionDetails database, String name) throws SQLException {
    try (InputStream script = TwoDatabases.class.getResourceAsStream(name)) {
      if (script == null) {
        throw new IllegalArgumentException("No script " + name);
      }
      String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      execute(database, text.split("\n--;\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (EmbeddedPostgres server : servers.values()) {
      try {
        ReusedSessions.closeOf(server.superuser());
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      server.close();
    }
  }
}
