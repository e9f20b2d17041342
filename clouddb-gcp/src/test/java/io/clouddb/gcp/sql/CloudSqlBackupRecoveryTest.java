/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sqladmin.model.DatabaseInstance;
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
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is lost on the way, what another process goes on with, and what somebody else does. */
@Tag("slow")
class CloudSqlBackupRecoveryTest {
  @TempDir private static Path folder;
  private static BackedUpOrders shop;
  private static Backup backup;
  private static int names;

  @BeforeAll
  static void start() throws Exception {
    shop = new BackedUpOrders(folder);
    shop.write("there");
    backup = shop.home.backups().take(shop.orders.id(), BackupSpec.named("shared")).await(LIMIT);
    shop.quietMoment();
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  @AfterEach
  void everyFaultHasHappened() {
    assertThat(shop.gcp.simulator.faults().pending()).isZero();
    shop.gcp.simulator.faults().clear();
  }

  private static String name() {
    names++;
    return "orders-" + names + "x";
  }

  private static RestoreSpec ofBackup(String name) {
    return RestoreSpec.from(backup).named(name).login(shop.admin);
  }

  private static RestoreSpec ofMoment(String name) {
    return RestoreSpec.of(shop.orders.id()).latest().named(name).login(shop.admin);
  }

  private static void assertRestoredOnce(Instance restored) throws Exception {
    assertThat(shop.ledger(restored)).isEqualTo("there");
    assertThat(restored.tags()).containsEntry("team", "one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"instances.insert", "instances.restoreBackup"})
  void aRestoreOfABackupWhoseAnswerWasLostIsFoundOut(String method) throws Exception {
    String name = name();
    shop.gcp.simulator.faults().on(method).connectionResetAfter();
    assertRestoredOnce(shop.home.backups().restore(ofBackup(name)).await(LIMIT));
    assertThat(sent(method, name)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"instances.clone", "instances.patch"})
  void aRestoreOfAMomentWhoseAnswerWasLostIsFoundOut(String method) throws Exception {
    String name = name();
    shop.gcp.simulator.faults().on(method).connectionResetAfter();
    assertRestoredOnce(shop.home.backups().restore(ofMoment(name)).await(LIMIT));
    assertThat(sent(method, name)).isEqualTo(1);
  }

  private static long sent(String method, String name) {
    return shop.gcp.simulator.requests(method).stream()
        .filter(request -> request.toString().contains(name) || request.body().contains(name))
        .count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"instances.insert", "instances.restoreBackup", "instances.clone"})
  void aRestoreThatNeverArrivedIsSentAgain(String method) throws Exception {
    shop.gcp.simulator.faults().on(method).connectionResetBefore();
    RestoreSpec spec = method.equals("instances.clone") ? ofMoment(name()) : ofBackup(name());
    assertRestoredOnce(shop.home.backups().restore(spec).await(LIMIT));
  }

  @Test
  void aBackupWhoseAnswerWasLostIsTakenOnce() {
    shop.gcp.simulator.faults().on("backupRuns.insert").connectionResetAfter();
    int before = shop.gcp.simulator.requests("backupRuns.insert").size();
    Backup taken =
        shop.home.backups().take(shop.orders.id(), BackupSpec.named("lost-answer")).await(LIMIT);
    assertThat(taken.state()).isEqualTo(Backup.State.AVAILABLE);
    assertThat(shop.gcp.simulator.requests("backupRuns.insert")).hasSize(before + 1);

    shop.gcp.simulator.faults().on("backupRuns.delete").connectionResetAfter();
    shop.home.backups().delete(taken.id()).await(LIMIT);
    assertThat(shop.home.backups().find(shop.orders.id(), "lost-answer")).isEmpty();
  }

  @Test
  void aBackupThatFailsIsNamed() {
    shop.gcp.simulator.faults().on("backupRuns.insert").operationFails("INTERNAL_ERROR", "No disk");
    assertThatThrownBy(
            () ->
                shop.home
                    .backups()
                    .take(shop.orders.id(), BackupSpec.named("failing"))
                    .await(LIMIT))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("No disk")
        .hasMessageContaining("Left behind: the backup failing of orders");
    Backup failed = shop.home.backups().find(shop.orders.id(), "failing").orElseThrow();
    assertThat(failed.state()).isEqualTo(Backup.State.FAILED);
    assertThatThrownBy(() -> shop.home.backups().restore(RestoreSpec.from(failed).named("never")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("has failed, and has no data");
    shop.home.backups().delete(failed.id()).await(LIMIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"instances.clone", "instances.restoreBackup"})
  void aRestoreThatFailsNamesTheInstance(String method) {
    String name = name();
    shop.gcp.simulator.faults().on(method).operationFails("INTERNAL_ERROR", "No disk");
    RestoreSpec spec = method.equals("instances.clone") ? ofMoment(name) : ofBackup(name);
    assertThatThrownBy(() -> shop.home.backups().restore(spec).await(LIMIT))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("No disk")
        .hasMessageContaining("Left behind: the instance " + name)
        .hasMessageContaining("costs money until it is deleted");
  }

  @Test
  void aPolicyIsSetAndABackupTakenWhereBothAnswersAreLost() {
    shop.gcp.simulator.faults().on("instances.patch").connectionResetAfter();
    shop.gcp.simulator.faults().on("backupRuns.insert").connectionResetAfter();
    ProtectedInstance done =
        shop.home
            .backups()
            .protect(
                shop.orders.id(),
                Protection.of(BackupPolicy.daily().retainDays(20), BackupSpec.named("protected-1")))
            .await(LIMIT);
    assertThat(done.backup().state()).isEqualTo(Backup.State.AVAILABLE);
  }

  @Test
  void anotherOnesRestoreOfABackupIsNotAdopted() {
    String name = name();
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Instance> second = steps.begin(BackupDriver.RESTORE, name, asked(ofBackup(name)));
      // Somebody is faster.
      shop.home.backups().restore(ofBackup(name)).await(LIMIT);
      shop.gcp.simulator.faults().on("instances.insert").connectionResetBefore();
      assertThatThrownBy(() -> steps.toTheEnd(second))
          .isInstanceOf(AlreadyExistsException.class)
          .hasMessageContaining("There is an instance " + name + " already");
      shop.gcp.simulator.faults().clear();
    }
  }

  /** Its clone may lack its settings, whatever it was when the operation began. */
  @Test
  void theSettingsOfASourceThatFailsBeforeItIsClonedAreNoted() throws Exception {
    String name = name();
    DatabaseInstance failed =
        shop.home.instances().get(shop.orders.id()).unwrap(DatabaseInstance.class).clone();
    failed.setState("FAILED");
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Instance> run = steps.begin(BackupDriver.RESTORE, name, asked(ofMoment(name)));
      assertThat(run.state().value(CloneRequest.SETTINGS)).as("it was RUNNABLE").isEmpty();
      shop.gcp
          .simulator
          .faults()
          .on("instances.get")
          // The first one is that of what has the name.
          .after(1)
          .intercepted(200, "application/json", GsonFactory.getDefaultInstance().toString(failed));
      steps.goesOn(run);
      assertThat(run.state().value(CloneRequest.SETTINGS))
          .hasValueSatisfying(settings -> assertThat(settings).contains("max_connections"));
      assertRestoredOnce(steps.toTheEnd(run));
    }
  }

  private static RestoreSpec asked(RestoreSpec spec) {
    return spec.in(SimulatedCloudSql.REGION);
  }

  @Test
  void anotherOnesCloneIsNotAdopted() {
    String name = name();
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Instance> second = steps.begin(BackupDriver.RESTORE, name, asked(ofMoment(name)));
      shop.home.backups().restore(ofMoment(name)).await(LIMIT);
      assertThatThrownBy(() -> steps.toTheEnd(second)).isInstanceOf(AlreadyExistsException.class);
    }
  }

  /** One look; what the settings' version has refused is looked at again, as the facade does. */
  private static Optional<Instance> looked(Stepwise steps, StepRun<Instance> run) {
    try {
      return steps.poll(run) instanceof StepRun.Outcome.Done<Instance> done
          ? Optional.of(done.value())
          : Optional.empty();
    } catch (CloudDbException e) {
      assertThat(e.retryable()).as("%s", e).isTrue();
      return Optional.empty();
    }
  }

  /** What an older token does not know of is found, each look made twice by another process. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyStepIsTakenByAnotherProcess(boolean fromBackup) throws Exception {
    String name = name();
    RestoreSpec spec =
        asked(fromBackup ? ofBackup(name) : ofMoment(name))
            .size(InstanceSize.named("db-custom-4-16384"));
    OperationState state;
    try (Stepwise first = new Stepwise(shop.gcp.config().build())) {
      state = first.begin(BackupDriver.RESTORE, name, spec).state();
    }
    List<String> steps = new ArrayList<>();
    Optional<Instance> made = Optional.empty();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (made.isEmpty() && System.nanoTime() < deadline) {
      try (Stepwise next = new Stepwise(shop.gcp.config().build())) {
        for (int time = 0; time < 2 && made.isEmpty(); time++) {
          StepRun<Instance> run = next.resume(BackupDriver.RESTORE, state);
          made = looked(next, run);
          steps.add(run.state().step());
          if (time > 0) {
            state = run.state();
          }
        }
      }
    }
    assertThat(steps).containsSubsequence("insert", fromBackup ? "load" : "settings");
    Instance restored = made.orElseThrow();
    assertRestoredOnce(restored);
    assertThat(restored.nativeSize()).contains("db-custom-4-16384");
    ResourceId id = restored.id();
    assertThat(sent(fromBackup ? "instances.insert" : "instances.clone", id.name()))
        .as("sent twice by two processes, and taken once")
        .isLessThanOrEqualTo(2);
  }
}
