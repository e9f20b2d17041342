/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.table.AttributePath;
import io.clouddb.table.Update;
import io.clouddb.table.Value;

/** The text of an update, in the clauses that DynamoDB has for it. */
final class UpdateExpression {
  private static final Value ZERO = Value.of(0);

  private final Expression expression;
  private final StringBuilder set = new StringBuilder();
  private final StringBuilder remove = new StringBuilder();
  private final StringBuilder add = new StringBuilder();
  private final StringBuilder delete = new StringBuilder();

  private UpdateExpression(Expression expression) {
    this.expression = expression;
  }

  static String of(Update update, Expression expression) {
    UpdateExpression text = new UpdateExpression(expression);
    for (Update.Action action : update.actions()) {
      text.append(action);
    }
    StringBuilder all = new StringBuilder();
    for (StringBuilder clause :
        new StringBuilder[] {text.set, text.remove, text.add, text.delete}) {
      if (!clause.isEmpty()) {
        all.append(all.isEmpty() ? "" : " ").append(clause);
      }
    }
    return Expression.whole(all);
  }

  private void append(Update.Action action) {
    AttributePath path = action.path();
    if (action instanceof Update.SetValue value) {
      begin(set, "SET ", path);
      set.append(" = ");
      expression.value(set, value.value());
    } else if (action instanceof Update.Remove) {
      begin(remove, "REMOVE ", path);
    } else if (action instanceof Update.AddNumber number) {
      add(path, number.amount());
    } else if (action instanceof Update.AddToSet elements) {
      requireWhole(path);
      begin(add, "ADD ", path);
      add.append(' ');
      expression.value(add, elements.elements());
    } else if (action instanceof Update.RemoveFromSet elements) {
      requireWhole(path);
      begin(delete, "DELETE ", path);
      delete.append(' ');
      expression.value(delete, elements.elements());
    }
  }

  /** ADD is for attributes, and not for parts of them, its documentation says. */
  private void add(AttributePath path, Value.Num amount) {
    if (path.steps().isEmpty()) {
      begin(add, "ADD ", path);
      add.append(' ');
      expression.value(add, amount);
      return;
    }
    begin(set, "SET ", path);
    set.append(" = if_not_exists(");
    expression.path(set, path);
    set.append(", ");
    expression.value(set, ZERO);
    set.append(") + ");
    expression.value(set, amount);
  }

  private static void requireWhole(AttributePath path) {
    if (!path.steps().isEmpty()) {
      throw Refused.unsupported(
          "DynamoDB adds to, and takes from, a set that is an attribute, and not a part of one: '"
              + path
              + "'",
          "Keep the set in an attribute of its own, or set it as a whole.");
    }
  }

  private void begin(StringBuilder clause, String keyword, AttributePath path) {
    clause.append(clause.isEmpty() ? keyword : ", ");
    expression.path(clause, path);
  }
}
