/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Short names of values for tests. */
final class Items {
  private Items() {}

  static Value s(String text) {
    return new Value.Text(text);
  }

  static Value n(String number) {
    return new Value.Num(new BigDecimal(number));
  }

  static Value b(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return new Value.Bytes(all);
  }

  static Value bool(boolean bool) {
    return new Value.Bool(bool);
  }

  static Value nil() {
    return new Value.Null();
  }

  static Value l(Value... values) {
    return new Value.Array(List.of(values));
  }

  static Value m(Object... pairs) {
    return new Value.Document(item(pairs));
  }

  static Value ss(String... texts) {
    return new Value.TextSet(new LinkedHashSet<>(List.of(texts)));
  }

  static Value ns(String... numbers) {
    Set<BigDecimal> all =
        Arrays.stream(numbers)
            .map(BigDecimal::new)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new Value.NumSet(all);
  }

  static Value bs(Value... bytes) {
    Set<Value.Bytes> all = new LinkedHashSet<>();
    List.of(bytes).forEach(value -> all.add((Value.Bytes) value));
    return new Value.BytesSet(all);
  }

  /** Names and values in turn. */
  static Map<String, Value> item(Object... pairs) {
    Map<String, Value> item = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      item.put((String) pairs[i], (Value) pairs[i + 1]);
    }
    return item;
  }
}
