/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.DynamoDbWire.Answered;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs programs here and there, and says where the answers differ. */
final class Comparison {
  private static final Set<String> SETS = Set.of("SS", "NS", "BS");
  private static final Set<String> READS =
      Set.of("GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems");

  private final Peer ours;
  private final Peer theirs;
  private final Set<String> without;
  private final boolean words;

  /** Without some actions and members; and whether the words of errors are compared, too. */
  Comparison(Peer ours, Peer theirs, Set<String> without, boolean words) {
    this.ours = ours;
    this.theirs = theirs;
    this.without = without;
    this.words = words;
  }

  /** A difference: at which request of which seed, and what was answered. */
  record Difference(long seed, int step, String action, String body, String ours, String theirs) {
    @Override
    public String toString() {
      return "seed %d, step %d: %s %s%n  ours:   %s%n  theirs: %s"
          .formatted(seed, step, action, body, ours, theirs);
    }
  }

  /** The differences of a program; it ends where the tables are not the same any more. */
  List<Difference> run(long seed, String prefix) {
    for (Programs.Request request : Programs.tables(prefix)) {
      for (Peer peer : List.of(ours, theirs)) {
        Answered answer = peer.answer(request.action(), request.body());
        if (answer.status() != 200) {
          throw new IllegalStateException("A table is refused: " + answer);
        }
        peer.await(request.body().get("TableName").asText());
      }
    }
    List<Difference> differences = new ArrayList<>();
    int step = 0;
    for (Programs.Request request : Programs.of(seed, prefix)) {
      step++;
      if (without.contains(request.action())) {
        continue;
      }
      Answered here = ours.answer(request.action(), request.body());
      Answered there = theirs.answer(request.action(), request.body());
      String our = shown(here, request);
      String their = shown(there, request);
      if (!our.equals(their)) {
        differences.add(
            new Difference(seed, step, request.action(), request.body().toString(), our, their));
        boolean bothRefused = here.status() != 200 && there.status() != 200;
        if (!bothRefused && !READS.contains(request.action())) {
          return differences;
        }
      }
    }
    return differences;
  }

  private String shown(Answered answer, Programs.Request request) {
    if (answer.status() == 200) {
      boolean ordered = request.action().equals("Query") && !request.body().has("IndexName");
      JsonNode all = plain(answer.body(), ordered);
      return (all instanceof ObjectNode members ? members.without(without) : all).toString();
    }
    String reasons = reasons(answer.body().path("CancellationReasons")).orElse("");
    return answer.status()
        + " "
        + answer.code()
        + reasons
        + (words && reasons.isEmpty() ? ": " + answer.message() : "");
  }

  private static Optional<String> reasons(JsonNode reasons) {
    List<String> codes = new ArrayList<>();
    reasons.forEach(reason -> codes.add(reason.path("Code").asText("None")));
    return codes.isEmpty() ? Optional.empty() : Optional.of(codes.toString());
  }

  /** The same with members in order, sets and what has no order sorted, and numbers as they are. */
  private static JsonNode plain(JsonNode node, boolean ordered) {
    if (node instanceof ObjectNode object) {
      ObjectNode sorted = JsonNodeFactory.instance.objectNode();
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      names.sort(Comparator.naturalOrder());
      for (String name : names) {
        JsonNode value = object.get(name);
        boolean unordered =
            SETS.contains(name)
                || (name.equals("Items") && !ordered)
                || node.path("UnprocessedKeys").isObject();
        sorted.set(name, member(name, value, ordered, unordered));
      }
      return sorted;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode all = JsonNodeFactory.instance.arrayNode();
      array.forEach(each -> all.add(plain(each, ordered)));
      return all;
    }
    return node;
  }

  private static JsonNode member(String name, JsonNode value, boolean ordered, boolean unordered) {
    if (name.equals("N") && value.isTextual()) {
      return JsonNodeFactory.instance.textNode(number(value.asText()));
    }
    if (name.equals("NS")) {
      ArrayNode numbers = JsonNodeFactory.instance.arrayNode();
      value.forEach(each -> numbers.add(number(each.asText())));
      return sorted(numbers);
    }
    JsonNode inside = plain(value, ordered);
    if (unordered && inside.isObject()) {
      // The answers of a batch: by table.
      ObjectNode tables = JsonNodeFactory.instance.objectNode();
      inside.properties().forEach(table -> tables.set(table.getKey(), sorted(table.getValue())));
      return tables;
    }
    return unordered ? sorted(inside) : inside;
  }

  private static JsonNode sorted(JsonNode list) {
    if (!list.isArray()) {
      return list;
    }
    List<JsonNode> all = new ArrayList<>();
    list.forEach(all::add);
    all.sort(Comparator.comparing(JsonNode::toString));
    return JsonNodeFactory.instance.arrayNode().addAll(all);
  }

  private static String number(String text) {
    BigDecimal number = new BigDecimal(text);
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
