/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationKind;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.Tag;

/** Backups and restores when something goes wrong on the way, or somebody else is at it, too. */
class RdsBackupStepsTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static RdsTestCloud rds;
  private static CloudDb here;
  private static Instance orders;
  private static Backup kept;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud();
    here = rds.open();
    orders =
        here.instances()
            .create(
                RdsTestCloud.spec("orders")
                    .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7))
                    .build())
            .await(LIMIT);
    kept = here.backups().take(orders.id(), BackupSpec.named("kept")).await(LIMIT);
  }

  @AfterAll
  static void stop() {
    try (var first = rds;
        var second = here) {
      // Closed by leaving.
    }
  }

  @AfterEach
  void nothingIsLeftToGoWrong() {
    rds.simulator().faults().clear();
    rds.simulator().rds().impose(RdsTestCloud.REGION, "orders", "");
  }

  private static Operation<Backup> take(String name) {
    return here.backups().take(orders.id(), BackupSpec.named(name));
  }

  private static RdsClient somebody() {
    return here.unwrap(RdsClient.class);
  }

  private static ResourceId backup(String name) {
    return ResourceId.of("aws", rds.simulator().account(), RdsTestCloud.REGION, "backup", name);
  }

  private static int sent(String action) {
    return rds.simulator().requests(action).size();
  }

  @Test
  void aLostAnswerIsLookedForBeforeItIsSentAgain() {
    int before = sent("CreateDBSnapshot");
    rds.simulator().faults().on("CreateDBSnapshot").connectionResetAfter();
    assertThat(take("lost").await(LIMIT).state()).isEqualTo(Backup.State.AVAILABLE);
    assertThat(sent("CreateDBSnapshot")).isEqualTo(before + 1);

    int copies = sent("CopyDBSnapshot");
    rds.simulator().faults().on("CopyDBSnapshot").connectionResetAfter();
    assertThat(here.backups().copy(kept.id(), BackupSpec.named("lost-copy")).await(LIMIT).origin())
        .isEqualTo(Backup.Origin.COPY);
    assertThat(sent("CopyDBSnapshot")).isEqualTo(copies + 1);

    rds.simulator().faults().on("DeleteDBSnapshot").connectionResetAfter();
    assertThat(here.backups().delete(backup("lost")).await(LIMIT)).isEqualTo(backup("lost"));

    int restores = sent("RestoreDBInstanceFromDBSnapshot");
    rds.simulator().faults().on("RestoreDBInstanceFromDBSnapshot").connectionResetAfter();
    Instance restored =
        here.backups().restore(RestoreSpec.from(kept).named("lost-answer")).await(LIMIT);
    assertThat(sent("RestoreDBInstanceFromDBSnapshot")).isEqualTo(restores + 1);
    assertThat(here.instances().delete(restored.id()).await(LIMIT)).isEqualTo(restored.id());
  }

  @Test
  void aRequestThatNeverArrivedIsSentAgain() {
    int before = sent("CreateDBSnapshot");
    rds.simulator().faults().on("CreateDBSnapshot").connectionResetBefore();
    assertThat(take("again").await(LIMIT).name()).isEqualTo("again");
    assertThat(sent("CreateDBSnapshot")).isEqualTo(before + 2);
  }

  @Test
  void somebodyElsesSnapshotOfTheNameIsNotTaken() {
    OperationState state =
        prepared(BackupSpec.named("contested").of(orders.id(), RdsTestCloud.REGION));
    var unused =
        somebody()
            .createDBSnapshot(
                request ->
                    request.dbSnapshotIdentifier("contested").dbInstanceIdentifier("orders"));
    StepRun<Backup> run = rds.run(here, BackupDriver.TAKE, state);
    assertThatThrownBy(() -> end(run))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("There is a DB snapshot contested");
    // Until it is made the instance takes no other request.
    awaitAvailable();
  }

  private static OperationState prepared(BackupSpec spec) {
    return prepared(BackupDriver.TAKE, spec);
  }

  private static OperationState prepared(OperationKind<Backup> kind, BackupSpec spec) {
    return rds.workflow(here, kind)
        .prepare(
            RdsTestCloud.context(
                OperationState.begin(
                    kind.id(),
                    backup(spec.name()),
                    UUID.randomUUID().toString(),
                    rds.clock().instant(),
                    spec),
                rds.clock().instant()));
  }

  private static void end(StepRun<?> run) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (run.poll(rds.clock().instant()) instanceof StepRun.Outcome.Running<?>) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
    }
  }

  private static void awaitAvailable() {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!here.instances().get("orders").nativeState().equals("available")) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** "If the snapshot is being copied, the copy operation is terminated." */
  @Test
  void aCopyWhoseSourceIsDeletedMeanwhileSaysSo() {
    Backup fleeting = take("fleeting").await(LIMIT);
    StepRun<Backup> copying =
        rds.run(
            here,
            BackupDriver.COPY,
            prepared(
                BackupDriver.COPY,
                BackupSpec.named("late").of(fleeting.id(), RdsTestCloud.REGION)));
    Runnable goOn = rds.clock().standStill();
    try {
      assertThat(copying.poll(rds.clock().instant())).isInstanceOf(StepRun.Outcome.Running.class);
      assertThat(here.backups().find(orders.id(), "late")).isPresent();
      var unused = somebody().deleteDBSnapshot(request -> request.dbSnapshotIdentifier("fleeting"));
    } finally {
      goOn.run();
    }
    CloudDbException ended = catchThrowableOfType(CloudDbException.class, () -> end(copying));
    assertThat(ended).hasMessageContaining("The DB snapshot late became failed");
    assertThat(ended.details().leftBehind().orElse("")).contains("the DB snapshot late");
    assertThat(ended.nextStep().orElse("")).contains("See whether its source is still there");
  }

  @Test
  void theStateOfTheInstanceIsWaitedForOrTold() {
    rds.simulator().rds().impose(RdsTestCloud.REGION, "orders", "modifying");
    StepRun<Backup> run =
        rds.run(
            here,
            BackupDriver.TAKE,
            prepared(BackupSpec.named("later").of(orders.id(), RdsTestCloud.REGION)));
    int before = sent("CreateDBSnapshot");
    assertThat(run.poll(rds.clock().instant())).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(sent("CreateDBSnapshot")).isEqualTo(before);
    rds.simulator().rds().impose(RdsTestCloud.REGION, "orders", "storage-full");
    assertThatThrownBy(() -> end(run))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("RDS takes no snapshot of orders: it is storage-full");
    assertThatThrownBy(() -> take("refused"))
        .isInstanceOf(ConditionFailedException.class)
        .satisfies(
            e ->
                assertThat(((CloudDbException) e).nextStep().orElse(""))
                    .contains("Enlarge its disk"));
    assertThat(sent("CreateDBSnapshot")).isEqualTo(before);
  }

  @Test
  void aSnapshotThatFailsIsNamed() {
    rds.simulator().faults().on(Verb.CREATE, Call.BACKUP).operationFails();
    Operation<Backup> taking = take("broken");
    CloudDbException failed =
        catchThrowableOfType(CloudDbException.class, () -> taking.await(LIMIT));
    assertThat(failed).hasMessageContaining("broken became failed");
    assertThat(failed.details().leftBehind()).contains("the DB snapshot broken");
    assertThat(here.backups().get(backup("broken")).state()).isEqualTo(Backup.State.FAILED);
    assertThatThrownBy(
            () -> here.backups().restore(RestoreSpec.from(backup("broken")).named("of-broken")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("broken is failed: it cannot be restored");
    assertThatThrownBy(() -> here.backups().copy(backup("broken"), BackupSpec.named("of-broken")))
        .isInstanceOf(ConditionFailedException.class);
    assertThat(here.backups().delete(backup("broken")).await(LIMIT)).isEqualTo(backup("broken"));
  }

  @Test
  void aSnapshotThatIsStillBeingMadeIsOfNoUseYet() {
    Operation<Backup> taking = take("coming");
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (here.backups().find(orders.id(), "coming").isEmpty()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
    }
    Runnable goOn = rds.clock().standStill();
    try {
      // It stays as it is now, whichever that is.
      if (here.backups().get(backup("coming")).state() == Backup.State.CREATING) {
        assertThatThrownBy(
                () -> here.backups().restore(RestoreSpec.from(backup("coming")).named("early")))
            .isInstanceOf(ConditionFailedException.class)
            .hasMessageContaining("cannot be restored before it is made");
        assertThatThrownBy(() -> here.backups().delete(backup("coming")))
            .isInstanceOf(ConditionFailedException.class);
      }
    } finally {
      goOn.run();
    }
    assertThat(taking.await(LIMIT).state()).isEqualTo(Backup.State.AVAILABLE);
  }

  @Test
  void anotherSnapshotOfItsNameIsNeitherRestoredNorDeleted() {
    Backup first = take("twice").await(LIMIT);
    RestoreSpec spec = RestoreSpec.from(first).named("of-the-first").in(RdsTestCloud.REGION);
    OperationState restore =
        rds.workflow(here, BackupDriver.RESTORE)
            .prepare(
                RdsTestCloud.context(
                    rds.begun(BackupDriver.RESTORE, "of-the-first", spec), rds.clock().instant()));
    OperationState deletion =
        rds.workflow(here, BackupDriver.DELETE)
            .prepare(
                RdsTestCloud.context(
                    OperationState.begin(
                        BackupDriver.DELETE.id(), first.id(), "op", rds.clock().instant(), null),
                    rds.clock().instant()));
    assertThat(here.backups().delete(first.id()).await(LIMIT)).isEqualTo(first.id());
    Backup second = take("twice").await(LIMIT);
    assertThatThrownBy(() -> end(rds.run(here, BackupDriver.RESTORE, restore)))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("is not there any more");
    end(rds.run(here, BackupDriver.DELETE, deletion));
    assertThat(here.backups().get(second.id())).isEqualTo(second);
  }

  @Test
  void anotherProcessGoesOnByTheToken() {
    Operation<ProtectedInstance> operation =
        here.backups()
            .protect(
                orders.id(),
                Protection.of(
                    BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(8),
                    BackupSpec.named("by-token")));
    String token = operation.token();
    try (CloudDb another = rds.open()) {
      ProtectedInstance there =
          another.operations().resume(token, ProtectedInstance.class).await(LIMIT);
      assertThat(there.backup().name()).isEqualTo("by-token");
    }
    assertThat(operation.await(LIMIT).backup().name()).isEqualTo("by-token");
  }

  @Test
  void aRestoreThatFailsTakesItsParameterGroupAlongOrNamesWhatIsLeft() {
    rds.simulator()
        .faults()
        .on("RestoreDBInstanceFromDBSnapshot")
        .refused(400, "InvalidVPCNetworkStateFault", "no addresses are left");
    Operation<Instance> operation =
        here.backups()
            .restore(RestoreSpec.from(kept).named("nowhere").parameter("work_mem", "8192"));
    assertThatThrownBy(() -> operation.await(LIMIT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("no addresses are left");
    assertThat(rds.simulator().rds().parameterGroups(RdsTestCloud.REGION))
        .noneMatch(group -> group.startsWith("clouddb-nowhere"));
    assertThat(here.instances().find("nowhere")).isEmpty();
  }

  @Test
  void theCallersOwnChangesArePossibleAndNameNothingElse() {
    Backup customized =
        here.backups()
            .take(
                orders.id(),
                BackupSpec.named("customized"),
                Native.customize(
                    CreateDbSnapshotRequest.Builder.class,
                    request -> request.tags(Tag.builder().key("native").value("yes").build())))
            .await(LIMIT);
    assertThat(customized.tags()).containsEntry("native", "yes");
    assertThatThrownBy(
            () ->
                here.backups()
                    .take(
                        orders.id(),
                        BackupSpec.named("renamed"),
                        Native.customize(
                            CreateDbSnapshotRequest.Builder.class,
                            request -> request.dbSnapshotIdentifier("other"))))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(
            () ->
                here.backups()
                    .restore(
                        RestoreSpec.from(kept).named("renamed"),
                        Native.customize(
                            RestoreDbInstanceFromDbSnapshotRequest.Builder.class,
                            request -> request.dbInstanceIdentifier("other"))))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void aForgedTokenDeletesNothing() {
    OperationState state =
        OperationState.begin(BackupDriver.DELETE.id(), kept.id(), "forged", Instant.EPOCH, null);
    try (CloudDb unsealed = CloudDb.open(rds.unsealed().build())) {
      String token = new OperationToken("aws", null).write(state);
      assertThatThrownBy(() -> unsealed.operations().resume(token, ResourceId.class).await(LIMIT))
          .isInstanceOf(CloudDbException.class);
    }
    assertThat(here.backups().get(kept.id())).isEqualTo(kept);
  }
}
