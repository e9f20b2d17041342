/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.CloneContext;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.CloudDb;
import io.clouddb.Native;
import io.clouddb.Page;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How backups are taken, found, restored and deleted, and moments restored. */
class CloudSqlBackupsTest {
  private static final String FAR = "europe-west1";

  @TempDir private static Path folder;
  private static BackedUpOrders shop;

  @BeforeAll
  static void start() throws Exception {
    shop = new BackedUpOrders(folder);
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  private static Backup take(BackupSpec spec) {
    return shop.home.backups().take(shop.orders.id(), spec).await(LIMIT);
  }

  @Test
  void aBackupIsTakenFoundAndRestored() throws Exception {
    shop.write("before");
    BackupSpec spec = BackupSpec.named("before-release").tag("why", "release; 1=2");
    Backup backup = take(spec);
    assertThat(backup.name()).isEqualTo("before-release");
    assertThat(backup.tags()).containsExactlyEntriesOf(spec.tags());
    assertThat(backup.origin()).isEqualTo(Backup.Origin.MANUAL);
    assertThat(backup.state()).isEqualTo(Backup.State.AVAILABLE);
    assertThat(backup.instance()).contains(shop.orders.id());
    assertThat(backup.engineVersion()).contains("16");
    assertThat(backup.encrypted()).contains(true);
    assertThat(backup.storageLocation()).contains("asia");
    assertThat(shop.home.backups().find(shop.orders.id(), "before-release")).contains(backup);
    assertThat(shop.home.backups().get(backup.id())).isEqualTo(backup);
    String ledger = shop.ledger(shop.orders);
    shop.write("xyz");

    Instance restored =
        shop.home
            .backups()
            .restore(
                RestoreSpec.from(backup)
                    .named("orders-2")
                    .size(InstanceSize.named("db-custom-4-16384"))
                    .availability(Availability.REGIONAL)
                    .network(Network.publicAccess("198.51.100.0/24"))
                    .parameter("work_mem", "8192")
                    .tag("stage", "two")
                    .deletionProtection(true)
                    .login(shop.admin))
            .await(LIMIT);
    assertThat(shop.ledger(restored)).isEqualTo(ledger);
    assertThat(restored.nativeSize()).contains("db-custom-4-16384");
    assertThat(restored.availability()).contains(Availability.REGIONAL);
    assertThat(restored.deletionProtection()).isTrue();
    assertThat(restored.database()).contains("shop");
    BackupConfiguration policy =
        restored.unwrap(DatabaseInstance.class).getSettings().getBackupConfiguration();
    BackupConfiguration its =
        shop.home
            .instances()
            .get(shop.orders.id())
            .unwrap(DatabaseInstance.class)
            .getSettings()
            .getBackupConfiguration();
    assertThat(its.getStartTime()).as("not the usual one").isNotEqualTo("12:00");
    assertThat(policy).as("lost by a restore, and set again").isEqualTo(its);
    assertThat(restored.tags()).containsEntry("team", "one").containsEntry("stage", "two");
    assertThat(addresses(restored)).containsExactly("198.51.100.0/24");
    assertThat(flags(restored)).containsExactlyInAnyOrder("max_connections=300", "work_mem=8192");

    shop.home.backups().delete(backup.id()).await(LIMIT);
    assertThat(shop.home.backups().find(shop.orders.id(), "before-release")).isEmpty();
    assertThatThrownBy(() -> shop.home.backups().delete(backup.id()))
        .isInstanceOf(NotFoundException.class);
  }

  private static List<String> addresses(Instance instance) {
    return instance
        .unwrap(DatabaseInstance.class)
        .getSettings()
        .getIpConfiguration()
        .getAuthorizedNetworks()
        .stream()
        .map(entry -> entry.getValue())
        .toList();
  }

  private static List<String> flags(Instance instance) {
    return instance.unwrap(DatabaseInstance.class).getSettings().getDatabaseFlags().stream()
        .map(flag -> flag.getName() + "=" + flag.getValue())
        .toList();
  }

  @Test
  void aMomentIsRestoredWithWhatItAsksFor() throws Exception {
    shop.home
        .instances()
        .modify(
            shop.orders.id(),
            InstanceChange.builder()
                .maintenance(MaintenanceWindow.weekly(DayOfWeek.TUESDAY, LocalTime.of(5, 0)))
                .build())
        .await(LIMIT);
    shop.write("first");
    Instant moment = shop.quietMoment();
    String ledger = shop.ledger(shop.orders);
    shop.write("second");
    Instance restored =
        shop.home
            .backups()
            .restore(
                RestoreSpec.of(shop.orders.id())
                    .at(moment)
                    .named("orders-3")
                    .size(InstanceSize.named("db-custom-4-16384"))
                    .availability(Availability.REGIONAL)
                    .network(Network.publicAccess("198.51.100.0/24"))
                    .parameter("work_mem", "8192")
                    .tag("stage", "two")
                    .deletionProtection(true)
                    .login(shop.admin),
                Native.customize(
                    CloneContext.class, clone -> clone.setPreferredZone("asia-northeast3-b")))
            .await(LIMIT);
    assertThat(shop.ledger(restored)).isEqualTo(ledger);
    assertThat(restored.nativeSize()).contains("db-custom-4-16384");
    assertThat(restored.availability()).contains(Availability.REGIONAL);
    assertThat(restored.deletionProtection()).isTrue();
    assertThat(restored.tags()).containsEntry("team", "one").containsEntry("stage", "two");
    assertThat(addresses(restored)).containsExactly("198.51.100.0/24");
    assertThat(flags(restored)).containsExactlyInAnyOrder("max_connections=300", "work_mem=8192");
    Settings settings = restored.unwrap(DatabaseInstance.class).getSettings();
    assertThat(settings.getMaintenanceWindow().getDay()).as("lost by a clone").isEqualTo(2);
    assertThat(settings.getLocationPreference().getZone()).isEqualTo("asia-northeast3-b");
  }

  @Test
  void theLatestIsRestored() throws Exception {
    shop.write("last");
    shop.quietMoment();
    String ledger = shop.ledger(shop.orders);
    Instance restored =
        shop.home
            .backups()
            .restore(RestoreSpec.of(shop.orders.id()).latest().named("orders-4").login(shop.admin))
            .await(LIMIT);
    assertThat(shop.ledger(restored)).isEqualTo(ledger);
  }

  @Test
  void aBackupIsRestoredInAnotherRegion() throws Exception {
    shop.write("far");
    Backup backup = take(BackupSpec.named("for-far"));
    String ledger = shop.ledger(shop.orders);
    CloudDb far = shop.home.in(FAR);
    assertThat(far.backups().list(BackupQuery.all()).stream()).isEmpty();
    Instance restored = restored(far, backup, ledger);
    assertThat(far.backups().window(restored.id()).instanceDeleted()).isFalse();
    Backup there = far.backups().take(restored.id(), BackupSpec.named("of-far")).await(LIMIT);
    assertThat(far.backups().list(BackupQuery.of(restored.id())).stream()).contains(there);
  }

  private static Instance restored(CloudDb there, Backup backup, String ledger) throws Exception {
    Instance restored =
        there
            .backups()
            .restore(RestoreSpec.from(backup).named("orders-far").login(shop.admin))
            .await(LIMIT);
    assertThat(restored.id().location()).isEqualTo(there.config().location());
    assertThat(shop.ledger(restored)).isEqualTo(ledger);
    return restored;
  }

  @Test
  void aPolicyAndABackupAreOneCall() {
    Instant now = shop.gcp.simulator.clock().instant();
    BackupPolicy policy =
        BackupPolicy.daily(LocalTime.of(2, 30)).retainDays(30).retainLogDays(7).storedIn("asia");
    ProtectedInstance done =
        shop.home
            .backups()
            .protect(shop.orders.id(), Protection.of(policy, BackupSpec.manual("orders", now)))
            .await(LIMIT);
    assertThat(done.pending()).as("in force at once").isEmpty();
    assertThat(done.backup().tags())
        .containsEntry("Type", "Manual")
        .containsOnlyKeys("Type", "CreatedDate");
    assertThat(done.backup().name()).startsWith("orders-manual-");
    var backups =
        done.instance().unwrap(DatabaseInstance.class).getSettings().getBackupConfiguration();
    assertThat(backups.getStartTime()).isEqualTo("02:30");
    assertThat(backups.getBackupRetentionSettings().getRetainedBackups()).isEqualTo(30);
    assertThat(backups.getTransactionLogRetentionDays()).isEqualTo(7);
    assertThat(backups.getPointInTimeRecoveryEnabled()).as("not named, and left").isTrue();
    assertThat(backups.getLocation()).isEqualTo("asia");
  }

  @Test
  void aListIsReadPageByPageAndFiltered() {
    Instant from = shop.gcp.simulator.clock().instant();
    Backup one = take(BackupSpec.named("listed-1").tag("kind", "listed"));
    Backup two = take(BackupSpec.named("listed-2").tag("kind", "listed").tag("no", "2"));
    BackupQuery listed = BackupQuery.of(shop.orders.id()).tag("kind", "listed");
    assertThat(shop.home.backups().list(listed).stream()).containsExactly(two, one);
    assertThat(shop.home.backups().list(listed.tag("no", "2")).stream()).containsExactly(two);
    assertThat(
            shop
                .home
                .backups()
                .list(listed.origin(Backup.Origin.AUTOMATIC).takenFrom(from))
                .stream())
        .isEmpty();
    assertThat(shop.home.backups().list(listed.takenFrom(from)).stream()).containsExactly(two, one);
    List<Page<Backup>> pages = new ArrayList<>();
    shop.home.backups().list(BackupQuery.all()).pages().forEach(pages::add);
    assertThat(pages.size()).as("of one each").isGreaterThan(2);
    Backup automatic =
        pages.stream()
            .flatMap(page -> page.items().stream())
            .filter(each -> each.origin() == Backup.Origin.AUTOMATIC)
            .findFirst()
            .orElseThrow();
    assertThat(automatic.name()).matches("[0-9]+");
    assertThat(automatic.tags()).isEmpty();
    assertThat(shop.home.backups().get(automatic.id())).isEqualTo(automatic);
  }

  @Test
  void whatADeletedInstanceLeftIsRestored() throws Exception {
    InstanceSpec spec =
        SimulatedCloudSql.spec("gone", folder)
            .admin(shop.admin)
            .database("shop")
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7).withPointInTime())
            .build();
    Instance gone = shop.home.instances().create(spec).await(LIMIT);
    shop.run(gone, "CREATE TABLE public.ledger (entry text)");
    shop.run(gone, "INSERT INTO public.ledger VALUES ('left')");
    Backup left = shop.home.backups().take(gone.id(), BackupSpec.named("left-1")).await(LIMIT);
    shop.quietMoment();
    shop.home.instances().deleteKeepingBackups(gone.id()).await(LIMIT);

    assertThat(shop.home.backups().find(gone.id(), "left-1")).contains(left);
    RestorableWindow window = shop.home.backups().window(gone.id());
    assertThat(window.instanceDeleted()).isTrue();
    assertThat(window.latest()).isPresent();
    Instance fromBackup =
        shop.home
            .backups()
            .restore(RestoreSpec.from(left).named("gone-2").login(shop.admin))
            .await(LIMIT);
    assertThat(shop.ledger(fromBackup)).isEqualTo("left");
    Instance fromMoment =
        shop.home
            .backups()
            .restore(RestoreSpec.of(gone.id()).latest().named("gone-3").login(shop.admin))
            .await(LIMIT);
    assertThat(shop.ledger(fromMoment)).isEqualTo("left");
    shop.home.backups().delete(left.id()).await(LIMIT);
    assertThat(shop.gcp.simulator.requests("backups.deleteBackup")).hasSize(1);
  }

  @Test
  void whatNothingWasRetainedOfIsGone() throws Exception {
    Instance gone =
        shop.home
            .instances()
            .create(
                SimulatedCloudSql.spec("lost", folder)
                    .backups(BackupPolicy.daily(LocalTime.of(3, 0)).withPointInTime())
                    .build())
            .await(LIMIT);
    Backup lost = shop.home.backups().take(gone.id(), BackupSpec.named("lost-1")).await(LIMIT);
    shop.home.instances().delete(gone.id()).await(LIMIT);
    assertThat(shop.home.backups().list(BackupQuery.of(gone.id())).stream()).isEmpty();
    assertThatThrownBy(() -> shop.home.backups().window(gone.id()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> shop.home.backups().restore(RestoreSpec.from(lost).named("lost-2")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () -> shop.home.backups().restore(RestoreSpec.of(gone.id()).latest().named("lost-2")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nor a backup of it that was retained");
  }
}
