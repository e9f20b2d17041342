/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.migration.TwoDatabases;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Roles that are named as trusted, and have their privileges by default. */
class NamedByDefaultTest {
  @Test
  void aRoleThatIsNamedKeepsWhatDefaultPrivilegesGiveIt() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start()) {
      TwoDatabases.run(
          server.superuser(),
          "CREATE ROLE keeper LOGIN PASSWORD 'secret'",
          "CREATE ROLE other LOGIN PASSWORD 'secret'",
          "CREATE DATABASE state OWNER keeper");
      ConnectionDetails keeper = server.connection("state", "keeper", SecretRef.literal("secret"));
      ConnectionDetails other = server.connection("state", "other", SecretRef.literal("secret"));
      TwoDatabases.run(
          keeper,
          "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO other",
          "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO other");
      StateStore.jdbc(keeper.dataSource(), Set.of("other")).open("shop").close();
      StateStore.jdbc(other.dataSource(), Set.of("keeper")).open("shop").close();
    }
  }
}
