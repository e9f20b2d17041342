/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

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

/** What is said of replicas before anything is asked. */
class CloudSqlReplicaPlansTest {
  private static final ReplicaTables.Place FAR =
      new ReplicaTables.Place(SimulatedCloudSql.PROJECT, "europe-west1");
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
      Support support = CloudSqlFeatures.supports(Feature.of(field), postgres);
      assertThat(support.answer()).as(field.id()).isNotEqualTo(Support.Answer.NO);
      assertThat(support.answer() == Support.Answer.CONDITIONAL)
          .as(field.id())
          .isEqualTo(!support.reason().isEmpty());
    }
    assertThat(CloudSqlFeatures.supports(Feature.of(ReplicaField.SWITCHOVER), postgres).reason())
        .contains("ENTERPRISE_PLUS", "another region");
    assertThat(
            CloudSqlFeatures.supports(
                    Feature.of(ReplicaField.STANDALONE), FeatureContext.of(Engine.MYSQL))
                .answer())
        .isEqualTo(Support.Answer.NO);
  }
}
