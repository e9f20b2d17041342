/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** JSON as the REST APIs read and write it. */
public final class GoogleJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private GoogleJson() {}

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
   * @throws GoogleRefusal when it is no object
   */
  public static ObjectNode read(SimulatedRequest request) {
    try {
      if (MAPPER.readTree(request.text(StandardCharsets.UTF_8)) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      // The text is not repeated: it may hold a password.
      throw parseError();
    }
    throw parseError();
  }

  private static GoogleRefusal parseError() {
    return new GoogleRefusal(400, "parseError", "Invalid JSON payload received.");
  }

  static SimulatedResponse ok(JsonNode body) {
    return SimulatedResponse.utf8(200, "application/json; charset=UTF-8", write(body));
  }

  static SimulatedResponse error(GoogleRefusal refusal) {
    return error(refusal.status(), refusal.reason(), refusal.sentence());
  }

  static SimulatedResponse error(int status, String reason, String message) {
    ObjectNode body = object();
    ObjectNode error = body.putObject("error");
    error.put("code", status).put("message", message);
    error
        .putArray("errors")
        .addObject()
        .put("message", message)
        .put("domain", "global")
        .put("reason", reason);
    return SimulatedResponse.utf8(status, "application/json; charset=UTF-8", write(body));
  }

  /** What Google's front end says before a service sees a request. */
  static SimulatedResponse unauthenticated(boolean missing) {
    String message =
        (missing
                ? "Request is missing required authentication credential."
                : "Request had invalid authentication credentials.")
            + " Expected OAuth 2 access token, login cookie or other valid authentication"
            + " credential. See"
            + " https://developers.google.com/identity/sign-in/web/devconsole-project.";
    ObjectNode body = object();
    ObjectNode error = body.putObject("error");
    error.put("code", 401).put("message", message);
    error
        .putArray("errors")
        .addObject()
        .put("message", missing ? "Login Required." : "Invalid Credentials")
        .put("domain", "global")
        .put("reason", missing ? "required" : "authError")
        .put("location", "Authorization")
        .put("locationType", "header");
    error.put("status", "UNAUTHENTICATED");
    return SimulatedResponse.utf8(401, "application/json; charset=UTF-8", write(body))
        .withHeader("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\"");
  }

  private static String write(JsonNode body) {
    try {
      return MAPPER.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Merges a patch: objects member by member, everything else as a whole, null removes.
   *
   * @param target what is changed
   * @param patch what is new
   */
  public static void merge(ObjectNode target, ObjectNode patch) {
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        target.remove(field.getKey());
      } else if (value instanceof ObjectNode object
          && target.get(field.getKey()) instanceof ObjectNode inner) {
        merge(inner, object);
      } else {
        target.set(field.getKey(), value.deepCopy());
      }
    }
  }
}
