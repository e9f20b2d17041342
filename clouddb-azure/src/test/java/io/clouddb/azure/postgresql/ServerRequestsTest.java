/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static io.clouddb.azure.postgresql.ServerJson.json;
import static io.clouddb.azure.postgresql.ServerJson.sent;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which request carries which field, in Azure's words. */
class ServerRequestsTest {
  private static final String NET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
  private static final String SUBNET = NET + "/virtualNetworks/v/subnets/db";
  private static final String ZONE = NET + "/privateDnsZones/shop.postgres.database.azure.com";

  private static JsonNode put(InstanceSpec spec) {
    return sent(ServerFields.create(spec, "attempt-1", "koreacentral", "Secret-1"));
  }

  private static JsonNode patch(InstanceChange change) {
    return patch(change, ServerView.Facts.UNKNOWN);
  }

  private static JsonNode patch(InstanceChange change, ServerView.Facts before) {
    return sent(
        ServerFields.update(change, before, "Secret-2", Map.of("clouddb-attempt", "1", "a", "b"))
            .orElseThrow());
  }

  @Test
  void aNewServerIsOnePutWithAllThatAzureTakesInIt() {
    InstanceSpec spec =
        spec("orders")
            .availability(Availability.REGIONAL)
            .backups(BackupPolicy.daily().retainDays(14).withPointInTime())
            .tag("team", "shop")
            .build();
    assertThat(put(spec))
        .isEqualTo(
            json(
                "{'location':'koreacentral','tags':{'clouddb-attempt':'attempt-1','team':'shop'},"
                    + "'sku':{'name':'Standard_D2ds_v5','tier':'GeneralPurpose'},"
                    + "'properties':{'createMode':'Create','version':'16',"
                    + "'administratorLogin':'app_admin','administratorLoginPassword':'Secret-1',"
                    + "'storage':{'storageSizeGB':64},'backup':{'backupRetentionDays':14},"
                    + "'highAvailability':{'mode':'ZoneRedundant'}}}"));
  }

  private static Arguments put(
      String pointer, String expected, UnaryOperator<InstanceSpec.Builder> asking) {
    return Arguments.of(pointer, expected, asking);
  }

  static Stream<Arguments> puts() {
    return Stream.of(
        put("/properties/highAvailability", "{'mode':'Disabled'}", s -> s),
        put(
            "/sku",
            "{'name':'Standard_B2s','tier':'Burstable'}",
            s -> s.size(InstanceSize.atLeast(2, DataSize.gib(4)))),
        put(
            "/sku",
            "{'name':'Standard_D2ds_v5','tier':'GeneralPurpose'}",
            s ->
                s.size(InstanceSize.atLeast(2, DataSize.gib(4)))
                    .availability(Availability.REGIONAL)),
        put(
            "/properties/storage",
            "{'storageSizeGB':128}",
            s -> s.storage(Storage.ssd(DataSize.gib(65))).preferring(InstanceField.STORAGE_SIZE)),
        put(
            "/properties/storage",
            "{'storageSizeGB':32767}",
            s -> s.storage(Storage.ssd(DataSize.gib(32_767)))),
        put(
            "/properties/backup",
            "{'backupRetentionDays':7}",
            s ->
                s.backups(BackupPolicy.daily().retainDays(1))
                    .preferring(InstanceField.BACKUP_RETENTION)),
        put(
            "/properties/backup",
            "{'backupRetentionDays':35}",
            s ->
                s.backups(BackupPolicy.daily().retainDays(36))
                    .preferring(InstanceField.BACKUP_RETENTION)),
        put(
            "/properties/network",
            "{'delegatedSubnetResourceId':'"
                + SUBNET
                + "','privateDnsZoneArmResourceId':'"
                + ZONE
                + "'}",
            s -> s.network(Network.privateNetwork(SUBNET).dnsZone(ZONE))));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("puts")
  void aFieldOfASpecIsAMemberOfThePut(
      String pointer, String expected, UnaryOperator<InstanceSpec.Builder> asking) {
    assertThat(put(asking.apply(spec("orders")).build()).at(pointer)).isEqualTo(json(expected));
  }

  @Test
  void theMajorVersionIsSentAlone() {
    InstanceSpec minor =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "15.9")
            .size(InstanceSize.named("standard_e4DS_v5"))
            .storage(Storage.ssd(DataSize.gib(64)))
            .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")))
            .preferring(InstanceField.ENGINE_VERSION, InstanceField.PRIVATE_NETWORK)
            .build();
    JsonNode put = put(minor);
    assertThat(put.at("/properties/version").asText()).isEqualTo("15");
    assertThat(put.at("/sku"))
        .isEqualTo(json("{'name':'Standard_E4ds_v5','tier':'MemoryOptimized'}"));
    // A server without a network is a public one, which no rule lets anybody reach.
    assertThat(put.at("/properties/network").isMissingNode()).isTrue();
    assertThat(ServerFields.parts(minor).ranges()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"SUNDAY, 0", "MONDAY, 1", "SATURDAY, 6"})
  void aWindowIsAPatchOfItsOwnWhoseWeekBeginsOnSunday(DayOfWeek day, int number) {
    MaintenanceWindow window = MaintenanceWindow.weekly(day, LocalTime.of(4, 30));
    InstanceSpec spec = spec("orders").maintenance(window).build();
    assertThat(put(spec).at("/properties/maintenanceWindow").isMissingNode()).isTrue();
    JsonNode expected =
        json(
            "{'customWindow':'Enabled','startHour':4,'startMinute':30,'dayOfWeek':" + number + "}");
    assertThat(sent(ServerFields.maintenance(spec))).isEqualTo(expected);
    assertThat(
            patch(InstanceChange.builder().maintenance(window).build())
                .at("/properties/maintenanceWindow"))
        .isEqualTo(expected);
  }

  @Test
  void aSpecWithoutAWindowAsksForNone() {
    assertThat(sent(ServerFields.maintenance(spec("orders").build()))).isEqualTo(json("{}"));
  }

  private static Arguments patch(
      String pointer, String expected, UnaryOperator<InstanceChange.Builder> asking) {
    return Arguments.of(pointer, expected, asking);
  }

  static Stream<Arguments> patches() {
    return Stream.of(
        patch(
            "",
            "{'sku':{'name':'Standard_D4ds_v5','tier':'GeneralPurpose'}}",
            c -> c.size(InstanceSize.atLeast(4, DataSize.gib(16)))),
        patch(
            "",
            "{'properties':{'storage':{'storageSizeGB':128}}}",
            c -> c.storageSize(DataSize.gib(128))),
        patch(
            "",
            "{'properties':{'highAvailability':{'mode':'ZoneRedundant'}}}",
            c -> c.availability(Availability.REGIONAL)),
        patch(
            "",
            "{'properties':{'highAvailability':{'mode':'Disabled'}}}",
            c -> c.availability(Availability.ZONAL)),
        patch(
            "",
            "{'properties':{'backup':{'backupRetentionDays':21}}}",
            c -> c.backups(BackupPolicy.daily().retainDays(21))),
        patch(
            "",
            "{'properties':{'administratorLoginPassword':'Secret-2'}}",
            c -> c.adminPassword(SecretRef.environment("PW"))),
        // A PATCH replaces all tags: those that are there go with it.
        patch("", "{'tags':{'clouddb-attempt':'1','a':'b','c':'d'}}", c -> c.tag("c", "d")),
        patch("", "{'tags':{'clouddb-attempt':'1','a':'c'}}", c -> c.tag("a", "c")));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("patches")
  void aFieldOfAChangeIsAMemberOfThePatch(
      String pointer, String expected, UnaryOperator<InstanceChange.Builder> asking) {
    assertThat(patch(asking.apply(InstanceChange.builder()).build()).at(pointer))
        .isEqualTo(json(expected));
  }

  /** "At least" means another size with a standby than without one. */
  @ParameterizedTest
  @CsvSource({"true, Standard_D2ds_v5", "false, Standard_B1ms", ", Standard_B1ms"})
  void theSizeOfAChangeFitsTheStandbyThatIsThere(@Nullable Boolean standby, String name) {
    InstanceChange least =
        InstanceChange.builder().size(InstanceSize.atLeast(1, DataSize.gib(1))).build();
    assertThat(
            patch(least, new ServerView.Facts(standby, false, null, null)).at("/sku/name").asText())
        .isEqualTo(name);
  }

  @Test
  void aChangeOfParametersAloneIsNoPatch() {
    assertThat(
            ServerFields.update(
                InstanceChange.builder()
                    .tls(TlsMode.OPTIONAL)
                    .logicalReplication(true)
                    .insights(Insights.enabled())
                    .parameter("work_mem", "8192")
                    .build(),
                ServerView.Facts.UNKNOWN,
                "",
                Map.of()))
        .isEmpty();
    assertThat(Patch.isEmpty(new ServerForUpdate())).isTrue();
  }

  /** What Azure makes by requests of their own. */
  @Test
  void databaseRangesAndParametersAreFurtherRequests() {
    ServerParts parts =
        ServerFields.parts(
            spec("orders")
                .database("shop")
                .network(Network.publicAccess("203.0.113.0/24", "198.51.100.4/32"))
                .logicalReplication(true)
                .tls(TlsMode.OPTIONAL)
                .insights(Insights.enabled().retainDays(10))
                .parameter("work_mem", "8192")
                .build());
    assertThat(parts.database()).contains("shop");
    assertThat(parts.ranges()).containsExactlyInAnyOrder("203.0.113.0/24", "198.51.100.4/32");
    assertThat(parts.parameters())
        .containsOnly(
            Map.entry("wal_level", "logical"),
            Map.entry("require_secure_transport", "off"),
            Map.entry("pg_qs.query_capture_mode", "top"),
            Map.entry("pg_qs.retention_period_in_days", "10"),
            Map.entry("work_mem", "8192"));
  }

  @Test
  void whatIsSwitchedOffIsSaidToo() {
    assertThat(
            ServerFields.parts(
                    InstanceChange.builder()
                        .logicalReplication(false)
                        .insights(Insights.disabled())
                        .build())
                .parameters())
        .containsOnly(
            Map.entry("wal_level", "replica"), Map.entry("pg_qs.query_capture_mode", "none"));
  }

  @Test
  void theQueryStoreKeepsAtMostThirtyDays() {
    assertThat(
            ServerFields.parts(
                    spec("orders")
                        .insights(Insights.enabled().retainDays(31))
                        .preferring(InstanceField.INSIGHTS_RETENTION)
                        .build())
                .parameters())
        .containsEntry("pg_qs.retention_period_in_days", "30");
  }

  /** Azure's default requires it: a new server needs no request, one that is changed does. */
  @ParameterizedTest
  @EnumSource(names = {"OPTIONAL", "REQUIRED"})
  void tlsOfANewServerIsSentOnlyWhereItIsNotTheDefault(TlsMode mode) {
    String word = mode == TlsMode.REQUIRED ? "on" : "off";
    assertThat(ServerFields.parts(InstanceChange.builder().tls(mode).build()).parameters())
        .containsExactly(Map.entry("require_secure_transport", word));
    assertThat(ServerFields.parts(spec("orders").tls(mode).build()).parameters())
        .isEqualTo(mode == TlsMode.REQUIRED ? Map.of() : Map.of("require_secure_transport", word));
  }

  @Test
  void theDatabaseThatEveryServerHasIsNotMade() {
    assertThat(ServerFields.parts(spec("orders").database("postgres").build()).database())
        .isEmpty();
  }
}
