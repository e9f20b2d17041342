/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Condition;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Conditions;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.KeyCondition;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Placeholders;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Projection;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Update;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.ValueType;
import io.clouddb.testkit.simulator.tables.Value;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The expressions of the simulated DynamoDB, read and then applied to an item: they do what they
 * say, or end with an error of the service's, however deep they go.
 */
final class ExpressionTargets {
  private static final Map<String, Value> ITEM =
      Map.of(
          "pk", new Value.Text("a"),
          "a", new Value.Num(BigDecimal.ONE),
          "t", new Value.Text("text"),
          "tags", new Value.TextSet(Set.of("x")),
          "l", new Value.Array(List.of(new Value.Num(BigDecimal.ONE), new Value.Array(List.of()))),
          "m",
              new Value.Document(
                  Map.of("x", new Value.Document(Map.of("y", new Value.Num(BigDecimal.TEN))))));

  private ExpressionTargets() {}

  /** What reads an expression, and does what it says. */
  private interface Reader {
    void read(String text, Placeholders placeholders);
  }

  static List<Target> all() {
    return List.of(
        target("condition", SampleTables.CONDITIONS, ExpressionTargets::condition),
        target("update", SampleTables.UPDATES, ExpressionTargets::update),
        target("key-condition", SampleTables.KEY_CONDITIONS, ExpressionTargets::keyCondition),
        target("projection", SampleTables.PROJECTIONS, ExpressionTargets::projection));
  }

  private static Target target(String name, List<String> samples, Reader reader) {
    return new Target(
        "dynamodb-" + name,
        source -> {
          String text = SampleTables.expression(source, samples);
          try {
            reader.read(text, placeholders(source));
          } catch (AwsError e) {
            assertThat(e.getMessage()).isNotBlank();
          }
        });
  }

  private static Placeholders placeholders(Source source) {
    Map<String, Value> values = new HashMap<>();
    values.put(":s", new Value.Text(source.chance(80) ? "a" : source.text()));
    values.put(":n", new Value.Num(BigDecimal.valueOf(source.chance(80) ? 1 : source.number())));
    values.put(":set", new Value.TextSet(Set.of("x", "y")));
    return new Placeholders(Map.of("#a", source.chance(80) ? "a" : source.text() + "b"), values);
  }

  private static void condition(String text, Placeholders placeholders) {
    Condition condition = Conditions.parse("ConditionExpression", text, placeholders);
    for (Map<String, Value> item : List.of(ITEM, Map.<String, Value>of())) {
      assertThat(condition.and(condition).holds(item)).isEqualTo(condition.holds(item));
    }
  }

  private static void update(String text, Placeholders placeholders) {
    Update update = Update.parse(text, placeholders);
    assertThat(update.paths()).isNotEmpty();
    // What it does not name stays.
    Map<String, Value> rest = new HashMap<>(ITEM);
    update.paths().forEach(path -> rest.remove(path.attribute()));
    assertThat(update.apply(ITEM)).containsAllEntriesOf(rest);
  }

  private static void keyCondition(String text, Placeholders placeholders) {
    KeyCondition condition = KeyCondition.parse(text, placeholders);
    assertThat(condition.attributes()).isNotEmpty();
    condition.against("pk", "sk", Map.of("pk", ValueType.S, "sk", ValueType.S));
  }

  private static void projection(String text, Placeholders placeholders) {
    Projection projection = Projection.parse(text, placeholders);
    assertThat(projection.paths()).isNotEmpty();
    assertThat(ITEM.keySet()).containsAll(projection.of(ITEM).keySet());
  }
}
