/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The starts, stops and ends of the server of one {@link EmbeddedPostgres}, by whichever way it
 * ends: by its owner, by the end of the JVM, or, when that was killed, by the {@link Watchdog}. One
 * thread acts at a time.
 */
final class ServerLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String LOCALHOST = "127.0.0.1";
  private static final int START_TRIES = 20;
  private static final Duration RELOAD_POLL = Duration.ofMillis(5);

  private final Host host;
  private final InstanceDirectory directory;
  private final ServerConfiguration configuration;
  private final Replication replication;
  private final boolean keepData;
  private final boolean portIsFixed;
  private final Duration startTimeout;
  private final Thread exitHook;
  private final @Nullable Watchdog watchdog;
  private final @Nullable KeptLog log;

  private final HeldPort held = new HeldPort();

  private volatile int port;
  private volatile @Nullable ServerProcess process;
  private volatile boolean closed;

  /** Closed, and its log is there. */
  private volatile boolean isLogKept;

  /**
   * Prepares a server.
   *
   * @param contents what its directory is filled with
   * @param replicationRole as whom its replicas come, unless its directory says so
   */
  ServerLifecycle(
      ServerBuilder<?> builder,
      Host host,
      InstanceDirectory.Contents contents,
      String replicationRole)
      throws IOException {
    this.host = host;
    this.keepData = builder.keepData;
    this.portIsFixed = builder.port != 0;
    this.port = builder.port;
    this.startTimeout = builder.startTimeout;
    WatchedDirectory watched = WatchedDirectory.filled(builder, host, contents);
    this.directory = watched.directory();
    this.watchdog = watched.watchdog();
    try {
      this.configuration =
          new ServerConfiguration(
              directory,
              builder,
              ReplicationRole.of(directory).map(ReplicationRole::name).orElse(replicationRole));
      this.replication = new Replication(this);
      // What an earlier server has left may have no beginning any more.
      this.log =
          builder.archiving && !directory.isKept() ? new KeptLog(this, builder.archiveLimit) : null;
      this.exitHook = new Thread(this::exit, "clouddb-postgres-exit");
      Runtime.getRuntime().addShutdownHook(exitHook);
    } catch (IOException | RuntimeException e) {
      watched.undo(e);
      throw e;
    }
  }

  /** Does nothing when it runs. */
  void start() {
    start(() -> {});
  }

  /**
   * Does nothing when it runs.
   *
   * @param hope asked while it is waited for
   */
  void start(ServerProcess.Hope hope) {
    start(hope, Map.of(), startTimeout);
  }

  /**
   * Does nothing when it runs.
   *
   * @param hope asked while it is waited for
   * @param further what this run is told beside its settings
   * @param limit how long it may take
   */
  synchronized void start(ServerProcess.Hope hope, Map<String, String> further, Duration limit) {
    requireOpen();
    ServerProcess current = process;
    if (current != null && current.isAlive()) {
      return;
    }
    try {
      if (current != null) {
        Undisturbed.run(current::removeRemains);
      }
      replication.beforeStart();
      configuration.write();
      Map<String, String> options = new LinkedHashMap<>(replication.optionsOfStart());
      if (log != null) {
        options.put("wal_keep_size", log.keepSize());
      }
      options.putAll(further);
      for (int tries = 1; ; tries++) {
        int candidate = port == 0 ? FreePort.find() : port;
        try {
          process =
              ServerProcess.launch(
                  commandLine(candidate, options),
                  host.user(),
                  directory.data(),
                  directory.log(),
                  limit,
                  hope);
          port = candidate;
          held.release();
          LOG.debug("PostgreSQL {} runs at port {}", host.installation().version(), port);
          break;
        } catch (ServerProcess.StartFailedException e) {
          if (!e.isPortTaken() || port != 0 || tries == START_TRIES) {
            throw refused(e);
          }
        }
      }
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.OTHER,
              "PostgreSQL "
                  + host.installation().version()
                  + " could not be started: "
                  + e.getMessage())
          .toException(e);
    }
    replication.afterStart();
  }

  private RuntimeException refused(ServerProcess.StartFailedException e) {
    ErrorDetails.Builder details =
        ErrorDetails.of(
            e.isMisconfigured() ? ErrorCategory.INVALID_ARGUMENT : ErrorCategory.OTHER,
            "PostgreSQL " + host.installation().version() + " did not start: " + e.log());
    if (e.isPortTaken()) {
      details.nextStep(
          portIsFixed
              ? "Free port " + port + ", or name none: then a free one is taken."
              : "Another program took port " + port + " while the server was stopped.");
    }
    return details.toException(e);
  }

  private List<String> commandLine(int candidate, Map<String, String> options) {
    List<String> command = new ArrayList<>(Watchdog.detachedPrefix());
    command.addAll(
        host.user()
            .command(
                List.of(
                    host.installation().program("postgres"),
                    "-D",
                    directory.data().toString(),
                    "-p",
                    Integer.toString(candidate),
                    "-c",
                    "listen_addresses=" + LOCALHOST,
                    "-c",
                    "unix_socket_directories=")));
    options.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    return command;
  }

  /** In order, without waiting for its clients; does nothing when it is down. */
  synchronized void stop() {
    ServerProcess current = process;
    try {
      Undisturbed.run(() -> finish(current, "fast"));
      down();
    } catch (IOException e) {
      throw failed("stopped", e);
    }
  }

  /** It has ended, and may be started again. */
  private void down() {
    process = null;
    held.hold(port);
  }

  /** Ends what runs, and has nothing stay in memory of what has died by itself. */
  private void finish(@Nullable ServerProcess current, String mode) throws IOException {
    if (current == null) {
      return;
    }
    if (current.isAlive()) {
      end(current, mode);
    } else {
      current.removeRemains();
    }
  }

  /**
   * Has the server end itself and its children, so that none is left to be reaped by others. Kills
   * it when it does not.
   */
  private void end(ServerProcess current, String mode) throws IOException {
    try {
      Command.run(
          host.user()
              .command(
                  List.of(
                      host.installation().program("pg_ctl"),
                      "stop",
                      "-D",
                      directory.data().toString(),
                      "-m",
                      mode,
                      "-W")),
          startTimeout);
    } catch (IOException e) {
      LOG.warn("{} could not be told to stop; it is killed", directory.root(), e);
      current.kill();
      return;
    }
    if (!current.awaitEnd(startTimeout)) {
      LOG.warn("{} did not stop within {}; it is killed", directory.root(), startTimeout);
      current.kill();
    }
  }

  synchronized void restart() {
    stop();
    start();
  }

  /** The same, of a server whose port nobody knows yet: another may have it by now. */
  synchronized void restartAnywhere() {
    stop();
    if (!portIsFixed) {
      port = 0;
    }
    start();
  }

  /** All of its processes at once. */
  synchronized void kill() {
    ServerProcess current = process;
    if (current != null) {
      try {
        Undisturbed.run(current::kill);
      } catch (IOException e) {
        throw failed("killed", e);
      }
      down();
    }
  }

  RuntimeException failed(String what, Exception cause) {
    return ErrorDetails.of(
            ErrorCategory.OTHER,
            "PostgreSQL at port " + port + " could not be " + what + ": " + cause.getMessage())
        .toException(cause);
  }

  /** From the next start or reload on. */
  synchronized void setting(String name, String value) {
    configuration.set(name, value);
  }

  /** From the next start or reload on. */
  synchronized void sslOnly(boolean value) {
    configuration.sslOnly(value);
  }

  /** From the next start or reload on. */
  synchronized void resetSetting(String name) {
    configuration.reset(name);
  }

  /** Gives another server what this one was told, by whichever way. */
  synchronized void describeTo(ReplicaBuilder builder) {
    describeTo(builder, ReplicaSizes::inherited);
  }

  /** The same, all of it. */
  synchronized void describeTo(RestoreBuilder builder) {
    describeTo(builder, settings -> settings);
  }

  private void describeTo(ServerBuilder<?> builder, UnaryOperator<Map<String, String>> inherited) {
    builder.archiving = log != null;
    if (log != null) {
      builder.archiveLimit = log.limit();
    }
    builder.ssl = configuration.ssl();
    builder.sslOnly = configuration.sslOnly();
    builder.startTimeout = startTimeout;
    builder.settings.putAll(inherited.apply(configuration.settings()));
    if (isRunning()) {
      try (SuperuserSession session = session(startTimeout)) {
        builder.settings.putAll(inherited.apply(ServerSettings.alteredBySql(session)));
      } catch (SQLException e) {
        throw failed("asked for its settings", e);
      }
    }
  }

  /** Waits until the server has read its settings. */
  synchronized void reload() {
    requireOpen();
    String loadTime = "SELECT pg_catalog.pg_conf_load_time()::pg_catalog.text";
    try (SuperuserSession session = session(startTimeout)) {
      String before = session.value(loadTime);
      configuration.write();
      session.value("SELECT pg_catalog.pg_reload_conf()");
      long deadline = System.nanoTime() + startTimeout.toNanos();
      while (Objects.equals(session.value(loadTime), before)) {
        if (System.nanoTime() > deadline) {
          throw new IOException("it did not read them within " + startTimeout);
        }
        Pause.of(RELOAD_POLL);
      }
    } catch (SQLException | IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.OTHER,
              "PostgreSQL at port " + port + " could not reload its settings: " + e.getMessage())
          .toException(e);
    }
  }

  int version() {
    return host.installation().major();
  }

  /** A session of ours. */
  SuperuserSession session(Duration patience) throws SQLException {
    return SuperuserSession.open(superuserWithoutTls(), version(), patience);
  }

  /** What is asked of a server. */
  interface Question {
    String answeredBy(SuperuserSession session) throws SQLException;
  }

  /** Asks while nobody starts or stops it; null when it does not run. */
  synchronized @Nullable String ask(Question question, Duration patience) throws SQLException {
    if (!isRunning()) {
      return null;
    }
    try (SuperuserSession session = session(patience)) {
      return question.answeredBy(session);
    } catch (SQLException e) {
      if (isRunning()) {
        throw e;
      }
      return null;
    }
  }

  boolean isRunning() {
    ServerProcess current = process;
    return current != null && current.isAlive();
  }

  ConnectionDetails superuser() {
    return connection(
        "postgres", directory.superuser(), SecretRef.literal(directory.superuserPassword()));
  }

  /** Its password is proven and never told, also to who answers in the server's place. */
  ConnectionDetails superuserWithoutTls() {
    return superuser().toBuilder()
        .tls(TlsVerification.DISABLED)
        .parameter("requireAuth", "scram-sha-256")
        .build();
  }

  ConnectionDetails connection(String database, String role, SecretRef password) {
    ConnectionDetails.Builder details =
        ConnectionDetails.postgresql(LOCALHOST, port(), database, role, password);
    certificate().ifPresent(details::rootCertificate);
    return details
        .tls(configuration.ssl() ? TlsVerification.VERIFY_FULL : TlsVerification.DISABLED)
        .build();
  }

  Optional<Path> certificate() {
    return configuration.ssl() ? Optional.of(directory.authority()) : Optional.empty();
  }

  Host host() {
    return host;
  }

  Installation installation() {
    return host.installation();
  }

  ServerConfiguration configuration() {
    return configuration;
  }

  Replication replication() {
    return replication;
  }

  Duration startTimeout() {
    return startTimeout;
  }

  InstanceDirectory directory() {
    return directory;
  }

  /** The same for as long as this is open. */
  int port() {
    return port;
  }

  /** For good; on a thread that is interrupted, too. */
  synchronized void close() {
    if (closed) {
      return;
    }
    ServerProcess current = process;
    try {
      isLogKept = log != null && log.close() && !keepData;
      if (keepData) {
        stop();
      } else if (isLogKept) {
        Undisturbed.run(
            () -> {
              finish(current, "fast");
              Objects.requireNonNull(log).outlive();
            });
        process = null;
      } else {
        Undisturbed.run(
            () -> {
              finish(current, "immediate");
              directory.delete();
            });
        process = null;
      }
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.OTHER,
              "PostgreSQL could not be stopped, or its data not be deleted: " + e.getMessage())
          .leftBehind(directory.root().toString())
          .toException(e);
    } finally {
      closed = true;
      held.close();
      if (!isLogKept) {
        unwatch();
      }
      release();
    }
  }

  private void unwatch() {
    if (watchdog != null) {
      watchdog.close();
    }
    removeExitHook();
  }

  /** Deletes the log of a server that is closed. */
  synchronized void deleteKept() {
    if (!isLogKept) {
      return;
    }
    isLogKept = false;
    try {
      Undisturbed.run(directory::delete);
    } catch (IOException e) {
      throw ErrorDetails.of(ErrorCategory.OTHER, "A log could not be deleted: " + e.getMessage())
          .leftBehind(directory.root().toString())
          .toException(e);
    } finally {
      unwatch();
    }
  }

  /** A hold of what it can be made again from. */
  WalArchive archive() {
    requireOpen();
    if (log == null) {
      throw new IllegalStateException(
          "This server does not keep its log: use archiving(true) of the builder of a new one");
    }
    return new WalArchive(log);
  }

  /** What it keeps; null when that is not all of its log. */
  @Nullable KeptLog log() {
    return log;
  }

  private void release() {
    try {
      replication.release();
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.OTHER,
              "The replica is closed, and its primary still keeps its log for it: "
                  + e.getMessage())
          .nextStep("The primary drops it at its next start.")
          .leftBehind("a replication slot of the primary")
          .toException(e);
    }
  }

  private void removeExitHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(exitHook);
    } catch (IllegalStateException e) {
      // The JVM is ending already, which is as well.
      LOG.trace("Closed while the JVM ends", e);
    }
  }

  /** Without the lock: a thread that is waiting for the server may hold it. */
  private void exit() {
    if (closed && !isLogKept) {
      return;
    }
    closed = true;
    ServerProcess current = process;
    try {
      Undisturbed.run(
          () -> {
            finish(current, keepData ? "fast" : "immediate");
            if (!keepData) {
              directory.delete();
            }
          });
    } catch (IOException e) {
      // The watchdog tries again when this JVM is gone.
      LOG.debug("Could not clean up at the end of the JVM", e);
    }
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This server is closed");
    }
  }

  @Override
  public String toString() {
    return "PostgreSQL " + host.installation().version() + " at " + LOCALHOST + ":" + port();
  }
}
