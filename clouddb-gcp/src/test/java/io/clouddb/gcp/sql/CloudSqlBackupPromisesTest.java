/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.FinalBackupConfig;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.operation.OperationKind;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What backups promise: what is told in errors, refused in time, kept, and not kept. */
@Tag("slow")
class CloudSqlBackupPromisesTest {
  @TempDir private static Path folder;
  private static BackedUpOrders shop;

  @BeforeAll
  static void start() throws Exception {
    shop = new BackedUpOrders(folder);
    shop.write("there");
    shop.home.backups().take(shop.orders.id(), BackupSpec.named("shared")).await(LIMIT);
    shop.quietMoment();
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  private static Instance create(String name, BackupPolicy policy) throws IOException {
    return shop.home
        .instances()
        .create(
            SimulatedCloudSql.spec(name, folder)
                .admin(shop.admin)
                .database("shop")
                .backups(policy)
                .build())
        .await(LIMIT);
  }

  @Test
  void aFailedProtectionSaysThatThePolicyIsInForce() {
    shop.gcp.simulator.faults().on("backupRuns.insert").operationFails("INTERNAL_ERROR", "No disk");
    assertThatThrownBy(
            () ->
                shop.home
                    .backups()
                    .protect(
                        shop.orders.id(),
                        Protection.of(
                            BackupPolicy.daily().retainDays(30), BackupSpec.named("failing")))
                    .await(LIMIT))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("No disk")
        .hasMessageContaining("Left behind: the backup failing of orders")
        .hasMessageContaining("the backup policy that was asked for, which is in force on orders")
        .hasMessageContaining("take another backup");
  }

  @Test
  void aPolicyThatCouldNotBeSetIsNotSaidToBeInForce() {
    shop.gcp.simulator.faults().on("instances.patch").operationFails("INTERNAL_ERROR", "No disk");
    assertThatThrownBy(
            () ->
                shop.home
                    .backups()
                    .protect(
                        shop.orders.id(),
                        Protection.of(
                            BackupPolicy.daily().retainDays(40), BackupSpec.named("not-taken")))
                    .await(LIMIT))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("No disk")
        .hasMessageNotContaining("in force");
    assertThat(
            settings(shop.orders)
                .getBackupConfiguration()
                .getBackupRetentionSettings()
                .getRetainedBackups())
        .isNotEqualTo(40);
  }

  @Test
  void backupsThatCouldNotBeHadToStayAreNotSaidToStay() {
    shop.gcp.simulator.faults().on("instances.patch").operationFails("INTERNAL_ERROR", "No disk");
    assertThatThrownBy(
            () -> shop.home.instances().deleteKeepingBackups(shop.orders.id()).await(LIMIT))
        .hasMessageContaining("No disk")
        .hasMessageNotContaining("retainBackupsOnDelete");
    assertThat(settings(shop.orders).getRetainBackupsOnDelete()).isNotEqualTo(true);
  }

  @Test
  void moreLabelsThanAnInstanceHasAreRefusedBeforeAnythingIsMade() throws Exception {
    InstanceChange.Builder many = InstanceChange.builder();
    for (int i = 0; i < 59; i++) {
      many.tag("label-" + i, "x");
    }
    Instance labelled =
        create("labelled", BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7).withPointInTime());
    labelled = shop.home.instances().modify(labelled.id(), many.build()).await(LIMIT);
    Backup its = shop.home.backups().take(labelled.id(), BackupSpec.named("its")).await(LIMIT);
    shop.quietMoment();
    int clones = shop.gcp.simulator.requests("instances.clone").size();
    int inserts = shop.gcp.simulator.requests("instances.insert").size();
    for (RestoreSpec spec :
        List.of(RestoreSpec.of(labelled.id()).latest(), RestoreSpec.from(its))) {
      RestoreSpec asked = spec.named("labels").login(shop.admin);
      for (int i = 0; i < 5; i++) {
        asked = asked.tag("own-" + i, "x");
      }
      RestoreSpec wanted = asked;
      assertThatThrownBy(() -> shop.home.backups().restore(wanted))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("at most 64");
    }
    assertThat(shop.gcp.simulator.requests("instances.clone")).hasSize(clones);
    assertThat(shop.gcp.simulator.requests("instances.insert")).hasSize(inserts);
  }

  @Test
  void anAutomaticBackupGoesByThePolicyOnly() {
    Backup automatic =
        shop.home.backups().list(BackupQuery.of(shop.orders.id())).stream()
            .filter(each -> each.origin() == Backup.Origin.AUTOMATIC)
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(() -> shop.home.backups().delete(automatic.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(automatic.name() + " was taken by Cloud SQL itself")
        .hasMessageContaining("goes by the policy of orders");
    assertThat(shop.home.backups().get(automatic.id()).state()).isEqualTo(automatic.state());
  }

  @Test
  void whatHasNoBackupIsNotDeletedAsIfItWereKept() throws Exception {
    Instance bare = create("bare", BackupPolicy.none());
    assertThatThrownBy(() -> shop.home.instances().deleteKeepingBackups(bare.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("bare has no backup")
        .hasMessageContaining("one by hand");
    assertThat(shop.home.instances().find("bare")).isPresent();

    Backup last = shop.home.backups().take(bare.id(), BackupSpec.named("last")).await(LIMIT);
    shop.home.instances().deleteKeepingBackups(bare.id()).await(LIMIT);
    assertThat(shop.home.backups().get(last.id()).state()).isEqualTo(Backup.State.AVAILABLE);
  }

  @Test
  void aDeletionThatDoesNotKeepBackupsIsNotHeldToAnEarlierOneThatDid() throws Exception {
    Instance again = create("again", BackupPolicy.none());
    shop.home.backups().take(again.id(), BackupSpec.named("its")).await(LIMIT);
    shop.gcp.simulator.faults().on("instances.delete").operationFails("INTERNAL_ERROR", "No disk");
    assertThatThrownBy(() -> shop.home.instances().deleteKeepingBackups(again.id()).await(LIMIT))
        .hasMessageContaining("No disk")
        .hasMessageContaining("Left behind: the setting retainBackupsOnDelete of again");
    assertThat(settings(again).getRetainBackupsOnDelete()).isTrue();

    shop.home.instances().delete(again.id()).await(LIMIT);
    assertThat(shop.home.backups().list(BackupQuery.of(again.id())).stream())
        .as("they cost money")
        .isEmpty();
  }

  /** Its state is of before the step in which the process was killed that did the rest. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anOldTokenOfADeletionThatIsDoneIsDone(boolean keeping) throws Exception {
    Instance gone = create(keeping ? "gone-kept" : "gone", BackupPolicy.none());
    shop.home.backups().take(gone.id(), BackupSpec.named("its")).await(LIMIT);
    retain(gone, !keeping);
    OperationKind<ResourceId> kind =
        keeping ? InstanceDriver.DELETE_KEEPING_BACKUPS : InstanceDriver.DELETE;
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<ResourceId> run = steps.begin(kind, gone.name(), null);
      OperationState old = run.state();
      steps.toTheEnd(run);
      assertThat(steps.toTheEnd(steps.resume(kind, old))).isEqualTo(Stepwise.id(gone.name()));
    }
    assertThat(shop.home.backups().list(BackupQuery.of(gone.id())).stream())
        .hasSize(keeping ? 1 : 0);
  }

  /** By Google's console, where a backup at last is switched on, too; none is simulated. */
  private static void retain(Instance instance, boolean atLast) throws IOException {
    Settings settings = new Settings().setRetainBackupsOnDelete(true);
    if (atLast) {
      settings.setFinalBackupConfig(new FinalBackupConfig().setEnabled(true).setRetentionDays(30));
    }
    DatabaseInstance patch = new DatabaseInstance().setSettings(settings);
    var unused =
        shop.home
            .unwrap(SQLAdmin.class)
            .instances()
            .patch(SimulatedCloudSql.PROJECT, instance.name(), patch)
            .execute();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!Boolean.TRUE.equals(settings(instance).getRetainBackupsOnDelete())) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** It takes no change any more, and is deleted all the same. */
  @Test
  void whatHasFailedIsDeletedThoughItWasToKeepItsBackups() throws Exception {
    shop.gcp.simulator.faults().on("instances.insert").operationFails("INTERNAL_ERROR", "No disk");
    InstanceSpec spec = SimulatedCloudSql.spec("failed", folder).admin(shop.admin).build();
    assertThatThrownBy(
            () ->
                shop.home
                    .instances()
                    .create(
                        spec,
                        Native.customize(
                            DatabaseInstance.class,
                            body -> body.getSettings().setRetainBackupsOnDelete(true)))
                    .await(LIMIT))
        .hasMessageContaining("No disk");
    Instance failed = shop.home.instances().find("failed").orElseThrow();
    assertThat(failed.unwrap(DatabaseInstance.class).getState()).isEqualTo("FAILED");
    assertThat(settings(failed).getRetainBackupsOnDelete()).isTrue();
    shop.home.instances().delete(failed.id()).await(LIMIT);
    assertThat(shop.home.instances().find("failed")).isEmpty();
    assertThat(shop.gcp.simulator.requests("instances.patch").toString())
        .doesNotContain("instances/failed");
  }

  /** Its patch would be asked for a quarter of an hour, and at each resume again. */
  @Test
  void whatFailsAfterTheLookIsAskedForNoPatchThatItNeverTakes() throws Exception {
    Instance failing = create("failing", BackupPolicy.none());
    shop.home.backups().take(failing.id(), BackupSpec.named("its")).await(LIMIT);
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<ResourceId> keeping =
          steps.begin(InstanceDriver.DELETE_KEEPING_BACKUPS, "failing", null);
      looksFailedOnce(failing);
      assertThatThrownBy(() -> steps.toTheEnd(keeping))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("failing is FAILED and takes no change");
      retain(failing, false);
      int patches = patches("failing");
      StepRun<ResourceId> deletion = steps.begin(InstanceDriver.DELETE, "failing", null);
      looksFailedOnce(failing);
      steps.goesOn(deletion);
      assertThat(deletion.state().step()).isEqualTo("delete");
      steps.toTheEnd(deletion);
      assertThat(patches("failing")).isEqualTo(patches);
    } finally {
      shop.gcp.simulator.faults().clear();
    }
  }

  private static void looksFailedOnce(Instance instance) throws IOException {
    DatabaseInstance failed =
        shop.home.instances().get(instance.id()).unwrap(DatabaseInstance.class).clone();
    failed.setState("FAILED");
    shop.gcp
        .simulator
        .faults()
        .on("instances.get")
        .intercepted(200, "application/json", GsonFactory.getDefaultInstance().toString(failed));
  }

  private static int patches(String name) {
    return (int)
        shop.gcp.simulator.requests("instances.patch").stream()
            .filter(request -> request.toString().contains("instances/" + name))
            .count();
  }

  /** Somebody has turned the setting off after the look at it, as a plain deletion does itself. */
  @Test
  void whatWasNotKeptIsNotToldAsKept() throws Exception {
    Instance lost = create("lost", BackupPolicy.none());
    shop.home.backups().take(lost.id(), BackupSpec.named("its")).await(LIMIT);
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      OperationState retained =
          steps
              .begin(InstanceDriver.DELETE_KEEPING_BACKUPS, "lost", null)
              .state()
              .at("delete", "", shop.gcp.simulator.clock().instant());
      assertThatThrownBy(
              () -> steps.toTheEnd(steps.resume(InstanceDriver.DELETE_KEEPING_BACKUPS, retained)))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("lost is deleted, and Cloud SQL shows no backup of it");
    }
  }

  private static Settings settings(Instance instance) {
    return shop.home.instances().get(instance.id()).unwrap(DatabaseInstance.class).getSettings();
  }

  /** "The instance's state must be RUNNABLE", which nothing is that was deleted. */
  @Test
  void whatAClonesSourceCannotGiveItAnyMoreIsSetAgain() throws Exception {
    Instance source =
        create("source", BackupPolicy.daily(LocalTime.of(4, 0)).retainDays(7).withPointInTime());
    shop.run(source, "CREATE TABLE public.ledger (entry text)");
    shop.run(source, "INSERT INTO public.ledger VALUES ('kept')");
    source =
        shop.home
            .instances()
            .modify(
                source.id(),
                InstanceChange.builder()
                    .parameter("work_mem", "8192")
                    .tag("team", "two")
                    .availability(Availability.REGIONAL)
                    .deletionProtection(false)
                    .build())
            .await(LIMIT);
    shop.home.backups().take(source.id(), BackupSpec.named("kept")).await(LIMIT);
    shop.quietMoment();
    Settings its = settings(source);
    shop.home.instances().deleteKeepingBackups(source.id()).await(LIMIT);
    Backup automatic =
        shop.home.backups().list(BackupQuery.of(source.id())).stream()
            .filter(each -> each.origin() == Backup.Origin.AUTOMATIC)
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(() -> shop.home.backups().delete(automatic.id()))
        .hasMessageContaining("Cloud SQL deletes one a day");

    Instance restored =
        shop.home
            .backups()
            .restore(
                RestoreSpec.of(source.id())
                    .latest()
                    .named("source-2")
                    .parameter("maintenance_work_mem", "131072")
                    .login(shop.admin))
            .await(LIMIT);
    assertThat(shop.ledger(restored)).isEqualTo("kept");
    Settings settings = settings(restored);
    assertThat(Flags.of(settings))
        .containsEntry("work_mem", "8192")
        .containsEntry("maintenance_work_mem", "131072");
    assertThat(restored.tags()).containsEntry("team", "two");
    assertThat(settings.getAvailabilityType()).isEqualTo("REGIONAL");
    assertThat(settings.getBackupConfiguration()).isEqualTo(its.getBackupConfiguration());
    assertThat(settings.getRetainBackupsOnDelete()).isNotEqualTo(true);
  }
}
