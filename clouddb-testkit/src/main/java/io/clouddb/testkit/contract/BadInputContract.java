/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Bad input: what a cloud cannot take is refused by name, and sent nowhere. */
abstract class BadInputContract extends InstanceCases {
  BadInputContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void refusesToCustomizeWhatItDoesNotBuild() {
    String name = newName();
    assertThatThrownBy(
            () ->
                cloud()
                    .instances()
                    .create(
                        spec(name).build(),
                        Native.customize(StringBuilder.class, b -> b.append(1))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("accepted are");
    assertThat(cloud().instances().find(name)).isEmpty();
  }

  @Test
  void refusesToUnwrapWhatItIsNot() {
    assertThatThrownBy(() -> cloud().unwrap(StringBuilder.class))
        .isInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void refusesAnIdOfAnotherCloud() {
    ResourceId foreign = ResourceId.of("elsewhere", "1", "nowhere", "instance", "orders");
    assertThatThrownBy(() -> cloud().instances().get(foreign))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> cloud().instances().delete(foreign))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void refusesAnIdOfAnotherAccount() {
    ResourceId id = create(spec(newName()).build()).id();
    ResourceId foreign =
        ResourceId.of(id.provider(), id.account() + "9", id.location(), id.kind(), id.name());
    InstanceChange change = InstanceChange.builder().tag("a", "b").build();
    refuses(() -> cloud().instances().get(foreign));
    refuses(() -> cloud().instances().modify(foreign, change));
    refuses(() -> cloud().instances().start(foreign));
    refuses(() -> cloud().instances().stop(foreign));
    refuses(() -> cloud().instances().delete(foreign));
    Feature promotion = Feature.of(ReplicaField.STANDALONE);
    if (cloud().capabilities().supports(promotion, FeatureContext.any()).answer()
        != Support.Answer.NO) {
      refuses(() -> cloud().replicas().promote(foreign, Promotion.standalone()));
    }
    assertThat(cloud().instances().get(id).state()).isEqualTo(InstanceState.AVAILABLE);
  }

  private static void refuses(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void refusesAnUnknownProperty() {
    assertThatThrownBy(() -> CloudDb.open(kit().config().property("colour", "blue").build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("colour");
  }
}
