/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A load that disables triggers, writes and enables them, as pg_restore and Rails do. */
class UncommittedFenceTest {
  @Test
  void aLoadWithoutTriggersThatHasNotCommittedIsSeenBeforeTheDecision() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onTarget("CREATE TABLE t (id int PRIMARY KEY)");
      WriteFence fence = new WriteFence("test", List.of(new TableName("public", "t")));
      try (Connection connection = PinnedSession.open(ends.target(), "test");
          Connection load = ends.target().connect();
          Statement statement = load.createStatement()) {
        fence.prepare(connection, "there");
        fence.raise(connection, Duration.ofSeconds(10));
        OpenWrites.awaitEnd(
            connection, List.of(new TableName("public", "t")), Duration.ofSeconds(10));

        load.setAutoCommit(false);
        statement.execute("ALTER TABLE t DISABLE TRIGGER USER");
        statement.execute("INSERT INTO t VALUES (1)");
        statement.execute("ALTER TABLE t ENABLE TRIGGER USER");

        try {
          // The decision would come next, and then this commit: the row is on this side only.
          assertThatThrownBy(() -> fence.requireStanding(connection))
              .isInstanceOf(CloudDbException.class);
        } finally {
          load.commit();
        }
      }
    }
  }
}
