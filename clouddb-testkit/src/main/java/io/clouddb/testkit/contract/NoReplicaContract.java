/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.clouddb.Feature;
import io.clouddb.ResourceId;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
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
  void whatACloudHasNotItRefusesByName() throws IOException {
    ResourceId orders = idOf("orders");
    ReplicaSpec reader = ReplicaSpec.named("orders-reader");
    FeatureRecord seen = kit().record("replicas");
    for (ReplicaField field : ReplicaField.values()) {
      if (!isPromotion(field)) {
        ReplicaSpec asking = kit().asking(reader, field);
        String instead = instead(() -> cloud().replicas().plan(orders, asking));
        seen.refused(Feature.of(field).id(), support(field), instead);
      }
    }
    Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
    calls.put("replica.create", () -> cloud().replicas().create(orders, reader));
    calls.put("replica.get", () -> cloud().replicas().find(reader.name()));
    calls.put("replica.list", () -> cloud().replicas().list(orders));
    calls.put("replica.lag", () -> cloud().replicas().lag(orders, login()));
    // Whoever deletes one has to find it.
    calls.put("replica.delete", () -> cloud().replicas().get(orders));
    calls.forEach((id, call) -> seen.refused(id, support(ReplicaField.SOURCE), instead(call)));
    seen.write();
  }

  @Test
  void whatACloudHasNotItPromotesInNoForm() throws IOException {
    ResourceId orders = idOf("orders");
    FeatureRecord seen = kit().record("promotions");
    for (Promotion promotion : PROMOTIONS) {
      ReplicaField form = promotion.field();
      String instead = instead(() -> cloud().replicas().planPromote(promotion));
      assertThat(instead(() -> cloud().replicas().promote(orders, promotion))).isEqualTo(instead);
      seen.refused(Feature.of(form).id(), support(form), instead);
    }
    seen.write();
  }

  /** What the refusal of a call says that can be done instead, without the stop at its end. */
  private static String instead(ThrowingCallable call) {
    UnsupportedFeatureException e = catchThrowableOfType(UnsupportedFeatureException.class, call);
    assertThat(e).isNotNull().hasMessageContaining("replicas");
    assertThat(e.nextStep()).as("what can be done instead").isPresent();
    return e.nextStep().orElseThrow().replaceFirst("[.]$", "");
  }
}
