/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final OperatingUser user;
  private final Installation installation;
  private final InstanceDirectory directory;
  private final boolean keepData;
  private final boolean ssl;
  private final boolean portIsFixed;
  private final Duration startTimeout;
  private final Map<String, String> settings;
  private final Thread exitHook;
  private final @Nullable Watchdog watchdog;

  private boolean sslOnly;
  private int port;
  private volatile @Nullable ServerProcess process;
  private volatile boolean closed;

  ServerLifecycle(EmbeddedPostgres.Builder builder) throws IOException {
    Platform platform = Platform.current();
    this.user =
        builder.operatingUser == null ? OperatingUser.find(platform) : builder.operatingUser;
    WorkDirectory work = WorkDirectory.find(builder.workDirectory(), user);
    this.installation = builder.installation(platform, work, user);
    this.directory =
        InstanceDirectory.prepare(
            builder.dataDirectory,
            builder.keepData || builder.workDirectory() != null,
            installation,
            work,
            user);
    this.keepData = builder.keepData;
    this.sslOnly = builder.sslOnly;
    this.ssl = builder.ssl || builder.sslOnly;
    this.portIsFixed = builder.port != 0;
    this.port = builder.port;
    this.startTimeout = builder.startTimeout;
    this.settings = new LinkedHashMap<>(builder.settings);
    this.watchdog = platform.windows() ? null : watch(directory, builder.keepData);
    this.exitHook = new Thread(this::exit, "clouddb-postgres-exit");
    Runtime.getRuntime().addShutdownHook(exitHook);
  }

  private static Watchdog watch(InstanceDirectory directory, boolean keep) throws IOException {
    try {
      return Watchdog.over(directory.data(), directory.root(), keep);
    } catch (IOException e) {
      if (!keep) {
        Undisturbed.run(directory::delete);
      }
      throw e;
    }
  }

  /** Does nothing when it runs. */
  synchronized void start() {
    requireOpen();
    ServerProcess current = process;
    if (current != null && current.isAlive()) {
      return;
    }
    try {
      directory.configure(settings, ssl, sslOnly);
      for (int tries = 1; ; tries++) {
        int candidate = port == 0 ? FreePort.find() : port;
        try {
          process =
              ServerProcess.launch(
                  commandLine(candidate), directory.data(), directory.log(), startTimeout);
          port = candidate;
          LOG.debug("PostgreSQL {} runs at port {}", installation.version(), port);
          return;
        } catch (ServerProcess.StartFailedException e) {
          if (!e.isPortTaken() || port != 0 || tries == START_TRIES) {
            throw refused(e);
          }
        }
      }
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.OTHER,
              "PostgreSQL " + installation.version() + " could not be started: " + e.getMessage())
          .toException(e);
    }
  }

  private RuntimeException refused(ServerProcess.StartFailedException e) {
    ErrorDetails.Builder details =
        ErrorDetails.of(
            e.isMisconfigured() ? ErrorCategory.INVALID_ARGUMENT : ErrorCategory.OTHER,
            "PostgreSQL " + installation.version() + " did not start: " + e.log());
    if (e.isPortTaken()) {
      details.nextStep(
          portIsFixed
              ? "Free port " + port + ", or name none: then a free one is taken."
              : "Another program took port " + port + " while the server was stopped.");
    }
    return details.toException(e);
  }

  private List<String> commandLine(int candidate) {
    List<String> command = new ArrayList<>(Watchdog.detachedPrefix());
    command.addAll(
        user.command(
            List.of(
                installation.program("postgres"),
                "-D",
                directory.data().toString(),
                "-p",
                Integer.toString(candidate),
                "-c",
                "listen_addresses=" + LOCALHOST,
                "-c",
                "unix_socket_directories=")));
    return command;
  }

  /** In order, without waiting for its clients; does nothing when it is down. */
  synchronized void stop() {
    ServerProcess current = process;
    if (current == null || !current.isAlive()) {
      process = null;
      return;
    }
    try {
      Undisturbed.run(() -> end(current, "fast"));
      process = null;
    } catch (IOException e) {
      throw failed("stopped", e);
    }
  }

  /**
   * Has the server end itself and its children, so that none is left to be reaped by others. Kills
   * it when it does not.
   */
  private void end(ServerProcess current, String mode) throws IOException {
    try {
      Command.run(
          user.command(
              List.of(
                  installation.program("pg_ctl"),
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

  /** All of its processes at once. */
  synchronized void kill() {
    ServerProcess current = process;
    if (current != null) {
      try {
        Undisturbed.run(current::kill);
      } catch (IOException e) {
        throw failed("killed", e);
      }
      process = null;
    }
  }

  private RuntimeException failed(String what, IOException cause) {
    return ErrorDetails.of(
            ErrorCategory.OTHER,
            "PostgreSQL at port " + port + " could not be " + what + ": " + cause.getMessage())
        .toException(cause);
  }

  /** From the next start or reload on. */
  synchronized void setting(String name, String value) {
    settings.put(ServerSettings.checkName(name), ServerSettings.checkValue(value));
  }

  /** From the next start or reload on. */
  synchronized void sslOnly(boolean value) {
    if (value && !ssl) {
      throw new IllegalStateException("This server has no TLS: use ssl(true) of the builder");
    }
    sslOnly = value;
  }

  /** Waits until the server has read its settings. */
  synchronized void reload() {
    requireOpen();
    String loadTime = "SELECT pg_catalog.pg_conf_load_time()::pg_catalog.text";
    try (Connection connection = superuser().connect();
        Statement statement = connection.createStatement()) {
      String before = ask(statement, loadTime);
      directory.configure(settings, ssl, sslOnly);
      ask(statement, "SELECT pg_catalog.pg_reload_conf()");
      long deadline = System.nanoTime() + startTimeout.toNanos();
      while (ask(statement, loadTime).equals(before)) {
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

  private static String ask(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** From the next start or reload on. */
  synchronized void resetSetting(String name) {
    settings.remove(name);
  }

  boolean isRunning() {
    ServerProcess current = process;
    return current != null && current.isAlive();
  }

  ConnectionDetails superuser() {
    return connection(
        "postgres", directory.superuser(), SecretRef.literal(directory.superuserPassword()));
  }

  ConnectionDetails connection(String database, String role, SecretRef password) {
    ConnectionDetails.Builder details =
        ConnectionDetails.postgresql(LOCALHOST, port(), database, role, password);
    certificate().ifPresent(details::rootCertificate);
    return details.tls(ssl ? TlsVerification.VERIFY_FULL : TlsVerification.DISABLED).build();
  }

  Optional<Path> certificate() {
    return ssl ? Optional.of(directory.authority()) : Optional.empty();
  }

  Installation installation() {
    return installation;
  }

  InstanceDirectory directory() {
    return directory;
  }

  /** The same for as long as this is open. */
  synchronized int port() {
    return port;
  }

  /** For good; on a thread that is interrupted, too. */
  synchronized void close() {
    if (closed) {
      return;
    }
    ServerProcess current = process;
    try {
      if (keepData) {
        stop();
      } else {
        Undisturbed.run(
            () -> {
              if (current != null && current.isAlive()) {
                end(current, "immediate");
              }
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
      if (watchdog != null) {
        watchdog.close();
      }
      removeExitHook();
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
    if (closed) {
      return;
    }
    closed = true;
    ServerProcess current = process;
    try {
      Undisturbed.run(
          () -> {
            if (current != null && current.isAlive()) {
              end(current, keepData ? "fast" : "immediate");
            }
            if (!keepData) {
              directory.delete();
            }
          });
    } catch (IOException e) {
      // The watchdog tries again when this JVM is gone.
      LOG.debug("Could not clean up at the end of the JVM", e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This server is closed");
    }
  }

  @Override
  public String toString() {
    return "PostgreSQL " + installation.version() + " at " + LOCALHOST + ":" + port();
  }
}
