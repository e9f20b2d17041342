/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Storage;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Plain restores whose requests RDS refuses, after something has been made. */
class RestoresThatEndInRefusalsOfRdsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int MOST_TAGS = 49;

  private static RdsTestCloud rds;
  private static CloudDb here;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud();
    here = rds.open();
  }

  @AfterAll
  static void stop() {
    try (var first = rds;
        var second = here) {
      // Closed by leaving.
    }
  }

  /** The restored one has the backup window of the snapshot, and is to have today's other one. */
  @Test
  void windowsThatWereMovedSinceTheBackup() {
    Instance moved =
        here.instances()
            .create(
                RdsTestCloud.spec("moved")
                    .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7))
                    .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(5, 0)))
                    .build())
            .await(LIMIT);
    Backup backup = here.backups().take(moved.id(), BackupSpec.named("moved-1")).await(LIMIT);
    var unused =
        here.instances()
            .modify(
                moved.id(),
                InstanceChange.builder()
                    .backups(BackupPolicy.daily(LocalTime.of(7, 0)).retainDays(7))
                    .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(3, 0)))
                    .build())
            .await(LIMIT);
    assertThatCode(
            () ->
                here.backups().restore(RestoreSpec.from(backup).named("moved-again")).await(LIMIT))
        .doesNotThrowAnyException();
  }

  /** RDS has enlarged the disk nearly to its limit, or a change has. */
  @Test
  void aDiskThatHasGrownToItsLimit() {
    Instance full =
        here.instances()
            .create(
                RdsTestCloud.spec("full")
                    .storage(Storage.ssd(DataSize.gib(20)).growingTo(DataSize.gib(100)))
                    .build())
            .await(LIMIT);
    var unused =
        here.instances()
            .modify(full.id(), InstanceChange.builder().storageSize(DataSize.gib(95)).build())
            .await(LIMIT);
    Backup backup = here.backups().take(full.id(), BackupSpec.named("full-1")).await(LIMIT);
    assertThatCode(
            () -> here.backups().restore(RestoreSpec.from(backup).named("full-again")).await(LIMIT))
        .doesNotThrowAnyException();
  }

  /** The spec's one tag and the source's 49 and this library's own are 51. */
  @Test
  void moreTagsThanRdsTakesTogether() {
    InstanceSpec.Builder spec = RdsTestCloud.spec("tagged").parameter("work_mem", "8192");
    for (int i = 0; i < MOST_TAGS; i++) {
      spec.tag("tag-" + i, "value");
    }
    Instance tagged = here.instances().create(spec.build()).await(LIMIT);
    Backup backup = here.backups().take(tagged.id(), BackupSpec.named("tagged-1")).await(LIMIT);
    int groups = rds.simulator().requests("CreateDBParameterGroup").size();
    int restores = rds.simulator().requests("RestoreDBInstanceFromDBSnapshot").size();
    RestoreSpec more = RestoreSpec.from(backup).named("tagged-again").tag("one", "more");
    assertThatThrownBy(() -> here.backups().restore(more).await(LIMIT))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("tagged-again would have 51 tags")
        .satisfies(e -> assertThat(((CloudDbException) e).nextStep()).isPresent());
    assertThat(rds.simulator().requests("CreateDBParameterGroup")).hasSize(groups);
    assertThat(rds.simulator().requests("RestoreDBInstanceFromDBSnapshot")).hasSize(restores);

    BackupSpec full = BackupSpec.named("tagged-2");
    for (int i = 0; i < MOST_TAGS; i++) {
      full = full.tag("other-" + i, "value");
    }
    Backup second = here.backups().take(tagged.id(), full).await(LIMIT);
    BackupSpec copy = BackupSpec.named("tagged-3").tag("one", "more");
    assertThatThrownBy(() -> here.backups().copy(second.id(), copy).await(LIMIT))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("would have 51 tags");
  }
}
