/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.QuotaException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;
import software.amazon.awssdk.services.rds.model.Filter;
import software.amazon.awssdk.services.rds.model.RdsException;
import software.amazon.awssdk.services.rds.model.Tag;

/** What comes between a look and what follows from it, and what only one of two looks shows. */
@org.junit.jupiter.api.Tag("slow")
class BackupsThatAreLostOnTheWayTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int TAGS = 45;

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
    return create(RdsTestCloud.spec(name));
  }

  private static Instance create(InstanceSpec.Builder spec) {
    Instance made =
        here.instances()
            .create(spec.backups(BackupPolicy.daily().retainDays(3)).build())
            .await(LIMIT);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (here.backups().window(made.id()).latest().isEmpty()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
    return made;
  }

  /** RDS is some minutes late with the log, before which there is one moment only. */
  private static RestorableWindow untilItMovesOn(Instance instance) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    RestorableWindow window = here.backups().window(instance.id());
    while (!window.latest().orElseThrow().isAfter(window.earliest().orElseThrow())) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      window = here.backups().window(instance.id());
    }
    return window;
  }

  private static RdsClient somebody() {
    return here.unwrap(RdsClient.class);
  }

  private static OperationState prepared(Instance instance) {
    return rds.workflow(here, InstanceDriver.DELETE_KEEPING_BACKUPS)
        .prepare(
            RdsTestCloud.context(
                rds.begun(InstanceDriver.DELETE_KEEPING_BACKUPS, instance.name(), null),
                rds.clock().instant()));
  }

  private static void end(StepRun<?> run) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (run.poll(rds.clock().instant()) instanceof StepRun.Outcome.Running<?>) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
    }
  }

  @Test
  void whatIsTurnedOffBetweenLookAndDeletionIsNotDeletedAsIfItWereKept() {
    Instance ink = create("ink");
    OperationState state = prepared(ink);
    InstanceChange off = InstanceChange.builder().backups(BackupPolicy.none().discarding()).build();
    assertThat(here.instances().modify(ink.id(), off).await(LIMIT).name()).isEqualTo("ink");
    assertThatThrownBy(() -> end(rds.run(here, InstanceDriver.DELETE_KEEPING_BACKUPS, state)))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("RDS would keep nothing of it");
    assertThat(here.instances().find("ink")).isPresent();
  }

  @Test
  void whatSomebodyElseDeletesWithoutItsBackupsIsTold() {
    Instance pen = create(RdsTestCloud.spec("pen").parameter("work_mem", "8192"));
    OperationState state = prepared(pen);
    var unused =
        somebody()
            .deleteDBInstance(
                request -> request.dbInstanceIdentifier("pen").skipFinalSnapshot(true));
    assertThatThrownBy(() -> end(rds.run(here, InstanceDriver.DELETE_KEEPING_BACKUPS, state)))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("pen is deleted, and RDS shows no automated backups of it")
        .hasMessageContaining("Left behind: the DB parameter group clouddb-pen-");
  }

  private static DBInstanceAutomatedBackup backups(Instance instance) {
    Filter filter = Filter.builder().name("db-instance-id").values(instance.name()).build();
    return somebody()
        .describeDBInstanceAutomatedBackups(request -> request.filters(filter))
        .dbInstanceAutomatedBackups()
        .get(0);
  }

  /** Somebody may delete the instance otherwise one day, when it is another one. */
  @Test
  void aDeletionThatRdsRefusesLeavesNoSettings() {
    Instance cap = create(RdsTestCloud.spec("cap").tag("team", "shop"));
    rds.simulator()
        .faults()
        .on("DeleteDBInstance")
        .refused(400, "DBInstanceAutomatedBackupQuotaExceeded", "40 are retained");
    CloudDbException refused =
        catchThrowableOfType(
            CloudDbException.class,
            () -> here.instances().deleteKeepingBackups(cap.id()).await(LIMIT));
    assertThat(refused.nextStep().orElse(""))
        .contains("Delete retained automated backups", "take a backup, and delete(...)");
    assertThat(refused.details().leftBehind().orElse("")).doesNotContain("tags");
    assertThat(here.instances().find("cap")).isPresent();
    assertThat(backups(cap).tagList()).isEmpty();

    // What an attempt has left that was killed, and what somebody else has put there.
    var unused =
        somebody()
            .addTagsToResource(
                request ->
                    request
                        .resourceName(backups(cap).dbInstanceAutomatedBackupsArn())
                        .tags(
                            Tag.builder().key("clouddb-settings-9-of-9").value("a=b").build(),
                            Tag.builder().key("theirs").value("1").build()));
    assertThat(here.instances().deleteKeepingBackups(cap.id()).await(LIMIT)).isEqualTo(cap.id());
    assertThat(backups(cap).tagList())
        .extracting(Tag::key)
        .contains("theirs", "clouddb-settings-1-of-2")
        .doesNotContain("team", "clouddb-settings-9-of-9");
    Instance again =
        here.backups().restore(RestoreSpec.of(cap.id()).latest().named("cap-2")).await(LIMIT);
    assertThat(again.tags()).containsEntry("team", "shop").doesNotContainKey("theirs");
  }

  private static void deleteKeepingBackupsByOthers(String name) {
    var unused =
        somebody()
            .deleteDBInstance(
                request ->
                    request
                        .dbInstanceIdentifier(name)
                        .skipFinalSnapshot(true)
                        .deleteAutomatedBackups(false));
  }

  /** RDS does not tell of a deletion that is under way whether it keeps anything. */
  @Test
  void aDeletionThatFindsOneWhichKeepsTheBackupsSaysSo() {
    Instance inn = create(RdsTestCloud.spec("inn").parameter("work_mem", "8192"));
    Operation<ResourceId> deleting;
    Runnable goOn = rds.clock().standStill();
    try {
      deleteKeepingBackupsByOthers("inn");
      deleting = here.instances().delete(inn.id());
    } finally {
      goOn.run();
    }
    CloudDbException told =
        catchThrowableOfType(CloudDbException.class, () -> deleting.await(LIMIT));
    assertThat(told).isInstanceOf(ConditionFailedException.class);
    assertThat(told).hasMessageContaining("inn is gone by a deletion of somebody else's");
    assertThat(told.details().leftBehind().orElse(""))
        .contains("the automated backups arn:aws:rds:", "the DB parameter group clouddb-inn-");
    assertThat(rds.simulator().rds().parameterGroups(RdsTestCloud.REGION))
        .as("a restore needs it")
        .anyMatch(group -> group.startsWith("clouddb-inn-"));
  }

  /** Nobody has written onto the backups what a restore needs: its end must not say that all is. */
  @Test
  void aDeletionThatKeepsTheBackupsButNotTheSettingsIsNoneOfOurs() {
    Instance jug = create(RdsTestCloud.spec("jug").parameter("work_mem", "8192"));
    Operation<ResourceId> deleting;
    Runnable goOn = rds.clock().standStill();
    try {
      deleteKeepingBackupsByOthers("jug");
      deleting = here.instances().deleteKeepingBackups(jug.id());
    } finally {
      goOn.run();
    }
    CloudDbException told =
        catchThrowableOfType(CloudDbException.class, () -> deleting.await(LIMIT));
    assertThat(told).isInstanceOf(ConditionFailedException.class);
    assertThat(told)
        .hasMessageContaining(
            "jug is deleted, and its automated backups are kept, but do not tell");
    assertThat(told.details().leftBehind().orElse(""))
        .contains("the automated backups arn:aws:rds:", "the DB parameter group clouddb-jug-");
    assertThat(told.nextStep().orElse("")).contains("RestoreSpec names no parameters, network");
    Instance again =
        here.backups().restore(RestoreSpec.of(jug.id()).latest().named("jug-2")).await(LIMIT);
    assertThat(again.name()).isEqualTo("jug-2");
  }

  /** RDS has one error for both, and nobody who wants one more copy is to delete the original. */
  @Test
  void aReplicationThatRdsRefusesAdvisesToDeleteNoInstance() {
    CloudDb away = here.in("eu-west-1");
    Instance lid = create("lid");
    rds.simulator()
        .faults()
        .on("StartDBInstanceAutomatedBackupsReplication")
        .refused(400, "DBInstanceAutomatedBackupQuotaExceeded", "20 are replicated");
    QuotaException refused =
        catchThrowableOfType(
            QuotaException.class,
            () ->
                away.backups()
                    .replicate(
                        lid.id(),
                        BackupReplicationSpec.replicated()
                            .encryptionKey("arn:aws:kms:eu-west-1:123456789012:key/k"))
                    .await(LIMIT));
    assertThat(refused.nextStep().orElse(""))
        .contains("backups().endReplication(...)")
        .doesNotContain("delete(...)");
  }

  /** "Must be before the latest restorable time for the DB instance". */
  @Test
  void theLatestMomentItselfIsRefusedWhileItGoesOnAndExactOnceItDoesNot() {
    Instance log = create("log");
    RestorableWindow unused = untilItMovesOn(log);
    Operation<Instance> inTime;
    Runnable goOn = rds.clock().standStill();
    try {
      RestorableWindow shown = here.backups().window(log.id());
      Instant latest = shown.latest().orElseThrow().plusMillis(1);
      assertThat(shown.contains(latest)).isFalse();
      inTime =
          here.backups()
              .restore(RestoreSpec.of(log.id()).at(latest.minusMillis(1)).named("in-time"));
      assertThatThrownBy(
              () -> here.backups().restore(RestoreSpec.of(log.id()).at(latest).named("too-late")))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("to before " + latest);
      assertThatThrownBy(
              () ->
                  somebody()
                      .restoreDBInstanceToPointInTime(
                          request ->
                              request
                                  .sourceDBInstanceIdentifier("log")
                                  .targetDBInstanceIdentifier("too-late")
                                  .restoreTime(latest)))
          .isInstanceOf(RdsException.class)
          .hasMessageContaining("cannot be restored to");
    } finally {
      goOn.run();
    }
    assertThat(inTime.await(LIMIT).name()).isEqualTo("in-time");
    assertThat(here.instances().deleteKeepingBackups(log.id()).await(LIMIT)).isEqualTo(log.id());
    RestorableWindow left = here.backups().window(log.id());
    Instance restored =
        here.backups()
            .restore(RestoreSpec.of(log.id()).at(left.latest().orElseThrow()).named("to-the-last"))
            .await(LIMIT);
    assertThat(restored.name()).isEqualTo("to-the-last");
    assertThat(rds.lastForm("RestoreDBInstanceToPointInTime"))
        .containsEntry("UseLatestRestorableTime", "true")
        .doesNotContainKey("RestoreTime");
  }

  @Test
  void theEarliestMomentThatIsShownIsRestored() {
    Instance dawn = create("dawn");
    RestorableWindow window = untilItMovesOn(dawn);
    RestoreSpec spec =
        RestoreSpec.of(dawn.id()).at(window.earliest().orElseThrow()).named("dawn-again");
    assertThat(here.backups().restore(spec).await(LIMIT).name()).isEqualTo("dawn-again");
  }

  @Test
  void snapshotsOfAwsBackupAreListedToo() {
    Instance vault = create("vault");
    Backup byHand = here.backups().take(vault.id(), BackupSpec.named("vault-1")).await(LIMIT);
    String name = rds.simulator().rds().takenByAwsBackup(RdsTestCloud.REGION, "vault");
    BackupQuery query = BackupQuery.of(vault.id());
    List<Backup> all = here.backups().list(query).stream().toList();
    assertThat(all).extracting(Backup::name).contains("vault-1").containsOnlyOnce(name);
    Backup theirs = all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    assertThat(theirs.origin()).isEqualTo(Backup.Origin.AUTOMATIC);
    assertThat(here.backups().list(query.origin(Backup.Origin.AUTOMATIC)).stream())
        .extracting(Backup::name)
        .containsOnlyOnce(name)
        .doesNotContain("vault-1");
    assertThat(here.backups().list(query.origin(Backup.Origin.MANUAL)).stream())
        .extracting(Backup::id)
        .containsExactly(byHand.id());
    assertThat(here.backups().get(theirs.id()).name()).isEqualTo(name);
    assertThatThrownBy(() -> here.backups().delete(theirs.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("AWS Backup");
    assertThatThrownBy(() -> here.backups().list(query, "somebody-elses").stream().toList())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("no page's token");
  }

  @Test
  void whatIsRestoredOfACopyHasBackupsOfItsOwn() {
    CloudDb away = here.in("eu-west-1");
    Instance first = create("first");
    Backup backup = here.backups().take(first.id(), BackupSpec.named("first-1")).await(LIMIT);
    Backup copy =
        away.backups()
            .copy(
                backup.id(),
                BackupSpec.named("first-1")
                    .encryptionKey("arn:aws:kms:eu-west-1:123456789012:key/k"))
            .await(LIMIT);
    Instance second = away.backups().restore(RestoreSpec.from(copy).named("second")).await(LIMIT);
    Backup taken = away.backups().take(second.id(), BackupSpec.named("second-1")).await(LIMIT);
    assertThat(taken.origin()).isEqualTo(Backup.Origin.MANUAL);
    assertThat(taken.instance()).contains(second.id());
  }

  /** It was sent, never arrived, and is sent again when another snapshot has the name. */
  @Test
  void aRestoreThatIsSentAgainIsOfTheSameSnapshot() {
    Instance book = create("book");
    Backup first = here.backups().take(book.id(), BackupSpec.named("book-1")).await(LIMIT);
    RestoreSpec spec = RestoreSpec.from(first).named("book-2").in(RdsTestCloud.REGION);
    OperationState state =
        rds.workflow(here, BackupDriver.RESTORE)
            .prepare(
                RdsTestCloud.context(
                    rds.begun(BackupDriver.RESTORE, "book-2", spec), rds.clock().instant()));
    StepRun<Instance> run = rds.run(here, BackupDriver.RESTORE, state);
    rds.simulator().faults().on("RestoreDBInstanceFromDBSnapshot").connectionResetBefore();
    int before = rds.simulator().requests("RestoreDBInstanceFromDBSnapshot").size();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (rds.simulator().requests("RestoreDBInstanceFromDBSnapshot").size() == before) {
      assertThat(run.poll(rds.clock().instant())).isInstanceOf(StepRun.Outcome.Running.class);
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
    }
    ResourceId gone = here.backups().delete(first.id()).await(LIMIT);
    Backup second = here.backups().take(book.id(), BackupSpec.named("book-1")).await(LIMIT);
    assertThat(second.id()).isEqualTo(gone);
    assertThatThrownBy(() -> end(run))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("book-1, of which book-2 is to be restored, is not there any more");
    assertThat(rds.simulator().requests("RestoreDBInstanceFromDBSnapshot")).hasSize(before + 1);
  }

  @Test
  void moreTagsThanRdsTakesAreRefusedBeforeAnythingIsMade() {
    InstanceSpec.Builder spec = RdsTestCloud.spec("tagged");
    for (int i = 0; i < TAGS; i++) {
      spec.tag("tag-" + i, "value");
    }
    Instance tagged = here.instances().create(spec.build()).await(LIMIT);
    InstanceChange.Builder change = InstanceChange.builder().parameter("work_mem", "8192");
    for (int i = 0; i < 10; i++) {
      change.tag("more-" + i, "value");
    }
    int groups = rds.simulator().requests("CreateDBParameterGroup").size();
    assertThatThrownBy(() -> here.instances().modify(tagged.id(), change.build()).await(LIMIT))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("tagged would have 56 tags with those that it has");
    assertThat(rds.simulator().requests("CreateDBParameterGroup")).hasSize(groups);
  }

  @Test
  void aVersionThatIsOfferedNoMoreIsRefusedBeforeAnythingIsMade() {
    Instance old =
        here.instances()
            .create(
                InstanceSpec.builder("old", Engine.POSTGRESQL, "14")
                    .size(InstanceSize.named("db.t4g.medium"))
                    .storage(Storage.ssd(DataSize.gib(20)))
                    .admin(AdminLogin.of("app_admin", SecretRef.literal("correct-horse-battery")))
                    .build())
            .await(LIMIT);
    Backup backup = here.backups().take(old.id(), BackupSpec.named("old-1")).await(LIMIT);
    Runnable offered = rds.simulator().rds().withdraw("14");
    try {
      assertThatThrownBy(
              () -> here.backups().restore(RestoreSpec.from(backup).named("old-2")).await(LIMIT))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("RDS has no PostgreSQL of the major version of 14");
      assertThatThrownBy(
              () ->
                  somebody()
                      .restoreDBInstanceFromDBSnapshot(
                          request ->
                              request.dbSnapshotIdentifier("old-1").dbInstanceIdentifier("old-2")))
          .isInstanceOf(RdsException.class)
          .hasMessageContaining("Cannot find version 14");
    } finally {
      offered.run();
    }
  }

  /** The seed's call: its name adds 23 characters to the instance's. */
  @Test
  void anInstanceWithALongNameIsBackedUpByHand() {
    Instance named = create("a".repeat(41));
    BackupSpec manual = BackupSpec.manual(named.name(), rds.clock().instant());
    assertThat(here.backups().take(named.id(), manual).await(LIMIT).name())
        .startsWith(named.name() + "-manual-");
  }

  @Test
  void aProtectionWhoseBackupFailsSaysThatThePolicyIsInForce() {
    Instance safe = create("safe");
    rds.simulator().faults().on(Verb.CREATE, Call.BACKUP).operationFails();
    CloudDbException failed =
        catchThrowableOfType(
            CloudDbException.class,
            () ->
                here.backups()
                    .protect(
                        safe.id(),
                        Protection.of(
                            BackupPolicy.daily().retainDays(9), BackupSpec.named("safe-broken")))
                    .await(LIMIT));
    assertThat(failed.details().leftBehind().orElse(""))
        .contains("safe with its new backup policy", "the DB snapshot safe-broken");
  }
}
