/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Condition;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Conditions;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Placeholders;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Update;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A statement with its parameters, of which all is known that can be without its table. */
final class Prepared {
  private static final String CONDITION = "ConditionExpression";
  private static final List<String> PREFIXES =
      List.of("Invalid " + CONDITION + ": ", "Invalid UpdateExpression: ");

  private final Statement statement;
  private final Literals literals;

  private Prepared(Statement statement, Literals literals) {
    this.statement = statement;
    this.literals = literals;
  }

  /**
   * Prepares a statement.
   *
   * @param text the statement
   * @param parameters what its question marks stand for
   * @return the prepared statement
   * @throws AwsError when it cannot be run on any table
   */
  static Prepared of(String text, List<Value> parameters) {
    Statement statement = StatementParser.parse(text, parameters.size());
    Prepared prepared = new Prepared(statement, new Literals(parameters));
    prepared.check();
    return prepared;
  }

  private void check() {
    if (statement instanceof Statement.Select select) {
      condition(Conjunction.of(select.where()));
    } else if (statement instanceof Statement.Exists exists) {
      condition(Conjunction.of(exists.select().where()));
    } else if (statement instanceof Statement.Insert insert) {
      literals.item(insert.item());
    } else if (statement instanceof Statement.Update update) {
      requireNoIndex();
      change(update);
      condition(Conjunction.of(update.where()));
    } else if (statement instanceof Statement.Delete delete) {
      requireNoIndex();
      requireAllOld(delete.returning());
      condition(Conjunction.of(delete.where()));
    }
  }

  private void requireNoIndex() {
    if (statement.source().index() != null) {
      throw Malformed.refused("This operation is not supported on an index");
    }
  }

  private static void requireAllOld(Statement.@Nullable Returning returning) {
    if (returning != null && returning != Statement.Returning.ALL_OLD) {
      throw Malformed.refused(
          "Invalid returning clause: "
              + returning.written()
              + ". Only RETURNING ALL OLD * is allowed in DELETE statements.");
    }
  }

  Statement statement() {
    return statement;
  }

  Literals literals() {
    return literals;
  }

  /**
   * A condition.
   *
   * @param all of which all have to hold
   * @return null when there are none
   */
  @Nullable Condition condition(List<Term> all) {
    if (all.isEmpty()) {
      return null;
    }
    Expressions expressions = new Expressions(literals);
    String text = all.size() == 1 ? expressions.condition(all.get(0)) : expressions.conditions(all);
    return read(text, expressions, (said, with) -> Conditions.parse(CONDITION, said, with));
  }

  /** Holds for an item that has an attribute. */
  Condition present(String attribute) {
    Expressions expressions = new Expressions(literals);
    String text = "attribute_exists(" + expressions.name(attribute) + ")";
    return read(text, expressions, (said, with) -> Conditions.parse(CONDITION, said, with));
  }

  /** What an UPDATE changes. */
  Update change(Statement.Update update) {
    Expressions expressions = new Expressions(literals);
    return read(expressions.update(update.changes()), expressions, Update::parse);
  }

  /** The refusals name the parameter of a request, of which a statement has none. */
  private static <T> T read(
      String text, Expressions expressions, BiFunction<String, Placeholders, T> reader) {
    try {
      return reader.apply(
          text,
          new Placeholders(
              expressions.names().isEmpty() ? null : expressions.names(),
              expressions.values().isEmpty() ? null : expressions.values()));
    } catch (AwsError e) {
      for (String prefix : PREFIXES) {
        if (e.text().startsWith(prefix)) {
          throw new AwsError(e.status(), e.code(), e.text().substring(prefix.length()));
        }
      }
      throw e;
    }
  }
}
