/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.ServerJson.json;
import static io.clouddb.azure.postgresql.ServerJson.sent;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.DataSize;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.Backups;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.plan.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of each field of a restore, in plans, capabilities and requests. */
class RestoreTableTest {
  private static final String NET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
  private static final String SUBNET = NET + "/virtualNetworks/v/subnets/db";
  private static final String ZONE = NET + "/privateDnsZones/shop.postgres.database.azure.com";
  private static final ResourceId ORDERS =
      ResourceId.of("azure", "sub/group", "koreacentral", "instance", "orders");
  private static final ResourceId BEFORE =
      ResourceId.of("azure", "sub/group", "koreacentral", Backups.KIND, "orders/before");
  private static final RestoreSpec LATEST =
      RestoreSpec.of(ORDERS).latest().named("again").in("koreacentral");

  private static Support support(RestoreField field) {
    return RestoreTable.support(Feature.of(field), FeatureContext.of(Engine.POSTGRESQL))
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(RestoreField.class)
  void hasARowForEachField(RestoreField field) {
    assertThat(support(field).reason()).doesNotContain("knows no");
    assertThat(
            RestoreTable.support(Feature.of(field), FeatureContext.of(Engine.MYSQL))
                .orElseThrow()
                .answer())
        .isEqualTo(Support.Answer.NO);
  }

  private static Map<String, String> shown(RestoreSpec spec) {
    return RestoreTable.plan(spec).entries().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.field().id(), entry -> entry.vendorField() + " = " + entry.text()));
  }

  @Test
  void thePlanSaysWhatEachFieldBecomes() {
    assertThat(
            shown(
                LATEST
                    .size(InstanceSize.named("Standard_D4ds_v5"))
                    .availability(Availability.REGIONAL)
                    .network(Network.publicAccess("203.0.113.0/24"))
                    .deletionProtection(false)
                    .parameter("work_mem", "8192")
                    .tag("team", "shop")))
        .containsOnly(
            Map.entry("name", "name = again"),
            Map.entry(
                "latest",
                "properties.createMode = PointInTimeRestore, or ReviveDropped of a server that was"
                    + " deleted less than five days ago"),
            Map.entry("size", "sku = Standard_D4ds_v5 (by a change after the restore)"),
            Map.entry(
                "availability",
                "properties.highAvailability.mode = ZoneRedundant (by a change after the"
                    + " restore)"),
            Map.entry("public-access", "firewallRules = [203.0.113.0/24]"),
            Map.entry("deletion-protection", "nothing = none, as there is no such setting"),
            Map.entry("parameters", "configurations = {work_mem=8192}"),
            Map.entry("tags", "tags = {team=shop}"));
    assertThat(shown(RestoreSpec.from(BEFORE).named("again").in("koreacentral")))
        .containsEntry("backup", "properties.pointInTimeUTC = the moment of orders/before");
    assertThat(shown(LATEST.in("koreasouth")))
        .containsEntry("latest", "properties.createMode = GeoRestore")
        .containsEntry("other-region", "properties.createMode = GeoRestore");
  }

  private static void refused(RestoreSpec spec, RestoreField field, String why) {
    List<Plan.Entry> refused = RestoreTable.plan(spec).entries(Plan.Outcome.REFUSED);
    assertThat(refused).extracting(Plan.Entry::field).contains(field);
    assertThat(refused.toString()).contains(why);
  }

  @Test
  void refusesWhatCannotBe() {
    String latestOnly = "only to the last available backup data";
    Instant moment = Instant.parse("2026-01-01T00:00:00Z");
    RestoreSpec there = RestoreSpec.of(ORDERS).at(moment).named("again").in("koreasouth");
    refused(there, RestoreField.MOMENT, latestOnly);
    refused(there, RestoreField.OTHER_REGION, latestOnly);
    refused(
        RestoreSpec.from(BEFORE).named("again").in("koreasouth"), RestoreField.BACKUP, latestOnly);
    refused(LATEST.size(InstanceSize.named("db.m7g.large")), RestoreField.SIZE, "no size");
    refused(
        LATEST.size(InstanceSize.named("Standard_B2s")).availability(Availability.REGIONAL),
        RestoreField.AVAILABILITY,
        "burstable");
    refused(
        LATEST.network(Network.privateNetwork(SUBNET)), RestoreField.PRIVATE_NETWORK, "DNS zone");
    refused(
        LATEST.network(Network.publicAccess("0.0.0.0/32")),
        RestoreField.PUBLIC_ACCESS,
        "all of Azure");
    refused(LATEST.encryptionKey("arn:aws:kms:x"), RestoreField.ENCRYPTION_KEY, "no identifier");
    refused(LATEST.deletionProtection(true), RestoreField.DELETION_PROTECTION, "no such setting");
    refused(LATEST.tag("a/b", "c"), RestoreField.TAGS, "a/b");
    refused(
        LATEST.parameter("work_mem", "4096").parameter("WORK_MEM", "8192"),
        RestoreField.PARAMETERS,
        "case only");
  }

  @Test
  void theLeastSizeFitsTheStandbyThatIsAskedFor() {
    InstanceSize least = InstanceSize.atLeast(1, DataSize.gib(1));
    assertThat(shown(LATEST.size(least))).containsEntry("size", sizeOf("Standard_B1ms"));
    assertThat(shown(LATEST.size(least).availability(Availability.REGIONAL)))
        .containsEntry("size", sizeOf("Standard_D2ds_v5"));
  }

  private static String sizeOf(String name) {
    return "sku = " + name + " (by a change after the restore)";
  }

  /** Size and standby are the source's, whatever a restore's request says. */
  @Test
  void whatIsSetAfterwardsIsNotInThePut() {
    assertThat(
            sent(
                RestoreTable.write(
                    new ServerInner(),
                    LATEST
                        .size(InstanceSize.named("Standard_D4ds_v5"))
                        .availability(Availability.REGIONAL)
                        .parameter("work_mem", "8192")
                        .network(Network.publicAccess("203.0.113.0/24")))))
        .isEqualTo(json("{}"));
    assertThat(
            sent(RestoreTable.write(
                    new ServerInner(),
                    LATEST
                        .network(Network.privateNetwork(SUBNET).dnsZone(ZONE))
                        .encryptionKey("https://v.vault.azure.net/keys/k1")))
                .at("/properties"))
        .isEqualTo(
            json(
                "{'network':{'delegatedSubnetResourceId':'%s','privateDnsZoneArmResourceId':'%s'},"
                        .formatted(SUBNET, ZONE)
                    + "'dataEncryption':{'primaryKeyURI':'https://v.vault.azure.net/keys/k1',"
                    + "'type':'AzureKeyVault'}}"));
  }

  @Test
  void saysWhatIsTakenFromTheSource() {
    assertThat(RestoreTable.plan(LATEST).inherited())
        .extracting(Plan.Inherited::field)
        .contains(
            InstanceField.ENGINE_VERSION,
            InstanceField.ADMIN_LOGIN,
            InstanceField.STORAGE_SIZE,
            InstanceField.BACKUP_RETENTION,
            InstanceField.GEO_REDUNDANT_BACKUP,
            InstanceField.SIZE,
            InstanceField.AVAILABILITY,
            InstanceField.PRIVATE_NETWORK,
            InstanceField.PUBLIC_ACCESS,
            InstanceField.TAGS);
    assertThat(
            RestoreTable.plan(
                    LATEST
                        .size(InstanceSize.named("Standard_D4ds_v5"))
                        .availability(Availability.ZONAL)
                        .encryptionKey("https://v.vault.azure.net/keys/k1")
                        .network(Network.publicAccess("203.0.113.0/24")))
                .inherited())
        .extracting(Plan.Inherited::field)
        .doesNotContain(
            InstanceField.SIZE,
            InstanceField.AVAILABILITY,
            InstanceField.ENCRYPTION_KEY,
            InstanceField.PRIVATE_NETWORK,
            InstanceField.PUBLIC_ACCESS);
  }
}
