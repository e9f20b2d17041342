/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which backup tells what a deleted instance was. */
class RecoveryWindowTest {
  private static final String DELETED = "2026-11-20T00:00:00.5Z";
  private static final String BEFORE = "2026-11-20T00:00:00Z";

  private static Backup backup(String name, String taken, String deleted) {
    return new Backup()
        .setName(name)
        .setInstanceDeletionTime(deleted)
        .setBackupInterval(new Interval().setStartTime(taken));
  }

  /** An instance may have had another size, and no points in time, when an older one was taken. */
  @Test
  void theNewestOfTheLastDeletionTellsInWhateverOrderTheyAreListed() {
    Backup old = backup("old", "2025-11-01T00:00:00Z", DELETED);
    Backup newest = backup("newest", "2026-11-19T03:00:00Z", DELETED);
    Backup failed = new Backup().setName("failed").setInstanceDeletionTime(DELETED);
    Backup former = backup("former", "2026-11-19T23:00:00Z", BEFORE);
    assertThat(RecoveryWindow.last(List.of(old, newest, failed, former))).contains(newest);
    assertThat(RecoveryWindow.last(List.of(former, failed, newest, old))).contains(newest);
    assertThat(RecoveryWindow.last(List.of())).isEmpty();
  }

  /** "The instance was deleted and had PITR retention enabled", of the page on recovery. */
  @Test
  void aFinalBackupAloneHasNoLogsToGoBackIn() {
    Backup last = backup("final", "2026-11-20T00:00:00.4Z", DELETED).setType("FINAL");
    Backup former = backup("former", "2026-11-19T23:00:00Z", BEFORE).setType("AUTOMATED");
    assertThat(RecoveryWindow.last(List.of(last))).isEmpty();
    assertThat(RecoveryWindow.last(List.of(last, former))).contains(former);
    Backup its = backup("its", "2026-11-19T03:00:00Z", DELETED).setType("ON_DEMAND");
    assertThat(RecoveryWindow.last(List.of(its, last, former)))
        .as("what the instance was at last")
        .contains(last);
  }
}
