/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.BackupRun;
import com.google.api.services.sqladmin.model.CloneContext;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before anything has changed. */
class CloudSqlBackupRefusalsTest {
  private static final String FAR = "europe-west1";
  private static final String RING =
      "projects/shop-project/locations/%s/keyRings/shop/cryptoKeys/databases";

  @TempDir private static Path folder;
  private static BackedUpOrders shop;
  private static Backup backup;
  private static Instance secret;
  private static Backup ofSecret;
  private static Instance replica;

  private int before;

  @BeforeAll
  static void start() throws Exception {
    shop = new BackedUpOrders(folder);
    backup = shop.home.backups().take(shop.orders.id(), BackupSpec.named("taken")).await(LIMIT);
    secret =
        shop.home
            .instances()
            .create(
                SimulatedCloudSql.spec("secret", folder)
                    .storage(
                        Storage.ssd(DataSize.gib(20))
                            .encryptedWith(RING.formatted(SimulatedCloudSql.REGION)))
                    .build())
            .await(LIMIT);
    ofSecret = shop.home.backups().take(secret.id(), BackupSpec.named("taken")).await(LIMIT);
    replica =
        shop.home.replicas().create(shop.orders.id(), ReplicaSpec.named("reader")).await(LIMIT);
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  private static List<RecordedRequest> changes() {
    return shop.gcp.simulator.requests().stream()
        .filter(request -> !request.method().equals("GET"))
        .toList();
  }

  @BeforeEach
  void count() {
    before = changes().size();
  }

  @AfterEach
  void nothingHasChanged() {
    assertThat(changes()).hasSize(before);
  }

  private static void restore(RestoreSpec spec, Native... customizations) {
    shop.home.backups().restore(spec, customizations);
  }

  @Test
  void aNameThatIsTaken() {
    assertThatThrownBy(() -> shop.home.backups().take(shop.orders.id(), BackupSpec.named("taken")))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("There is a backup taken of orders already");
    assertThatThrownBy(() -> restore(RestoreSpec.from(backup).named("secret")))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("There is an instance secret already");
    // Of another instance it is another one.
    assertThat(ofSecret.id()).isNotEqualTo(backup.id());
    assertThat(ofSecret.name()).isEqualTo(backup.name());
  }

  @Test
  void aReplicaHasNeither() {
    assertThatThrownBy(() -> shop.home.backups().take(replica.id(), BackupSpec.named("of-reader")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("Backups aren't available for replica instances")
        .hasMessageContaining("Take a backup of orders");
    assertThatThrownBy(() -> restore(RestoreSpec.of(replica.id()).latest().named("reader-2")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("you can't clone a replica");
    assertThatThrownBy(
            () ->
                shop.home
                    .backups()
                    .protect(
                        replica.id(),
                        Protection.of(
                            BackupPolicy.daily(LocalTime.of(3, 0)), BackupSpec.named("of-reader"))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("a replica has no backups");
  }

  @Test
  void aMomentOutsideOfTheWindow() {
    assertThatThrownBy(
            () -> restore(RestoreSpec.of(shop.orders.id()).at(Instant.EPOCH).named("orders-2")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("can be restored to a moment from ")
        .hasMessageContaining("and 1970-01-01T00:00:00Z is asked for");
    Instant later = shop.gcp.simulator.clock().instant().plusSeconds(86_400);
    assertThatThrownBy(() -> restore(RestoreSpec.of(shop.orders.id()).at(later).named("orders-2")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("or latest()");
  }

  @Test
  void aMomentOfWhatHasNoLogs() {
    assertThat(shop.home.backups().window(secret.id()).earliest()).isEmpty();
    assertThatThrownBy(() -> restore(RestoreSpec.of(secret.id()).latest().named("secret-2")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("has no point-in-time recovery")
        .hasMessageContaining("BackupPolicy.withPointInTime()");
  }

  @Test
  void aMomentInAnotherRegionOrNetwork() {
    assertThatThrownBy(
            () ->
                shop.home
                    .in(FAR)
                    .backups()
                    .restore(RestoreSpec.of(shop.orders.id()).latest().named("orders-2")))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("only in the project and the region of its instance");
    assertThatThrownBy(
            () ->
                restore(
                    RestoreSpec.of(shop.orders.id())
                        .latest()
                        .named("orders-2")
                        .network(Network.privateNetwork("projects/p/global/networks/other"))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("is in the private network of its source, which is none");
  }

  @Test
  void anotherRegionsKey() {
    assertThatThrownBy(
            () -> shop.home.in(FAR).backups().restore(RestoreSpec.from(ofSecret).named("secret-2")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("say by encryptionKey which one of " + FAR);
    assertThatThrownBy(
            () ->
                shop.home
                    .in(FAR)
                    .backups()
                    .restore(
                        RestoreSpec.from(ofSecret)
                            .named("secret-2")
                            .encryptionKey(RING.formatted(SimulatedCloudSql.REGION))))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("the key is in " + SimulatedCloudSql.REGION);
  }

  @Test
  void whatIsNotThere() {
    ResourceId none = new BackupId("orders", "none").in(SimulatedCloudSql.PLACE);
    assertThatThrownBy(() -> restore(RestoreSpec.from(none).named("orders-2")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> shop.home.backups().get(none)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () -> shop.home.backups().take(Stepwise.id("nobody"), BackupSpec.named("of-nobody")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> restore(RestoreSpec.of(Stepwise.id("nobody")).latest().named("xyz")))
        .isInstanceOf(NotFoundException.class);
    ResourceId elsewhere =
        ResourceId.of("gcp", SimulatedCloudSql.PROJECT, FAR, "instance", "orders");
    assertThat(shop.home.in(FAR).backups().find(elsewhere, "taken")).isEmpty();
  }

  @Test
  void aPolicyThatTakesBackupsAway() {
    assertThatThrownBy(
            () ->
                shop.home
                    .backups()
                    .protect(
                        shop.orders.id(),
                        Protection.of(
                            BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(3),
                            BackupSpec.named("not-taken"))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("it keeps 3 automated backups in place of 7")
        .hasMessageContaining("a moment of the last 3 days, and not of 7")
        .hasMessageContaining("BackupPolicy.discarding()");
    assertThatThrownBy(
            () ->
                shop.home
                    .backups()
                    .protect(
                        shop.orders.id(),
                        Protection.of(
                            BackupPolicy.daily().retainLogDays(2), BackupSpec.named("not-taken"))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("a moment of the last 2 days, and not of 7");
  }

  @Test
  void moreDaysOfLogsThanThereAreBackups() {
    assertThatThrownBy(
            () ->
                shop.home
                    .backups()
                    .protect(
                        shop.orders.id(),
                        Protection.of(
                            BackupPolicy.daily().retainDays(5).retainLogDays(6).discarding(),
                            BackupSpec.named("not-taken"))))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("logs are kept no longer than backups");
  }

  @Test
  void changesToRequestsThatLoseWhatIsFoundByThem() {
    assertThatThrownBy(
            () ->
                shop.home
                    .backups()
                    .take(
                        shop.orders.id(),
                        BackupSpec.named("not-taken"),
                        Native.customize(BackupRun.class, run -> run.setDescription("mine"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("must leave the description");
    assertThatThrownBy(
            () ->
                restore(
                    RestoreSpec.from(backup).named("orders-2"),
                    Native.customize(CloneContext.class, clone -> clone.setPreferredZone("z"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("without a CloneContext");
    assertThatThrownBy(
            () ->
                restore(
                    RestoreSpec.from(backup).named("orders-2"),
                    Native.customize(DatabaseInstance.class, body -> body.setRegion(FAR))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("must leave name, region and settings");
    assertThatThrownBy(
            () ->
                restore(
                    RestoreSpec.of(shop.orders.id()).latest().named("orders-2"),
                    Native.customize(CloneContext.class, clone -> clone.setPointInTime(null))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("must leave destinationInstanceName and pointInTime");
  }
}
