/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.dynamodb.item.ItemKeys;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one item that a condition names by its whole key.
 *
 * @param key its key
 * @param rest what the condition says besides
 */
record WhereKey(Map<String, Value> key, List<Term> rest) {
  /**
   * Looks for the key in a condition.
   *
   * @param where the condition, if there is one
   * @param keys the table's key
   * @param literals for values
   * @return empty when the condition does not say what all of the key is
   */
  static Optional<WhereKey> of(@Nullable Term where, KeySchema keys, Literals literals) {
    List<Term> rest = new ArrayList<>(Conjunction.of(where));
    Map<String, Value> key = new LinkedHashMap<>();
    for (KeyAttribute attribute : keys.attributes()) {
      for (Term term : List.copyOf(rest)) {
        Term equal = Conjunction.equalTo(term, attribute.name());
        if (equal == null) {
          continue;
        }
        Value value = literals.value(equal);
        Value before = key.putIfAbsent(attribute.name(), value);
        if (before == null || before.equals(value)) {
          rest.remove(term);
        }
      }
    }
    return key.size() == keys.attributes().size()
        ? Optional.of(new WhereKey(key, rest))
        : Optional.empty();
  }

  /**
   * The item's key.
   *
   * @param keys the table's key
   * @return the key
   * @throws io.clouddb.testkit.simulator.aws.AwsError when its values have other types than the
   *     table's
   */
  ItemKey itemKey(KeySchema keys) {
    return ItemKeys.of(keys, typed(keys));
  }

  /** The values of the key, each of its type. */
  Map<String, Value> typed(KeySchema keys) {
    for (KeyAttribute attribute : keys.attributes()) {
      Value value = key.get(attribute.name());
      if (value != null) {
        Slices.typed(value, attribute);
      }
    }
    return key;
  }

  /** The same of a statement that writes, which has to name its item. */
  static WhereKey required(@Nullable Term where, KeySchema keys, Literals literals) {
    return of(where, keys, literals)
        .orElseThrow(
            () ->
                Malformed.refused(
                    "Where clause does not contain a mandatory equality on all key attributes"));
  }
}
