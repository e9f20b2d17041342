/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * A database cluster as initdb makes it. It is made once for each version and copied for each
 * server, which takes a tenth of the time.
 */
final class TemplateDatabase {
  /** The data directory inside an instance's directory. */
  static final String DATA = "data";

  /** The file with the superuser's name and password, beside the data, never inside it. */
  static final String SECRET = "superuser.secret";

  /** The settings that the builder was given, beside the data; the server reads it last. */
  static final String SETTINGS = "clouddb.conf";

  private static final String INCLUDE = "include_if_exists = '../" + SETTINGS + "'";

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private TemplateDatabase() {}

  /** Runs initdb; the result is a {@link #DATA} directory and a {@link #SECRET} file. */
  static void writeTo(Path directory, Path programs, String superuser, OperatingUser user)
      throws IOException {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    PrivateFile.create(directory.resolve(SECRET), superuser + "\n" + password);
    Path data = directory.resolve(DATA);
    PrivateFolder.make(data);
    Path passwordFile = directory.resolve("pwfile");
    PrivateFile.create(passwordFile, password);
    if (user.isAnotherUser()) {
      user.own(data);
      user.own(passwordFile);
    }
    // C.UTF-8 where the system has it, so that upper() and the like know more than ASCII.
    Command.Result result = initdb("C.UTF-8", data, superuser, passwordFile, programs, user);
    if (!result.succeeded() && result.output().contains("locale")) {
      result = initdb("C", data, superuser, passwordFile, programs, user);
    }
    if (!result.succeeded()) {
      throw new IOException("initdb failed as " + user + ": " + result.output());
    }
    Files.delete(passwordFile);
    includeSettings(data, user);
    if (user.isAnotherUser()) {
      // It is copied by root: nobody else changes it meanwhile.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Written as whom the data belongs to: he could have put a link in the file's place. */
  static void includeSettings(Path data, OperatingUser user) throws IOException {
    Path file = data.resolve("postgresql.conf");
    // An earlier version had them in the data, and what it wrote last would hold for ever.
    Path old = data.resolve(SETTINGS);
    if (user.isAnotherUser()) {
      String script =
          "rm -f -- \"$2\"; grep -qxF -- \"$1\" \"$0\" || printf '\\n%s\\n' \"$1\" >>\"$0\"";
      Command.Result written =
          Command.run(
              user.command(List.of("sh", "-c", script, file.toString(), INCLUDE, old.toString())),
              LIMIT);
      if (!written.succeeded()) {
        throw new IOException(file + " could not be written: " + written.output());
      }
      return;
    }
    Files.deleteIfExists(old);
    if (Files.readAllLines(file).stream().noneMatch(INCLUDE::equals)) {
      Files.writeString(file, "\n" + INCLUDE + "\n", StandardOpenOption.APPEND);
    }
  }

  private static Command.Result initdb(
      String locale,
      Path data,
      String superuser,
      Path passwordFile,
      Path programs,
      OperatingUser user)
      throws IOException {
    return Command.run(
        user.command(
            List.of(
                programs.resolve("initdb").toString(),
                "--pgdata=" + data,
                "--username=" + superuser,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=" + locale,
                "--lc-messages=C",
                "--no-sync")),
        LIMIT);
  }
}
