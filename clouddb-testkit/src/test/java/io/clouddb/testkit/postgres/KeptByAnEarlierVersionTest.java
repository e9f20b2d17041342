/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory whose settings were in the data, and written anew at each start. */
class KeptByAnEarlierVersionTest {
  @TempDir Path folder;

  private Path kept(String settings) throws Exception {
    Path kept = folder.resolve("kept");
    EmbeddedPostgres.builder().durable(false).keepData(true).dataDirectory(kept).start().close();
    Path conf = kept.resolve("data/postgresql.conf");
    Files.writeString(
        conf,
        Files.readString(conf)
            .replace(
                "include_if_exists = '../clouddb.conf'", "include_if_exists = 'clouddb.conf'"));
    Files.writeString(kept.resolve("data/clouddb.conf"), settings);
    Files.delete(kept.resolve("clouddb.conf"));
    Files.delete(kept.resolve("pg_hba.conf"));
    return kept;
  }

  private static String show(EmbeddedPostgres server, String name) throws Exception {
    try (Connection connection = server.superuser().connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void whatNobodyAsksForAnyMoreIsNotSet() throws Exception {
    Path kept = kept("work_mem = '77MB'\ndefault_transaction_read_only = 'on'\n");
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder().durable(false).keepData(true).dataDirectory(kept).start()) {
      server.resetSetting("work_mem").restart();
      assertThat(show(server, "work_mem")).isEqualTo("4MB");
      assertThat(show(server, "default_transaction_read_only")).isEqualTo("off");
    }
  }

  /** As of a server with ssl(true) whose directory was moved, and now has none. */
  @Test
  void aDirectoryThatWasMovedStarts() throws Exception {
    Path kept =
        kept(
            """
            ssl = 'on'
            ssl_cert_file = '/was/here/server.crt'
            ssl_key_file = '/was/here/server.key'
            """);
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder().durable(false).keepData(true).dataDirectory(kept).start()) {
      assertThat(show(server, "ssl")).isEqualTo("off");
    }
  }
}
