/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.file.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.postgresql.util.PasswordUtil;

/**
 * The role as which replicas come to their primary. It replicates and does nothing else; its
 * password is random, and known to nobody but the files of the servers that are copies of each
 * other, which all have the same.
 *
 * @param name its name
 * @param password its password, of letters, digits, minus and underscore
 */
record ReplicationRole(String name, String password) {
  /** Beside the data, as the superuser's. */
  static final String SECRET = "replication.secret";

  private static final int PASSWORD_BYTES = 24;
  private static final int MOST = 1024;

  /** The one whose secret a directory holds. */
  static Optional<ReplicationRole> of(InstanceDirectory directory) throws IOException {
    Path secret = directory.root().resolve(SECRET);
    if (!Files.exists(secret, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    List<String> lines = PrivateFile.readText(secret, MOST).lines().toList();
    return Optional.of(new ReplicationRole(lines.get(0), lines.get(1)));
  }

  /**
   * The role of a server, made if there is none. The secret is written first: one without a role is
   * made good by the next try.
   *
   * @param session on that server
   * @param name what it is called if its secret is not there yet
   */
  static ReplicationRole make(InstanceDirectory directory, SuperuserSession session, String name)
      throws IOException, SQLException {
    Optional<ReplicationRole> known = of(directory);
    ReplicationRole role = known.orElseGet(() -> new ReplicationRole(name, randomPassword()));
    boolean isThere =
        session.is(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles"
                + " WHERE rolname OPERATOR(pg_catalog.=) ?)",
            role.name);
    if (isThere && known.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.ALREADY_EXISTS,
              "There is a role " + name + " already, which somebody else has made")
          .nextStep(
              "Drop it, or name another by replicationRole(name) of the builder: replicas come to"
                  + " their primary as a role of their own.")
          .toException();
    }
    if (known.isEmpty()) {
      role.writeTo(directory.root());
    }
    if (!isThere) {
      session.run(
          "CREATE ROLE \""
              + role.name
              + "\" LOGIN REPLICATION NOINHERIT PASSWORD '"
              + role.verifier()
              + "'");
    }
    return role;
  }

  /** Keeps it in a server's directory. */
  void writeTo(Path root) throws IOException {
    PrivateFile.create(root.resolve(SECRET), name + "\n" + password);
  }

  /** What the server compares with, so that no log and nobody's statistics have the password. */
  private String verifier() throws SQLException {
    char[] characters = password.toCharArray();
    try {
      return PasswordUtil.encodePassword(name, characters, "scram-sha-256");
    } finally {
      Arrays.fill(characters, '\0');
    }
  }

  private static String randomPassword() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return new String(
        Base64.getUrlEncoder().withoutPadding().encode(random), StandardCharsets.US_ASCII);
  }

  /** Its name only. */
  @Override
  public String toString() {
    return name;
  }
}
