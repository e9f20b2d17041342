/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
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
  void refusesAnUnknownProperty() {
    assertThatThrownBy(() -> CloudDb.open(kit().config().property("colour", "blue").build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("colour");
  }
}
