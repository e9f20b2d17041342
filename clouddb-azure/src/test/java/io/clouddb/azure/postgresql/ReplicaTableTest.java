/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.ServerJson.json;
import static io.clouddb.azure.postgresql.ServerJson.sent;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.DataSize;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of each field of a replica, in plans and capabilities. */
class ReplicaTableTest {
  private static final String NET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
  private static final String SUBNET = NET + "/virtualNetworks/v/subnets/db";
  private static final String ZONE = NET + "/privateDnsZones/shop.postgres.database.azure.com";
  private static final ReplicaSpec DR =
      ReplicaSpec.named("dr")
          .of(ResourceId.of("azure", "sub/group", "koreacentral", "instance", "orders"));

  private static Support support(ReplicaField field) {
    return ReplicaTable.support(Feature.of(field), FeatureContext.of(Engine.POSTGRESQL))
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(ReplicaField.class)
  void hasARowForEachField(ReplicaField field) {
    assertThat(support(field).reason()).doesNotContain("knows no");
    assertThat(
            ReplicaTable.support(Feature.of(field), FeatureContext.of(Engine.MYSQL))
                .orElseThrow()
                .answer())
        .isEqualTo(Support.Answer.NO);
  }

  @Test
  void honoursWhatItCan() {
    for (ReplicaSpec spec :
        List.of(
            DR.availability(Availability.ZONAL).deletionProtection(false).tag("a", "b"),
            DR.size(InstanceSize.named("Standard_E4ds_v5")),
            DR.network(Network.privateNetwork(SUBNET).dnsZone(ZONE)),
            DR.network(Network.publicAccess("203.0.113.0/24")),
            DR.encryptionKey("https://v.vault.azure.net/keys/k1/0123456789abcdef"))) {
      assertThat(ReplicaTable.plan(spec).feasible()).as(spec.toJson()).isTrue();
    }
    for (Promotion promotion :
        List.of(
            Promotion.standalone(),
            Promotion.forced(),
            Promotion.switchingRoles(),
            Promotion.switchingRoles().byForce())) {
      assertThat(ReplicaTable.plan(promotion).feasible()).isTrue();
    }
  }

  private static void refused(ReplicaSpec spec, ReplicaField field, String why) {
    List<Plan.Entry> refused = ReplicaTable.plan(spec).entries(Plan.Outcome.REFUSED);
    assertThat(refused).extracting(Plan.Entry::field).containsExactly(field);
    assertThat(refused.get(0).text()).contains(why);
    // What may be refused is never told without a condition.
    boolean never = field == ReplicaField.AVAILABILITY || field == ReplicaField.DELETION_PROTECTION;
    assertThat(support(field).answer())
        .isEqualTo(never ? Support.Answer.NO : Support.Answer.CONDITIONAL);
  }

  @Test
  void refusesTheRestByName() {
    refused(
        DR.availability(Availability.REGIONAL),
        ReplicaField.AVAILABILITY,
        "unsupported features on read replicas");
    refused(DR.size(InstanceSize.named("Standard_B2s")), ReplicaField.SIZE, "Burstable");
    refused(DR.size(InstanceSize.named("db.m7g.large")), ReplicaField.SIZE, "no size");
    refused(DR.encryptionKey("arn:aws:kms:x"), ReplicaField.ENCRYPTION_KEY, "no identifier");
    refused(DR.deletionProtection(true), ReplicaField.DELETION_PROTECTION, "no such setting");
    refused(DR.tag("a/b", "c"), ReplicaField.TAGS, "a/b");
    refused(
        DR.network(Network.publicAccess("0.0.0.0/32")), ReplicaField.PUBLIC_ACCESS, "all of Azure");
    refused(
        DR.network(Network.privateNetwork("db").dnsZone(ZONE)),
        ReplicaField.PRIVATE_NETWORK,
        "no ARM id");
    refused(DR.network(Network.privateNetwork(SUBNET)), ReplicaField.PRIVATE_NETWORK, "DNS zone");
  }

  private static JsonNode put(ReplicaSpec spec) {
    return sent(ReplicaTable.write(new ServerInner(), spec));
  }

  /** What it leaves out is the source's. */
  @Test
  void aReplicaIsAPutThatNamesItsSource() {
    assertThat(put(DR.availability(Availability.ZONAL).deletionProtection(false)))
        .isEqualTo(
            json(
                "{'properties':{'createMode':'Replica','sourceServerResourceId':'"
                    + "/subscriptions/sub/resourceGroups/group/providers"
                    + "/Microsoft.DBforPostgreSQL/flexibleServers/orders'}}"));
  }

  @Test
  void whatIsAskedForIsInThePut() {
    JsonNode put =
        put(
            DR.size(InstanceSize.named("standard_e4ds_v5"))
                .network(Network.privateNetwork(SUBNET).dnsZone(ZONE))
                .encryptionKey("https://v.vault.azure.net/keys/k1")
                .tag("team", "shop"));
    assertThat(put.at("/sku"))
        .isEqualTo(json("{'name':'Standard_E4ds_v5','tier':'MemoryOptimized'}"));
    assertThat(put.at("/properties/network"))
        .isEqualTo(
            json(
                "{'delegatedSubnetResourceId':'%s','privateDnsZoneArmResourceId':'%s'}"
                    .formatted(SUBNET, ZONE)));
    assertThat(put.at("/properties/dataEncryption"))
        .isEqualTo(
            json("{'primaryKeyURI':'https://v.vault.azure.net/keys/k1','type':'AzureKeyVault'}"));
    assertThat(put.at("/tags")).isEqualTo(json("{'team':'shop'}"));
  }

  /** Its firewall rules are requests of their own. */
  @Test
  void whoMayReachAPublicReplicaIsNotInThePut() {
    JsonNode put = put(DR.network(Network.publicAccess("203.0.113.0/24")));
    assertThat(put.at("/properties/network").isMissingNode()).isTrue();
  }

  /** Burstable sizes have no replicas, so that "at least" never means one. */
  @Test
  void theLeastSizeOfAReplicaIsNotBurstable() {
    ReplicaSpec least = DR.size(InstanceSize.atLeast(1, DataSize.gib(1)));
    assertThat(ReplicaTable.plan(least).feasible()).isTrue();
    assertThat(put(least).at("/sku/name").asText()).isEqualTo("Standard_D2ds_v5");
  }

  @Test
  void thePlanSaysWhatEachFieldBecomes() {
    Plan plan =
        ReplicaTable.plan(
            DR.size(InstanceSize.named("Standard_E4ds_v5"))
                .network(Network.publicAccess("203.0.113.0/24"))
                .availability(Availability.ZONAL)
                .deletionProtection(false)
                .tag("team", "shop"));
    assertThat(shown(plan))
        .containsOnly(
            Map.entry("name", "name = dr"),
            Map.entry(
                "source",
                "properties.sourceServerResourceId = /subscriptions/sub/resourceGroups/group"
                    + "/providers/Microsoft.DBforPostgreSQL/flexibleServers/orders"),
            Map.entry("size", "sku = Standard_E4ds_v5"),
            Map.entry("public-access", "firewallRules = [203.0.113.0/24]"),
            Map.entry("availability", "properties.highAvailability.mode = Disabled"),
            Map.entry("deletion-protection", "nothing = none, as there is no such setting"),
            Map.entry("tags", "tags = {team=shop}"));
    assertThat(shown(ReplicaTable.plan(DR.network(Network.privateNetwork(SUBNET).dnsZone(ZONE)))))
        .containsEntry(
            "private-network", "properties.network.delegatedSubnetResourceId = " + SUBNET);
    assertThat(shown(ReplicaTable.plan(Promotion.standalone())).values())
        .contains("properties.replica = Standalone, Planned");
    assertThat(shown(ReplicaTable.plan(Promotion.forced())).values())
        .contains("properties.replica = Standalone, Forced");
    assertThat(shown(ReplicaTable.plan(Promotion.switchingRoles())).values())
        .contains("properties.replica = Switchover, Planned");
    assertThat(shown(ReplicaTable.plan(Promotion.switchingRoles().byForce())).values())
        .contains("properties.replica = Switchover, Forced");
  }

  private static Map<String, String> shown(Plan plan) {
    return plan.entries().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.field().id(), entry -> entry.vendorField() + " = " + entry.text()));
  }

  @Test
  void theLimitsThatCapabilitiesNameAreThoseOfThePlan() {
    assertThat(support(ReplicaField.SOURCE).limits()).containsEntry("replicas.max", 5L);
    assertThat(support(ReplicaField.SIZE).limits())
        .containsEntry("cpus.max", 96L)
        .containsEntry("memory.gib.max", 672L);
    assertThat(ReplicaTable.plan(DR.size(InstanceSize.atLeast(96, DataSize.gib(672)))).feasible())
        .isTrue();
    for (InstanceSize larger :
        List.of(
            InstanceSize.atLeast(97, DataSize.gib(1)),
            InstanceSize.atLeast(1, DataSize.gib(673)))) {
      refused(DR.size(larger), ReplicaField.SIZE, "no size of a flexible server");
    }
    // One of the fifty that Azure takes is this library's own.
    assertThat(support(ReplicaField.TAGS).limits()).containsEntry("tags.count.max", 49L);
    assertThat(ReplicaTable.plan(tagged(49)).feasible()).isTrue();
    refused(tagged(50), ReplicaField.TAGS, "50 tags are too many");
  }

  private static ReplicaSpec tagged(int count) {
    ReplicaSpec spec = DR;
    for (int i = 0; i < count; i++) {
      spec = spec.tag("t" + i, "v");
    }
    return spec;
  }

  @Test
  void whatIsNoneOfReplicasIsNotItsToAnswer() {
    assertThat(ReplicaTable.support(Feature.INSTANCE_STOP, FeatureContext.of(Engine.POSTGRESQL)))
        .isEmpty();
  }
}
