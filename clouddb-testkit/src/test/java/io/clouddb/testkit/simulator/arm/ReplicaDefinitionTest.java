/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import static io.clouddb.testkit.simulator.arm.ArmWire.json;
import static io.clouddb.testkit.simulator.arm.ArmWire.replica;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That what is shown of replicas and their sources is what Azure's definitions have. */
class ReplicaDefinitionTest {
  private final RecordedShapes definitions = new RecordedShapes("server-definitions.txt");
  private final ArmWire wire = new ArmWire();
  private final Map<String, List<String>> members = new HashMap<>();
  private int seen;

  @AfterEach
  void close() {
    wire.close();
  }

  private void define(String version) {
    for (String line : definitions.leaves(version)) {
      List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
      members.put(words.remove(0), words);
    }
  }

  private void check(String path, JsonNode node) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  check(
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue()));
      return;
    }
    assertThat(members).containsKey(path);
    List<String> words = Objects.requireNonNull(members.get(path));
    assertThat(node.isInt() ? "integer" : "string").as(path).isEqualTo(words.get(0));
    List<String> values = words.subList(1, words.size());
    if (!values.isEmpty()) {
      assertThat(values).as(path).contains(node.asText());
    }
    seen++;
  }

  private void checkAll() throws Exception {
    check("", json(wire.send("GET", "orders", "")));
    check("", json(wire.send("GET", "near", "")));
    check("", json(wire.send("GET", "far", "")));
    json(wire.send("GET", "orders/replicas", "")).at("/value").forEach(entry -> check("", entry));
  }

  @Test
  void showsNothingThatIsNotDefined() throws Exception {
    define("2022-12-01");
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    wire.version = ArmWire.OLDEST;
    wire.send("PUT", "near", replica("orders", "eastus"));
    check("", json(wire.send("GET", "near", "")));
    check("", json(wire.send("GET", "orders", "")));
    json(wire.send("GET", "orders/replicas", "")).at("/value").forEach(entry -> check("", entry));
    wire.clock.advanceUntilIdle();
    wire.done("PUT", "far", replica("orders", "westeurope"));
    checkAll();
    wire.done("POST", "far/stop", "");
    checkAll();
    wire.done("PATCH", "near", "{'properties':{'replicationRole':'None'}}");
    checkAll();
    assertThat(seen).isGreaterThan(200);
  }

  @Test
  void showsReplicasInTheWordsOfTheNewerDefinition() throws Exception {
    define("2025-08-01");
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    wire.send("PUT", "near", replica("orders", "eastus"));
    checkReplica("orders");
    checkReplica("near");
    wire.clock.advanceUntilIdle();
    wire.send("PUT", "far", replica("orders", "westeurope"));
    wire.instance("near").server().orElseThrow().kill();
    checkReplica("far");
    checkReplica("orders/replicas");
    assertThat(seen).isGreaterThan(9);
  }

  private void checkReplica(String path) throws Exception {
    JsonNode answer = json(wire.send("GET", path, ""));
    if (answer.has("value")) {
      answer
          .at("/value")
          .forEach(entry -> check("properties.replica", entry.at("/properties/replica")));
    } else {
      check("properties.replica", answer.at("/properties/replica"));
    }
  }
}
