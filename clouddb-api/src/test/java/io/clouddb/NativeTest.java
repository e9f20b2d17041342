/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NativeTest {
  @Test
  void changesARequestOfItsClassAndNoOther() {
    Native customization = Native.customize(StringBuilder.class, request -> request.append("!"));
    StringBuilder request = new StringBuilder("request");
    customization.apply(request);
    assertThat(request).hasToString("request!");
    assertThat(customization.type()).isEqualTo(StringBuilder.class);
    assertThatThrownBy(() -> customization.apply("request")).isInstanceOf(ClassCastException.class);
  }
}
