/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.CloudDb;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.operation.Operation;
import io.clouddb.testkit.contract.internal.Eventually;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What cannot be is refused before anything has happened: with what can be done instead, and
 * without one request that changes something.
 */
abstract class BackupRefusalContract extends BackupCases {
  /** What only looks: on a wire of documents by its method, on RDS' by its name. */
  private static final Pattern LOOKS = Pattern.compile("(Describe|List|Get)[A-Z].*");

  private final SimulatedCloudContract drills;

  BackupRefusalContract(SimulatedCloudContract drills) {
    super(drills);
    this.drills = drills;
  }

  private void isRefusedUntouched(ThrowingCallable call, ErrorCategory... categories) {
    drills.simulator().clearRequests();
    CloudDbException e = catchThrowableOfType(CloudDbException.class, call);
    assertThat(e).as("it is refused").isNotNull();
    assertThat(e.category()).as("%s", e).isIn((Object[]) categories);
    assertThat(e.nextStep()).as("what can be done instead of: %s", e.getMessage()).isPresent();
    assertThat(drills.simulator().requests())
        .filteredOn(
            request ->
                !request.method().equals("GET") && !LOOKS.matcher(request.operation()).matches())
        .as("requests that change something")
        .isEmpty();
  }

  @Test
  void aMomentOutsideOfTheWindowIsRefused() {
    Instance orders = orders();
    take(orders);
    awaitRestorable(cloud(), orders.id(), quietMoment());
    RestorableWindow window = cloud().backups().window(orders.id());
    RestoreSpec future = restoring(RestoreSpec.of(orders.id()).at(now().plus(Duration.ofDays(1))));
    isRefusedUntouched(
        () -> restore(future), ErrorCategory.CONDITION_FAILED, ErrorCategory.INVALID_ARGUMENT);
    RestoreSpec past =
        restoring(
            RestoreSpec.of(orders.id())
                .at(
                    window
                        .earliest()
                        .orElseThrow()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .minus(Duration.ofHours(1))));
    isRefusedUntouched(
        () -> restore(past), ErrorCategory.CONDITION_FAILED, ErrorCategory.INVALID_ARGUMENT);
  }

  @Test
  void aNameThatIsTakenIsRefused() {
    Backup backup = take(orders());
    RestoreSpec spec = kit().restoring(RestoreSpec.from(backup).named(orders().name()));
    isRefusedUntouched(() -> restore(spec), ErrorCategory.ALREADY_EXISTS);
    BackupSpec again = BackupSpec.named(backup.name());
    isRefusedUntouched(
        () -> cloud().backups().take(orders().id(), again).await(kit().limit()),
        ErrorCategory.ALREADY_EXISTS);
  }

  @Test
  void whatIsStillBeingMadeIsRefused() throws InterruptedException {
    assumeTrue(drills.showsBackupsInTheMaking(), "The cloud shows no backup before it is made");
    Instance orders = orders();
    BackupSpec making = BackupSpec.named(newBackupName(cloud()));
    ScheduledExecutorService realTime = Executors.newSingleThreadScheduledExecutor();
    // Whoever takes it goes on while the cloud's time stands still.
    try (CloudDb taking =
        CloudDb.open(
            kit()
                .config()
                .timer(
                    (delay, task) -> {
                      var unused =
                          realTime.schedule(
                              task, Math.min(20, delay.toMillis()), TimeUnit.MILLISECONDS);
                    })
                .build())) {
      Runnable goOn = drills.simulator().clock().standStill();
      Operation<Backup> operation;
      try {
        operation = taking.backups().take(orders.id(), making);
        Eventually.holds(
            "it is being made",
            kit().limit(),
            () -> cloud().backups().find(orders.id(), making.name()).isPresent());
        Backup found = cloud().backups().find(orders.id(), making.name()).orElseThrow();
        assertThat(found.state()).isEqualTo(Backup.State.CREATING);
        RestoreSpec spec = restoring(RestoreSpec.from(found));
        isRefusedUntouched(() -> restore(spec), ErrorCategory.CONDITION_FAILED, ErrorCategory.BUSY);
        BackupSpec copy = kit().farCopy(newBackupName(away()));
        if (away().backups().plan(found.id(), copy).feasible()) {
          isRefusedUntouched(
              () -> away().backups().copy(found.id(), copy).await(kit().limit()),
              ErrorCategory.CONDITION_FAILED,
              ErrorCategory.BUSY);
        }
      } finally {
        goOn.run();
      }
      assertThat(operation.await(kit().limit()).state()).isEqualTo(Backup.State.AVAILABLE);
    } finally {
      realTime.shutdown();
      assertThat(realTime.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void aBackupThatFailedIsRefused() {
    Instance orders = orders();
    BackupSpec failing = BackupSpec.named(newBackupName(cloud()));
    drills.simulator().faults().on(Verb.CREATE, Call.BACKUP).times(20).operationFails();
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class,
            () -> cloud().backups().take(orders.id(), failing).await(kit().limit()));
    drills.simulator().faults().clear();
    assertThat(e).as("it failed").isNotNull();
    Optional<Backup> left = cloud().backups().find(orders.id(), failing.name());
    assertThat(e.details().leftBehind().filter(text -> text.contains(failing.name())).isPresent())
        .as("what is left is named, and nothing else: %s", e)
        .isEqualTo(left.isPresent());
    if (left.isEmpty()) {
      return;
    }
    assertThat(left.get().state()).isEqualTo(Backup.State.FAILED);
    RestoreSpec spec = restoring(RestoreSpec.from(left.get()));
    isRefusedUntouched(() -> restore(spec), ErrorCategory.CONDITION_FAILED);
    BackupSpec copy = kit().farCopy(newBackupName(away()));
    if (away().backups().plan(left.get().id(), copy).feasible()) {
      isRefusedUntouched(
          () -> away().backups().copy(left.get().id(), copy).await(kit().limit()),
          ErrorCategory.CONDITION_FAILED);
    }
  }

  @Test
  void aPolicyThatWouldDeleteWhatIsThereIsRefused() {
    Instance orders = orders();
    BackupPolicy kept = BackupPolicy.daily().retainDays(8).withPointInTime();
    for (BackupPolicy policy :
        List.of(
            BackupPolicy.none(),
            BackupPolicy.daily().retainDays(7),
            kept.retainLogDays(1),
            kept.geoRedundant(false))) {
      InstanceChange change = InstanceChange.builder().backups(policy).build();
      isRefusedForWhatItDiscards(
          policy,
          cloud().instances().planModify(change).feasible(),
          () -> cloud().instances().modify(orders.id(), change).await(kit().limit()));
      BackupSpec more = BackupSpec.named(newBackupName(cloud()));
      isRefusedForWhatItDiscards(
          policy,
          cloud().backups().plan(orders.id(), Protection.of(policy, more)).feasible(),
          () ->
              cloud()
                  .backups()
                  .protect(orders.id(), Protection.of(policy, more))
                  .await(kit().limit()));
    }
  }

  /** Where a cloud has no way to do it at all, it is refused for that. */
  private void isRefusedForWhatItDiscards(
      BackupPolicy policy, boolean canBeDone, ThrowingCallable call) {
    if (!canBeDone) {
      isRefusedUntouched(call, ErrorCategory.UNSUPPORTED_FEATURE);
    } else if (policy.geoRedundant().isEmpty()) {
      // Where it can be turned off, the source has none.
      isRefusedUntouched(call, ErrorCategory.CONDITION_FAILED);
    }
  }

  @Test
  void anEngineVersionThatIsNotOfferedAnyMoreIsRefused() {
    Instance orders = orders();
    Backup backup = take(orders);
    String version = sourceSpec(orders.name(), RestoreField.BACKUP).engineVersion();
    Optional<Runnable> offerAgain = drills.withdrawing(version);
    assumeTrue(offerAgain.isPresent(), "The cloud asks for no version that it offers");
    try {
      RestoreSpec spec = restoring(RestoreSpec.from(backup));
      isRefusedUntouched(() -> restore(spec), ErrorCategory.CONDITION_FAILED);
    } finally {
      offerAgain.get().run();
    }
  }

  /** That of an instance, and one that comes with it. */
  @Test
  void aWindowThatOverlapsThatOfMaintenanceIsRefused() {
    BackupPolicy atFour = BackupPolicy.daily(LocalTime.of(4, 0)).retainDays(8);
    InstanceChange backups = InstanceChange.builder().backups(atFour).build();
    InstanceChange maintenance =
        InstanceChange.builder()
            .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0)))
            .build();
    assumeTrue(
        Stream.of(backups, maintenance)
            .allMatch(change -> cloud().instances().planModify(change).feasible()),
        "The cloud has no windows for both");
    assumeFalse(drills.windowsMayOverlap(), "The cloud lets windows overlap");
    Instance orders = orders();
    InstanceChange both = maintenance.toBuilder().backups(atFour).build();
    isRefusedUntouched(
        () -> cloud().instances().modify(orders.id(), both).await(kit().limit()),
        ErrorCategory.UNSUPPORTED_FEATURE,
        ErrorCategory.INVALID_ARGUMENT);
    InstanceChange apart =
        maintenance.toBuilder()
            .backups(BackupPolicy.daily(LocalTime.of(1, 0)).retainDays(8))
            .build();
    cloud().instances().modify(orders.id(), apart).await(kit().limit());
    isRefusedUntouched(
        () -> cloud().instances().modify(orders.id(), backups).await(kit().limit()),
        ErrorCategory.CONDITION_FAILED);
    BackupSpec more = BackupSpec.named(newBackupName(cloud()));
    isRefusedUntouched(
        () ->
            cloud()
                .backups()
                .protect(orders.id(), Protection.of(atFour, more))
                .await(kit().limit()),
        ErrorCategory.CONDITION_FAILED);
  }

  @Test
  void sharingAndExportAndAKeyOfAnotherRegionAreRefusedWhereTheyCannotBe() {
    Instance orders = orders();
    BackupSpec spec = BackupSpec.named(newBackupName(cloud()));
    for (BackupSpec each :
        List.of(spec.sharedWith("another-account"), spec.exportedTo("a-bucket/a-folder"))) {
      if (!cloud().backups().plan(orders.id(), each).feasible()) {
        isRefusedUntouched(
            () -> cloud().backups().take(orders.id(), each), ErrorCategory.UNSUPPORTED_FEATURE);
      }
    }
    Backup backup = take(orders);
    kit()
        .foreignKey()
        .ifPresent(
            key -> {
              RestoreSpec restore = restoring(RestoreSpec.from(backup)).encryptionKey(key);
              isRefusedUntouched(
                  () -> restore(restore),
                  ErrorCategory.UNSUPPORTED_FEATURE,
                  ErrorCategory.INVALID_ARGUMENT,
                  ErrorCategory.CONDITION_FAILED);
              BackupSpec copy = BackupSpec.named(newBackupName(cloud())).encryptionKey(key);
              isRefusedUntouched(
                  () -> cloud().backups().copy(backup.id(), copy).await(kit().limit()),
                  ErrorCategory.UNSUPPORTED_FEATURE,
                  ErrorCategory.INVALID_ARGUMENT,
                  ErrorCategory.CONDITION_FAILED);
            });
  }
}
