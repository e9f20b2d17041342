/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/** Every role may write logical messages, with any prefix, past the fence too. */
class FloodedMarkersTest {
  @Test
  void messagesOfOthersDoNotHideTheMarker() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE t (id int PRIMARY KEY)");
      String role = ends.source().user() + "_any";
      ends.asSuperuser(ends.sourceServer(), "CREATE ROLE " + role);
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier();
          ExpectedMarker mine = applier.expectMarker("mine")) {
        ends.catchUp(applier);
        applier.hold(Ends.PATIENCE);
        ends.onSource("SELECT pg_logical_emit_message(true, 'clouddb', 'mine')");
        ends.asSuperuser(
            ends.sourceServer(),
            "SET ROLE " + role,
            "SELECT pg_logical_emit_message(true, 'clouddb', 'his:' || i)"
                + " FROM generate_series(1, 1000) i");
        LogSequenceNumber behind =
            LogSequenceNumber.valueOf(
                Ends.query(ends.source(), "SELECT pg_current_wal_insert_lsn()"));
        applier.applyUpTo(behind, Ends.PATIENCE);
        assertThat(applier.position()).isGreaterThanOrEqualTo(behind);
        mine.await(Duration.ofMillis(1));
      } finally {
        ends.asSuperuser(ends.sourceServer(), "DROP ROLE " + role);
      }
    }
  }
}
