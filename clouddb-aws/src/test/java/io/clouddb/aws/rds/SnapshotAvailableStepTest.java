/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.ResourceId;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupSpec;
import io.clouddb.operation.OperationKind;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Look;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsResponse;

/** What is said of a snapshot that was begun, and is not there. */
class SnapshotAvailableStepTest {
  private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
  private static final ResourceId LATE = ResourceId.of("aws", "1", "eu-west-1", "backup", "late");

  private static String gone(OperationKind<Backup> kind) {
    AnsweringRds rds = new AnsweringRds();
    rds.refuses(DescribeDbSnapshotsResponse.class, 404, "DBSnapshotNotFound");
    Look look =
        new SnapshotAvailableStep(rds.calls())
            .look(
                RdsTestCloud.context(
                    OperationState.begin(kind.id(), LATE, "op", BEGUN, BackupSpec.named("late")),
                    BEGUN));
    assertThat(look).isInstanceOf(Look.Missing.class);
    return ((Look.Missing) look).message();
  }

  @Test
  void aCopyThatIsGoneMayBeSoByItsSource() {
    assertThat(gone(BackupDriver.COPY))
        .isEqualTo("not visible yet; RDS ends a copy whose source is deleted meanwhile");
    assertThat(gone(BackupDriver.TAKE)).isEqualTo("not visible yet");
  }
}
