/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

  /** The settings that the builder was given; the server reads it last. */
  static final String SETTINGS = "clouddb.conf";

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
    Files.writeString(
        data.resolve("postgresql.conf"),
        "\ninclude_if_exists = '" + SETTINGS + "'\n",
        StandardOpenOption.APPEND);
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
