/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.PASSWORD;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.GeoRedundantBackupEnum;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ThrottledException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.Operation;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.workflow.StepRun;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a look tells of a backup and of its server, and what it does not tell. */
@Tag("slow")
class BackupLooksTest {
  private static final AdminLogin LOGIN = AdminLogin.of("app_admin", PASSWORD);

  @RegisterExtension static final SharedAzure SHARED = new SharedAzure();

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static AzureOnThisMachine azure;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static CloudDb cloud;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static Instance orders;

  @BeforeAll
  static void makeSource() throws Exception {
    azure = SHARED.azure();
    cloud = SHARED.cloud();
    orders =
        cloud.instances().create(spec("orders").parameter("work_mem", "8192").build()).await(LIMIT);
    awaitWindow(orders);
  }

  private static void awaitWindow(Instance instance) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (cloud.backups().window(instance.id()).earliest().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private static void awaitState(Instance instance, InstanceState state) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (cloud.instances().get(instance.id()).state() != state) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  /** In simulated time. */
  private static void pass(Duration duration) {
    Instant end = azure.clock.instant().plus(duration);
    while (azure.clock.instant().isBefore(end)) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  private static String workMemory(Instance instance) throws SQLException {
    try (Connection connection = instance.connection(LOGIN).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW work_mem")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void hide(String operation) {
    azure
        .azure
        .faults()
        .on(operation)
        .named("orders")
        .times(100_000)
        .refused(404, "ResourceNotFound", "The Resource was not found.");
  }

  private static CloudDbException failure(Operation<?> operation) {
    try {
      Object unused = operation.await(LIMIT);
    } catch (CloudDbException e) {
      return e;
    }
    throw new AssertionError("it ended well");
  }

  private static String nextStep(Throwable e) {
    return ((CloudDbException) e).nextStep().orElseThrow();
  }

  /** Azure tells them also while it changes the server. */
  @Test
  void aSourceThatIsChangingLosesNoParameters() throws Exception {
    InstanceChange bigger =
        InstanceChange.builder().size(InstanceSize.named("Standard_D4ds_v5")).build();
    RestoreSpec spec = RestoreSpec.of(orders.id()).latest().named("of-changing").login(LOGIN);
    Operation<Instance> change;
    Operation<Instance> restore;
    Runnable goOn = azure.clock.standStill();
    try {
      change = cloud.instances().modify(orders.id(), bigger);
      awaitState(orders, InstanceState.MODIFYING);
      restore = cloud.backups().restore(spec);
      awaitState(orders, InstanceState.MODIFYING);
    } finally {
      goOn.run();
    }
    assertThat(workMemory(restore.await(LIMIT))).isEqualTo("8MB");
    Instance unused = change.await(LIMIT);
  }

  @Test
  void aStoppedSourceIsStartedFirstUnlessItsParametersAreOnlyPreferred() throws Exception {
    Instance stopped =
        cloud.instances().create(spec("rests").parameter("work_mem", "8192").build()).await(LIMIT);
    awaitWindow(stopped);
    cloud.instances().stop(stopped.id()).await(LIMIT);
    azure.azure.clearRequests();
    RestoreSpec spec = RestoreSpec.of(stopped.id()).latest().named("of-stopped").login(LOGIN);
    assertThatThrownBy(() -> cloud.backups().restore(spec))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            e -> {
              assertThat(e).hasMessageContaining("rests is Stopped");
              assertThat(e.details().providerCode()).contains("ServerStoppedError");
              assertThat(e.nextStep().orElseThrow())
                  .contains("instances().start(id)")
                  .contains("preferring(RestoreField.PARAMETERS)");
            });
    assertThat(azure.changes()).isEmpty();
    Instance again = cloud.backups().restore(spec.preferring(RestoreField.PARAMETERS)).await(LIMIT);
    assertThat(workMemory(again)).isEqualTo("4MB");
  }

  /** What Azure tells in a moment is not done without. */
  @Test
  void parametersThatAreOnlyPreferredAreNotLostToWhatPasses() {
    RestoreSpec spec =
        RestoreSpec.of(orders.id())
            .latest()
            .named("of-throttled")
            .preferring(RestoreField.PARAMETERS);
    azure.azure.faults().on("Configurations_ListByServer").times(1000).throttled();
    assertThatThrownBy(() -> cloud.backups().restore(spec)).isInstanceOf(ThrottledException.class);
    azure.azure.faults().clear();
    azure.azure.faults().on("Configurations_ListByServer").times(1000).unavailable();
    assertThatThrownBy(() -> cloud.backups().restore(spec))
        .isInstanceOf(UnavailableException.class);
    assertThat(azure.changes()).isEmpty();
  }

  /** The request has a name only: whose it is now is held before it is sent. */
  @Test
  void nothingIsMadeOfALaterServerOfTheSourcesName() {
    BackupPolicy far = BackupPolicy.daily().geoRedundant(true);
    Instance first = cloud.instances().create(spec("twice").backups(far).build()).await(LIMIT);
    pass(Duration.ofHours(1));
    OneRun south =
        new OneRun(
            azure
                .azure
                .config("koreasouth")
                .property("resourceGroup", AzureOnThisMachine.GROUP)
                .retryPolicy(RetryPolicy.NONE)
                .build());
    StepRun<Instance> restore =
        south.begin(
            BackupDriver.RESTORE,
            "of-twice",
            RestoreSpec.of(first.id()).latest().named("of-twice").in("koreasouth"));
    OneRun here = azure.runs();
    StepRun<Instance> replica =
        here.begin(ReplicaDriver.CREATE, "by-twice", ReplicaSpec.named("by-twice").of(first.id()));
    StepRun<Instance> lost =
        here.begin(
            BackupDriver.RESTORE,
            "lost-twice",
            RestoreSpec.of(first.id()).latest().named("lost-twice"));
    azure.azure.faults().on("Servers_Create").named("lost-twice").connectionResetBefore();
    assertThat(here.poll(lost)).isInstanceOf(StepRun.Outcome.Running.class);
    cloud.instances().delete(first.id()).await(LIMIT);
    Instance second = cloud.instances().create(spec("twice").backups(far).build()).await(LIMIT);
    assertThat(second.id()).isEqualTo(first.id());
    azure.azure.clearRequests();
    assertThatThrownBy(() -> south.finish(restore))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("belongs to another server than the one that of-twice")
        .satisfies(e -> assertThat(nextStep(e)).startsWith("Nothing was made of it."));
    assertThatThrownBy(() -> here.finish(replica))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("belongs to another server than the one that by-twice");
    // Longer than Azure was seen to hide what a request has made.
    pass(Duration.ofMinutes(17));
    assertThatThrownBy(() -> here.finish(lost))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            e -> {
              assertThat(nextStep(e)).startsWith("Look who has made the server");
              assertThat(e.details().leftBehind().orElseThrow())
                  .contains("perhaps the server lost-twice");
            });
    assertThat(azure.changes()).isEmpty();
  }

  /** Azure's answer to the request would name the source, and is none about the new server. */
  @Test
  void aSourceThatIsGoneIsNotWaitedForAsIfItWereTheNewServer() {
    Instance gone = cloud.instances().create(spec("vanishes").build()).await(LIMIT);
    awaitWindow(gone);
    OneRun run = azure.runs();
    StepRun<Instance> restore =
        run.begin(
            BackupDriver.RESTORE,
            "of-vanished",
            RestoreSpec.of(gone.id()).latest().named("of-vanished"));
    StepRun<Instance> replica =
        run.begin(
            ReplicaDriver.CREATE, "by-vanished", ReplicaSpec.named("by-vanished").of(gone.id()));
    cloud.instances().delete(gone.id()).await(LIMIT);
    azure.azure.clearRequests();
    for (StepRun<Instance> lost : List.of(restore, replica)) {
      assertThat(run.poll(lost))
          .isInstanceOfSatisfying(
              StepRun.Outcome.Running.class,
              waits -> assertThat(waits.message()).contains("does not show the server vanishes"));
    }
    pass(Duration.ofMinutes(31));
    for (StepRun<Instance> lost : List.of(restore, replica)) {
      assertThatThrownBy(() -> run.poll(lost))
          .isInstanceOfSatisfying(
              ConditionFailedException.class,
              e -> {
                assertThat(e).hasMessageContaining("The server vanishes, of which");
                assertThat(e.nextStep().orElseThrow())
                    .contains("RestoreSpec.of(instance).latest()");
                assertThat(e.details().leftBehind()).isEmpty();
              });
    }
    assertThat(azure.changes()).isEmpty();
  }

  /** Australia Central 2 has the copies of Australia Central's backups, and makes none itself. */
  @Test
  void geoRedundantBackupIsNotAskedForWhereTheRegionHasNone() {
    Instance geo =
        cloud
            .in("australiacentral")
            .instances()
            .create(spec("south").backups(BackupPolicy.daily().geoRedundant(true)).build())
            .await(LIMIT);
    pass(Duration.ofHours(1));
    azure.azure.clearRequests();
    Instance far =
        cloud
            .in("australiacentral2")
            .backups()
            .restore(RestoreSpec.of(geo.id()).latest().named("of-south"))
            .await(LIMIT);
    assertThat(azure.changes().get(0).body()).doesNotContain("geoRedundantBackup");
    assertThat(far.unwrap(ServerInner.class).backup().geoRedundantBackup())
        .isEqualTo(GeoRedundantBackupEnum.DISABLED);
  }

  /** Who goes by a list would take its backups for gone. */
  @Test
  void theListOfAServerThatAzureHidesIsNotEmpty() {
    hide("Servers_Get");
    assertThatThrownBy(() -> cloud.backups().list(BackupQuery.of(orders.id())).stream().toList())
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.retryable()).isTrue());
    assertThatThrownBy(() -> cloud.backups().list(BackupQuery.all()).stream().toList())
        .isInstanceOf(UnavailableException.class);
    hide("BackupsAutomaticAndOnDemand_ListByServer");
    assertThatThrownBy(() -> cloud.backups().list(BackupQuery.of(orders.id())).stream().toList())
        .isInstanceOf(UnavailableException.class);
    azure.azure.faults().clear();
    ResourceId id = orders.id();
    ResourceId none =
        ResourceId.of(id.provider(), id.account(), id.location(), id.kind(), "nowhere");
    assertThat(cloud.backups().list(BackupQuery.of(none)).stream()).isEmpty();
    assertThat(cloud.backups().find(none, "nightly")).isEmpty();
  }

  /** Nor is what is looked for by its name. */
  @Test
  void aBackupAndAWindowOfAServerThatAzureHidesAreNotGone() {
    Backup taken = cloud.backups().take(orders.id(), BackupSpec.named("looked-for")).await(LIMIT);
    hide("Servers_Get");
    hide("BackupsAutomaticAndOnDemand_Get");
    azure.azure.clearRequests();
    assertThatThrownBy(() -> cloud.backups().find(orders.id(), "looked-for"))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> cloud.backups().delete(taken.id()))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> cloud.backups().window(orders.id()))
        .isInstanceOf(UnavailableException.class);
    assertThat(azure.changes()).isEmpty();
    azure.azure.faults().clear();
    assertThat(cloud.backups().find(orders.id(), "looked-for")).isPresent();
    cloud.backups().delete(taken.id()).await(LIMIT);
  }

  @Test
  void aBackupOfAServerThatAzureHidesIsNotTakenForDeleted() {
    Backup taken = cloud.backups().take(orders.id(), BackupSpec.named("hidden")).await(LIMIT);
    OneRun run = azure.runs();
    StepRun<ResourceId> deletion =
        run.begin(BackupDriver.DELETE, taken.id(), "attempt-of-deletion", null);
    hide("Servers_Get");
    hide("BackupsAutomaticAndOnDemand_Get");
    assertThat(run.poll(deletion)).isInstanceOf(StepRun.Outcome.Running.class);
    azure.azure.faults().clear();
    assertThat(run.finish(deletion)).isEqualTo(taken.id());
    assertThat(cloud.backups().find(orders.id(), "hidden")).isEmpty();
  }

  /** One that is being made is not shown. */
  @Test
  void aBackupThatMayComeIsNamed() {
    azure.azure.faults().on("BackupsAutomaticAndOnDemand_Create").connectionResetBefore();
    azure
        .azure
        .faults()
        .on("BackupsAutomaticAndOnDemand_Create")
        .after(1)
        .refused(400, "InvalidParameterValue", "Not so.");
    CloudDbException e = failure(cloud.backups().take(orders.id(), BackupSpec.named("perhaps")));
    assertThat(e.details().leftBehind().orElseThrow())
        .contains("perhaps the backup perhaps of orders");
  }

  @Test
  void aFailedProtectionSaysThatThePolicyIsInForce() {
    azure
        .azure
        .faults()
        .on("BackupsAutomaticAndOnDemand_Create")
        .operationFails("InvalidParameterValue", "Not so.");
    CloudDbException e =
        failure(
            cloud
                .backups()
                .protect(
                    orders.id(),
                    Protection.of(
                        BackupPolicy.daily().retainDays(30), BackupSpec.named("not-taken"))));
    assertThat(e.details().leftBehind().orElseThrow())
        .contains("the policy of orders as it was asked for, without the backup");
    assertThat(e.nextStep().orElseThrow()).contains("take the backup again");
  }
}
