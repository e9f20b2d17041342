/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.route.RouteMember;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tables that were plain when they were looked at, and whose owner is not to be trusted. */
class LaterTriggerTest {
  private static RouteMember member(long beat) {
    return new RouteMember("m", "a member", beat, 0, 0, Duration.ofSeconds(1));
  }

  @Test
  void aTriggerThatAStrangerAddsAfterTheLookDoesNotRun() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start()) {
      TwoDatabases.run(
          server.superuser(),
          "CREATE ROLE keeper LOGIN PASSWORD 'secret'",
          "CREATE ROLE stranger LOGIN PASSWORD 'secret'",
          "CREATE DATABASE state OWNER keeper");
      ConnectionDetails keeper = server.connection("state", "keeper", SecretRef.literal("secret"));
      TwoDatabases.run(
          keeper,
          "GRANT CREATE ON DATABASE state TO stranger",
          "CREATE TABLE public.customers (name text)",
          "INSERT INTO public.customers VALUES ('Ada')");
      ConnectionDetails stranger =
          server.connection("state", "stranger", SecretRef.literal("secret"));
      // Plain tables, as the library makes them, by who may create a schema and came first.
      try (RouteStore route = RouteStore.jdbc(stranger.dataSource(), "shop")) {
        route.beat(member(1));
      }
      TwoDatabases.run(
          stranger,
          "GRANT ALL ON SCHEMA clouddb_route TO PUBLIC",
          "GRANT ALL ON ALL TABLES IN SCHEMA clouddb_route TO PUBLIC");
      try (RouteStore route = RouteStore.jdbc(keeper.dataSource(), "shop")) {
        route.beat(member(2));
        TwoDatabases.run(
            stranger,
            "CREATE FUNCTION clouddb_route.pwn() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN GRANT SELECT ON public.customers TO stranger; RETURN NEW; END $$",
            "CREATE TRIGGER pwn BEFORE INSERT OR UPDATE ON clouddb_route.member"
                + " FOR EACH ROW EXECUTE FUNCTION clouddb_route.pwn()");
        try {
          route.beat(member(3));
        } catch (CloudDbException e) {
          assertThat(e).hasMessageContaining("clouddb_route");
        }
      }
      assertThat(
              TwoDatabases.ask(
                  keeper, "SELECT has_table_privilege('stranger', 'public.customers', 'SELECT')"))
          .as("the stranger may read the keeper's table")
          .isEqualTo("f");
    }
  }
}
