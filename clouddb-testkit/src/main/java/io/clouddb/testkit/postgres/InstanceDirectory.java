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
import java.util.Map;
import java.util.Optional;
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

  private final Path root;
  private final OperatingUser user;
  private final String superuser;
  private final String superuserPassword;

  private InstanceDirectory(Path root, OperatingUser user) throws IOException {
    this.root = root;
    this.user = user;
    List<String> secret = Files.readAllLines(root.resolve(TemplateDatabase.SECRET));
    this.superuser = secret.get(0);
    this.superuserPassword = secret.get(1);
  }

  /**
   * Copies the template, or takes what an earlier server has kept.
   *
   * @param asked the directory to use, null for a new one
   * @param onDisk whether it must not be in memory
   */
  static InstanceDirectory prepare(
      @Nullable Path asked,
      boolean onDisk,
      Installation installation,
      WorkDirectory work,
      OperatingUser user)
      throws IOException {
    Path root = asked == null ? create(onDisk, work) : asked.toAbsolutePath();
    Path data = root.resolve(TemplateDatabase.DATA);
    // What is in it is run: a server's settings name commands.
    PrivateFolder.make(root, user.recipient());
    if (Files.exists(data, LinkOption.NOFOLLOW_LINKS)) {
      PrivateFolder.make(data, user.recipient());
      String found = Files.readString(data.resolve("PG_VERSION")).strip();
      if (!found.equals(Integer.toString(installation.major()))) {
        throw invalid(
            root + " holds data of PostgreSQL " + found + ", not of " + installation.major());
      }
      TemplateDatabase.includeSettings(data, user);
      return new InstanceDirectory(root, user);
    }
    try (Stream<Path> files = Files.list(root)) {
      if (files.findAny().isPresent()) {
        throw invalid(root + " is neither empty nor the directory of an embedded PostgreSQL");
      }
    }
    fill(root, List.of(installation.template(), installation.certificate()), user);
    if (!user.canEnter(data)) {
      delete(root, user);
      throw ErrorDetails.of(
              ErrorCategory.PERMISSION,
              "PostgreSQL runs as " + user + " here, who cannot enter " + root)
          .nextStep("Name a directory whose parents all users may enter.")
          .toException();
    }
    return new InstanceDirectory(root, user);
  }

  /**
   * What is given away is so before that user can come to it: until then it is in a closed folder.
   */
  private static void fill(Path root, List<Path> sources, OperatingUser user) throws IOException {
    Path draft = Files.createTempDirectory(root, "draft");
    for (Path source : sources) {
      try (Stream<Path> parts = Files.list(source)) {
        for (Path part : (Iterable<Path>) parts::iterator) {
          DirectoryTree.copy(part, draft.resolve(part.getFileName()));
        }
      }
    }
    for (String given :
        List.of(TemplateDatabase.DATA, ServerCertificate.CERTIFICATE, ServerCertificate.KEY)) {
      user.own(draft.resolve(given));
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

  private static Path create(boolean onDisk, WorkDirectory work) throws IOException {
    Optional<Path> memory = onDisk ? Optional.empty() : MemoryDirectory.instance();
    return memory.isPresent() ? memory.get() : work.instance();
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  /** Writes the files that the server reads at its start. */
  void configure(Map<String, String> settings, boolean ssl, boolean sslOnly) throws IOException {
    String type = sslOnly ? "hostssl" : "host";
    Path access = root.resolve(ACCESS);
    write(
        access,
        String.format(
            "%1$s all all 127.0.0.1/32 scram-sha-256%n"
                + "%1$s replication all 127.0.0.1/32 scram-sha-256%n",
            type));
    write(
        root.resolve(TemplateDatabase.SETTINGS), ServerSettings.text(settings, access, root, ssl));
    PrivateFile.make(log(), user.recipient());
  }

  private void write(Path file, String text) throws IOException {
    PrivateFile.replace(file, text, PrivateFile.Durability.NONE);
    user.own(file);
  }

  Path root() {
    return root;
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
    return superuser;
  }

  String superuserPassword() {
    return superuserPassword;
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
