/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Instance;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What has the name of something that is gone is another. */
class NamesThatAreUsedAgainTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

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

  private static Instance create(String name) {
    return here.instances()
        .create(RdsTestCloud.spec(name).backups(BackupPolicy.daily().retainDays(3)).build())
        .await(LIMIT);
  }

  private static OperationState prepared(Backup backup) {
    OperationState begun =
        OperationState.begin(
            BackupDriver.DELETE.id(),
            backup.id(),
            UUID.randomUUID().toString(),
            rds.clock().instant(),
            null);
    return rds.workflow(here, BackupDriver.DELETE)
        .prepare(RdsTestCloud.context(begun, rds.clock().instant()));
  }

  private static void end(OperationState prepared) {
    StepRun<ResourceId> run = rds.run(here, BackupDriver.DELETE, prepared);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!(run.poll(rds.clock().instant()) instanceof StepRun.Outcome.Done)) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @Test
  void anOldTokenDeletesNoLaterCopyOfTheSameSnapshot() {
    Instance ink = create("ink");
    Backup first = here.backups().take(ink.id(), BackupSpec.named("ink-1")).await(LIMIT);
    BackupSpec spec = BackupSpec.named("ink-copy");
    Backup copy = here.backups().copy(first.id(), spec).await(LIMIT);
    OperationState prepared = prepared(copy);
    assertThat(here.backups().delete(copy.id()).await(LIMIT)).isEqualTo(copy.id());
    Backup later = here.backups().copy(first.id(), spec).await(LIMIT);

    end(prepared);
    assertThat(here.backups().find(ink.id(), later.name())).as("somebody else's").isPresent();
  }

  /** The copy has the time of the data in common with what it was copied from. */
  @Test
  void anOldTokenDeletesNoCopyThatHasTheNameOfItsSource() {
    Instance pen = create("pen");
    Backup first = here.backups().take(pen.id(), BackupSpec.named("pen-1")).await(LIMIT);
    Backup spare = here.backups().copy(first.id(), BackupSpec.named("pen-2")).await(LIMIT);
    OperationState prepared = prepared(first);
    assertThat(here.backups().delete(first.id()).await(LIMIT)).isEqualTo(first.id());
    Backup back = here.backups().copy(spare.id(), BackupSpec.named("pen-1")).await(LIMIT);

    end(prepared);
    assertThat(here.backups().find(pen.id(), back.name())).as("somebody else's").isPresent();
  }

  @Test
  void aDeletedInstanceIsBroughtBackUnderItsName() {
    Instance phoenix = create("phoenix");
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (here.backups().window(phoenix.id()).latest().isEmpty()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
    assertThat(here.instances().deleteKeepingBackups(phoenix.id()).await(LIMIT))
        .isEqualTo(phoenix.id());
    assertThat(
            here.backups()
                .restore(RestoreSpec.of(phoenix.id()).latest().named("phoenix"))
                .await(LIMIT)
                .id())
        .isEqualTo(phoenix.id());
  }

  @Test
  void anInstanceHasItsNameInAnotherRegionToo() {
    RestoreSpec spec = RestoreSpec.of(rds.id("orders")).latest().named("orders");
    assertThat(here.in("eu-west-1").backups().plan(spec).feasible()).isTrue();
  }
}
