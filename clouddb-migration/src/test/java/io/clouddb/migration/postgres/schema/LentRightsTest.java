/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rights that an owner gets for a moment, which the migration's role may be unable to give. */
class LentRightsTest {
  @Test
  void whatCannotBeLentIsSaidAtOnce() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      String admin = ends.target().user();
      String owner = admin + "_owner";
      String other = admin + "_other";
      List<EmbeddedPostgres> servers = List.of(ends.sourceServer(), ends.targetServer());
      for (EmbeddedPostgres server : servers) {
        ends.asSuperuser(
            server,
            "CREATE ROLE " + owner,
            "CREATE ROLE " + other,
            "GRANT " + owner + " TO " + admin,
            "CREATE SCHEMA s AUTHORIZATION " + other,
            "GRANT USAGE, CREATE ON SCHEMA s TO " + admin);
      }
      ends.asSuperuser(
          ends.sourceServer(),
          "CREATE TABLE s.t (id int PRIMARY KEY)",
          "ALTER TABLE s.t OWNER TO " + owner);
      try {
        assertThatThrownBy(
                () ->
                    SchemaTransfer.of(ends.source(), ends.target(), TableSelection.all())
                        .beforeData())
            .hasMessageContaining("GRANT CREATE ON SCHEMA \"s\" TO \"" + owner + "\"")
            .hasMessageContaining("had no effect");
      } finally {
        for (EmbeddedPostgres server : servers) {
          ends.asSuperuser(
              server,
              "DROP OWNED BY " + owner + ", " + other + " CASCADE",
              "DROP ROLE " + owner + ", " + other);
        }
      }
    }
  }
}
