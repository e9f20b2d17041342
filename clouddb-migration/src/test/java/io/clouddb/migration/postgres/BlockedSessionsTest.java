/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BlockedSessionsTest {
  private static ConnectionDetails named(EmbeddedPostgres server, String name) {
    return server.superuser().toBuilder().parameter("ApplicationName", name).build();
  }

  @Test
  void namesWhoWaitsForTheMigrationAndNobodyElse() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start();
        Connection looking = server.superuser().connect();
        Connection holder = named(server, "clouddb-my_shop-locks").connect();
        Statement hold = holder.createStatement()) {
      TwoDatabases.run(server.superuser(), "CREATE TABLE busy (id int)");
      holder.setAutoCommit(false);
      hold.execute("LOCK TABLE busy IN ACCESS SHARE MODE");
      assertThat(BlockedSessions.behind(looking, "clouddb-my_shop")).isEmpty();

      CompletableFuture<Void> truncate =
          CompletableFuture.runAsync(
              () -> {
                try {
                  TwoDatabases.run(named(server, "the till"), "TRUNCATE busy");
                } catch (SQLException e) {
                  throw new CompletionException(e);
                }
              });

      Eventually.until(
          "somebody waits", () -> !BlockedSessions.behind(looking, "clouddb-my_shop").isEmpty());
      assertThat(BlockedSessions.behind(looking, "clouddb-my_shop"))
          .singleElement()
          .asString()
          .contains("'the till'", "waits for a lock of the migration")
          .doesNotContain("TRUNCATE");
      assertThat(BlockedSessions.behind(looking, "clouddb-myxshop")).isEmpty();
      assertThat(BlockedSessions.behind(looking, "clouddb-my")).isEmpty();
      holder.rollback();
      truncate.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void endsTheSessionsOfOneMigrationOnly() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start();
        Connection copy = named(server, "clouddb-shop-copy").connect();
        Connection bare = named(server, "clouddb-shop").connect();
        Connection other = named(server, "clouddb-shop2-copy").connect();
        Connection application = named(server, "shop").connect()) {
      assertThat(OwnSessions.end(server.superuser(), "clouddb-shop")).isEqualTo(2);

      Eventually.until("ended", () -> !copy.isValid(1) && !bare.isValid(1));
      assertThat(other.isValid(5)).isTrue();
      assertThat(application.isValid(5)).isTrue();
    }
  }
}
