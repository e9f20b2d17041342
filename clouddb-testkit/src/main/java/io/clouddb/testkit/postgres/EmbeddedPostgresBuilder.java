/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Describes a server and starts it. */
public final class EmbeddedPostgresBuilder extends ServerBuilder<EmbeddedPostgresBuilder> {
  /** The bytes of log that a server keeps where {@link #archiveLimit} says nothing. */
  public static final long ARCHIVE_LIMIT = 8L << 30;

  private int version;
  private String superuser = "postgres";
  private @Nullable Path workDirectory;
  private @Nullable ClassLoader classLoader;
  private @Nullable OperatingUser operatingUser;
  private @Nullable InstalledPostgres installed;
  private final List<Path> binaries = new ArrayList<>();

  private String replicationRole = "clouddb_replication";

  EmbeddedPostgresBuilder() {}

  @Override
  EmbeddedPostgresBuilder self() {
    return this;
  }

  /**
   * Asks for a major version. By default it is 16, or, when 16 is not there, the newest found.
   *
   * @param major for example 16
   * @return this builder
   */
  public EmbeddedPostgresBuilder version(int major) {
    this.version = major;
    return this;
  }

  /**
   * Names the superuser, for a server whose {@code postgres} is to be an ordinary role.
   *
   * @param name lower-case letters and underscores; by default {@code postgres}
   * @return this builder
   */
  public EmbeddedPostgresBuilder superuser(String name) {
    this.superuser = checkRole(name, "a superuser's");
    return this;
  }

  /**
   * Has a new server keep all of its write-ahead log, so that it can be restored to any moment
   * since its start: {@link EmbeddedPostgres#archive()}. It costs nothing but the room for the log,
   * up to {@link #archiveLimit}, and, at a restore, the time to replay it. Its replicas, and what
   * is restored of it, do likewise.
   *
   * @param value true to keep the log
   * @return this builder
   */
  public EmbeddedPostgresBuilder archiving(boolean value) {
    this.archiving = value;
    return this;
  }

  /**
   * Says how much log is kept at most; by default {@link #ARCHIVE_LIMIT}, 8 GiB. All that is
   * written since the start counts, a change as a new row, and in what is restored of it also all
   * that it was restored from, which it keeps beside its own. Once it is more, the server removes
   * the oldest of it at its next checkpoints, and restores are refused from then on, of whichever
   * moment: there is no beginning to replay from.
   *
   * @param bytes the limit
   * @return this builder
   */
  public EmbeddedPostgresBuilder archiveLimit(long bytes) {
    if (bytes < 0) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "No log has fewer than 0 bytes, so not " + bytes)
          .toException();
    }
    this.archiveLimit = bytes;
    return this;
  }

  private static String checkRole(String name, String whose) {
    if (!name.matches("[a-z_]{1,40}") || name.startsWith("pg_")) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "'" + name + "' cannot be " + whose + " name")
          .toException();
    }
    return name;
  }

  /**
   * Names the role as which replicas come to this server. It is made with the first of them, stays,
   * can log in for replication only, and has a random password that is in no log.
   *
   * @param name lower-case letters and underscores; by default {@code clouddb_replication}. In a
   *     directory that was kept it is what it was
   * @return this builder
   */
  public EmbeddedPostgresBuilder replicationRole(String name) {
    this.replicationRole = checkRole(name, "a replication role's");
    return this;
  }

  /**
   * Names the directory in which binaries are unpacked and databases live. By default it is that of
   * the system property {@link EmbeddedPostgres#DIRECTORY_PROPERTY}, else one of this user below
   * {@code java.io.tmpdir}; where programs cannot be run there, below the user's {@code .cache}.
   *
   * @param path a directory
   * @return this builder
   */
  public EmbeddedPostgresBuilder workDirectory(Path path) {
    this.workDirectory = Objects.requireNonNull(path, "workDirectory");
    return this;
  }

  /**
   * Names a jar, or a directory of jars, with binaries, beside those on the class path.
   *
   * @param path a jar or a directory
   * @return this builder
   */
  public EmbeddedPostgresBuilder binaries(Path path) {
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
  public EmbeddedPostgresBuilder installed(InstalledPostgres server) {
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
  public EmbeddedPostgresBuilder classLoader(ClassLoader loader) {
    this.classLoader = Objects.requireNonNull(loader, "classLoader");
    return this;
  }

  /** For tests, of the ways that this machine would not choose. */
  EmbeddedPostgresBuilder operatingUser(OperatingUser chosen) {
    this.operatingUser = chosen;
    return this;
  }

  private ServerLifecycle prepare() throws IOException {
    Platform platform = Platform.current();
    OperatingUser user = operatingUser == null ? OperatingUser.find(platform) : operatingUser;
    String property = System.getProperty(EmbeddedPostgres.DIRECTORY_PROPERTY);
    Path asked = workDirectory != null || property == null ? workDirectory : Path.of(property);
    WorkDirectory work = WorkDirectory.find(asked, user);
    Installation installation = installation(platform, work, user);
    return new ServerLifecycle(
        this,
        new Host(user, work, installation, asked != null),
        new InstanceDirectory.OfTemplate(installation),
        replicationRole);
  }

  private Installation installation(Platform platform, WorkDirectory work, OperatingUser user)
      throws IOException {
    if (installed != null) {
      return Installation.of(installed, superuser, work, user);
    }
    List<Path> paths = new ArrayList<>(binaries);
    paths.addAll(
        BinaryArchives.pathsOf(System.getProperty(EmbeddedPostgres.BINARIES_PROPERTY, "")));
    ClassLoader loader =
        Objects.requireNonNullElse(classLoader, EmbeddedPostgres.class.getClassLoader());
    BinaryArchive archive = BinaryArchives.find(platform, loader, paths).get(version);
    return Installation.of(archive, superuser, work, user);
  }

  /**
   * Starts the server. The first start of a version on a machine takes some seconds, later ones a
   * fraction of one.
   *
   * @return the running server
   * @throws io.clouddb.error.NotFoundException when the version's binaries are not there; it names
   *     the artifact to add
   * @throws io.clouddb.error.InvalidArgumentException when the server refuses a setting
   * @throws io.clouddb.error.CloudDbException when it cannot run here; it says what to do
   */
  public EmbeddedPostgres start() {
    EmbeddedPostgres postgres;
    try {
      postgres = new EmbeddedPostgres(prepare());
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
