/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  private EmbeddedPostgres(Builder builder) throws IOException {
    this.server = new ServerLifecycle(builder);
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
    return server.installation().major();
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
   * @return the directory, which {@link Builder#dataDirectory} takes to go on with
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

  /** The version, the port and where it is; no password. */
  @Override
  public String toString() {
    return server.toString();
  }

  /** Describes a server and starts it. */
  public static final class Builder {
    private int version;
    private String superuser = "postgres";
    int port;
    boolean ssl;
    boolean sslOnly;
    boolean keepData;
    @Nullable Path dataDirectory;
    private @Nullable Path workDirectory;
    private @Nullable ClassLoader classLoader;
    @Nullable OperatingUser operatingUser;
    private @Nullable InstalledPostgres installed;
    Duration startTimeout = Duration.ofMinutes(1);
    private final List<Path> binaries = new ArrayList<>();
    final Map<String, String> settings = new LinkedHashMap<>();

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

    Installation installation(Platform platform, WorkDirectory work, OperatingUser user)
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

    @Nullable Path workDirectory() {
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
