/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.error.ConditionFailedException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How many tags a server takes beside those that it has. */
class TagFieldsTest {
  private static final ResourceId ORDERS =
      ResourceId.of("azure", "sub/group", "koreacentral", "instance", "orders");

  @Test
  void tagsAreCountedTogetherWithThoseOfTheServer() {
    Map<String, String> there = new TreeMap<>();
    for (int i = 0; i < 49; i++) {
      there.put("t" + i, "v");
    }
    assertThatCode(
            () -> {
              TagFields.requireRoom(ORDERS, Map.of("one", "v"), there);
              TagFields.requireRoom(ORDERS, Map.of("T1", "v", "T2", "v"), there);
              TagFields.requireRoom(ORDERS, Map.of("one", "v"), null);
            })
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> TagFields.requireRoom(ORDERS, Map.of("one", "v", "other", "v"), there))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("orders would have 51 tags");
  }
}
