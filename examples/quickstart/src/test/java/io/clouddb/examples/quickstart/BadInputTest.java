/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be done is refused with exit code 2, before anything has happened. */
class BadInputTest {
  private static final int REFUSED = 2;

  private static EmbeddedPostgres source;
  private static EmbeddedPostgres target;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    source = EmbeddedPostgres.builder().durable(false).setting("wal_level", "logical").start();
    target = EmbeddedPostgres.builder().durable(false).start();
  }

  @AfterAll
  static void stop() {
    if (source != null) {
      source.close();
    }
    if (target != null) {
      target.close();
    }
  }

  private static Map<String, String> logins(EmbeddedPostgres from, EmbeddedPostgres to) {
    return Map.of(
        "CLOUDDB_SOURCE_USER", from.superuser().user(),
        "CLOUDDB_SOURCE_PASSWORD", from.superuser().credentials().getProperty("password"),
        "CLOUDDB_TARGET_USER", to.superuser().user(),
        "CLOUDDB_TARGET_PASSWORD", to.superuser().credentials().getProperty("password"));
  }

  private static String url(EmbeddedPostgres postgres, String database) {
    return postgres.superuser().toBuilder().database(database).build().jdbcUrl();
  }

  private static void run(ConnectionDetails database, String... statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String newDatabase(EmbeddedPostgres postgres, String name, String... statements)
      throws SQLException {
    run(postgres.superuser(), "CREATE DATABASE " + name);
    run(postgres.superuser().toBuilder().database(name).build(), statements);
    return url(postgres, name);
  }

  private void assertRefused(Map<String, String> environment, String message, String... arguments)
      throws IOException, InterruptedException {
    try (CommandRun run = CommandRun.finish(folder, environment, arguments)) {
      assertThat(run.output()).contains(message).doesNotContain("\tat io.clouddb");
      assertThat(run.exitCode()).as(run.output()).isEqualTo(REFUSED);
      assertThat(Files.exists(run.report().resolve("report.json"))).isFalse();
    }
  }

  @Test
  void anUnknownCloud() throws Exception {
    assertRefused(
        Map.of(), "'oracle' is no cloud; there are aws, azure, gcp", "--source-cloud", "oracle");
  }

  @Test
  void anUnknownOption() throws Exception {
    assertRefused(Map.of(), "Unknown option: '--fast'", "--fast");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "many"})
  void aNumberOfRowsThatIsNone(String rows) throws Exception {
    assertRefused(Map.of(), "--rows", "--rows", rows);
  }

  @Test
  void oneEndOnly() throws Exception {
    assertRefused(Map.of(), "--from and --to go together", "--from", url(source, "postgres"));
  }

  @Test
  void ownDatabasesOnSimulatedClouds() throws Exception {
    assertRefused(
        Map.of(),
        "Either --from and --to",
        "--from",
        url(source, "postgres"),
        "--to",
        url(target, "postgres"),
        "--target-cloud",
        "gcp");
  }

  @Test
  void missingLoginsAreNamedAllAtOnce() throws Exception {
    try (CommandRun run =
        CommandRun.finish(
            folder, Map.of(), "--from", url(source, "postgres"), "--to", url(target, "postgres"))) {
      assertThat(run.output())
          .contains(
              "CLOUDDB_SOURCE_USER",
              "CLOUDDB_SOURCE_PASSWORD",
              "CLOUDDB_TARGET_USER",
              "CLOUDDB_TARGET_PASSWORD");
      assertThat(run.exitCode()).isEqualTo(REFUSED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://me:s3cret@127.0.0.1/shop",
        "jdbc:postgresql://127.0.0.1/shop?user=me&password=s3cret"
      })
  void aPasswordInAUrlIsRefusedAndNotRepeated(String from) throws Exception {
    try (CommandRun run =
        CommandRun.finish(
            folder, logins(source, target), "--from", from, "--to", url(target, "postgres"))) {
      assertThat(run.output()).contains("password in a JDBC URL is refused");
      assertThat(run.output()).doesNotContain("s3cret");
      assertThat(run.exitCode()).isEqualTo(REFUSED);
    }
  }

  @Test
  void aReportFolderThatIsAFile() throws Exception {
    Files.writeString(folder.resolve("report"), "not a folder");

    assertRefused(Map.of(), "--report cannot be written");
  }

  @Test
  void anUnreachableDatabase() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    assertRefused(
        logins(source, target),
        "127.0.0.1:" + nobody,
        "--from",
        "jdbc:postgresql://127.0.0.1:" + nobody + "/shop",
        "--to",
        url(target, "postgres"));
  }

  @Test
  void aWrongPassword() throws Exception {
    Map<String, String> logins = new HashMap<>(logins(source, target));
    logins.put("CLOUDDB_TARGET_PASSWORD", "wrong-one");
    try (CommandRun run =
        CommandRun.finish(
            folder, logins, "--from", url(source, "postgres"), "--to", url(target, "postgres"))) {
      assertThat(run.output()).contains("password").doesNotContain("wrong-one");
      assertThat(run.exitCode()).as(run.output()).isEqualTo(REFUSED);
    }
  }

  @Test
  void allThatPreflightFindsIsListedAtOnceAndTheSourceIsAsItWas() throws Exception {
    // As its source it takes the server without logical replication.
    String from = newDatabase(target, "no_logical", "CREATE TABLE keyless (id int)");
    String to =
        newDatabase(
            source, "not_empty", "CREATE TABLE keyless (id int)", "INSERT INTO keyless VALUES (1)");
    try (CommandRun run =
        CommandRun.finish(folder, logins(target, source), "--from", from, "--to", to)) {
      assertThat(run.exitCode()).as(run.output()).isEqualTo(REFUSED);
      assertThat(run.output())
          .contains("wal_level", "keyless", "REPLICA IDENTITY", "empty")
          .doesNotContain("\tat io.clouddb");
    }
    try (Connection connection =
            target.superuser().toBuilder().database("no_logical").build().connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (SELECT count(*) FROM pg_publication) + (SELECT count(*) FROM"
                    + " pg_replication_slots) + (SELECT count(*) FROM pg_trigger) + (SELECT"
                    + " count(*) FROM pg_namespace WHERE nspname LIKE 'clouddb%')")) {
      row.next();
      assertThat(row.getLong(1)).isZero();
    }
  }
}
