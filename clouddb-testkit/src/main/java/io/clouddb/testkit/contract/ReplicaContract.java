/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.contract.internal.Eventually;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Replicas: they follow their source, and are listed, measured, refused and deleted. */
abstract class ReplicaContract extends ReplicaCases {
  private static final SecretRef TOKEN_KEY = SecretRef.literal("a-key-for-tests-0123456789");

  ReplicaContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void followsItsSourceIsListedMeasuredAndDeleted() throws SQLException {
    Instance orders = createSource();
    String name = newName();
    Instance reader =
        cloud()
            .replicas()
            .create(orders.id(), ReplicaSpec.named(name).tag("role", "reader"))
            .await(kit().limit());
    assertThat(reader.tags()).containsEntry("role", "reader");
    run(orders, "INSERT INTO public.written VALUES (1, pg_catalog.now())");
    Eventually.holds("the row is there", kit().limit(), () -> count(reader) == 1);
    assertThatThrownBy(() -> run(reader, "INSERT INTO public.written VALUES (2, pg_catalog.now())"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("read-only");

    Replica found = cloud().replicas().get(reader.id());
    assertThat(found.state()).isEqualTo(Replica.State.REPLICATING);
    assertThat(found.source().orElseThrow().name()).isEqualTo(orders.name());
    assertThat(cloud().replicas().list(orders.id())).containsExactly(reader.id());
    assertThat(cloud().replicas().find(orders.name())).isEmpty();
    Eventually.holds(
        "all is replayed",
        kit().limit(),
        () -> cloud().replicas().lag(reader.id(), login()).replayedAll());
    assertThat(cloud().replicas().lag(reader.id(), login()).lastReplayed()).isPresent();

    assertThatThrownBy(() -> cloud().instances().delete(orders.id()).await(kit().limit()))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining(name);
    assertThat(cloud().instances().find(orders.name())).isPresent();
    cloud().instances().delete(reader.id()).await(kit().limit());
    assertThat(cloud().replicas().list(orders.id())).isEmpty();
    cloud().instances().delete(orders.id()).await(kit().limit());
  }

  @Test
  void whatIsNoReplicaIsNotPromotedAndANameThatIsTakenIsTold() throws SQLException {
    Instance orders = createSource();
    assertThatThrownBy(
            () ->
                cloud()
                    .replicas()
                    .promote(orders.id(), Promotion.standalone())
                    .await(kit().limit()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("replica");
    ReplicaSpec reader = ReplicaSpec.named(newName());
    cloud().replicas().create(orders.id(), reader).await(kit().limit());
    assertThatThrownBy(() -> cloud().replicas().create(orders.id(), reader).await(kit().limit()))
        .isInstanceOf(AlreadyExistsException.class);
    ResourceId nobody = idOf("nobody");
    String name = newName();
    assertThatThrownBy(
            () -> cloud().replicas().create(nobody, ReplicaSpec.named(name)).await(kit().limit()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nobody");
    assertThat(cloud().instances().find(name)).isEmpty();
    assertThatThrownBy(() -> cloud().replicas().list(nobody))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nobody");
  }

  @Test
  void anOldTokenLeavesALaterReplicaOfItsNameAlone() throws SQLException {
    Instance orders = createSource();
    ReplicaSpec reader = ReplicaSpec.named(newName());
    try (CloudDb sealing = CloudDb.open(kit().config().tokenKey(TOKEN_KEY).build())) {
      String creation = tokenOf(sealing.replicas().create(orders.id(), reader));
      ResourceId id = sealing.instances().get(reader.name()).id();
      String promotion = tokenOf(sealing.replicas().promote(id, Promotion.standalone()));
      cloud().instances().delete(id).await(kit().limit());
      Instance later =
          cloud().replicas().create(orders.id(), reader.tag("round", "new")).await(kit().limit());
      Map.of(creation, Instance.class, promotion, Promoted.class)
          .forEach(
              (token, type) -> {
                try {
                  sealing.operations().resume(token, type).await(kit().limit());
                } catch (CloudDbException e) {
                  assertThat(e.retryable()).as("%s", e).isFalse();
                }
                Replica found = cloud().replicas().get(later.id());
                assertThat(found.state()).isEqualTo(Replica.State.REPLICATING);
                assertThat(found.source().orElseThrow().name()).isEqualTo(orders.name());
                assertThat(cloud().instances().get(reader.name()).tags()).isEqualTo(later.tags());
              });
    }
  }

  private String tokenOf(Operation<?> operation) {
    String token = operation.token();
    operation.await(kit().limit());
    return token;
  }

  @Test
  void plansOfPromotionsSayWhatTheCapabilitiesSay() {
    for (Promotion promotion : PROMOTIONS) {
      ReplicaField field = promotion.field();
      Support support = support(field);
      Plan plan = cloud().replicas().planPromote(promotion);
      assertThat(plan.feasible())
          .as("%s: %s", field, support)
          .isEqualTo(support.answer() != Support.Answer.NO);
      if (support.answer() != Support.Answer.YES) {
        assertThat(support.reason()).isNotBlank();
      }
    }
    for (ReplicaField field : ReplicaField.values()) {
      Support support = cloud().capabilities().supports(Feature.of(field), FeatureContext.any());
      assertThat(support.reason()).as("known: %s", field).doesNotContain("knows no");
    }
  }
}
