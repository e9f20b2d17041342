/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** Backups by hand and by RDS itself through the facade, on one instance of a simulated RDS. */
class RdsBackupsTest {
  private static final String AWAY = "eu-west-1";
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final AdminLogin LOGIN =
      AdminLogin.of("app_admin", SecretRef.literal("correct-horse-battery"));
  private static final String FAR_KEY = "arn:aws:kms:" + AWAY + ":123456789012:key/k";

  private static RdsTestCloud rds;
  private static CloudDb here;
  private static CloudDb away;
  private static Instance orders;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud(builder -> builder.pageSize(2).hiddenDescriptions(1));
    here = rds.open();
    away = here.in(AWAY);
    orders =
        here.instances()
            .create(
                RdsTestCloud.spec("orders")
                    .admin(LOGIN)
                    .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7))
                    .tag("team", "shop")
                    .build())
            .await(LIMIT);
  }

  @AfterAll
  static void stop() {
    try (var first = rds;
        var second = here) {
      // Closed by leaving.
    }
  }

  private static Backup take(String name) {
    return here.backups().take(orders.id(), BackupSpec.named(name)).await(LIMIT);
  }

  private static ResourceId id(Backup backup) {
    return backup.id();
  }

  @Test
  void takesABackupThatIsFoundAgain() {
    BackupSpec spec =
        BackupSpec.manual("orders", Instant.parse("2026-01-02T03:04:05Z")).tag("why", "release 7");
    Backup taken = here.backups().take(orders.id(), spec).await(LIMIT);
    assertThat(taken.name()).isEqualTo("orders-manual-20260102-030405");
    assertThat(taken.origin()).isEqualTo(Backup.Origin.MANUAL);
    assertThat(taken.state()).isEqualTo(Backup.State.AVAILABLE);
    assertThat(taken.nativeState()).isEqualTo("available");
    assertThat(taken.instance()).contains(orders.id());
    assertThat(taken.size()).contains(DataSize.gib(20));
    assertThat(taken.engine()).contains(Engine.POSTGRESQL);
    assertThat(taken.engineVersion()).contains(orders.engineVersion());
    assertThat(taken.encrypted()).contains(true);
    assertThat(taken.encryptionKey()).isPresent();
    assertThat(taken.storageLocation()).contains(RdsTestCloud.REGION);
    assertThat(taken.expiresAt()).isEmpty();
    assertThat(taken.takenAt()).isPresent();
    assertThat(taken.tags())
        .containsOnly(
            Map.entry("Type", "Manual"),
            Map.entry("CreatedDate", "2026-01-02T03:04:05Z"),
            Map.entry("why", "release 7"));
    assertThat(taken.id().kind()).isEqualTo("backup");
    assertThat(taken.id().location()).isEqualTo(RdsTestCloud.REGION);
    assertThat(taken.id().nativeId())
        .contains("arn:aws:rds:ap-northeast-2:123456789012:snapshot:" + taken.name());
    assertThat(taken.unwrap(DBSnapshot.class).snapshotType()).isEqualTo("manual");

    assertThat(here.backups().find(orders.id(), taken.name())).contains(taken);
    assertThat(here.backups().get(taken.id())).isEqualTo(taken);
    assertThat(here.backups().find(orders.id(), "another")).isEmpty();
    assertThat(here.backups().find(rds.id("another"), taken.name())).isEmpty();
    assertThatThrownBy(() -> take(taken.name()))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("There is a DB snapshot " + taken.name());
  }

  @Test
  void listsPageByPageWhatIsAskedFor() {
    Backup first = take("listed-a");
    Instant between = rds.clock().instant();
    Backup second =
        here.backups()
            .take(orders.id(), BackupSpec.named("listed-b").tag("keep", "yes"))
            .await(LIMIT);
    BackupQuery all = BackupQuery.of(orders.id());
    assertThat(here.backups().list(all).stream().map(Backup::name))
        .contains("listed-a", "listed-b")
        .anyMatch(name -> name.startsWith("rds:orders-"));
    List<Page<Backup>> pages = new ArrayList<>();
    here.backups().list(all).pages().forEach(pages::add);
    assertThat(pages).hasSizeGreaterThan(1).allMatch(page -> page.items().size() <= 2);
    String token = pages.get(0).next().orElseThrow();
    assertThat(here.backups().list(all, token).stream().map(RdsBackupsTest::id))
        .containsExactlyElementsOf(
            pages.subList(1, pages.size()).stream()
                .flatMap(page -> page.items().stream())
                .map(RdsBackupsTest::id)
                .toList());

    assertThat(here.backups().list(all.origin(Backup.Origin.AUTOMATIC)).stream())
        .isNotEmpty()
        .allMatch(backup -> backup.origin() == Backup.Origin.AUTOMATIC)
        .allMatch(backup -> backup.unwrap(DBSnapshot.class).snapshotType().equals("automated"));
    assertThat(here.backups().list(all.origin(Backup.Origin.MANUAL)).stream().map(Backup::name))
        .contains("listed-a")
        .noneMatch(name -> name.startsWith("rds:"));
    assertThat(here.backups().list(all.takenFrom(between)).stream().map(Backup::name))
        .contains("listed-b")
        .doesNotContain("listed-a");
    assertThat(here.backups().list(all.takenBefore(between)).stream().map(Backup::name))
        .contains("listed-a")
        .doesNotContain("listed-b");
    assertThat(here.backups().list(all.tag("keep", "yes")).stream().map(Backup::name))
        .containsExactly("listed-b");
    assertThat(here.backups().list(BackupQuery.of(rds.id("another")))).isEmpty();
    assertThat(here.backups().list(BackupQuery.all()).stream().map(RdsBackupsTest::id))
        .contains(first.id(), second.id());
  }

  @Test
  void anAutomatedBackupIsFoundAndStays() {
    Backup automated =
        here.backups().list(BackupQuery.of(orders.id()).origin(Backup.Origin.AUTOMATIC)).stream()
            .findFirst()
            .orElseThrow();
    assertThat(here.backups().get(automated.id()).id()).isEqualTo(automated.id());
    assertThat(automated.expiresAt())
        .contains(automated.takenAt().orElseThrow().plus(Duration.ofDays(7)));
    assertThat(here.backups().get(ResourceId.parse(automated.id().toString())).name())
        .isEqualTo(automated.name());
    int before = rds.simulator().requests("DeleteDBSnapshot").size();
    assertThatThrownBy(() -> here.backups().delete(automated.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("RDS lets nobody delete it");
    assertThat(rds.simulator().requests("DeleteDBSnapshot")).hasSize(before);
  }

  @Test
  void deletesABackup() {
    Backup taken = take("passing");
    assertThat(here.backups().delete(taken.id()).await(LIMIT)).isEqualTo(taken.id());
    assertThat(here.backups().find(orders.id(), "passing")).isEmpty();
    assertThatThrownBy(() -> here.backups().get(taken.id())).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> here.backups().delete(taken.id()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void copiesABackupIntoAnotherRegionAndBesideIt() {
    Backup taken =
        here.backups()
            .take(orders.id(), BackupSpec.named("to-copy").tag("why", "release").tag("a", "1"))
            .await(LIMIT);
    assertThatThrownBy(() -> away.backups().copy(taken.id(), BackupSpec.named("keyless")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("its key cannot be used in " + AWAY);
    Backup far =
        away.backups()
            .copy(taken.id(), BackupSpec.named("copied").encryptionKey(FAR_KEY).tag("a", "2"))
            .await(LIMIT);
    assertThat(far.origin()).isEqualTo(Backup.Origin.COPY);
    assertThat(far.instance()).contains(orders.id());
    assertThat(far.id().location()).isEqualTo(AWAY);
    assertThat(far.takenAt()).isEqualTo(taken.takenAt());
    assertThat(far.tags()).containsOnly(Map.entry("why", "release"), Map.entry("a", "2"));
    assertThat(away.backups().list(BackupQuery.of(orders.id())).stream().map(Backup::name))
        .containsExactly("copied");
    assertThat(rds.lastForm("CopyDBSnapshot"))
        .containsEntry("SourceDBSnapshotIdentifier", taken.id().nativeId().orElseThrow())
        .containsKey("PreSignedUrl");

    Backup near =
        here.backups()
            .copy(taken.id(), BackupSpec.named("copied-near").encryptionKey("alias/mine"))
            .await(LIMIT);
    assertThat(near.origin()).isEqualTo(Backup.Origin.COPY);
    assertThat(near.encrypted()).contains(true);
    assertThat(near.encryptionKey()).contains("alias/mine");
    assertThat(
            here.backups().list(BackupQuery.of(orders.id()).origin(Backup.Origin.COPY)).stream()
                .map(Backup::name))
        .containsExactly("copied-near");
    assertThatThrownBy(
            () ->
                here.backups().copy(taken.id(), BackupSpec.named("foreign").encryptionKey(FAR_KEY)))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("the key is of " + AWAY);
    assertThat(far.encryptionKey()).contains(FAR_KEY);
  }

  @Test
  void refusesWhatIsStillBeingMadeOrNotThere() {
    var taking = here.backups().take(orders.id(), BackupSpec.named("in-the-making"));
    ResourceId coming =
        ResourceId.of(
            "aws", rds.simulator().account(), RdsTestCloud.REGION, "backup", "in-the-making");
    assertThat(taking.token()).isNotBlank();
    Backup taken = taking.await(LIMIT);
    assertThat(taken.id()).isEqualTo(coming);
    assertThatThrownBy(() -> here.backups().take(rds.id("nobody"), BackupSpec.named("of-nobody")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () ->
                here.backups()
                    .take(orders.id(), BackupSpec.named("keyed").encryptionKey("alias/mine")))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("RDS encrypts a snapshot with its instance's key");
    assertThatThrownBy(
            () -> here.backups().take(orders.id(), BackupSpec.named("shared").sharedWith("1")))
        .isInstanceOf(UnsupportedFeatureException.class);
    assertThatThrownBy(
            () ->
                here.backups().take(orders.id(), BackupSpec.named("out").exportedTo("s3://bucket")))
        .isInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void theWindowOfAnInstance() {
    RestorableWindow window = here.backups().window(orders.id());
    assertThat(window.earliest()).isPresent();
    assertThat(window.latest()).isPresent();
    assertThat(window.earliest().get()).isBeforeOrEqualTo(window.latest().get());
    assertThat(window.instanceDeleted()).isFalse();
    assertThatThrownBy(() -> here.backups().window(rds.id("nobody")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> away.backups().window(orders.id()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void protectsInOneCallAndTellsWhatIsPending() {
    Instance plain =
        here.instances()
            .create(RdsTestCloud.spec("plain").backups(BackupPolicy.none()).build())
            .await(LIMIT);
    BackupPolicy policy =
        BackupPolicy.daily(LocalTime.of(2, 0)).lasting(Duration.ofHours(1)).retainDays(30);
    ProtectedInstance kept =
        here.backups()
            .protect(plain.id(), Protection.of(policy, BackupSpec.manual("plain", Instant.EPOCH)))
            .await(LIMIT);
    assertThat(kept.backup().name()).isEqualTo("plain-manual-19700101-000000");
    assertThat(kept.backup().state()).isEqualTo(Backup.State.AVAILABLE);
    assertThat(kept.instance().id()).isEqualTo(plain.id());
    assertThat(kept.pending())
        .extracting(ProtectedInstance.Pending::field)
        .containsExactly(InstanceField.BACKUPS, InstanceField.BACKUP_RETENTION);
    assertThat(kept.pending().get(1).value()).isEqualTo("30 days");
    assertThat(kept.pending().get(1).when()).contains("maintenance window");
    assertThat(rds.lastForm("ModifyDBInstance"))
        .containsEntry("BackupRetentionPeriod", "30")
        .containsEntry("PreferredBackupWindow", "02:00-03:00")
        .doesNotContainKey("ApplyImmediately");

    // From one number of days to another RDS changes it soon, whatever is asked.
    ProtectedInstance longer =
        here.backups()
            .protect(
                orders.id(),
                Protection.of(
                    BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(8),
                    BackupSpec.named("orders-kept")))
            .await(LIMIT);
    assertThat(longer.pending()).isEmpty();
    assertThat(longer.backup().instance()).contains(orders.id());
  }

  @Test
  void refusesAPolicyThatWouldDeleteWhatThereIs() {
    int before = rds.simulator().requests("ModifyDBInstance").size();
    for (BackupPolicy policy :
        List.of(BackupPolicy.none(), BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(2))) {
      InstanceChange change = InstanceChange.builder().backups(policy).build();
      assertThatThrownBy(() -> here.instances().modify(orders.id(), change))
          .isInstanceOfSatisfying(
              ConditionFailedException.class,
              e ->
                  assertThat(((CloudDbException) e).nextStep().orElse("")).contains("discarding()"))
          .hasMessageContaining("would delete");
      assertThatThrownBy(
              () ->
                  here.backups()
                      .protect(orders.id(), Protection.of(policy, BackupSpec.named("too-late"))))
          .isInstanceOf(ConditionFailedException.class);
    }
    String maintenance =
        here.unwrap(RdsClient.class)
            .describeDBInstances(r -> r.dbInstanceIdentifier("orders"))
            .dbInstances()
            .get(0)
            .preferredMaintenanceWindow();
    LocalTime start = LocalTime.parse(maintenance.substring(4, 9));
    InstanceChange overlapping =
        InstanceChange.builder().backups(BackupPolicy.daily(start)).build();
    assertThatThrownBy(() -> here.instances().modify(orders.id(), overlapping))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("would overlap its maintenance window " + maintenance);
    assertThat(here.backups().find(orders.id(), "too-late")).isEmpty();
    assertThat(rds.simulator().requests("ModifyDBInstance")).hasSize(before);
  }
}
