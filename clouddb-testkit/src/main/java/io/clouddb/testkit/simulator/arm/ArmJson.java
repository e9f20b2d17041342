/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** JSON in and out, as Azure Resource Manager has it. */
public final class ArmJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ArmJson() {}

  /**
   * A new object.
   *
   * @return without members
   */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * The body of a request.
   *
   * @param request the request
   * @return its members
   * @throws ArmRefusal when it is no object
   */
  public static ObjectNode body(SimulatedRequest request) {
    try {
      JsonNode node = MAPPER.readTree(request.text(StandardCharsets.UTF_8));
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

  /**
   * An answer.
   *
   * @param status HTTP status
   * @param body its body
   * @return the answer
   */
  public static SimulatedResponse json(int status, JsonNode body) {
    try {
      return SimulatedResponse.utf8(
          status, "application/json; charset=utf-8", MAPPER.writeValueAsString(body));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * An error.
   *
   * @param status HTTP status
   * @param code the code
   * @param message a sentence
   * @return the answer
   */
  public static SimulatedResponse error(int status, String code, String message) {
    ObjectNode body = object();
    body.putObject("error").put("code", code).put("message", message);
    return json(status, body);
  }

  /**
   * An error.
   *
   * @param refusal what is refused
   * @return the answer
   */
  public static SimulatedResponse error(ArmRefusal refusal) {
    return error(refusal.status(), refusal.code(), refusal.sentence());
  }
}
