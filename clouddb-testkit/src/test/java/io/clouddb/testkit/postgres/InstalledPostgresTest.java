/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InstalledPostgresTest {
  @TempDir private Path folder;

  private void install(String name, String output) throws IOException {
    Path program = folder.resolve(name);
    Files.writeString(program, "#!/bin/sh\necho '" + output + "'\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void tellsItsVersion() throws IOException {
    String words = "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)";
    install("postgres", words);
    install("initdb", "");
    install("pg_ctl", "");

    InstalledPostgres found = InstalledPostgres.at(folder).orElseThrow();

    assertThat(found.version()).isEqualTo("15.20");
    assertThat(found.major()).isEqualTo(15);
    assertThat(found).hasToString(words + " in " + folder);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void isNoneWhereAProgramIsMissingOrItIsNotReleased() throws IOException {
    install("postgres", "postgres (PostgreSQL) 19beta1");
    install("initdb", "");
    assertThat(InstalledPostgres.at(folder)).isEmpty();

    install("pg_ctl", "");
    assertThat(InstalledPostgres.at(folder)).isEmpty();

    install("postgres", "postgres (PostgreSQL) 19.1");
    assertThat(InstalledPostgres.at(folder)).isPresent();
  }

  @Test
  void runsAsAnEmbeddedOneDoes() throws Exception {
    Optional<InstalledPostgres> installed = InstalledPostgres.find();
    assumeTrue(installed.isPresent(), "no PostgreSQL server is installed");
    EmbeddedPostgresBuilder builder =
        EmbeddedPostgres.builder().installed(installed.get()).durable(false);
    Path directory;
    try (EmbeddedPostgres postgres = builder.start();
        Connection connection = postgres.superuser().connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_version")) {
      directory = postgres.directory();
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).startsWith(installed.get().version());
      assertThat(postgres.version()).isEqualTo(installed.get().major());
    }
    assertThat(directory).doesNotExist();
  }
}
