/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.CloudDb;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.operation.Operation;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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
    cloud()
        .backups()
        .find(orders.id(), failing.name())
        .ifPresent(
            left -> {
              assertThat(e.details().leftBehind().orElse("")).contains(failing.name());
              assertThat(left.state()).isEqualTo(Backup.State.FAILED);
              RestoreSpec spec = restoring(RestoreSpec.from(left));
              isRefusedUntouched(() -> restore(spec), ErrorCategory.CONDITION_FAILED);
            });
  }

  @Test
  void aPolicyThatWouldDeleteWhatIsThereIsRefused() {
    Instance orders = orders();
    InstanceChange fewer =
        InstanceChange.builder().backups(BackupPolicy.daily().retainDays(7)).build();
    isRefusedUntouched(
        () -> cloud().instances().modify(orders.id(), fewer).await(kit().limit()),
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
