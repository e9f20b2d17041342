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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private EmbeddedPostgres(Builder builder) throws IOException {
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

  /**
   * Starts the description of a server.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts the server; does nothing when it runs. It has the same port and data as before, and the
   * settings as they are now.
   *
   * @return this server
   * @throws io.clouddb.error.InvalidArgumentException when the server refuses a setting
   * @throws io.clouddb.error.CloudDbException when it does not start
   */
  public synchronized EmbeddedPostgres start() {
    requireOpen();
    ServerProcess current = process;
    if (current != null && current.isAlive()) {
      return this;
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
          return this;
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

  /** Stops the server in order, without waiting for its clients; does nothing when it is down. */
  public synchronized void stop() {
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

  /**
   * Stops and starts the server. Settings changed since the last start take effect.
   *
   * @return this server
   */
  public synchronized EmbeddedPostgres restart() {
    stop();
    return start();
  }

  /**
   * Kills all processes of the server at once, as {@code kill -9} does. What was committed is there
   * after the next {@link #start()}.
   */
  public synchronized void kill() {
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

  /**
   * Sets a parameter of the server, which takes effect at the next {@link #start()} or {@link
   * #restart()}.
   *
   * @param name the parameter's name
   * @param value its value, as in {@code postgresql.conf}, without quotes
   * @return this server
   */
  public synchronized EmbeddedPostgres setting(String name, String value) {
    settings.put(ServerSettings.checkName(name), ServerSettings.checkValue(value));
    return this;
  }

  /**
   * Says whether connections without TLS are refused, from the next start or {@link #reload()} on.
   *
   * @param value true to insist on TLS
   * @return this server
   * @throws IllegalStateException when the server was built without TLS
   */
  public synchronized EmbeddedPostgres sslOnly(boolean value) {
    if (value && !ssl) {
      throw new IllegalStateException("This server has no TLS: use ssl(true) of the builder");
    }
    sslOnly = value;
    return this;
  }

  /**
   * Has the running server read its settings again. Those that it can change while it runs take
   * effect before this returns; it reports the others in {@code pg_settings.pending_restart}.
   *
   * @return this server
   * @throws io.clouddb.error.CloudDbException when the server does not do it
   */
  public synchronized EmbeddedPostgres reload() {
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
      return this;
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

  /**
   * Gives a parameter its default back, at the next start.
   *
   * @param name the parameter's name
   * @return this server
   */
  public synchronized EmbeddedPostgres resetSetting(String name) {
    settings.remove(name);
    return this;
  }

  /**
   * Tells whether the server runs.
   *
   * @return false after a stop, a kill or a crash
   */
  public boolean isRunning() {
    ServerProcess current = process;
    return current != null && current.isAlive();
  }

  /**
   * The TCP port, the same for as long as this object is open.
   *
   * @return the port
   */
  public synchronized int port() {
    return port;
  }

  /**
   * The major version.
   *
   * @return for example 16
   */
  public int version() {
    return installation.major();
  }

  /**
   * The version of the Maven artifact, or of the installed server.
   *
   * @return for example {@code 16.15.0}, or {@code 15.20}
   */
  public String artifactVersion() {
    return installation.version();
  }

  /**
   * The superuser's connection to the database {@code postgres}.
   *
   * @return the details; use {@link ConnectionDetails#toBuilder()} for another database
   */
  public ConnectionDetails superuser() {
    return connection(
        "postgres", directory.superuser(), SecretRef.literal(directory.superuserPassword()));
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
    ConnectionDetails.Builder details =
        ConnectionDetails.postgresql(LOCALHOST, port(), database, role, password);
    certificate().ifPresent(details::rootCertificate);
    return details.tls(ssl ? TlsVerification.VERIFY_FULL : TlsVerification.DISABLED).build();
  }

  /**
   * The certificate of the authority that has signed the server's own, which is for {@code
   * localhost}, {@code 127.0.0.1} and {@code ::1}.
   *
   * @return a PEM file of this server's directory, empty without TLS
   */
  public Optional<Path> certificate() {
    return ssl ? Optional.of(directory.authority()) : Optional.empty();
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
    return directory.log();
  }

  /**
   * The directory that holds all of this server: data, log, certificate.
   *
   * @return the directory, which {@link Builder#dataDirectory} takes to go on with
   */
  public Path directory() {
    return directory.root();
  }

  /**
   * Stops the server, and deletes its directory unless it is to be kept; also on a thread that is
   * interrupted, which it is afterwards, too.
   */
  @Override
  public synchronized void close() {
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

  /** The version, the port and where it is; no password. */
  @Override
  public String toString() {
    return "PostgreSQL " + installation.version() + " at " + LOCALHOST + ":" + port();
  }

  /** Describes a server and starts it. */
  public static final class Builder {
    private int version;
    private String superuser = "postgres";
    private int port;
    private boolean ssl;
    private boolean sslOnly;
    private boolean keepData;
    private @Nullable Path dataDirectory;
    private @Nullable Path workDirectory;
    private @Nullable ClassLoader classLoader;
    private @Nullable OperatingUser operatingUser;
    private @Nullable InstalledPostgres installed;
    private Duration startTimeout = Duration.ofMinutes(1);
    private final List<Path> binaries = new ArrayList<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Asks for a major version. By default it is 16, or, when 16 is not there, the newest found.
     *
     * @param major for example 16
     * @return this builder
     */
    public Builder version(int major) {
      this.version = major;
      return this;
    }

    /**
     * Sets a parameter of the server.
     *
     * @param name the parameter's name
     * @param value its value, as in {@code postgresql.conf}, without quotes
     * @return this builder
     * @throws io.clouddb.error.InvalidArgumentException for what is no name of a parameter, and for
     *     the address, which this class chooses
     */
    public Builder setting(String name, String value) {
      settings.put(ServerSettings.checkName(name), ServerSettings.checkValue(value));
      return this;
    }

    /**
     * Says whether a commit waits until it is on the disk, as it does by default. Without, the
     * server is faster, and a crash of the machine, not of the server, loses data.
     *
     * @param value false to turn {@code fsync} and {@code full_page_writes} off
     * @return this builder
     */
    public Builder durable(boolean value) {
      String onOff = value ? "on" : "off";
      return setting("fsync", onOff).setting("full_page_writes", onOff);
    }

    /**
     * Offers TLS, by a certificate of {@link #certificateAuthority()}.
     *
     * @param value true to offer it
     * @return this builder
     */
    public Builder ssl(boolean value) {
      this.ssl = value;
      return this;
    }

    /**
     * Offers TLS, and refuses connections without.
     *
     * @param value true to insist on it
     * @return this builder
     */
    public Builder sslOnly(boolean value) {
      this.sslOnly = value;
      return this;
    }

    /**
     * Names the directory for data and log. It is empty or missing, or was kept by an earlier
     * server of the same version, which is then gone on with.
     *
     * @param path a directory, which {@link #close()} deletes unless it is to be kept
     * @return this builder
     */
    public Builder dataDirectory(Path path) {
      this.dataDirectory = Objects.requireNonNull(path, "dataDirectory");
      return this;
    }

    /**
     * Says whether the data stays when the server is closed.
     *
     * @param value true to keep it
     * @return this builder
     */
    public Builder keepData(boolean value) {
      this.keepData = value;
      return this;
    }

    /**
     * Names the superuser, for a server whose {@code postgres} is to be an ordinary role.
     *
     * @param name lower-case letters and underscores; by default {@code postgres}
     * @return this builder
     */
    public Builder superuser(String name) {
      if (!name.matches("[a-z_]{1,40}") || name.startsWith("pg_")) {
        throw ErrorDetails.of(
                ErrorCategory.INVALID_ARGUMENT, "'" + name + "' cannot be a superuser's name")
            .toException();
      }
      this.superuser = name;
      return this;
    }

    /**
     * Asks for a port. By default a free one is taken.
     *
     * @param number the TCP port
     * @return this builder
     */
    public Builder port(int number) {
      this.port = number;
      return this;
    }

    /**
     * Names the directory in which binaries are unpacked and databases live. By default it is that
     * of the system property {@link #DIRECTORY_PROPERTY}, else one of this user below {@code
     * java.io.tmpdir}; where programs cannot be run there, below the user's {@code .cache}.
     *
     * @param path a directory
     * @return this builder
     */
    public Builder workDirectory(Path path) {
      this.workDirectory = Objects.requireNonNull(path, "workDirectory");
      return this;
    }

    /**
     * Names a jar, or a directory of jars, with binaries, beside those on the class path.
     *
     * @param path a jar or a directory
     * @return this builder
     */
    public Builder binaries(Path path) {
      binaries.add(Objects.requireNonNull(path, "binaries"));
      return this;
    }

    /**
     * Runs a server that is installed on this machine, and none of the class path: for what the
     * newest minor release does, or the one of a distribution.
     *
     * @param server as {@link InstalledPostgres#find()} finds it
     * @return this builder
     */
    public Builder installed(InstalledPostgres server) {
      this.installed = Objects.requireNonNull(server, "installed");
      return this;
    }

    /**
     * Names the class loader whose class path is searched for binaries; by default that of this
     * class.
     *
     * @param loader the class loader
     * @return this builder
     */
    public Builder classLoader(ClassLoader loader) {
      this.classLoader = Objects.requireNonNull(loader, "classLoader");
      return this;
    }

    /**
     * Says how long a start, and a stop, may take; by default a minute.
     *
     * @param limit the limit
     * @return this builder
     */
    public Builder startTimeout(Duration limit) {
      this.startTimeout = Objects.requireNonNull(limit, "startTimeout");
      return this;
    }

    /** For tests, of the ways that this machine would not choose. */
    Builder operatingUser(OperatingUser chosen) {
      this.operatingUser = chosen;
      return this;
    }

    private Installation installation(Platform platform, WorkDirectory work, OperatingUser user)
        throws IOException {
      if (installed != null) {
        return Installation.of(installed, superuser, work, user);
      }
      List<Path> paths = new ArrayList<>(binaries);
      paths.addAll(BinaryArchives.pathsOf(System.getProperty(BINARIES_PROPERTY, "")));
      ClassLoader loader =
          Objects.requireNonNullElse(classLoader, EmbeddedPostgres.class.getClassLoader());
      BinaryArchive archive = BinaryArchives.find(platform, loader, paths).get(version);
      return Installation.of(archive, superuser, work, user);
    }

    private @Nullable Path workDirectory() {
      String property = System.getProperty(DIRECTORY_PROPERTY);
      return workDirectory != null || property == null ? workDirectory : Path.of(property);
    }

    /**
     * Starts the server. The first start of a version on a machine takes some seconds, later ones a
     * fraction of one.
     *
     * @return the running server
     * @throws io.clouddb.error.NotFoundException when the version's binaries are not there; it
     *     names the artifact to add
     * @throws io.clouddb.error.InvalidArgumentException when the server refuses a setting
     * @throws io.clouddb.error.CloudDbException when it cannot run here; it says what to do
     */
    public EmbeddedPostgres start() {
      EmbeddedPostgres postgres;
      try {
        postgres = new EmbeddedPostgres(this);
      } catch (IOException e) {
        throw ErrorDetails.of(
                ErrorCategory.OTHER, "PostgreSQL could not be prepared: " + e.getMessage())
            .toException(e);
      }
      try {
        return postgres.start();
      } catch (RuntimeException e) {
        try {
          postgres.close();
        } catch (RuntimeException second) {
          e.addSuppressed(second);
        }
        throw e;
      }
    }
  }
}
