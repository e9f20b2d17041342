/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static io.clouddb.azure.postgresql.ServerJson.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.plan.Drift;
import io.clouddb.spi.mapping.Asked;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read of a server as Azure shows it, and held beside a spec. */
class ServerReadBackTest {
  private static final String SAME = "as asked";
  private static final String UNTOLD = "not told";
  private static final String NET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
  private static final String SUBNET = NET + "/virtualNetworks/v/subnets/db";
  private static final String ZONE = NET + "/privateDnsZones/shop.postgres.database.azure.com";

  private static ServerAsItIs there(String shown) {
    return new ServerAsItIs(server(shown), ServerAsItIs.Disk.UNKNOWN, Map.of(), null, null);
  }

  private static ServerAsItIs disk(@Nullable String type, @Nullable String autoGrow) {
    return new ServerAsItIs(
        server("{}"), new ServerAsItIs.Disk(type, autoGrow), Map.of(), null, null);
  }

  private static ServerAsItIs parameter(String name, String value) {
    return new ServerAsItIs(
        server("{}"), ServerAsItIs.Disk.UNKNOWN, Map.of(name, value), null, null);
  }

  private static ServerAsItIs reached(String shown, String... cidrs) {
    Set<AddressRange> rules =
        Stream.of(cidrs)
            .map(cidr -> AddressRange.ofCidr(cidr).orElseThrow())
            .collect(Collectors.toSet());
    return new ServerAsItIs(server(shown), ServerAsItIs.Disk.UNKNOWN, Map.of(), rules, null);
  }

  private static ServerAsItIs database(boolean exists) {
    return new ServerAsItIs(server("{}"), ServerAsItIs.Disk.UNKNOWN, Map.of(), null, exists);
  }

  /** What the drift says of one field: as asked, not told, or what is there. */
  private static String seen(
      InstanceField field, UnaryOperator<InstanceSpec.Builder> asking, ServerAsItIs there) {
    Drift drift = ServerFields.drift(there, asking.apply(spec("orders")).build());
    Optional<Drift.Difference> found =
        Stream.concat(drift.differences().stream(), drift.unknown().stream())
            .filter(each -> each.field() == field)
            .findFirst();
    return found
        .map(each -> each.state() == Drift.State.UNKNOWN ? UNTOLD : each.actual())
        .orElse(SAME);
  }

  private static Arguments of(
      InstanceField field,
      UnaryOperator<InstanceSpec.Builder> asking,
      ServerAsItIs there,
      String seen) {
    return Arguments.of(field, asking, there, seen);
  }

  private static Arguments of(InstanceField field, ServerAsItIs there, String seen) {
    return of(field, spec -> spec, there, seen);
  }

  private static ServerAsItIs properties(String shown) {
    return there("{'properties':{" + shown + "}}");
  }

  static Stream<Arguments> whatRuns() {
    return Stream.of(
        of(InstanceField.NAME, there("{'name':'orders'}"), SAME),
        of(InstanceField.NAME, there("{'name':'others'}"), "others"),
        of(InstanceField.NAME, there("{}"), UNTOLD),
        of(InstanceField.ENGINE, there("{}"), SAME),
        of(InstanceField.ENGINE_VERSION, properties("'version':'16','minorVersion':'4'"), SAME),
        of(InstanceField.ENGINE_VERSION, properties("'version':'16'"), SAME),
        of(InstanceField.ENGINE_VERSION, properties("'version':'15','minorVersion':'9'"), "15.9"),
        of(InstanceField.ENGINE_VERSION, properties("'version':'1'"), "1"),
        of(InstanceField.ENGINE_VERSION, properties("'minorVersion':'4'"), UNTOLD),
        of(InstanceField.SIZE, sku("Standard_D2ds_v5", "GeneralPurpose"), SAME),
        of(InstanceField.SIZE, sku("standard_d2ds_v5", "GeneralPurpose"), SAME),
        of(
            InstanceField.SIZE,
            sku("Standard_D4ds_v5", "GeneralPurpose"),
            "Standard_D4ds_v5 (GeneralPurpose)"),
        of(
            InstanceField.SIZE,
            spec -> spec.size(InstanceSize.named("Standard_B2s")),
            sku("Standard_B2s", "Burstable"),
            SAME),
        of(InstanceField.SIZE, there("{}"), UNTOLD),
        of(InstanceField.AVAILABILITY, there("{}"), SAME),
        of(InstanceField.AVAILABILITY, properties("'highAvailability':{}"), SAME),
        of(InstanceField.AVAILABILITY, properties("'highAvailability':{'mode':'Disabled'}"), SAME),
        of(
            InstanceField.AVAILABILITY,
            properties("'highAvailability':{'mode':'ZoneRedundant'}"),
            "ZoneRedundant"),
        of(InstanceField.AVAILABILITY, ServerReadBackTest::regional, there("{}"), "Disabled"),
        of(
            InstanceField.AVAILABILITY,
            ServerReadBackTest::regional,
            properties("'highAvailability':{'mode':'ZoneRedundant'}"),
            SAME),
        // A standby in the same zone is neither of the two that can be asked for.
        of(
            InstanceField.AVAILABILITY,
            ServerReadBackTest::regional,
            properties("'highAvailability':{'mode':'SameZone'}"),
            "SameZone"),
        of(
            InstanceField.AVAILABILITY,
            properties("'highAvailability':{'mode':'SameZone'}"),
            "SameZone"),
        of(InstanceField.DATABASE, spec -> spec.database("shop"), database(true), SAME),
        of(InstanceField.DATABASE, spec -> spec.database("shop"), database(false), "not there"),
        of(InstanceField.DATABASE, spec -> spec.database("shop"), there("{}"), UNTOLD));
  }

  private static ServerAsItIs sku(String name, String tier) {
    return there("{'sku':{'name':'" + name + "','tier':'" + tier + "'}}");
  }

  private static InstanceSpec.Builder regional(InstanceSpec.Builder spec) {
    return spec.availability(Availability.REGIONAL);
  }

  static Stream<Arguments> theDisk() {
    UnaryOperator<InstanceSpec.Builder> fixed =
        spec -> spec.storage(Storage.ssd(DataSize.gib(64)).fixed());
    UnaryOperator<InstanceSpec.Builder> growing =
        spec -> spec.storage(Storage.ssd(DataSize.gib(64)).growing());
    return Stream.of(
        // Azure leaves it empty for the kind that it had first.
        of(InstanceField.STORAGE_TYPE, disk("", null), SAME),
        of(InstanceField.STORAGE_TYPE, disk("Premium_LRS", null), SAME),
        of(InstanceField.STORAGE_TYPE, disk("premium_lrs", null), SAME),
        of(InstanceField.STORAGE_TYPE, disk("PremiumV2_LRS", null), "PremiumV2_LRS"),
        of(InstanceField.STORAGE_TYPE, disk(null, null), UNTOLD),
        of(InstanceField.STORAGE_SIZE, properties("'storage':{'storageSizeGB':64}"), SAME),
        of(InstanceField.STORAGE_SIZE, properties("'storage':{'storageSizeGB':128}"), "128"),
        of(InstanceField.STORAGE_SIZE, properties("'storage':{}"), UNTOLD),
        of(InstanceField.STORAGE_SIZE, there("{}"), UNTOLD),
        // What a preference became is what is compared.
        of(
            InstanceField.STORAGE_SIZE,
            spec ->
                spec.storage(Storage.ssd(DataSize.gib(100))).preferring(InstanceField.STORAGE_SIZE),
            properties("'storage':{'storageSizeGB':128}"),
            SAME),
        of(InstanceField.STORAGE_GROWTH, fixed, disk(null, "Disabled"), SAME),
        of(InstanceField.STORAGE_GROWTH, fixed, disk(null, "Enabled"), "autoGrow"),
        of(InstanceField.STORAGE_GROWTH, fixed, disk(null, "enabled"), "autoGrow"),
        of(InstanceField.STORAGE_GROWTH, fixed, disk(null, null), UNTOLD),
        of(InstanceField.STORAGE_GROWTH, growing, disk(null, "Enabled"), SAME),
        of(InstanceField.STORAGE_GROWTH, growing, disk(null, "Disabled"), SAME),
        of(InstanceField.ENCRYPTION, there("{}"), SAME),
        of(
            InstanceField.ENCRYPTION,
            spec -> spec.storage(Storage.ssd(DataSize.gib(64)).unencrypted()),
            there("{}"),
            "true"));
  }

  static Stream<Arguments> backupsAndMaintenance() {
    UnaryOperator<InstanceSpec.Builder> days =
        spec -> spec.backups(BackupPolicy.daily().retainDays(14).withPointInTime());
    UnaryOperator<InstanceSpec.Builder> sunday =
        spec ->
            spec.maintenance(
                MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30))
                    .lasting(Duration.ofHours(1)));
    return Stream.of(
        of(InstanceField.BACKUPS, days, there("{}"), SAME),
        of(InstanceField.BACKUPS, s -> s.backups(BackupPolicy.none()), there("{}"), "daily"),
        of(InstanceField.POINT_IN_TIME, days, there("{}"), SAME),
        of(
            InstanceField.BACKUP_RETENTION,
            days,
            properties("'backup':{'backupRetentionDays':14}"),
            SAME),
        of(
            InstanceField.BACKUP_RETENTION,
            days,
            properties("'backup':{'backupRetentionDays':7}"),
            "7"),
        of(InstanceField.BACKUP_RETENTION, days, properties("'backup':{}"), UNTOLD),
        of(InstanceField.BACKUP_RETENTION, days, there("{}"), UNTOLD),
        of(
            InstanceField.BACKUP_RETENTION,
            s ->
                s.backups(BackupPolicy.daily().retainDays(3))
                    .preferring(InstanceField.BACKUP_RETENTION),
            properties("'backup':{'backupRetentionDays':7}"),
            SAME),
        of(InstanceField.MAINTENANCE_WINDOW, sunday, window("'Enabled'", 0, 4, 30), SAME),
        of(InstanceField.MAINTENANCE_WINDOW, sunday, window("'enabled'", 0, 4, 30), SAME),
        of(
            InstanceField.MAINTENANCE_WINDOW,
            sunday,
            window("'Enabled'", 6, 4, 30),
            "SATURDAY 04:30 UTC"),
        of(
            InstanceField.MAINTENANCE_WINDOW,
            sunday,
            window("'Enabled'", 1, 23, 5),
            "MONDAY 23:05 UTC"),
        of(
            InstanceField.MAINTENANCE_WINDOW,
            sunday,
            window("'Disabled'", 0, 4, 30),
            "a time that Azure chooses"),
        // As published, what is left out is 0.
        of(
            InstanceField.MAINTENANCE_WINDOW,
            sunday,
            properties("'maintenanceWindow':{'customWindow':'Enabled'}"),
            "SUNDAY 00:00 UTC"),
        of(InstanceField.MAINTENANCE_WINDOW, sunday, there("{}"), UNTOLD),
        of(InstanceField.MAINTENANCE_WINDOW_LENGTH, sunday, there("{}"), SAME));
  }

  private static ServerAsItIs window(String custom, int day, int hour, int minute) {
    return properties(
        "'maintenanceWindow':{'customWindow':%s,'dayOfWeek':%d,'startHour':%d,'startMinute':%d}"
            .formatted(custom, day, hour, minute));
  }

  static Stream<Arguments> whoMayConnect() {
    UnaryOperator<InstanceSpec.Builder> inside =
        spec -> spec.network(Network.privateNetwork(SUBNET).dnsZone(ZONE));
    UnaryOperator<InstanceSpec.Builder> outside =
        spec -> spec.network(Network.publicAccess("203.0.113.0/24", "198.51.100.4/32"));
    String closed = "{'properties':{'network':{'publicNetworkAccess':'Disabled'}}}";
    String open = "{'properties':{'network':{'publicNetworkAccess':'Enabled'}}}";
    String both = "203.0.113.0 to 203.0.113.255";
    return Stream.of(
        // The name is told, and never the password: nobody knows whether the login is the same.
        of(InstanceField.ADMIN_LOGIN, properties("'administratorLogin':'app_admin'"), UNTOLD),
        of(InstanceField.ADMIN_LOGIN, properties("'administratorLogin':'other'"), "other"),
        of(InstanceField.ADMIN_LOGIN, there("{}"), UNTOLD),
        of(InstanceField.PRIVATE_NETWORK, inside, network(SUBNET, ZONE), SAME),
        of(
            InstanceField.PRIVATE_NETWORK,
            inside,
            network(SUBNET.replace("resourceGroups", "resourcegroups"), ZONE),
            SAME),
        of(
            InstanceField.PRIVATE_NETWORK,
            inside,
            network(SUBNET + "2", ZONE),
            SUBNET + "2, with " + ZONE),
        of(
            InstanceField.PRIVATE_NETWORK,
            inside,
            properties("'network':{'delegatedSubnetResourceId':'" + SUBNET + "'}"),
            SUBNET),
        of(InstanceField.PRIVATE_NETWORK, inside, there(open), "none"),
        of(InstanceField.PRIVATE_NETWORK, inside, there("{}"), "none"),
        of(
            InstanceField.PUBLIC_ACCESS,
            outside,
            reached(open, "198.51.100.4/32", "203.0.113.0/24"),
            SAME),
        of(InstanceField.PUBLIC_ACCESS, outside, reached("{}", "203.0.113.0/24"), "[" + both + "]"),
        of(
            InstanceField.PUBLIC_ACCESS,
            outside,
            reached(open, "203.0.113.0/24", "198.51.100.4/32", "0.0.0.0/0"),
            "[0.0.0.0 to 255.255.255.255, 198.51.100.4 to 198.51.100.4, " + both + "]"),
        of(InstanceField.PUBLIC_ACCESS, outside, reached(open), "[]"),
        of(InstanceField.PUBLIC_ACCESS, outside, there(open), UNTOLD),
        of(
            InstanceField.PUBLIC_ACCESS,
            outside,
            reached(closed, "203.0.113.0/24", "198.51.100.4/32"),
            "none, as public access is disabled"),
        of(
            InstanceField.PUBLIC_ACCESS,
            outside,
            network(SUBNET, ZONE),
            "none, in a private network"));
  }

  private static ServerAsItIs network(String subnet, String zone) {
    return properties(
        "'network':{'delegatedSubnetResourceId':'%s','privateDnsZoneArmResourceId':'%s'}"
            .formatted(subnet, zone));
  }

  static Stream<Arguments> parameters() {
    String tls = "require_secure_transport";
    String store = "pg_qs.query_capture_mode";
    UnaryOperator<InstanceSpec.Builder> on = spec -> spec.insights(Insights.enabled());
    UnaryOperator<InstanceSpec.Builder> off = spec -> spec.insights(Insights.disabled());
    UnaryOperator<InstanceSpec.Builder> logical = spec -> spec.logicalReplication(true);
    UnaryOperator<InstanceSpec.Builder> memory = spec -> spec.parameter("work_mem", "8192");
    UnaryOperator<InstanceSpec.Builder> word = spec -> spec.parameter("jit", "off");
    return Stream.of(
        of(InstanceField.TLS, parameter(tls, "on"), SAME),
        of(InstanceField.TLS, parameter(tls, "ON"), SAME),
        of(InstanceField.TLS, parameter(tls, "off"), "off"),
        of(InstanceField.TLS, s -> s.tls(TlsMode.OPTIONAL), parameter(tls, "off"), SAME),
        of(InstanceField.TLS, there("{}"), UNTOLD),
        of(InstanceField.LOGICAL_REPLICATION, logical, parameter("wal_level", "logical"), SAME),
        of(InstanceField.LOGICAL_REPLICATION, logical, parameter("wal_level", "LOGICAL"), SAME),
        of(
            InstanceField.LOGICAL_REPLICATION,
            logical,
            parameter("wal_level", "replica"),
            "replica"),
        of(
            InstanceField.LOGICAL_REPLICATION,
            s -> s.logicalReplication(false),
            parameter("wal_level", "replica"),
            SAME),
        of(InstanceField.LOGICAL_REPLICATION, logical, there("{}"), UNTOLD),
        of(InstanceField.INSIGHTS, on, parameter(store, "top"), SAME),
        of(InstanceField.INSIGHTS, on, parameter(store, "all"), SAME),
        of(InstanceField.INSIGHTS, on, parameter(store, "NONE"), "NONE"),
        of(InstanceField.INSIGHTS, off, parameter(store, "none"), SAME),
        of(InstanceField.INSIGHTS, off, parameter(store, "top"), "top"),
        of(InstanceField.INSIGHTS, on, there("{}"), UNTOLD),
        of(
            InstanceField.INSIGHTS_RETENTION,
            s -> s.insights(Insights.enabled().retainDays(10)),
            parameter("pg_qs.retention_period_in_days", "10"),
            SAME),
        of(
            InstanceField.INSIGHTS_RETENTION,
            s -> s.insights(Insights.enabled().retainDays(10)),
            parameter("pg_qs.retention_period_in_days", "7"),
            "7"),
        of(InstanceField.PARAMETERS, memory, parameter("work_mem", "8192"), SAME),
        // Azure shows numbers and words as it likes them.
        of(InstanceField.PARAMETERS, memory, parameter("work_mem", "8192.0"), SAME),
        of(InstanceField.PARAMETERS, memory, parameter("work_mem", "8193"), "{work_mem=8193}"),
        of(InstanceField.PARAMETERS, memory, parameter("work_mem", "8MB"), "{work_mem=8MB}"),
        of(InstanceField.PARAMETERS, word, parameter("jit", "OFF"), SAME),
        of(InstanceField.PARAMETERS, word, parameter("jit", "0"), "{jit=0}"),
        of(InstanceField.PARAMETERS, memory, parameter("jit", "off"), UNTOLD));
  }

  static Stream<Arguments> tags() {
    UnaryOperator<InstanceSpec.Builder> team = spec -> spec.tag("team", "shop");
    return Stream.of(
        of(InstanceField.TAGS, team, there("{'tags':{'team':'shop','cost':'12'}}"), SAME),
        // Azure may show a key in another case.
        of(InstanceField.TAGS, team, there("{'tags':{'Team':'shop'}}"), SAME),
        of(InstanceField.TAGS, team, there("{'tags':{'team':'Shop'}}"), "{team=Shop}"),
        of(InstanceField.TAGS, team, there("{'tags':{'cost':'12'}}"), "{}"),
        of(InstanceField.TAGS, team, there("{}"), "{}"));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource({
    "whatRuns",
    "theDisk",
    "backupsAndMaintenance",
    "whoMayConnect",
    "parameters",
    "tags"
  })
  void isHeldBesideTheSpec(
      InstanceField field,
      UnaryOperator<InstanceSpec.Builder> asking,
      ServerAsItIs there,
      String seen) {
    assertThat(seen(field, asking, there)).isEqualTo(seen);
  }

  /** Where a server is to be was left to Azure. */
  @Test
  void aNetworkThatNobodyNamedIsNotCompared() {
    InstanceSpec unnamed =
        InstanceSpec.builder("orders", io.clouddb.instance.Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(64)))
            .admin(spec("orders").build().admin())
            .preferring(InstanceField.PRIVATE_NETWORK)
            .build();
    for (ServerAsItIs there : new ServerAsItIs[] {there("{}"), network(SUBNET, ZONE)}) {
      assertThat(ServerFields.drift(there, unnamed).differences())
          .extracting(Drift.Difference::field)
          .doesNotContain(InstanceField.PRIVATE_NETWORK);
    }
  }

  /** Each parameter is a request of its own: nothing else is asked for. */
  @Test
  void onlyTheParametersThatTheSpecMeansAreRead() {
    assertThat(names(spec("orders"))).containsExactly("require_secure_transport");
    assertThat(
            names(
                spec("orders")
                    .logicalReplication(true)
                    .insights(Insights.enabled().retainDays(10))
                    .parameter("work_mem", "8192")))
        .containsExactly(
            "pg_qs.query_capture_mode",
            "pg_qs.retention_period_in_days",
            "require_secure_transport",
            "wal_level",
            "work_mem");
  }

  private static Iterable<String> names(InstanceSpec.Builder spec) {
    Asked asked = ServerFields.asked(spec.build());
    return ParameterFields.names(asked);
  }
}
