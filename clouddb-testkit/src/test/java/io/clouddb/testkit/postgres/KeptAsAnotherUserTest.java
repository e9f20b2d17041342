/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As in a container, where root may make no user namespace. */
class KeptAsAnotherUserTest {
  @TempDir Path folder;

  private static String ask(EmbeddedPostgres server, String sql) throws Exception {
    try (Connection connection = server.superuser().connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void goesOnAlsoWhereAnEarlierVersionGaveAllAway() throws Exception {
    var other = OperatingUser.tryWay(OperatingUser.Way.SETPRIV);
    assumeTrue(other.isPresent(), "only root becomes somebody else");
    OperatingUser user = other.get();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path kept = folder.resolve("kept");
    EmbeddedPostgresBuilder builder =
        EmbeddedPostgres.builder()
            .durable(false)
            .ssl(true)
            .keepData(true)
            .dataDirectory(kept)
            .operatingUser(user);
    try (EmbeddedPostgres server = builder.start()) {
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
    }
    try (EmbeddedPostgres server = builder.start()) {
      server.restart();
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
    }
    UserPrincipal nobody = Files.getOwner(kept.resolve("data"));
    Path conf = kept.resolve("data/postgresql.conf");
    Files.writeString(
        conf,
        Files.readString(conf)
            .replace(
                "include_if_exists = '../clouddb.conf'", "include_if_exists = 'clouddb.conf'"));
    Files.move(kept.resolve("clouddb.conf"), kept.resolve("data/clouddb.conf"));
    Files.writeString(kept.resolve("data/clouddb.conf"), "work_mem = '77MB'\n");
    Files.move(
        kept.resolve("pg_hba.conf"),
        kept.resolve("data/pg_hba.conf"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    try (var all = Files.walk(kept)) {
      for (Path each : all.toList()) {
        Files.setOwner(each, nobody);
      }
    }
    Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwx------"));
    try (EmbeddedPostgres server = builder.start()) {
      server.setting("work_mem", "6MB").reload().restart();
      assertThat(ask(server, "SHOW work_mem")).isEqualTo("6MB");
      server.resetSetting("work_mem").restart();
      assertThat(ask(server, "SHOW work_mem")).isEqualTo("4MB");
    }
  }
}
