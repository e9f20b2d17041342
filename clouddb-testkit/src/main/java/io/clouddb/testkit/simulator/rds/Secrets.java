/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.rds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.NotSimulatedException;
import io.clouddb.testkit.simulator.ResourceKey;
import io.clouddb.testkit.simulator.SimulatedRequest;
import io.clouddb.testkit.simulator.SimulatedResponse;
import java.security.SecureRandom;

/**
 * {@code GetSecretValue} of AWS Secrets Manager, in its JSON 1.1 protocol, for the passwords that
 * RDS manages.
 */
final class Secrets {
  static final String TARGET = "secretsmanager.GetSecretValue";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  private static final String CONTENT_TYPE = "application/x-amz-json-1.1";
  private static final int BAD_REQUEST = 400;
  private static final int OK = 200;
  private static final int SUFFIX_LENGTH = 6;

  private Secrets() {}

  static String random(int length) {
    return new SecureRandom()
        .ints(length, 0, LETTERS.length())
        .mapToObj(LETTERS::charAt)
        .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
        .toString();
  }

  /** Keeps a password, and gives the secret's ARN. */
  static String create(RdsState state, ResourceKey instance, String user, String password) {
    String arn =
        "arn:aws:secretsmanager:"
            + RdsState.region(instance)
            + ":"
            + RdsState.ACCOUNT
            + ":secret:rds!db-"
            + state.cloud().newId()
            + "-"
            + random(SUFFIX_LENGTH);
    ObjectNode value = JSON.createObjectNode().put("username", user).put("password", password);
    state.secrets().put(new ResourceKey(instance.scope(), arn), value.toString());
    return arn;
  }

  static SimulatedResponse get(RdsState state, String region, SimulatedRequest request) {
    JsonNode body;
    try {
      body = JSON.readTree(request.body());
    } catch (JsonProcessingException e) {
      return error(BAD_REQUEST, "SerializationException", "The request is no JSON");
    }
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals("SecretId")) {
                throw new NotSimulatedException("the member " + name + " of GetSecretValue");
              }
            });
    String id = body.path("SecretId").asText();
    return state
        .secrets()
        .find(new ResourceKey(RdsState.key(region, "-").scope(), id))
        .map(
            value ->
                json(
                    OK,
                    JSON.createObjectNode()
                        .put("ARN", id)
                        .put("Name", id.substring(id.indexOf(":secret:") + ":secret:".length()))
                        .put("SecretString", value)))
        .orElseGet(
            () ->
                error(
                    BAD_REQUEST,
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret."));
  }

  static SimulatedResponse stranger(SignatureV4.Refusal refusal) {
    String code =
        switch (refusal.verdict()) {
          case MISSING -> "MissingAuthenticationTokenException";
          case INCOMPLETE -> "IncompleteSignatureException";
          case UNKNOWN_USER -> "UnrecognizedClientException";
          case MISMATCH -> "InvalidSignatureException";
        };
    return error(BAD_REQUEST, code, refusal.message());
  }

  static SimulatedResponse error(int status, String code, String message) {
    return json(status, JSON.createObjectNode().put("__type", code).put("Message", message));
  }

  private static SimulatedResponse json(int status, ObjectNode node) {
    return SimulatedResponse.of(status, CONTENT_TYPE, node.toString());
  }
}
