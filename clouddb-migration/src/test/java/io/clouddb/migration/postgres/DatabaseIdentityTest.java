/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class DatabaseIdentityTest {
  @Test
  void anOrdinaryRoleCanTellADatabaseFromAnother() throws Exception {
    try (Ends ends = Ends.of(16, 14)) {
      DatabaseIdentity source = read(ends.source());

      assertThat(source.system()).isEqualTo(SourceIdentity.read(ends.source()).systemIdentifier());
      assertThat(source.timeline()).isEqualTo("00000001");
      assertThat(source.difference(read(ends.source()))).isEmpty();
      assertThat(source.difference(read(ends.target()))).isPresent();
      assertThat(DatabaseIdentity.of("source", source.entries("source"))).isEqualTo(source);
    }
  }

  private static DatabaseIdentity read(ConnectionDetails end) throws SQLException {
    try (Connection connection = PinnedSession.open(end, "test")) {
      return DatabaseIdentity.read(end, connection);
    }
  }

  @Test
  void whatIsNotKnownTellsNothing() {
    DatabaseIdentity began = new DatabaseIdentity("1", "16385", "00000001");

    assertThat(began.difference(new DatabaseIdentity("", "16385", ""))).isEmpty();
    assertThat(began.difference(new DatabaseIdentity("2", "16385", "00000001")))
        .contains("its system identifier is 2 instead of 1");
    assertThat(began.difference(new DatabaseIdentity("1", "16390", "00000001")).orElseThrow())
        .contains("oid is 16390 instead of 16385");
    assertThat(began.failover(new DatabaseIdentity("1", "16385", "0000000A")))
        .contains("failed over or was restored: timeline 10 instead of 1");
    assertThat(began.failover(new DatabaseIdentity("1", "16385", ""))).isEmpty();
  }
}
