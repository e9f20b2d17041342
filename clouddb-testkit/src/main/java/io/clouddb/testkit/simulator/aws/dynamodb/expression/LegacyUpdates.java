/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Legacy.AttributeUpdate;
import io.clouddb.testkit.simulator.tables.Value;
import org.jspecify.annotations.Nullable;

/** The actions of {@code AttributeUpdates}. */
final class LegacyUpdates {
  private LegacyUpdates() {}

  static Update.Action action(String name, AttributeUpdate update) {
    Value value = update.value();
    Update.Verb verb = verb(update.action(), value);
    Path path = Path.of(name);
    if (value == null) {
      if (verb != Update.Verb.REMOVE) {
        throw Refusal.values("Only DELETE action is allowed when no attribute value is specified");
      }
      return new Update.Action(verb, path, null);
    }
    ValueType type = ValueType.of(value);
    if (verb == Update.Verb.DELETE && !type.set()) {
      throw Refusal.values("DELETE action with value is not supported for the type " + type);
    }
    if (verb == Update.Verb.ADD && !type.set() && type != ValueType.N && type != ValueType.L) {
      throw Refusal.values("ADD action is not supported for the type " + type);
    }
    return new Update.Action(verb, path, new Operand.Constant(value));
  }

  private static Update.Verb verb(@Nullable String action, @Nullable Value value) {
    if ("DELETE".equals(action)) {
      return value == null ? Update.Verb.REMOVE : Update.Verb.DELETE;
    }
    return "ADD".equals(action) ? Update.Verb.ADD : Update.Verb.SET;
  }
}
