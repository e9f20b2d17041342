/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.clouddb.Feature;
import io.clouddb.ResourceId;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replicas, where the cloud says that it has none: all of it is refused by name. */
abstract class NoReplicaContract extends ReplicaCases {
  NoReplicaContract(CloudContract kit) {
    super(kit);
  }

  @Override
  @BeforeEach
  void onlyWhereThereAreReplicas() {
    assumeFalse(hasReplicas(), "The cloud says that it has replicas");
  }

  @Test
  void whatACloudHasNotItRefusesByName() {
    for (ReplicaField field : ReplicaField.values()) {
      assertThat(support(field).reason()).as("reason for %s", field).isNotBlank();
      kit().proved(Feature.of(field), support(field));
    }
    ResourceId orders = idOf("orders");
    ReplicaSpec reader = ReplicaSpec.named("orders-reader");
    List<ThrowingCallable> calls =
        new ArrayList<>(
            List.of(
                () -> cloud().replicas().plan(orders, reader),
                () -> cloud().replicas().create(orders, reader),
                () -> cloud().replicas().find(reader.name()),
                () -> cloud().replicas().list(orders)));
    for (Promotion promotion : PROMOTIONS) {
      calls.add(() -> cloud().replicas().planPromote(promotion));
      calls.add(() -> cloud().replicas().promote(orders, promotion));
    }
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              UnsupportedFeatureException.class,
              e -> {
                assertThat(e).hasMessageContaining("replicas");
                assertThat(e.nextStep()).as("what can be done instead").isPresent();
              });
    }
  }
}
