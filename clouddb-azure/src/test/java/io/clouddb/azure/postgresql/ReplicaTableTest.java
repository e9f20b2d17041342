/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of each field of a replica, in plans and capabilities. */
class ReplicaTableTest {
  private static final String NET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
  private static final String SUBNET = NET + "/virtualNetworks/v/subnets/db";
  private static final String ZONE = NET + "/privateDnsZones/z";
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
}
