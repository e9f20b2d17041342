/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ItemTest {
  /** What an item of few attributes is in memory, and of many, nobody sees. */
  @Test
  void isWhatAMapIs() {
    Random random = new Random(20261201);
    for (int round = 0; round < 300; round++) {
      Map<String, Value> expected = new LinkedHashMap<>();
      Item.Builder builder = Item.builder();
      List<Item> made = new ArrayList<>();
      List<Map<String, Value>> then = new ArrayList<>();
      for (int step = 0; step < 60; step++) {
        String name = "a" + random.nextInt(24);
        if (random.nextInt(3) > 0) {
          expected.put(name, Value.of(step));
          builder.set(name, step);
        } else {
          expected.remove(name);
          builder.remove(name);
        }
        if (random.nextInt(10) == 0) {
          made.add(builder.build());
          then.add(new LinkedHashMap<>(expected));
        }
        if (random.nextInt(10) == 0) {
          builder = builder.build().toBuilder();
        }
      }
      made.add(builder.build());
      then.add(expected);
      for (int i = 0; i < made.size(); i++) {
        same(made.get(i), then.get(i));
      }
    }
  }

  private static void same(Item item, Map<String, Value> expected) {
    assertThat(item.attributes()).isEqualTo(expected).hasSameHashCodeAs(expected);
    assertThat(expected).isEqualTo(item.attributes());
    assertThat(new ArrayList<>(item.attributes().keySet()))
        .isEqualTo(new ArrayList<>(expected.keySet()));
    assertThat(new ArrayList<>(item.attributes().values()))
        .isEqualTo(new ArrayList<>(expected.values()));
    assertThat(item).isEqualTo(Item.of(expected)).hasSameHashCodeAs(Item.of(expected));
    for (int i = 0; i < 24; i++) {
      assertThat(item.has("a" + i)).isEqualTo(expected.containsKey("a" + i));
      assertThat(item.get("a" + i).orElse(null)).isEqualTo(expected.get("a" + i));
    }
  }

  @Test
  void isEqualInAnyOrder() {
    Item one = Item.builder().set("a", 1).set("b", "x").build();
    Item other = Item.builder().set("b", "x").set("a", 1).build();

    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one).isNotEqualTo(Item.builder().set("a", 1).build());
  }

  @Test
  void cannotBeChanged() {
    Item item = Item.builder().set("a", 1).build();

    assertThatThrownBy(() -> item.attributes().put("b", Value.of(2)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> item.attributes().entrySet().iterator().next().setValue(Value.of(2)))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void isSerialized() throws Exception {
    for (int attributes : List.of(0, 1, 8, 9, 16, 17, 40)) {
      Item.Builder builder = Item.builder();
      for (int i = 0; i < attributes; i++) {
        builder.set("a" + i, i);
      }
      Item item = builder.build();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(item);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertThat(in.readObject()).isEqualTo(item);
      }
    }
  }

  @Test
  void refusesHalfCharactersOnly() {
    assertThat(Value.of("")).isEqualTo(Value.of(""));
    for (String text : List.of("a\0b", "\uD83D\uDE00", "a\uD83D\uDE00", "\uFFFF", "\uD7FF\uE000")) {
      assertThat(((Value.Text) Value.of(text)).text()).isEqualTo(text);
    }
    for (String text :
        List.of("\uD83D", "a\uD83D", "\uDE00", "\uDE00\uD83D", "\uD83Da", "\uD83D\0")) {
      assertThatThrownBy(() -> Value.of(text)).hasMessageContaining("half a character");
    }
  }
}
