/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.SimulatedRequest;
import io.clouddb.testkit.simulator.SimulatedResponse;
import java.io.UncheckedIOException;

/** JSON in and out. */
final class ArmWords {
  static final String TYPE = "Microsoft.DBforPostgreSQL/flexibleServers";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ArmWords() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode body(SimulatedRequest request) {
    try {
      JsonNode node = MAPPER.readTree(request.body());
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      // The parser's message would repeat a part of the body, in which there may be a password.
      throw new ArmRefusal(
          400, "InvalidRequestContent", "The request content was invalid and not JSON.");
    }
    throw new ArmRefusal(400, "InvalidRequestContent", "The request content is no JSON object.");
  }

  static SimulatedResponse json(int status, JsonNode body) {
    try {
      return SimulatedResponse.of(
          status, "application/json; charset=utf-8", MAPPER.writeValueAsString(body));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SimulatedResponse error(int status, String code, String message) {
    ObjectNode body = object();
    body.putObject("error").put("code", code).put("message", message);
    return json(status, body);
  }

  static SimulatedResponse error(ArmRefusal refusal) {
    return error(refusal.status(), refusal.code(), refusal.sentence());
  }

  static String groupId(ArmRoute route) {
    return "/subscriptions/" + route.subscription() + "/resourceGroups/" + route.group();
  }

  static String serverId(ArmRoute route, String server) {
    return groupId(route) + "/providers/" + TYPE + "/" + server;
  }

  /** A resource that belongs to a server. */
  static ObjectNode child(ArmRoute route, String kind, String name, ObjectNode properties) {
    ObjectNode node = object();
    node.set("properties", properties);
    return node.put("id", serverId(route, route.server()) + "/" + kind + "/" + name)
        .put("name", name)
        .put("type", TYPE + "/" + kind);
  }
}
