/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of replicas before anything is asked. */
class CloudSqlReplicaPlansTest {
  private static final Place FAR = new Place(SimulatedCloudSql.PROJECT, "europe-west1");
  private static final ReplicaSpec LEAST = ReplicaSpec.named("orders-dr").of(Stepwise.id("orders"));

  private static List<Object> refused(ReplicaSpec spec) {
    return ReplicaTables.plan(spec, FAR).entries(Plan.Outcome.REFUSED).stream()
        .<Object>map(Plan.Entry::field)
        .toList();
  }

  @Test
  void allThatASpecCanAskForIsHonoured() {
    ReplicaSpec full =
        LEAST
            .size(InstanceSize.named("db-custom-4-16384"))
            .availability(Availability.REGIONAL)
            .network(Network.publicAccess("203.0.113.0/24"))
            .encryptionKey("projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k")
            .deletionProtection(true)
            .tag("team", "one");
    Plan plan = ReplicaTables.plan(full, FAR);
    assertThat(plan.entries(Plan.Outcome.HONOURED)).hasSize(full.values().size());
    assertThat(plan.orThrow().entries(Plan.Outcome.HONOURED).toString())
        .contains("masterInstanceName", "diskEncryptionConfiguration.kmsKeyName");
    ReplicaSpec inside =
        LEAST.network(Network.privateNetwork("projects/p/global/networks/default"));
    assertThat(refused(inside)).isEmpty();
  }

  @Test
  void whatCannotBeHadIsRefusedByName() {
    assertThat(
            refused(
                LEAST.encryptionKey("projects/p/locations/us-central1/keyRings/r/cryptoKeys/k")))
        .containsExactly(ReplicaField.ENCRYPTION_KEY);
    assertThat(refused(LEAST.encryptionKey("a-key"))).containsExactly(ReplicaField.ENCRYPTION_KEY);
    assertThat(refused(LEAST.size(InstanceSize.named("r6g.large"))))
        .containsExactly(ReplicaField.SIZE);
    assertThat(refused(LEAST.tag("Team", "one"))).containsExactly(ReplicaField.TAGS);
    assertThat(refused(LEAST.network(Network.publicAccess("2001:db8::/32"))))
        .containsExactly(ReplicaField.PUBLIC_ACCESS);
    assertThat(refused(LEAST.network(Network.privateNetwork("vpc-1"))))
        .containsExactly(ReplicaField.PRIVATE_NETWORK);
    assertThat(
            refused(
                ReplicaSpec.named("orders-dr")
                    .of(ResourceId.of("gcp", "other", "us-central1", "instance", "orders"))))
        .containsExactly(ReplicaField.SOURCE);
    assertThat(refused(ReplicaSpec.named("a".repeat(90)).of(Stepwise.id("orders"))))
        .containsExactly(ReplicaField.NAME);
  }

  /** For the reader: all that a plan says of a replica. */
  @Test
  void aPlanNamesGooglesFieldAndWhatItGets() {
    String vpc = "projects/p/global/networks/default";
    ReplicaSpec full =
        LEAST
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .availability(Availability.REGIONAL)
            .network(Network.privateNetwork(vpc))
            .encryptionKey("projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k")
            .deletionProtection(true)
            .tag("team", "one");
    assertThat(honoured(ReplicaTables.plan(full, FAR)))
        .containsExactlyInAnyOrder(
            "name: name = orders-dr",
            "source: masterInstanceName = orders",
            "size: settings.tier = db-custom-2-8192 (ENTERPRISE, with a disk PD_SSD, or PD_HDD as"
                + " its source)",
            "availability: settings.availabilityType = REGIONAL",
            "private-network: settings.ipConfiguration.privateNetwork = " + vpc,
            "encryption-key: diskEncryptionConfiguration.kmsKeyName ="
                + " projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k",
            "deletion-protection: settings.deletionProtectionEnabled = true",
            "tags: settings.userLabels = {team=one}");
    assertThat(honoured(ReplicaTables.plan(Promotion.switchingRoles(), FAR)))
        .containsExactly("switchover: instances.switchover = SWITCHOVER");
    assertThat(honoured(ReplicaTables.plan(Promotion.switchingRoles().byForce(), FAR)))
        .containsExactly("switchover-forced: instances.promoteReplica.failover = SWITCHOVER");
    assertThat(honoured(ReplicaTables.plan(Promotion.forced(), FAR)))
        .containsExactly("standalone-forced: instances.promoteReplica = STANDALONE");
  }

  /** Cloud SQL takes no instance out of its private network, and a replica is in its source's. */
  @Test
  void publicAccessIsBesideThePrivateNetworkOfItsSource() {
    Plan plan = ReplicaTables.plan(LEAST.network(Network.publicAccess("203.0.113.0/24")), FAR);
    assertThat(honoured(plan))
        .contains(
            "public-access: settings.ipConfiguration.authorizedNetworks = [203.0.113.0/24] (beside"
                + " the private network of its source, where that has one)");
  }

  @Test
  void aSizeSaysWhatComesWithIt() {
    assertThat(
            honoured(ReplicaTables.plan(LEAST.size(InstanceSize.named("db-c4a-highmem-4")), FAR)))
        .contains(
            "size: settings.tier = db-c4a-highmem-4 (ENTERPRISE_PLUS, with a disk"
                + " HYPERDISK_BALANCED)");
  }

  private static List<String> honoured(Plan plan) {
    return plan.entries(Plan.Outcome.HONOURED).stream().map(Plan.Entry::toString).toList();
  }

  static Stream<Arguments> refusedNetworks() {
    String vpc = "projects/p/global/networks/default";
    return Stream.of(
        Arguments.of(Network.privateNetwork(vpc).securityGroup("sg-1"), "security groups"),
        Arguments.of(Network.privateNetwork(vpc).dnsZone("zone"), "DNS zone"),
        Arguments.of(Network.privateNetwork(vpc).allowing("192.0.2.0/24"), "at once"),
        Arguments.of(Network.privateNetwork("vpc-1"), "'vpc-1' is no VPC's resource name"),
        Arguments.of(Network.publicAccess("192.0.2.0/24").securityGroup("sg"), "security groups"),
        Arguments.of(Network.publicAccess("192.0.2.0/24").dnsZone("zone"), "DNS zone"),
        Arguments.of(Network.publicAccess("192.0.2.0/24", "2001:db8::/32"), "[2001:db8::/32]"));
  }

  @ParameterizedTest
  @MethodSource("refusedNetworks")
  void aNetworkThatCannotBeHadIsRefusedWithItsReason(Network network, String why) {
    assertThat(ReplicaTables.plan(LEAST.network(network), FAR).entries(Plan.Outcome.REFUSED))
        .singleElement()
        .satisfies(entry -> assertThat(entry.text()).contains(why));
  }

  @ParameterizedTest
  @CsvSource({"85, true", "86, false"})
  void projectAndNameHaveNinetySevenCharactersTogether(int length, boolean fits) {
    // shop-project and a colon are 13 of 98.
    ReplicaSpec spec = ReplicaSpec.named("a".repeat(length)).of(Stepwise.id("orders"));
    assertThat(refused(spec).isEmpty()).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({"59, true", "60, false"})
  void fiveLabelsAreThisLibrarysOwn(int tags, boolean fit) {
    ReplicaSpec spec = LEAST;
    for (int i = 0; i < tags; i++) {
      spec = spec.tag("t" + i, "v");
    }
    assertThat(refused(spec).isEmpty()).isEqualTo(fit);
    assertThat(
            CloudSqlFields.supports(
                    Feature.of(ReplicaField.TAGS), FeatureContext.of(Engine.POSTGRESQL))
                .limits())
        .containsEntry("tags.max", 59L);
  }

  @Test
  void eachFormOfPromotionCanBeAskedFor() {
    for (Promotion each :
        List.of(
            Promotion.standalone(),
            Promotion.forced(),
            Promotion.switchingRoles(),
            Promotion.switchingRoles().byForce())) {
      assertThat(ReplicaTables.plan(each, FAR).entries(Plan.Outcome.HONOURED)).hasSize(1);
    }
  }

  @Test
  void capabilitiesSayTheSame() {
    FeatureContext postgres = FeatureContext.of(Engine.POSTGRESQL);
    for (ReplicaField field : ReplicaField.values()) {
      Support support = CloudSqlFields.supports(Feature.of(field), postgres);
      assertThat(support.answer()).as(field.id()).isNotEqualTo(Support.Answer.NO);
      assertThat(support.answer() == Support.Answer.CONDITIONAL)
          .as(field.id())
          .isEqualTo(!support.reason().isEmpty());
    }
    assertThat(CloudSqlFields.supports(Feature.of(ReplicaField.SWITCHOVER), postgres).reason())
        .contains("ENTERPRISE_PLUS", "another region");
    assertThat(
            CloudSqlFields.supports(
                    Feature.of(ReplicaField.STANDALONE), FeatureContext.of(Engine.MYSQL))
                .answer())
        .isEqualTo(Support.Answer.NO);
  }
}
