/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All files of one server: its data, its log, its certificate and its superuser's password. Where
 * root's server runs as another user, that one is given the data and single files that it reads;
 * the directory stays root's, so that he can put nothing else in their place.
 */
final class InstanceDirectory {
  private static final String LOG = "server.log";
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String ACCESS = "pg_hba.conf";

  /** Where a replica has what its primary keeps in tablespaces elsewhere. */
  static final String TABLESPACES = "tablespaces";

  /** What the directory of a new server is filled with. */
  interface Contents {
    /**
     * Whether a directory that an earlier server has kept is gone on with; otherwise it is refused.
     */
    boolean mayBeKept();

    /**
     * Puts data, certificate and secrets into a folder that nobody else can enter.
     *
     * @param draft the folder, whose parts are moved to where they belong afterwards
     * @param root where that is
     */
    void fill(Path draft, Path root) throws IOException;
  }

  /** A copy of what initdb has made. */
  record OfTemplate(Installation installation) implements Contents {
    @Override
    public boolean mayBeKept() {
      return true;
    }

    @Override
    public void fill(Path draft, Path root) throws IOException {
      copyParts(installation.template(), draft);
      copyParts(installation.certificate(), draft);
    }
  }

  private final Path root;
  private final OperatingUser user;
  private final boolean isKept;
  private List<String> secret = List.of();

  private InstanceDirectory(Path root, OperatingUser user, boolean isKept) {
    this.root = root;
    this.user = user;
    this.isKept = isKept;
  }

  /**
   * Makes a directory, or takes an empty one, or what an earlier server has kept. It can be watched
   * from then on, and is {@link #fill filled} next.
   *
   * @param asked the directory to use, null for a new one
   * @param onDisk whether it must not be in memory
   */
  static InstanceDirectory claim(@Nullable Path asked, boolean onDisk, Host host, Contents contents)
      throws IOException {
    OperatingUser user = host.user();
    Path root = asked == null ? create(onDisk, host.work()) : asked.toAbsolutePath();
    Path data = root.resolve(TemplateDatabase.DATA);
    // What is in it is run: a server's settings name commands.
    PrivateFolder.make(root, user.recipient());
    if (contents.mayBeKept() && Files.exists(data, LinkOption.NOFOLLOW_LINKS)) {
      PrivateFolder.make(data, user.recipient());
      String found = Files.readString(data.resolve("PG_VERSION")).strip();
      int major = host.installation().major();
      if (!found.equals(Integer.toString(major))) {
        throw invalid(root + " holds data of PostgreSQL " + found + ", not of " + major);
      }
      requireUnused(root, data);
      return new InstanceDirectory(root, user, true);
    }
    try (Stream<Path> files = Files.list(root)) {
      if (files.findAny().isPresent()) {
        throw invalid(
            contents.mayBeKept()
                ? root + " is neither empty nor the directory of an embedded PostgreSQL"
                : root + " is not empty: a new replica is copied to an empty directory");
      }
    }
    return new InstanceDirectory(root, user, false);
  }

  /** Its settings would be written over, and where its data is not kept that would go, too. */
  private static void requireUnused(Path root, Path data) throws IOException {
    OptionalLong running = ServerProcess.runningIn(data);
    if (running.isPresent()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "A PostgreSQL runs in " + root + ", whose process is " + running.getAsLong())
          .nextStep("Close that one first, or name another directory.")
          .toException();
    }
  }

  /** Whether an earlier server has left it. */
  boolean isKept() {
    return isKept;
  }

  /** Makes it ready for a server. */
  void fill(Contents contents) throws IOException {
    if (isKept) {
      TemplateDatabase.includeSettings(data(), user);
    } else {
      fillNew(contents);
      if (!user.canEnter(data())) {
        throw ErrorDetails.of(
                ErrorCategory.PERMISSION,
                "PostgreSQL runs as " + user + " here, who cannot enter " + root)
            .nextStep("Name a directory whose parents all users may enter.")
            .toException();
      }
    }
    secret = Files.readAllLines(root.resolve(TemplateDatabase.SECRET));
  }

  /**
   * What is given away is so before that user can come to it: until then it is in a closed folder.
   */
  private void fillNew(Contents contents) throws IOException {
    Path draft = Files.createTempDirectory(root, "draft");
    contents.fill(draft, root);
    for (String given :
        List.of(
            TemplateDatabase.DATA,
            TABLESPACES,
            ServerCertificate.CERTIFICATE,
            ServerCertificate.KEY)) {
      Path part = draft.resolve(given);
      if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
        user.own(part);
      }
    }
    try (Stream<Path> parts = Files.list(draft)) {
      for (Path part : (Iterable<Path>) parts::iterator) {
        Files.move(part, root.resolve(part.getFileName()));
      }
    }
    Files.delete(draft);
    if (user.isAnotherUser()) {
      WorkDirectory.letPass(root);
    }
  }

  /** Copies what is in a folder of ours. */
  static void copyParts(Path source, Path draft) throws IOException {
    try (Stream<Path> parts = Files.list(source)) {
      for (Path part : (Iterable<Path>) parts::iterator) {
        DirectoryTree.copy(part, draft.resolve(part.getFileName()));
      }
    }
  }

  private static Path create(boolean onDisk, WorkDirectory work) throws IOException {
    Optional<Path> memory = onDisk ? Optional.empty() : MemoryDirectory.instance();
    return memory.isPresent() ? memory.get() : work.instance();
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  /**
   * Writes the files that the server reads at its start.
   *
   * @param replicationRole a role that replicates and does nothing else
   */
  void configure(String settings, boolean sslOnly, String replicationRole) throws IOException {
    write(
        access(),
        String.format(
            "host all \"%2$s\" 127.0.0.1/32 reject%n"
                + "host postgres \"%3$s\" 127.0.0.1/32 scram-sha-256%n"
                + "%1$s all all 127.0.0.1/32 scram-sha-256%n"
                + "%1$s replication all 127.0.0.1/32 scram-sha-256%n",
            sslOnly ? "hostssl" : "host", replicationRole, superuser()));
    write(root.resolve(TemplateDatabase.SETTINGS), settings);
    PrivateFile.make(log(), user.recipient());
  }

  /** A file that the server's user reads, and nobody else but this JVM's. */
  void write(Path file, String text) throws IOException {
    PrivateFile.replace(file, text, PrivateFile.Durability.NONE);
    user.own(file);
  }

  Path root() {
    return root;
  }

  /** Who may connect. */
  Path access() {
    return root.resolve(ACCESS);
  }

  Path data() {
    return root.resolve(TemplateDatabase.DATA);
  }

  Path log() {
    return root.resolve(LOG);
  }

  /** What the server's certificate comes from. */
  Path authority() {
    Path authority = root.resolve(ServerCertificate.AUTHORITY);
    // One that was kept by an earlier version of this code has signed itself.
    return Files.exists(authority) ? authority : root.resolve(ServerCertificate.CERTIFICATE);
  }

  String superuser() {
    return secret.get(0);
  }

  String superuserPassword() {
    return secret.get(1);
  }

  /**
   * Deletes all but one folder of the data, which is then beside where that was.
   *
   * @return where it is now
   */
  Path reduceTo(Path kept) throws IOException {
    Path here = root.resolve(kept.getFileName());
    Files.move(kept, here);
    try (Stream<Path> all = Files.list(root)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        if (!each.equals(here)) {
          delete(each, user);
        }
      }
    }
    return here;
  }

  void delete() throws IOException {
    delete(root, user);
  }

  /** By a program that follows no folder which that user puts a link in the place of meanwhile. */
  private static void delete(Path root, OperatingUser user) throws IOException {
    if (user.isAnotherUser()) {
      Command.Result removed = Command.run(List.of("rm", "-rf", "--", root.toString()), LIMIT);
      if (!removed.succeeded()) {
        throw new IOException(root + " could not be deleted: " + removed.output());
      }
      return;
    }
    DirectoryTree.delete(root);
  }
}
