/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.report.MigrationReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One transaction that is larger than the heap of the migrating process. */
class LargeTransactionTest {
  @TempDir Path folder;

  @Tag("slow")
  @Test
  @DisplayName("A transaction of 300,000 rows, larger than the heap, is applied as one")
  void aTransactionThatIsLargerThanTheHeapIsAppliedAsOne() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true)) {
      GatedSchema.create(both.source);
      String state = folder.resolve("state").toString();
      try (SyncProcess process = SyncProcess.startWithHeap(state, both, "128m");
          GatedWriters writers = new GatedWriters(both.source, 1);
          Connection gates =
              GatedSchema.shut(
                  both.targetServer.superuser().toBuilder().database("shop").build(),
                  GatedSchema.BIG)) {
        // From here on the slot has all that is written.
        GatedSchema.awaitAt(
            both.targetServer.superuser().toBuilder().database("shop").build(), GatedSchema.BIG);
        TwoDatabases.run(
            both.source,
            "BEGIN; INSERT INTO filled SELECT 100000000 + i, repeat(md5(i::text), 16)"
                + " FROM generate_series(1, 200000) i; UPDATE filled SET t = t || '!'"
                + " WHERE id > 100000000 AND id % 2 = 0; COMMIT");
        writers.await(20);
        GatedSchema.open(gates, GatedSchema.BIG);
        assertThat(process.awaitDeath()).isZero();
        writers.awaitFenced();
      }
      MigrationReport report =
          SyncProcess.migration(SyncProcess.state(state), both.source, both.target).build().run();

      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(report.changesApplied()).isGreaterThanOrEqualTo(300_000);
      assertThat(GatedSchema.differences(both.source, both.target, List.of("big", "keyless")))
          .isEmpty();
      String sums =
          "SELECT count(*) || ' ' || sum(hashtextextended(t, id)) FROM filled WHERE id > 100000000";
      assertThat(TwoDatabases.ask(both.target, sums))
          .startsWith("200000 ")
          .isEqualTo(TwoDatabases.ask(both.source, sums));
    }
  }
}
