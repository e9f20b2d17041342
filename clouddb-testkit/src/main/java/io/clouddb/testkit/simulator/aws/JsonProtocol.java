/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The AWS JSON protocol of one service, in its version 1.0 or 1.1: the header {@code X-Amz-Target}
 * names the action, JSON in UTF-8 comes in and goes out. Its actions are a table, to which each
 * part of a service adds its own before the first request.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">AWS JSON 1.1</a>
 */
public final class JsonProtocol implements AwsProtocol {
  private static final String TARGET = "X-Amz-Target";
  private static final int OK = 200;

  /** Bodies are small, and their depth is limited. */
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String contentType;
  private final String target;
  private final Map<String, Entry> actions = new HashMap<>();

  private record Entry(Verb verb, String kind, String nameMember, JsonAction action) {}

  /**
   * Makes the protocol of a service, without actions.
   *
   * @param version {@code 1.0} or {@code 1.1}
   * @param target what stands before the action in the header, for example {@code secretsmanager}
   */
  public JsonProtocol(String version, String target) {
    this.contentType = "application/x-amz-json-" + version;
    this.target = target + ".";
  }

  /**
   * Adds an action.
   *
   * @param name for example {@code GetSecretValue}
   * @param verb what it does
   * @param kind with what kind of resource
   * @param nameMember the member that has the resource's name; empty when none has
   * @param action how it is done
   * @return this protocol
   */
  public JsonProtocol add(
      String name, Verb verb, String kind, String nameMember, JsonAction action) {
    if (actions.put(name, new Entry(verb, kind, nameMember, action)) != null) {
      throw new IllegalArgumentException("The action " + name + " is there already");
    }
    return this;
  }

  @Override
  public boolean isSpokenIn(SimulatedRequest request) {
    return request.header(TARGET).filter(text -> text.startsWith(target)).isPresent();
  }

  @Override
  public Call callOf(SimulatedRequest request) {
    String asked = request.header(TARGET).orElse("(none)");
    String action = asked.startsWith(target) ? asked.substring(target.length()) : "";
    Entry entry = actions.get(action);
    if (entry == null) {
      throw new NotSimulatedException("the action " + asked);
    }
    String name = "";
    try {
      name = read(request).path(entry.nameMember()).asText();
    } catch (AwsError e) {
      // No JSON: the action refuses it.
    }
    return Call.of(action, entry.verb(), entry.kind(), name);
  }

  private static ObjectNode read(SimulatedRequest request) {
    try {
      JsonNode body = JSON.readTree(request.text(StandardCharsets.UTF_8));
      if (body instanceof ObjectNode members) {
        return members;
      }
    } catch (JsonProcessingException e) {
      // The parser's message would repeat a part of the body, in which there may be a secret.
      throw AwsError.badRequest("SerializationException", "The request is no JSON");
    }
    throw AwsError.badRequest("SerializationException", "The request is no JSON object");
  }

  @Override
  public SimulatedResponse handle(Call call, AwsRequest request) {
    Entry entry = actions.get(call.operation());
    if (entry == null) {
      throw new IllegalStateException(call.operation());
    }
    ObjectNode members = read(request.http());
    ObjectNode result = entry.action().run(new JsonCall(call, request.region(), members));
    return answer(OK, result, request.requestId());
  }

  @Override
  public SimulatedResponse error(AwsError error, String requestId) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("__type", error.code())
            .put("Message", error.text());
    return answer(error.status(), body, requestId);
  }

  private SimulatedResponse answer(int status, ObjectNode body, String id) {
    return SimulatedResponse.utf8(status, contentType, body.toString())
        .withHeader("x-amzn-RequestId", id);
  }

  @Override
  public AwsError stranger(SignatureRefusal refusal) {
    String code =
        switch (refusal.verdict()) {
          case MISSING -> "MissingAuthenticationTokenException";
          case INCOMPLETE -> "IncompleteSignatureException";
          case UNKNOWN_USER -> "UnrecognizedClientException";
          case MISMATCH -> "InvalidSignatureException";
          case EXPIRED -> "ExpiredTokenException";
        };
    return AwsError.badRequest(code, refusal.message());
  }

  @Override
  public AwsError throttled() {
    return AwsError.badRequest("ThrottlingException", "Rate exceeded");
  }
}
