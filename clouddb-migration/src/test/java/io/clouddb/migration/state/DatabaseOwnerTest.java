/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A database belongs to its application's role, as is usual on the clouds, or to a group that all
 * users are members of (cloudsqlsuperuser); the migration's role may do more.
 */
class DatabaseOwnerTest {
  private static final String TRIGGER =
      "CREATE TRIGGER pwn BEFORE UPDATE ON clouddb_state.lease FOR EACH ROW EXECUTE FUNCTION"
          + " clouddb_state.pwn()";

  @Test
  void theApplicationThatOwnsTheDatabaseGainsNothingByAJournalThatItMadeFirst() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start()) {
      TwoDatabases.run(
          server.superuser(),
          "CREATE ROLE shop LOGIN PASSWORD 'secret'",
          "CREATE ROLE mover LOGIN PASSWORD 'secret'",
          "CREATE DATABASE shop OWNER shop",
          "GRANT CREATE ON DATABASE shop TO mover");
      ConnectionDetails shop = server.connection("shop", "shop", SecretRef.literal("secret"));
      ConnectionDetails mover = server.connection("shop", "mover", SecretRef.literal("secret"));
      TwoDatabases.run(mover, "CREATE SCHEMA others", "CREATE TABLE others.salaries (i int)");
      // First, and by the library itself, so that all is plain.
      StateStore.jdbc(shop.dataSource()).open("x").close();
      TwoDatabases.run(
          shop,
          "GRANT USAGE ON SCHEMA clouddb_state TO mover",
          "GRANT ALL ON ALL TABLES IN SCHEMA clouddb_state TO mover",
          "CREATE FUNCTION clouddb_state.pwn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
              + " GRANT USAGE ON SCHEMA others TO shop;"
              + " GRANT SELECT ON others.salaries TO shop; RETURN NEW; END $$");
      try (Journal journal =
          StateStore.jdbc(mover.dataSource(), Duration.ofSeconds(1)).open("shop")) {
        TwoDatabases.run(shop, TRIGGER);
        TimeUnit.SECONDS.sleep(2);
        journal.requireHeld();
      } catch (ConditionFailedException e) {
        assertThat(e).hasMessageContaining("clouddb_state");
      }
      assertThat(
              TwoDatabases.ask(
                  mover, "SELECT has_table_privilege('shop', 'others.salaries', 'SELECT')"))
          .isEqualTo("f");
    }
  }
}
