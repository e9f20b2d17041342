/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.postgres.ReplicaBuilder;
import io.clouddb.testkit.postgres.ReplicationLag;
import io.clouddb.testkit.postgres.RestoreBuilder;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A real PostgreSQL behind an instance, with the roles that its cloud gives it. */
final class PostgresDatabase implements ManagedDatabase {
  private final CloudProfile profile;
  private final EmbeddedPostgres server;
  private final KeptSession superuser;
  private final String admin;
  private final Map<String, CloudParameter> parameters = new LinkedHashMap<>();
  private boolean tlsOnly;

  private PostgresDatabase(
      CloudProfile profile, EmbeddedPostgres server, String admin, boolean tlsOnly) {
    this.profile = profile;
    this.server = server;
    this.superuser = new KeptSession(server::superuserWithoutTls);
    this.admin = admin;
    this.tlsOnly = tlsOnly;
  }

  /**
   * Starts a server and prepares it as the cloud would.
   *
   * @param archiveLimit how many bytes of its log are kept at most
   */
  static PostgresDatabase start(
      CloudProfile profile, InstanceRequest request, boolean durable, long archiveLimit) {
    boolean tlsOnly =
        request.tlsOnly().orElseGet(() -> profile.tlsOnlyByDefault(request.version()));
    Map<String, CloudParameter> parameters = new LinkedHashMap<>();
    var builder =
        EmbeddedPostgres.builder()
            .version(request.version())
            .superuser(profile.superuser())
            .replicationRole(profile.replicationRole())
            .ssl(true)
            .archiving(true)
            .archiveLimit(archiveLimit)
            .durable(durable);
    for (var entry : request.parameters().entrySet()) {
      CloudParameter parameter = profile.read(entry.getKey(), entry.getValue());
      parameters.put(parameter.name(), parameter);
      parameter.serverSettings().forEach(builder::setting);
      tlsOnly = parameter.tlsOnly().orElse(tlsOnly);
    }
    EmbeddedPostgres server = builder.sslOnly(tlsOnly).start();
    try {
      PostgresDatabase database =
          new PostgresDatabase(profile, server, request.adminName(), tlsOnly);
      database.parameters.putAll(parameters);
      database.prepare(request);
      return database;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  @Override
  public ManagedDatabase replicate(ReplicaRequest request, int version, int port) {
    ReplicaBuilder builder = server.replica().port(port).raiseSizes(profile.raisesReplicas());
    Map<String, CloudParameter> own = new LinkedHashMap<>(parameters);
    boolean tls = tlsOnly;
    if (request.parameters().isPresent()) {
      own.values().forEach(old -> old.serverSettings().keySet().forEach(builder::resetSetting));
      own.clear();
      tls = profile.tlsOnlyByDefault(version);
      for (var entry : request.parameters().get().entrySet()) {
        CloudParameter parameter = profile.read(entry.getKey(), entry.getValue());
        own.put(parameter.name(), parameter);
        parameter.serverSettings().forEach(builder::setting);
        tls = parameter.tlsOnly().orElse(tls);
      }
    }
    tls = request.tlsOnly().orElse(tls);
    PostgresDatabase replica =
        new PostgresDatabase(profile, builder.sslOnly(tls).start(), admin, tls);
    replica.parameters.putAll(own);
    return replica;
  }

  /**
   * Starts a database with what this one had at a moment.
   *
   * @param builder of its server, with the moment and the port
   * @param asked its parameters
   */
  ManagedDatabase restore(
      RestoreBuilder builder,
      int version,
      Map<String, String> asked,
      Optional<Boolean> tlsOnlyAsked) {
    Map<String, CloudParameter> own = new LinkedHashMap<>();
    List.copyOf(parameters.values())
        .forEach(old -> old.serverSettings().keySet().forEach(builder::resetSetting));
    boolean tls = profile.tlsOnlyByDefault(version);
    for (var entry : asked.entrySet()) {
      CloudParameter parameter = profile.read(entry.getKey(), entry.getValue());
      own.put(parameter.name(), parameter);
      parameter.serverSettings().forEach(builder::setting);
      tls = parameter.tlsOnly().orElse(tls);
    }
    tls = tlsOnlyAsked.orElse(tls);
    PostgresDatabase restored =
        new PostgresDatabase(profile, builder.sslOnly(tls).start(), admin, tls);
    restored.parameters.putAll(own);
    return restored;
  }

  @Override
  public boolean isReplica() {
    return server.isReplica();
  }

  @Override
  public boolean isOutgrownBy(ManagedDatabase source) {
    if (!profile.raisesReplicas() || !(source instanceof PostgresDatabase larger)) {
      return false;
    }
    Map<String, Long> own = sizes();
    return larger.sizes().entrySet().stream()
        .anyMatch(size -> own.getOrDefault(size.getKey(), 0L) < size.getValue());
  }

  /** What no replica may have less of than its source. */
  private Map<String, Long> sizes() {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (String name :
        List.of(
            "max_connections",
            "max_worker_processes",
            "max_wal_senders",
            "max_prepared_transactions",
            "max_locks_per_transaction")) {
      sizes.put(name, Long.valueOf(ask("SELECT pg_catalog.current_setting(?)", name).get(0)));
    }
    return sizes;
  }

  @Override
  public ReplicationLag lag() {
    return server.lag();
  }

  @Override
  public void catchUp(Duration limit) {
    server.catchUp(limit);
  }

  @Override
  public void promote() {
    server.promote();
  }

  @Override
  public void follow(ManagedDatabase source) {
    var unused =
        server.follow(
            source
                .postgres()
                .orElseThrow(() -> new IllegalArgumentException("Another engine: " + source)));
  }

  @Override
  public void switchOver(Duration limit) {
    server.switchOver(limit);
  }

  private void prepare(InstanceRequest request) {
    run(
        connection -> {
          createAdminGroup(connection, request.version());
          createAdmin(connection, request.adminName(), request.adminPassword());
          Sql.execute(connection, "ALTER DATABASE postgres OWNER TO %I", owner());
          if (request.database().isPresent() && !request.database().get().equals("postgres")) {
            Sql.execute(
                connection, "CREATE DATABASE %I OWNER %I", request.database().get(), owner());
          }
        });
  }

  private void createAdminGroup(Connection connection, int version) throws SQLException {
    String group = profile.adminGroup();
    Sql.execute(connection, "CREATE ROLE %I NOLOGIN CREATEDB CREATEROLE", group);
    for (String further : profile.furtherGroups()) {
      Sql.execute(connection, "CREATE ROLE %I NOLOGIN", further);
      Sql.execute(connection, "GRANT %I TO %I WITH ADMIN OPTION", further, group);
    }
    Sql.execute(connection, "GRANT pg_monitor, pg_signal_backend TO %I WITH ADMIN OPTION", group);
    if (version >= 15) {
      Sql.execute(connection, "GRANT pg_checkpoint TO %I WITH ADMIN OPTION", group);
      if (profile.mayReplicaRole()) {
        Sql.execute(connection, "GRANT SET ON PARAMETER session_replication_role TO %I", group);
      }
    }
    if (version < 16) {
      // Who has CREATEROLE may grant every role but a superuser's: these run programs and touch
      // files of this machine, which no cloud lets its customers do.
      Sql.execute(
          connection,
          "UPDATE pg_catalog.pg_authid SET rolsuper = true WHERE rolname IN"
              + " ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')");
    } else {
      Sql.execute(
          connection,
          "GRANT pg_create_subscription, pg_use_reserved_connections TO %I WITH ADMIN OPTION",
          group);
    }
  }

  private void createAdmin(Connection connection, String name, SecretRef password)
      throws SQLException {
    Sql.execute(
        connection,
        "CREATE ROLE %I LOGIN CREATEDB CREATEROLE REPLICATION PASSWORD %L",
        name,
        password.resolve());
    Sql.execute(connection, "GRANT %I TO %I WITH ADMIN OPTION", profile.adminGroup(), name);
  }

  /** RDS gives databases to the admin, the others to the group of admins. */
  private String owner() {
    return profile == CloudProfile.RDS ? admin : profile.adminGroup();
  }

  @Override
  public Optional<EmbeddedPostgres> postgres() {
    return Optional.of(server);
  }

  @Override
  public boolean isRunning() {
    return server.isRunning();
  }

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public Optional<Path> certificate() {
    return server.certificate();
  }

  @Override
  public void start() {
    server.start();
  }

  @Override
  public void stop() {
    superuser.close();
    server.stop();
  }

  @Override
  public void apply(Modification change, int version) {
    for (String name : change.reset()) {
      CloudParameter old = parameters.remove(name);
      if (old != null) {
        old.serverSettings().keySet().forEach(server::resetSetting);
        if (old.tlsOnly().isPresent()) {
          tlsOnly = profile.tlsOnlyByDefault(version);
        }
      }
    }
    change
        .parameters()
        .forEach(
            (name, value) -> {
              CloudParameter parameter = profile.read(name, value);
              parameters.put(parameter.name(), parameter);
              parameter.serverSettings().forEach(server::setting);
              tlsOnly = parameter.tlsOnly().orElse(tlsOnly);
            });
    tlsOnly = change.tlsOnly().orElse(tlsOnly);
    server.sslOnly(tlsOnly);
    if (server.isRunning()) {
      server.reload();
    }
    if (change.adminPassword().isPresent()) {
      setPassword(admin, change.adminPassword().get());
    }
    if (change.restartIfNeeded() && !pendingRestart().isEmpty()) {
      server.restart();
    }
  }

  @Override
  public Set<String> pendingRestart() {
    if (!server.isRunning()) {
      return Set.of();
    }
    return Set.copyOf(ask("SELECT name FROM pg_catalog.pg_settings WHERE pending_restart"));
  }

  @Override
  public void createUser(String name, SecretRef password) {
    run(connection -> createAdmin(connection, name, password));
  }

  @Override
  public void setPassword(String name, SecretRef password) {
    run(
        connection ->
            Sql.execute(connection, "ALTER ROLE %I PASSWORD %L", name, password.resolve()));
  }

  @Override
  public void dropUser(String name) {
    run(connection -> Sql.execute(connection, "DROP ROLE %I", name));
  }

  @Override
  public List<String> users() {
    return ask(
        "SELECT rolname FROM pg_catalog.pg_roles WHERE rolcanlogin AND NOT rolsuper"
            + " AND rolname OPERATOR(pg_catalog.<>) ?::pg_catalog.name ORDER BY rolname",
        profile.replicationRole());
  }

  @Override
  public void createDatabase(String name) {
    run(connection -> Sql.execute(connection, "CREATE DATABASE %I OWNER %I", name, owner()));
  }

  @Override
  public void dropDatabase(String name) {
    run(connection -> Sql.execute(connection, "DROP DATABASE %I WITH (FORCE)", name));
  }

  @Override
  public List<String> databases() {
    return ask(
        "SELECT datname FROM pg_catalog.pg_database WHERE NOT datistemplate" + " ORDER BY datname");
  }

  private void run(KeptSession.Work work) {
    try {
      superuser.run(work);
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private List<String> ask(String sql, String... values) {
    try {
      return superuser.ask(connection -> Sql.strings(connection, sql, values));
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private static SimulatorException refused(SQLException e) {
    return new SimulatorException(
        SimulatorException.Reason.BACKEND,
        Objects.requireNonNullElse(e.getMessage(), "The database refused it"),
        e);
  }

  @Override
  public DatabaseArchive archive() {
    return new PostgresArchive(this, server.archive());
  }

  @Override
  public void close() {
    superuser.close();
    server.close();
  }
}
