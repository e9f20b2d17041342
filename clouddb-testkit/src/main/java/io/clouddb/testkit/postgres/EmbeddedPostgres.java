/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A PostgreSQL server that runs for as long as this object is open. It listens on 127.0.0.1 only
 * and has no unix socket. It is stopped, and its data deleted, by {@link #close()}, by the end of
 * the JVM and, on Linux and macOS, also when the JVM is killed.
 *
 * <p>The methods may be called from any thread; one acts at a time.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  /**
   * System property: jars, or directories of jars, with binaries beside those on the class path.
   */
  public static final String BINARIES_PROPERTY = "clouddb.testkit.postgres.binaries";

  /** System property: the directory in which binaries are unpacked and databases live. */
  public static final String DIRECTORY_PROPERTY = "clouddb.testkit.directory";

  /**
   * System property: {@code true} keeps the data of servers in memory, in {@code /dev/shm} of
   * Linux, where that has 4 GiB free; tests with many servers are faster by it. Data that is to be
   * kept, or for which a directory is named, is on disk whatever this says.
   */
  public static final String MEMORY_PROPERTY = "clouddb.testkit.memory";

  private final ServerLifecycle server;
  private final Replica replica;

  EmbeddedPostgres(ServerLifecycle server) {
    this.server = server;
    this.replica = new Replica(server);
  }

  /**
   * Starts the description of a server.
   *
   * @return a builder
   */
  public static EmbeddedPostgresBuilder builder() {
    return new EmbeddedPostgresBuilder();
  }

  /**
   * Starts the server; does nothing when it runs. It has the same port and data as before, and the
   * settings as they are now.
   *
   * @return this server
   * @throws io.clouddb.error.InvalidArgumentException when the server refuses a setting
   * @throws io.clouddb.error.CloudDbException when it does not start
   */
  public EmbeddedPostgres start() {
    server.start();
    return this;
  }

  /** Stops the server in order, without waiting for its clients; does nothing when it is down. */
  public void stop() {
    server.stop();
  }

  /**
   * Stops and starts the server. Settings changed since the last start take effect.
   *
   * @return this server
   */
  public EmbeddedPostgres restart() {
    server.restart();
    return this;
  }

  /**
   * Kills all processes of the server at once, as {@code kill -9} does. What was committed is there
   * after the next {@link #start()}.
   */
  public void kill() {
    server.kill();
  }

  /**
   * Sets a parameter of the server, which takes effect at the next {@link #start()} or {@link
   * #restart()}.
   *
   * @param name the parameter's name
   * @param value its value, as in {@code postgresql.conf}, without quotes
   * @return this server
   */
  public EmbeddedPostgres setting(String name, String value) {
    server.setting(name, value);
    return this;
  }

  /**
   * Says whether connections without TLS are refused, from the next start or {@link #reload()} on.
   *
   * @param value true to insist on TLS
   * @return this server
   * @throws IllegalStateException when the server was built without TLS
   */
  public EmbeddedPostgres sslOnly(boolean value) {
    server.sslOnly(value);
    return this;
  }

  /**
   * Has the running server read its settings again. Those that it can change while it runs take
   * effect before this returns; it reports the others in {@code pg_settings.pending_restart}.
   *
   * @return this server
   * @throws io.clouddb.error.CloudDbException when the server does not do it
   */
  public EmbeddedPostgres reload() {
    server.reload();
    return this;
  }

  /**
   * Gives a parameter its default back, at the next start.
   *
   * @param name the parameter's name
   * @return this server
   */
  public EmbeddedPostgres resetSetting(String name) {
    server.resetSetting(name);
    return this;
  }

  /**
   * Tells whether the server runs.
   *
   * @return false after a stop, a kill or a crash
   */
  public boolean isRunning() {
    return server.isRunning();
  }

  /**
   * The TCP port, the same for as long as this object is open.
   *
   * @return the port
   */
  public int port() {
    return server.port();
  }

  /**
   * The major version.
   *
   * @return for example 16
   */
  public int version() {
    return server.version();
  }

  /**
   * The version of the Maven artifact, or of the installed server.
   *
   * @return for example {@code 16.15.0}, or {@code 15.20}
   */
  public String artifactVersion() {
    return server.installation().version();
  }

  /**
   * The superuser's connection to the database {@code postgres}.
   *
   * @return the details; use {@link ConnectionDetails#toBuilder()} for another database
   */
  public ConnectionDetails superuser() {
    return server.superuser();
  }

  /**
   * The same without TLS, whose handshake takes many times what a short question does: for what is
   * asked of the server again and again. It is this machine's loopback, and the password is proven
   * and not told (SCRAM).
   *
   * @return where and as whom to connect
   */
  public ConnectionDetails superuserWithoutTls() {
    return server.superuserWithoutTls();
  }

  /**
   * A connection of another role. The role and the database need not exist yet.
   *
   * @param database name of the database
   * @param role name of the role
   * @param password where its password is
   * @return the details, with TLS verified in full when the server has it, and without TLS
   *     otherwise: it listens on this machine only
   */
  public ConnectionDetails connection(String database, String role, SecretRef password) {
    return server.connection(database, role, password);
  }

  /**
   * The certificate of the authority that has signed the server's own, which is for {@code
   * localhost}, {@code 127.0.0.1} and {@code ::1}.
   *
   * @return a PEM file of this server's directory, empty without TLS
   */
  public Optional<Path> certificate() {
    return server.certificate();
  }

  /**
   * The same certificate for all servers whose work directory is the default one, also before there
   * is a server. Nobody has the authority's key.
   *
   * @return a PEM file
   */
  public static Path certificateAuthority() {
    return TestAuthority.certificate();
  }

  /**
   * What the server writes to its log.
   *
   * @return the file
   */
  public Path log() {
    return server.directory().log();
  }

  /**
   * The directory that holds all of this server: data, log, certificate.
   *
   * @return the directory, which {@link ServerBuilder#dataDirectory} takes to go on with
   */
  public Path directory() {
    return server.directory().root();
  }

  /**
   * Stops the server, and deletes its directory unless it is to be kept; also on a thread that is
   * interrupted, which it is afterwards, too.
   */
  @Override
  public void close() {
    server.close();
  }

  /**
   * Starts the description of a replica of this server, which runs; a replica, too, can have
   * replicas. It is a server of its own, on the same machine, that follows this one by streaming
   * replication, serves readers, and goes on with what it has when this one stops, dies or is
   * closed.
   *
   * <p>A tablespace that is on this server already has a place of its own on the replica. One that
   * is made later would be at the same path for both, so it is made with {@code
   * allow_in_place_tablespaces} and {@code LOCATION ''}; what is made otherwise is refused by
   * {@link #lag()}, {@link #catchUp} and {@link #promote()} of the replica.
   *
   * @return a builder, with this server's settings
   */
  public ReplicaBuilder replica() {
    return new ReplicaBuilder(server);
  }

  /**
   * Tells whether this server is a replica: read only, until it is promoted. One that was kept and
   * is gone on with is one still, and follows nobody until it is told whom to {@link #follow}.
   *
   * @return false for a server that can be written to
   */
  public boolean isReplica() {
    return replica.isReplica();
  }

  /**
   * Makes a replica a server that can be written to, with all that it has received, also where
   * replay is paused; waits as long as a start may take. Its own replicas follow it on. It keeps
   * the sizes that its primary had ({@code max_connections} and the like) as settings of its own.
   *
   * @return this server
   * @throws IllegalStateException when it is no replica
   * @throws io.clouddb.error.CloudDbException when it is not out of recovery in time; it says
   *     whether it was told to be
   */
  public EmbeddedPostgres promote() {
    return promote(server.startTimeout());
  }

  /**
   * As {@link #promote()}.
   *
   * @param limit how long it may take, in whole seconds, one at least
   * @return this server
   */
  public EmbeddedPostgres promote(Duration limit) {
    replica.promote(limit);
    return this;
  }

  /**
   * Has a running replica and its running primary take each other's part: waits until the replica
   * shows all that was committed, stops the primary, promotes the replica, and starts the former
   * primary as a replica of it. The other replicas follow the new primary. Clients of the former
   * one are disconnected.
   *
   * @param limit how long the replica may take to catch up, and to be promoted
   * @return this server, which is the primary now
   * @throws IllegalStateException when it is no replica, or one whose primary is one itself or does
   *     not run
   * @throws io.clouddb.error.CloudDbException when it cannot be done; the parts are as before while
   *     this {@link #isReplica()}
   */
  public EmbeddedPostgres switchOver(Duration limit) {
    SwitchOver.run(server, limit);
    return this;
  }

  /**
   * Has a running replica follow another server of the same data, for example one that was
   * promoted, and waits until it does. It reads its settings again for that. It follows whom it did
   * before when that cannot be.
   *
   * @param source a running server, which keeps its log for this one from now on
   * @return this server
   * @throws IllegalStateException when this is no replica, or the other follows it
   * @throws io.clouddb.error.CloudDbException when it does not follow in time: the other is of
   *     other data, went another way, or no longer has what this one needs
   */
  public EmbeddedPostgres follow(EmbeddedPostgres source) {
    replica.follow(source.server);
    return this;
  }

  /**
   * How far a running replica has come, compared with the server that it follows where that lives.
   *
   * @return the state at this moment
   * @throws IllegalStateException when it is no replica
   */
  public ReplicationLag lag() {
    return replica.lag();
  }

  /**
   * Waits until readers of this replica see all that was committed on the server that it follows
   * before the call; where that does not live, all that was received of it.
   *
   * @param limit how long to wait
   * @return this server
   * @throws IllegalStateException when it is no replica
   * @throws io.clouddb.error.CloudDbException when it takes longer; it says how far it has come
   */
  public EmbeddedPostgres catchUp(Duration limit) {
    replica.catchUp(limit);
    return this;
  }

  /**
   * Has a replica show nothing new to its readers, while it goes on receiving; returns when that is
   * so. It lasts until {@link #resumeReplay()}, {@link #promote()} or the next start.
   *
   * @return this server
   * @throws IllegalStateException when it is no replica
   */
  public EmbeddedPostgres pauseReplay() {
    replica.pauseReplay();
    return this;
  }

  /**
   * Ends what {@link #pauseReplay()} has begun.
   *
   * @return this server
   * @throws IllegalStateException when it is no replica
   */
  public EmbeddedPostgres resumeReplay() {
    replica.resumeReplay();
    return this;
  }

  /**
   * Holds what this server can be made again from, as it was at any moment since its start.
   *
   * @return a hold of its own, to be closed; it may be so after this server
   * @throws IllegalStateException when the server does not keep its log: {@link
   *     EmbeddedPostgresBuilder#archiving}
   */
  public WalArchive archive() {
    return server.archive();
  }

  /** The version, the port and where it is; no password. */
  @Override
  public String toString() {
    return server.toString();
  }
}
