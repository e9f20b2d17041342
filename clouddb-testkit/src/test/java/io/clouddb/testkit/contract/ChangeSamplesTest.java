/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.instance.InstanceChange;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChangeSamplesTest {
  /** What a change can be about and this one is not, the contract would not try. */
  @Test
  void everythingLeavesNothingOut() throws ReflectiveOperationException {
    List<Method> parts =
        Stream.of(InstanceChange.class.getMethods())
            .filter(
                method ->
                    method.getReturnType() == Optional.class || method.getReturnType() == Map.class)
            .toList();
    assertThat(parts).hasSizeGreaterThan(10);
    for (Method part : parts) {
      Object value = part.invoke(ChangeSamples.everything());
      assertThat(value).as(part.getName()).isNotEqualTo(Optional.empty()).isNotEqualTo(Map.of());
    }
  }
}
