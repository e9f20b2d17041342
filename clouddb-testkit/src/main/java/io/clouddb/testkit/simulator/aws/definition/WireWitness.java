/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds what was asked and answered against the definitions that AWS publishes of DynamoDB, of its
 * streams and of Application Auto Scaling: that members are known and of their types, that required
 * ones are there, values of enumerations, patterns, lengths and ranges, and which errors an action
 * has, with their status. It shares nothing with the simulator, nor with a client of it.
 *
 * <pre>{@code
 * assertThat(WireWitness.problems(dynamoDb.requests())).isEmpty();
 * }</pre>
 *
 * <p>Requests to other services, answers that something is not simulated, and texts of which
 * nothing is shown since they have too many secrets in them, are passed over.
 */
public final class WireWitness {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final String TARGET = "x-amz-target";

  /** What a simulator keeps of a text that has too many secrets in it. */
  private static final String HIDDEN = "***";

  private static final int OK = 200;
  private static final int NOT_SIMULATED = 501;

  /**
   * Errors that every action can have: <em>Common Errors</em> in the API reference and <em>Error
   * handling</em> in the developer guide of DynamoDB.
   */
  private static final Map<String, Integer> COMMON_ERRORS =
      Map.ofEntries(
          Map.entry("AccessDeniedException", 400),
          Map.entry("ExpiredTokenException", 400),
          Map.entry("IncompleteSignatureException", 400),
          Map.entry("InternalFailure", 500),
          Map.entry("InvalidSignatureException", 400),
          Map.entry("MissingAuthenticationTokenException", 400),
          Map.entry("SerializationException", 400),
          Map.entry("ServiceUnavailable", 503),
          Map.entry("ThrottlingException", 400),
          Map.entry("UnknownOperationException", 400),
          Map.entry("UnrecognizedClientException", 400),
          Map.entry("ValidationException", 400));

  private static final Set<String> ENVELOPE = Set.of("__type", "message", "Message");

  private static final Map<String, Definition> SERVICES =
      Map.of(
          "DynamoDB_20120810",
          Definition.load("dynamodb-2012-08-10.txt"),
          "DynamoDBStreams_20120810",
          Definition.load("dynamodbstreams-2012-08-10.txt"),
          "AnyScaleFrontendService",
          Definition.load("application-autoscaling-2016-02-06.txt"));

  private final Definition definition;
  private final Definition.Operation operation;
  private final String action;

  private WireWitness(Definition definition, Definition.Operation operation, String action) {
    this.definition = definition;
    this.operation = operation;
    this.action = action;
  }

  /**
   * What of requests, and of what was answered, is not as the definitions have it.
   *
   * @param requests what a simulator has kept
   * @return a sentence for each thing; empty when all is right
   */
  public static List<String> problems(List<RecordedRequest> requests) {
    return problems(requests, true);
  }

  /**
   * The same for tests that send what is wrong: a request has to be right only where it was
   * accepted.
   *
   * @param requests what a simulator has kept
   * @return a sentence for each thing; empty when all is right
   */
  public static List<String> problemsOfAccepted(List<RecordedRequest> requests) {
    return problems(requests, false);
  }

  private static List<String> problems(List<RecordedRequest> requests, boolean allRequests) {
    List<String> problems = new ArrayList<>();
    for (RecordedRequest request : requests) {
      String target =
          request.headers().getOrDefault(TARGET, List.of()).stream().findFirst().orElse("");
      Definition definition = SERVICES.get(target.substring(0, Math.max(0, target.indexOf('.'))));
      // A question without credentials is kept without its operation and its body.
      if (definition != null
          && request.status() != NOT_SIMULATED
          && target.endsWith("." + request.operation())) {
        problems.addAll(problems(definition, request, allRequests));
      }
    }
    return problems;
  }

  private static List<String> problems(
      Definition definition, RecordedRequest request, boolean allRequests) {
    Definition.Operation operation = definition.operation(request.operation()).orElse(null);
    if (operation == null) {
      return List.of("The service has no action " + request.operation());
    }
    WireWitness witness = new WireWitness(definition, operation, request.operation());
    List<String> problems = new ArrayList<>();
    if (allRequests || request.status() == OK) {
      problems.addAll(witness.request(request.body()));
    }
    if (request.status() != 0) {
      problems.addAll(witness.answer(request.status(), request.responseBody()));
    }
    return problems;
  }

  private List<String> request(String body) {
    if (body.equals(HIDDEN)) {
      return List.of();
    }
    return parse(body)
        .map(
            json ->
                ShapeCheck.problems(definition, true, operation.request(), action + " asks", json))
        .orElseGet(() -> List.of(action + " asks no JSON: " + body));
  }

  private List<String> answer(int status, String body) {
    if (body.equals(HIDDEN)) {
      return List.of();
    }
    JsonNode json = parse(body).orElse(null);
    if (json == null) {
      return List.of(action + " answers no JSON: " + body);
    }
    String where = action + " answers";
    if (status != OK) {
      return error(status, json, where);
    }
    if (operation.answer().isEmpty()) {
      return json.isEmpty() ? List.of() : List.of(where + " something: " + json);
    }
    return ShapeCheck.problems(definition, false, operation.answer().get(), where, json);
  }

  private List<String> error(int status, JsonNode json, String where) {
    List<String> problems = new ArrayList<>();
    String type = json.path("__type").asText();
    String code = type.substring(type.indexOf('#') + 1);
    if (!json.path("message").isTextual() && !json.path("Message").isTextual()) {
      problems.add(where + " " + code + " without a message");
    }
    boolean own = operation.errors().contains(code);
    Integer expected = own ? Integer.valueOf(definition.status(code)) : COMMON_ERRORS.get(code);
    if (expected == null || expected != status) {
      problems.add(where + " the error '" + code + "' with status " + status);
    }
    ObjectNode members = json.deepCopy();
    members.remove(ENVELOPE);
    if (!own && !members.isEmpty()) {
      problems.add(where + " " + code + " with " + members);
    } else if (own) {
      problems.addAll(ShapeCheck.problems(definition, false, code, where + " " + code, members));
    }
    return problems;
  }

  private static Optional<JsonNode> parse(String body) {
    try {
      return Optional.of(JSON.readTree(body)).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
