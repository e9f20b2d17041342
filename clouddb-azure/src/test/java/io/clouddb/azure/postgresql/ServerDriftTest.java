/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Backup;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailability;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailabilityMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.MaintenanceWindow;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Storage;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.OnDrift;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that is held beside its spec, and what somebody else has changed about it. */
class ServerDriftTest {
  @RegisterExtension static final SharedAzure SHARED = new SharedAzure();

  private static AzureOnThisMachine azure;
  private static CloudDb cloud;
  private static ServerCalls somebody;

  @BeforeAll
  static void start() {
    azure = SHARED.azure();
    cloud = SHARED.cloud();
    somebody = azure.runs().calls();
    cloud.instances().create(orders()).await(LIMIT);
  }

  private static InstanceSpec orders() {
    return everything("orders").build();
  }

  private static InstanceSpec.Builder everything(String name) {
    return spec(name)
        .database("shop")
        .storage(io.clouddb.instance.Storage.ssd(DataSize.gib(64)).fixed())
        .backups(BackupPolicy.daily().retainDays(14).withPointInTime().discarding())
        .maintenance(
            io.clouddb.instance.MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30))
                .lasting(Duration.ofHours(1)))
        .deletionProtection(false)
        .logicalReplication(true)
        .insights(Insights.enabled().retainDays(10))
        .parameter("work_mem", "8192")
        .tag("team", "shop");
  }

  private static List<Field> differing(InstanceSpec spec) {
    return cloud.instances().drift(spec).differences().stream()
        .map(Drift.Difference::field)
        .toList();
  }

  private static void done(Accepted accepted) {
    String handle = Objects.requireNonNull(accepted.handle());
    while (somebody.operation(handle, "orders").progress() == ArmOperations.Progress.RUNNING) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    assertThat(somebody.operation(handle, "orders").progress())
        .isEqualTo(ArmOperations.Progress.SUCCEEDED);
  }

  private static Consumer<String> update(ServerForUpdate body) {
    return name -> done(somebody.update(name, body));
  }

  private static Consumer<String> parameter(String parameter, String value) {
    return name -> done(somebody.configuration(name, parameter, value));
  }

  private static void retag(String name) {
    Map<String, String> tags = new HashMap<>(somebody.existing(name).tags());
    tags.put("team", "others");
    tags.put("cost", "12");
    done(somebody.update(name, new ServerForUpdate().withTags(tags)));
  }

  private static Arguments change(InstanceField field, String actual, Consumer<String> change) {
    return Arguments.of(field, actual, change);
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change(
            InstanceField.SIZE,
            "Standard_D4ds_v5 (GeneralPurpose)",
            update(
                new ServerForUpdate()
                    .withSku(
                        new Sku().withName("Standard_D4ds_v5").withTier(SkuTier.GENERAL_PURPOSE)))),
        change(
            InstanceField.AVAILABILITY,
            "ZoneRedundant",
            update(
                new ServerForUpdate()
                    .withHighAvailability(
                        new HighAvailability().withMode(HighAvailabilityMode.ZONE_REDUNDANT)))),
        change(
            InstanceField.BACKUP_RETENTION,
            "21",
            update(new ServerForUpdate().withBackup(new Backup().withBackupRetentionDays(21)))),
        change(
            InstanceField.MAINTENANCE_WINDOW,
            "a time that Azure chooses",
            update(
                new ServerForUpdate()
                    .withMaintenanceWindow(new MaintenanceWindow().withCustomWindow("Disabled")))),
        change(
            InstanceField.MAINTENANCE_WINDOW,
            "SATURDAY 04:30 UTC",
            update(
                new ServerForUpdate()
                    .withMaintenanceWindow(
                        new MaintenanceWindow()
                            .withCustomWindow("Enabled")
                            .withDayOfWeek(6)
                            .withStartHour(4)
                            .withStartMinute(30)))),
        change(InstanceField.TLS, "off", parameter("require_secure_transport", "off")),
        change(InstanceField.LOGICAL_REPLICATION, "replica", parameter("wal_level", "replica")),
        change(InstanceField.INSIGHTS, "none", parameter("pg_qs.query_capture_mode", "none")),
        change(
            InstanceField.INSIGHTS_RETENTION,
            "20",
            parameter("pg_qs.retention_period_in_days", "20")),
        change(InstanceField.PARAMETERS, "{work_mem=4096}", parameter("work_mem", "4096")),
        change(InstanceField.TAGS, "{team=others}", ServerDriftTest::retag));
  }

  @Test
  void whatWasAskedForIsWhatIsThere() {
    cloud.instances().create(everything("asked").build()).await(LIMIT);
    azure.azure.clearRequests();
    Drift drift = cloud.instances().drift(everything("asked").build());
    assertThat(drift.differences()).isEmpty();
    assertThat(drift.unknown())
        .as("the password")
        .extracting(Drift.Difference::field)
        .containsExactly(InstanceField.ADMIN_LOGIN);
    assertThat(azure.changes()).isEmpty();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("changes")
  void whatSomebodyElseHasChangedIsSeenAndBroughtBack(
      InstanceField field, String actual, Consumer<String> change) {
    assertThat(differing(orders())).isEmpty();
    change.accept("orders");
    assertThat(cloud.instances().drift(orders()).differences())
        .singleElement()
        .satisfies(
            difference -> {
              assertThat(difference.field()).isEqualTo(field);
              assertThat(difference.actual()).isEqualTo(actual);
            });
    azure.azure.clearRequests();
    assertThatThrownBy(() -> cloud.instances().ensure(orders(), OnDrift.FAIL))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(field.id() + ": ")
        .hasMessageContaining(actual);
    cloud.instances().ensure(orders(), OnDrift.KEEP).await(LIMIT);
    assertThat(azure.changes()).isEmpty();
    assertThat(differing(orders())).containsExactly(field);
    cloud.instances().ensure(orders(), OnDrift.APPLY).await(LIMIT);
    assertThat(differing(orders())).isEmpty();
  }

  @Test
  void aTagOfSomebodyElseIsNoDriftAndStays() {
    InstanceSpec shared = spec("shared").tag("team", "shop").build();
    cloud.instances().create(shared).await(LIMIT);
    retag("shared");
    cloud.instances().ensure(shared, OnDrift.APPLY).await(LIMIT);
    assertThat(cloud.instances().get("shared").tags())
        .containsEntry("team", "shop")
        .containsEntry("cost", "12");
  }

  @Test
  void aDiskGrowsToWhatIsAskedForAndIsNeverMadeSmaller() {
    InstanceSpec small = spec("disk").build();
    InstanceSpec large =
        small.toBuilder().storage(io.clouddb.instance.Storage.ssd(DataSize.gib(128))).build();
    cloud.instances().create(small).await(LIMIT);
    assertThat(differing(large)).containsExactly(InstanceField.STORAGE_SIZE);
    cloud.instances().ensure(large, OnDrift.APPLY).await(LIMIT);
    assertThat(differing(large)).isEmpty();
    update(new ServerForUpdate().withStorage(new Storage().withStorageSizeGB(256))).accept("disk");
    azure.azure.clearRequests();
    assertThatThrownBy(() -> cloud.instances().ensure(large, OnDrift.APPLY))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("cannot shrink");
    assertThat(azure.changes()).isEmpty();
  }

  @Test
  void whoWasLetInBesideTheRangesOfTheSpecIsSeen() {
    InstanceSpec open = spec("open").build();
    cloud.instances().create(open).await(LIMIT);
    assertThat(differing(open)).isEmpty();
    done(somebody.firewallRule("open", new AddressRange("0.0.0.0", "255.255.255.255")));
    assertThat(cloud.instances().drift(open).toString())
        .contains("public-access: firewallRules is")
        .contains("0.0.0.0 to 255.255.255.255");
    assertThatThrownBy(() -> cloud.instances().ensure(open, OnDrift.APPLY))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("public-access");
  }

  @Test
  void whatCannotBeChangedIsNamed() {
    InstanceSpec other =
        orders().toBuilder()
            .database("store")
            .admin(AdminLogin.of("other_admin", AzureOnThisMachine.PASSWORD))
            .network(Network.publicAccess("203.0.113.0/24"))
            .build();
    azure.azure.clearRequests();
    assertThat(differing(other))
        .containsExactlyInAnyOrder(
            InstanceField.DATABASE, InstanceField.ADMIN_LOGIN, InstanceField.PUBLIC_ACCESS);
    assertThatThrownBy(() -> cloud.instances().ensure(other, OnDrift.APPLY))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("database: databases is not there, wanted is store")
        .hasMessageContaining("admin-login: ")
        .hasMessageContaining("public-access: ");
    assertThat(azure.changes()).isEmpty();
  }

  @Test
  void aPrivateServerIsKnownByItsSubnetAndItsZone() {
    String network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
    Network inside =
        Network.privateNetwork(network + "/virtualNetworks/v/subnets/db")
            .dnsZone(network + "/privateDnsZones/shop.postgres.database.azure.com");
    InstanceSpec spec = spec("inside").network(inside).build();
    cloud.instances().create(spec).await(LIMIT);
    assertThat(differing(spec)).isEmpty();
    InstanceSpec elsewhere =
        spec.toBuilder()
            .network(
                Network.privateNetwork(network + "/virtualNetworks/v/subnets/other")
                    .dnsZone(network + "/privateDnsZones/shop.postgres.database.azure.com"))
            .build();
    assertThat(differing(elsewhere)).containsExactly(InstanceField.PRIVATE_NETWORK);
    assertThat(differing(spec("inside").build())).containsExactly(InstanceField.PUBLIC_ACCESS);
    assertThat(differing(orders().toBuilder().network(inside).build()))
        .containsExactly(InstanceField.PRIVATE_NETWORK);
  }

  @Test
  void anotherVersionIsSeen() {
    InstanceSpec older =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "15")
            .size(orders().size())
            .storage(orders().storage())
            .admin(orders().admin())
            .network(Network.publicAccess("127.0.0.0/8"))
            .build();
    assertThat(cloud.instances().drift(older).differences())
        .singleElement()
        .satisfies(
            difference -> {
              assertThat(difference.field()).isEqualTo(InstanceField.ENGINE_VERSION);
              assertThat(difference.actual()).startsWith("16.");
            });
  }

  @Test
  void ofAServerThatDoesNotRunNobodyKnowsTheParameters() {
    InstanceSpec spec = everything("stopped").build();
    cloud.instances().create(spec).await(LIMIT);
    cloud.instances().stop(cloud.instances().get("stopped").id()).await(LIMIT);
    Drift drift = cloud.instances().drift(spec);
    assertThat(drift.differences()).isEmpty();
    assertThat(drift.unknown())
        .extracting(Drift.Difference::field)
        .contains(InstanceField.TLS, InstanceField.PARAMETERS, InstanceField.DATABASE);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> cloud.instances().drift(spec("nowhere").build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void aDiskOfAnotherKindAndOneThatGrowsAreSeen() {
    ServerInner server = somebody.existing("orders");
    InstanceSpec fixed = orders();
    assertThat(storage(fixed, new ServerAsItIs.Disk("PremiumV2_LRS", "Enabled")))
        .containsExactlyInAnyOrder(InstanceField.STORAGE_TYPE, InstanceField.STORAGE_GROWTH);
    assertThat(storage(fixed, new ServerAsItIs.Disk("Premium_LRS", "Disabled"))).isEmpty();
    assertThat(
            ServerFields.drift(
                    new ServerAsItIs(server, ServerAsItIs.Disk.UNKNOWN, Map.of(), null, null),
                    fixed)
                .unknown())
        .extracting(Drift.Difference::field)
        .contains(InstanceField.STORAGE_TYPE, InstanceField.STORAGE_GROWTH);
  }

  private static List<Field> storage(InstanceSpec spec, ServerAsItIs.Disk disk) {
    ServerInner server = somebody.existing("orders");
    return ServerFields.drift(new ServerAsItIs(server, disk, Map.of(), null, null), spec)
        .differences()
        .stream()
        .map(Drift.Difference::field)
        .toList();
  }
}
