/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.PASSWORD;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.DataEncryption;
import com.azure.resourcemanager.postgresqlflexibleserver.models.GeoRedundantBackupEnum;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnavailableException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Backups and restores through the library, and what is refused before anything has happened. */
class AzureBackupsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final AdminLogin LOGIN = AdminLogin.of("app_admin", PASSWORD);

  @RegisterExtension static final SharedAzure SHARED = new SharedAzure();

  private static final AtomicInteger NUMBER = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static AzureOnThisMachine azure;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static CloudDb cloud;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static Instance orders;

  /** What a test restores. */
  private final String name = "again-" + NUMBER.incrementAndGet();

  @BeforeAll
  static void makeSource() throws Exception {
    azure = SHARED.azure();
    cloud = SHARED.cloud();
    orders =
        cloud
            .instances()
            .create(
                spec("orders")
                    .tag("of", "source")
                    .parameter("work_mem", "8192")
                    .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30)))
                    .build())
            .await(LIMIT);
    run(orders, "CREATE TABLE t AS SELECT 1 AS a");
  }

  @BeforeEach
  void awaitFirstBackup() throws Exception {
    RestorableWindow unused = awaitWindow();
    run(orders, "DELETE FROM t WHERE a > 1");
    forget();
  }

  @AfterEach
  void deleteBackups() {
    azure.azure.faults().clear();
    cloud
        .backups()
        .list(BackupQuery.of(orders.id()).origin(Backup.Origin.MANUAL))
        .forEach(left -> cloud.backups().delete(left.id()).await(LIMIT));
  }

  private static void forget() {
    PublishedDefinition.check(azure.azure.requests());
    azure.azure.clearRequests();
  }

  private static RestorableWindow awaitWindow() {
    return awaitWindow(orders);
  }

  private static RestorableWindow awaitWindow(Instance instance) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (cloud.backups().window(instance.id()).earliest().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return cloud.backups().window(instance.id());
  }

  private static void run(Instance instance, String sql) throws SQLException {
    try (Connection connection = instance.connection(LOGIN).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(Instance instance, String sql) throws SQLException {
    try (Connection connection = instance.connection(LOGIN).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static JsonNode json(String text) throws Exception {
    return MAPPER.readTree(text.replace('\'', '"'));
  }

  private List<String> calls() {
    return azure.changes().stream()
        .map(
            request ->
                request.operation() + request.path().replaceFirst(".*/flexibleServers/", " "))
        .toList();
  }

  private Backup take(String name) {
    return cloud.backups().take(orders.id(), BackupSpec.named(name)).await(LIMIT);
  }

  @Test
  void aBackupIsTakenFoundListedAndDeleted() {
    Backup taken = take("before");
    assertThat(calls()).containsExactly("BackupsAutomaticAndOnDemand_Create orders/backups/before");
    RecordedRequest put = azure.changes().get(0);
    assertThat(put.body()).isEmpty();
    assertThat(String.valueOf(put.headers().get("content-length"))).contains("0");
    assertThat(taken.name()).isEqualTo("before");
    assertThat(taken.origin()).isEqualTo(Backup.Origin.MANUAL);
    assertThat(taken.state()).isEqualTo(Backup.State.AVAILABLE);
    assertThat(taken.instance()).contains(orders.id());
    assertThat(taken.engineVersion()).contains(orders.engineVersion());
    assertThat(taken.encrypted()).contains(true);
    assertThat(taken.expiresAt()).contains(taken.takenAt().orElseThrow().plus(Duration.ofDays(7)));
    assertThat(cloud.backups().find(orders.id(), "before")).contains(taken);
    assertThat(cloud.backups().get(taken.id())).isEqualTo(taken);
    BackupQuery of = BackupQuery.of(orders.id());
    assertThat(cloud.backups().list(of.origin(Backup.Origin.MANUAL)).stream())
        .containsExactly(taken);
    assertThat(cloud.backups().list(BackupQuery.all()).stream()).contains(taken);
    List<Backup> all = cloud.backups().list(of).stream().toList();
    assertThat(all).hasSizeGreaterThan(1).contains(taken);
    assertThat(all.get(0).origin()).isEqualTo(Backup.Origin.AUTOMATIC);
    assertThat(cloud.backups().list(of.takenBefore(taken.takenAt().orElseThrow())).stream())
        .contains(all.get(0))
        .doesNotContain(taken);
    assertThatThrownBy(() -> take("before"))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("has a backup before already");
    assertThatThrownBy(() -> cloud.backups().delete(all.get(0).id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("only on-demand backups can be deleted");
    assertThat(cloud.backups().delete(taken.id()).await(LIMIT)).isEqualTo(taken.id());
    assertThat(cloud.backups().find(orders.id(), "before")).isEmpty();
    assertThatThrownBy(() -> cloud.backups().delete(taken.id()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aRestoreHasTheDataOfItsBackupAndGetsAgainWhatAzureLoses() throws Exception {
    Backup before = take("before");
    run(orders, "INSERT INTO t VALUES (2)");
    forget();
    Instance again =
        cloud.backups().restore(RestoreSpec.from(before).named(name).login(LOGIN)).await(LIMIT);
    JsonNode body = MAPPER.readTree(azure.changes().get(0).body());
    String attempt = body.at("/tags/clouddb-attempt").asText();
    assertThat(body)
        .isEqualTo(
            json(
                "{'location':'koreacentral','tags':{'of':'source','clouddb-attempt':'"
                    + attempt
                    + "'},'properties':{'createMode':'PointInTimeRestore',"
                    + "'sourceServerResourceId':'"
                    + ServerArmId.of(orders.id())
                    + "','pointInTimeUTC':'"
                    + before.takenAt().orElseThrow()
                    + "'}}"));
    assertThat(calls())
        .containsExactly(
            "Servers_Create " + name,
            "FirewallRules_CreateOrUpdate "
                + name
                + "/firewallRules/clouddb-127-0-0-0-127-255-255-255",
            "Servers_Update " + name,
            "Configurations_Put " + name + "/configurations/work_mem");
    assertThat(MAPPER.readTree(azure.changes().get(2).body()))
        .isEqualTo(
            json(
                "{'properties':{'maintenanceWindow':{'customWindow':'Enabled','startHour':4,"
                    + "'startMinute':30,'dayOfWeek':0}}}"));
    assertThat(ask(again, "SELECT sum(a) FROM t")).isEqualTo("1");
    assertThat(ask(again, "SHOW work_mem")).isEqualTo("8MB");
    assertThat(again.tags()).containsEntry("of", "source");
    assertThat(again.nativeSize()).isEqualTo(orders.nativeSize());
    try (Connection connection = again.connection().connect()) {
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  /** Azure's times have seven digits, and what it shows can be asked for. */
  @Test
  void theEarliestMomentThatIsShownCanBeRestored() {
    Instant earliest = awaitWindow().earliest().orElseThrow();
    Instance again =
        cloud.backups().restore(RestoreSpec.of(orders.id()).at(earliest).named(name)).await(LIMIT);
    assertThat(again.name()).isEqualTo(name);
  }

  @Test
  void aRestoreToAMomentHasWhatWasCommittedUntilThen() throws Exception {
    run(orders, "INSERT INTO t VALUES (2)");
    pass(Duration.ofSeconds(30));
    Instant moment = azure.clock.instant();
    pass(Duration.ofSeconds(30));
    run(orders, "INSERT INTO t VALUES (4)");
    Instance again =
        cloud
            .backups()
            .restore(
                RestoreSpec.of(orders.id())
                    .at(moment)
                    .named(name)
                    .size(InstanceSize.named("Standard_D4ds_v5"))
                    .availability(Availability.REGIONAL)
                    .network(Network.publicAccess("203.0.113.0/24"))
                    .parameter("work_mem", "16384")
                    .tag("of", "restore"))
            .await(LIMIT);
    assertThat(ask(again, "SELECT sum(a) FROM t")).isEqualTo("3");
    assertThat(ask(again, "SHOW work_mem")).isEqualTo("16MB");
    assertThat(again.nativeSize()).contains("Standard_D4ds_v5");
    assertThat(again.availability()).contains(Availability.REGIONAL);
    assertThat(again.tags()).containsEntry("of", "restore");
    assertThat(calls())
        .contains(
            "FirewallRules_CreateOrUpdate "
                + name
                + "/firewallRules/"
                + "clouddb-203-0-113-0-203-0-113-255")
        .noneMatch(call -> call.contains("127-0-0-0"));
  }

  @Test
  void aStandbyOfTheSourceIsMadeAgain() {
    Instance doubled =
        cloud
            .instances()
            .create(spec("doubled").availability(Availability.REGIONAL).build())
            .await(LIMIT);
    RestorableWindow unused = awaitWindow(doubled);
    Instance again =
        cloud.backups().restore(RestoreSpec.of(doubled.id()).latest().named(name)).await(LIMIT);
    assertThat(again.availability()).contains(Availability.REGIONAL);
  }

  /** In simulated time. */
  private void pass(Duration duration) {
    Instant end = azure.clock.instant().plus(duration);
    while (azure.clock.instant().isBefore(end)) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  @Test
  void aServerThatWasDeletedIsRevivedToTheLatest() throws Exception {
    Instance gone = cloud.instances().create(spec("gone").build()).await(LIMIT);
    run(gone, "CREATE TABLE t AS SELECT 1 AS a");
    assertThatThrownBy(() -> cloud.instances().deleteKeepingBackups(gone.id()))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("often succeeds");
    cloud.instances().delete(gone.id()).await(LIMIT);
    assertThatThrownBy(() -> cloud.backups().window(gone.id()))
        .isInstanceOfSatisfying(
            NotFoundException.class,
            error -> assertThat(error.nextStep().orElseThrow()).contains("latest()"));
    assertThatThrownBy(
            () ->
                cloud
                    .backups()
                    .restore(RestoreSpec.of(gone.id()).at(azure.clock.instant()).named(name)))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("to no other moment");
    // Only who has made it knows in what network it was.
    azure.azure.faults().on("Servers_Create").operationFails("InvalidParameterValue", "Not so.");
    assertThatThrownBy(
            () ->
                cloud
                    .backups()
                    .restore(RestoreSpec.of(gone.id()).latest().named(name + "-no"))
                    .await(LIMIT))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            error ->
                assertThat(error.nextStep().orElseThrow())
                    .contains("network(privateNetwork(subnet).dnsZone(zone))"));
    forget();
    Instance again =
        cloud
            .backups()
            .restore(
                RestoreSpec.of(gone.id())
                    .latest()
                    .named(name)
                    .network(Network.publicAccess("127.0.0.0/8")))
            .await(LIMIT);
    assertThat(MAPPER.readTree(azure.changes().get(0).body()).at("/properties/createMode").asText())
        .isEqualTo("ReviveDropped");
    assertThat(ask(again, "SELECT sum(a) FROM t")).isEqualTo("1");
  }

  @Test
  void aGeoRedundantServerIsRestoredInThePairedRegion() throws Exception {
    Instance geo =
        cloud
            .instances()
            .create(spec("geo-" + name).backups(BackupPolicy.daily().geoRedundant(true)).build())
            .await(LIMIT);
    run(geo, "CREATE TABLE t AS SELECT 7 AS a");
    CloudDb south = cloud.in("koreasouth");
    RestoreSpec spec = RestoreSpec.of(geo.id()).latest().named(name);
    assertThatThrownBy(() -> south.backups().restore(spec))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("less than an hour ago");
    assertThatThrownBy(
            () -> south.backups().restore(RestoreSpec.of(orders.id()).latest().named(name)))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("kept in koreacentral only");
    assertThat(south.backups().window(geo.id()).earliest()).isEmpty();
    pass(Duration.ofHours(1));
    Instance far = south.backups().restore(spec).await(LIMIT);
    assertThat(far.id().location()).isEqualTo("koreasouth");
    // At no other time can it be asked for.
    assertThat(far.unwrap(ServerInner.class).backup().geoRedundantBackup())
        .isEqualTo(GeoRedundantBackupEnum.ENABLED);
    assertThat(ask(far, "SELECT sum(a) FROM t")).isEqualTo("7");
  }

  @Test
  void aPolicyAndABackupAreOneCall() {
    Instance kept = cloud.instances().create(spec("kept").build()).await(LIMIT);
    forget();
    assertThat(
            cloud
                .backups()
                .plan(
                    kept.id(),
                    Protection.of(
                        BackupPolicy.daily().retainDays(30),
                        BackupSpec.manual("kept", azure.clock.instant())))
                .feasible())
        .isFalse();
    ProtectedInstance done =
        cloud
            .backups()
            .protect(
                kept.id(),
                Protection.of(
                    BackupPolicy.daily().retainDays(30),
                    BackupSpec.manual("kept", azure.clock.instant()).preferring(BackupField.TAGS)))
            .await(LIMIT);
    assertThat(done.pending()).isEmpty();
    assertThat(done.backup().name()).startsWith("kept-manual-");
    assertThat(calls())
        .containsExactly(
            "Servers_Update kept",
            "BackupsAutomaticAndOnDemand_Create kept/backups/" + done.backup().name());
    assertThat(done.backup().expiresAt())
        .contains(done.backup().takenAt().orElseThrow().plus(Duration.ofDays(30)));
  }

  @Test
  void refusesBeforeAnythingHasHappened() {
    Instant early = awaitWindow().earliest().orElseThrow().minus(Duration.ofHours(1));
    Instance small =
        cloud
            .instances()
            .create(spec("small").size(InstanceSize.atLeast(1, DataSize.gib(1))).build())
            .await(LIMIT);
    forget();
    assertThatThrownBy(
            () -> cloud.backups().restore(RestoreSpec.of(orders.id()).at(early).named(name)))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("before the earliest moment");
    assertThatThrownBy(
            () ->
                cloud
                    .backups()
                    .restore(
                        RestoreSpec.of(orders.id())
                            .at(azure.clock.instant().plus(Duration.ofHours(1)))
                            .named(name)))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("still to come");
    assertThatThrownBy(
            () -> cloud.backups().restore(RestoreSpec.of(orders.id()).latest().named("small")))
        .isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(() -> cloud.backups().take(small.id(), BackupSpec.named("one")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("Burstable");
    Native keyed =
        Native.customize(
            ServerInner.class,
            server ->
                server.withDataEncryption(
                    new DataEncryption().withPrimaryKeyUri("https://v.vault.azure.net/keys/k")));
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .create(
                        spec("keyed").backups(BackupPolicy.daily().geoRedundant(true)).build(),
                        keyed))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("needs a second key");
    assertThat(azure.changes()).isEmpty();
  }

  /** That is what geo-redundant backups are for. */
  @Tag("slow")
  @Test
  void aServerIsRestoredElsewhereAlsoWhenItsRegionDoesNotAnswer() throws Exception {
    Instance geo =
        cloud
            .instances()
            .create(spec("geo-" + name).backups(BackupPolicy.daily().geoRedundant(true)).build())
            .await(LIMIT);
    run(geo, "CREATE TABLE t AS SELECT 7 AS a");
    pass(Duration.ofHours(1));
    forget();
    CloudDb south = cloud.in("koreasouth");
    RestoreSpec spec = RestoreSpec.of(geo.id()).latest().named(name);
    azure.azure.faults().on("FirewallRules_ListByServer").times(1000).unavailable();
    assertThatThrownBy(() -> south.backups().restore(spec))
        .isInstanceOfSatisfying(
            UnavailableException.class,
            error -> assertThat(error.nextStep().orElseThrow()).contains("publicAccess(...)"));
    azure.azure.faults().clear();
    azure.azure.faults().onAny().named(geo.name()).times(1000).unavailable();
    Instance far = south.backups().restore(spec).await(LIMIT);
    azure.azure.faults().clear();
    assertThat(calls()).containsExactly("Servers_Create " + name);
    // "When the primary region is down, you can't create geo-redundant servers" in its pair.
    assertThat(azure.changes().get(0).body()).doesNotContain("geoRedundantBackup");
    assertThat(ask(far, "SELECT sum(a) FROM t")).isEqualTo("7");
  }

  /** What private endpoints alone reach is not opened by a copy of it. */
  @Test
  void aServerWithoutPublicAccessIsRestoredAndFollowedWithout() throws Exception {
    Instance closed = cloud.instances().create(spec("closed").build()).await(LIMIT);
    azure.patch("closed", Map.of("network", Map.of("publicNetworkAccess", "Disabled")));
    RestorableWindow unused = awaitWindow(closed);
    forget();
    Instance again =
        cloud.backups().restore(RestoreSpec.of(closed.id()).latest().named(name)).await(LIMIT);
    assertThat(calls()).containsExactly("Servers_Create " + name);
    assertThat(MAPPER.readTree(azure.changes().get(0).body()).at("/properties/network"))
        .isEqualTo(json("{'publicNetworkAccess':'Disabled'}"));
    assertThat(isClosed(again)).isTrue();
    Instance open =
        cloud
            .backups()
            .restore(
                RestoreSpec.of(closed.id())
                    .latest()
                    .named(name + "-open")
                    .network(Network.publicAccess("127.0.0.0/8")))
            .await(LIMIT);
    assertThat(isClosed(open)).isFalse();
    assertThat(access(name + "-open")).isEqualTo("Enabled");
    Instance replica =
        cloud.replicas().create(closed.id(), ReplicaSpec.named(name + "-ro")).await(LIMIT);
    assertThat(isClosed(replica)).isTrue();
    Instance reached =
        cloud
            .replicas()
            .create(
                closed.id(),
                ReplicaSpec.named(name + "-rr").network(Network.publicAccess("127.0.0.0/8")))
            .await(LIMIT);
    assertThat(isClosed(reached)).isFalse();
    assertThat(access(name + "-rr")).isEqualTo("Enabled");
  }

  /** What the request for a server says of public access; empty where it says nothing. */
  private String access(String server) throws Exception {
    RecordedRequest creation =
        azure.changes().stream()
            .filter(request -> request.path().endsWith("/flexibleServers/" + server))
            .findFirst()
            .orElseThrow();
    return MAPPER.readTree(creation.body()).at("/properties/network/publicNetworkAccess").asText();
  }

  private static boolean isClosed(Instance instance) {
    return PublicAccess.isOff(instance.unwrap(ServerInner.class).network());
  }

  /** Nothing in it could tell them apart, and it is of the same server in any case. */
  @Test
  void aBackupThatSomebodyElseTakesByThatNameMeanwhileIsTheOneThatThereIs() {
    OneRun another = azure.runs();
    BackupSpec spec = BackupSpec.named("before").of(orders.id(), AzureOnThisMachine.LOCATION);
    StepRun<Backup> ours =
        another.begin(
            BackupDriver.TAKE,
            new BackupName("orders", "before")
                .in(
                    new ArmScope(
                        AzureOnThisMachine.SUBSCRIPTION,
                        AzureOnThisMachine.GROUP,
                        AzureOnThisMachine.LOCATION)),
            "attempt-2",
            spec);
    Backup theirs = take("before");
    assertThat(another.finish(ours)).isEqualTo(theirs);
    assertThat(calls()).containsExactly("BackupsAutomaticAndOnDemand_Create orders/backups/before");
  }

  @Test
  void whatAzureEndsAsFailedIsTakenAgainAndOneThatFailsForGoodNamesNothing() {
    azure
        .azure
        .faults()
        .on("BackupsAutomaticAndOnDemand_Create")
        .operationFails("InternalServerError", "An unexpected error occured.");
    assertThat(take("before").state()).isEqualTo(Backup.State.AVAILABLE);
    azure
        .azure
        .faults()
        .on("BackupsAutomaticAndOnDemand_Create")
        .operationFails("InvalidParameterValue", "Not so.");
    assertThatThrownBy(() -> take("other"))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            error -> {
              assertThat(error.getMessage()).contains("Not so.");
              assertThat(error.details().leftBehind()).isEmpty();
              assertThat(error.nextStep().orElseThrow()).contains("take the backup again");
            });
    assertThat(cloud.backups().find(orders.id(), "other")).isEmpty();
  }

  /** What it has and what it lacks is said. */
  @Test
  void aRestoreThatStopsHalfWayNamesItsServer() {
    Backup before = take("before");
    azure.azure.faults().on("Configurations_Put").refused(400, "InvalidParameterValue", "Not so.");
    assertThatThrownBy(
            () -> cloud.backups().restore(RestoreSpec.from(before).named(name)).await(LIMIT))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            error -> {
              assertThat(error.details().leftBehind().orElseThrow())
                  .contains("the server " + name)
                  .contains("parameter work_mem");
              assertThat(error.nextStep().orElseThrow()).contains("Finish the server");
            });
    assertThat(cloud.instances().find(name)).isPresent();
  }

  /** A server may be made again under its name in another region of the group. */
  @Test
  void aBackupOfTheSameNamesInAnotherRegionIsNotDeleted() {
    Backup taken = take("nightly");
    ResourceId id = taken.id();
    ResourceId other =
        ResourceId.of(id.provider(), id.account(), "koreasouth", id.kind(), id.name());
    assertThatThrownBy(() -> cloud.in("koreasouth").backups().delete(other))
        .isInstanceOf(NotFoundException.class);
    assertThat(cloud.backups().find(orders.id(), "nightly")).isPresent();
  }

  @Test
  void aReplicaAndAStoppedServerAreNotBackedUp() {
    Instance near = cloud.replicas().create(orders.id(), ReplicaSpec.named("near")).await(LIMIT);
    assertThatThrownBy(() -> cloud.backups().take(near.id(), BackupSpec.named("one")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("it is a read replica");
    assertThatThrownBy(
            () -> cloud.backups().restore(RestoreSpec.of(near.id()).latest().named(name)))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("it is a read replica");
    assertThat(cloud.backups().window(near.id()).earliest()).isEmpty();
    cloud.instances().delete(near.id()).await(LIMIT);
    Instance stopped = cloud.instances().create(spec("stopped").build()).await(LIMIT);
    cloud.instances().stop(stopped.id()).await(LIMIT);
    assertThatThrownBy(() -> cloud.backups().take(stopped.id(), BackupSpec.named("one")))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            error -> assertThat(error.nextStep().orElseThrow()).contains("instances().start(id)"));
  }

  /** What would be gone is named: the moments, and what somebody took by hand. */
  @Test
  void aShorterRetentionNamesWhatItWouldDelete() {
    Backup before = take("before");
    OneRun run = azure.runs();
    ServerInner server = run.calls().existing("orders");
    server.backup().withBackupRetentionDays(30);
    KeptBackups kept = new KeptBackups(run.backupCalls());
    Instant later = before.takenAt().orElseThrow().plus(Duration.ofDays(9));
    InstanceChange fewer = change(BackupPolicy.daily().retainDays(8));
    assertThatThrownBy(() -> kept.require(orders.id(), server, fewer, later))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            error -> {
              assertThat(error)
                  .hasMessageContaining("With 8 Azure deletes what is older")
                  .hasMessageContaining("now all moments from ")
                  .hasMessageContaining("of the backups by hand [before]");
              assertThat(error.nextStep().orElseThrow()).contains("discarding()");
            });
    assertThatThrownBy(() -> kept.require(orders.id(), server, fewer, azure.clock.instant()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("nothing yet");
    assertThatCode(
            () -> {
              BackupPolicy eight = BackupPolicy.daily().retainDays(8);
              kept.require(orders.id(), server, change(eight.discarding()), later);
              kept.require(orders.id(), server, change(eight.retainDays(30)), later);
              kept.require(orders.id(), server, change(BackupPolicy.daily()), later);
            })
        .doesNotThrowAnyException();
  }

  private static InstanceChange change(BackupPolicy policy) {
    return InstanceChange.builder().backups(policy).build();
  }
}
