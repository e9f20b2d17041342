/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsProtocol;
import io.clouddb.testkit.simulator.aws.AwsRequest;
import io.clouddb.testkit.simulator.aws.SignatureRefusal;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The AWS JSON protocol of a service whose requests are read by its published definition, in one
 * pass over their bytes. Its actions are a table, to which each part of the service adds its own
 * before the first request.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html">AWS JSON 1.0</a>
 */
public final class ModelProtocol implements AwsProtocol {
  private static final String TARGET = "X-Amz-Target";
  private static final int OK = 200;
  private static final int BUFFER = 512;
  private static final JsonFactory JSON = new ObjectMapper().getFactory();

  private final String contentType;
  private final String target;
  private final String namespace;
  private final Model model;
  private final Map<String, Entry> actions = new HashMap<>();

  private record Entry(
      Verb verb, String kind, String nameMember, Shape.Structure request, ModelAction action) {}

  /** A request as it was read, or what is wrong with it. */
  private sealed interface Read {
    record Good(Members members) implements Read {}

    record Bad(AwsError error) implements Read {}
  }

  /**
   * Makes the protocol of a service, without actions.
   *
   * @param version {@code 1.0} or {@code 1.1}
   * @param target what stands before the action in the header, for example {@code
   *     DynamoDB_20120810}
   * @param namespace what stands before the code in the type of an error, for example {@code
   *     com.amazonaws.dynamodb.v20120810}
   * @param model what its requests look like
   */
  public ModelProtocol(String version, String target, String namespace, Model model) {
    this.contentType = "application/x-amz-json-" + version;
    this.target = target + ".";
    this.namespace = namespace;
    this.model = model;
  }

  /**
   * Adds an action.
   *
   * @param name for example {@code GetItem}
   * @param verb what it does
   * @param kind with what kind of resource
   * @param nameMember the member that has the resource's name; empty when none has
   * @param action how it is done
   * @return this protocol
   */
  public ModelProtocol add(
      String name, Verb verb, String kind, String nameMember, ModelAction action) {
    Entry entry = new Entry(verb, kind, nameMember, model.requestOf(name), action);
    if (actions.put(name, entry) != null) {
      throw new IllegalArgumentException("The action " + name + " is there already");
    }
    return this;
  }

  /**
   * Adds an action instead of one that is there.
   *
   * @param name for example {@code CreateTable}
   * @param verb what it does
   * @param kind with what kind of resource
   * @param nameMember the member that has the resource's name; empty when none has
   * @param action how it is done
   * @return this protocol
   */
  public ModelProtocol replace(
      String name, Verb verb, String kind, String nameMember, ModelAction action) {
    actions.remove(name);
    return add(name, verb, kind, nameMember, action);
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
    if (!entry.nameMember().isEmpty()
        && read(request, entry) instanceof Read.Good good
        && good.members().values().get(entry.nameMember()) instanceof String text) {
      name = text.substring(text.lastIndexOf('/') + 1);
    }
    return Call.of(action, entry.verb(), entry.kind(), name);
  }

  /** Once a request: what it asks for, and what is done, are two calls. */
  private static Read read(SimulatedRequest request, Entry entry) {
    return request.readAs(
        Read.class,
        (unused, body) -> {
          try {
            return new Read.Good(RequestReader.read(body, entry.request()));
          } catch (AwsError e) {
            return new Read.Bad(e);
          }
        });
  }

  @Override
  public SimulatedResponse handle(Call call, AwsRequest request) {
    Entry entry = actions.get(call.operation());
    if (entry == null) {
      throw new IllegalStateException(call.operation());
    }
    Read read = read(request.http(), entry);
    if (read instanceof Read.Bad bad) {
      throw bad.error();
    }
    if (!(read instanceof Read.Good good)) {
      throw new IllegalStateException("Neither good nor bad: " + read);
    }
    Constraints.check(good.members(), entry.request());
    Answer answer = entry.action().run(new ModelCall(call, request.region(), good.members()));
    return answer(OK, answer, request.requestId());
  }

  @Override
  public SimulatedResponse error(AwsError error, String requestId) {
    return answer(
        error.status(),
        json -> {
          json.writeStringField("__type", typeOf(error.code()));
          json.writeStringField(messageOf(error.code()), error.text());
          for (Map.Entry<String, JsonNode> member : error.members().entrySet()) {
            json.writeFieldName(member.getKey());
            json.writeTree(member.getValue());
          }
        },
        requestId);
  }

  private String typeOf(String code) {
    return switch (code) {
      case "ValidationException" -> "com.amazon.coral.validate#ValidationException";
      case "SerializationException",
          "UnknownOperationException",
          "MissingAuthenticationTokenException",
          "IncompleteSignatureException",
          "UnrecognizedClientException",
          "InvalidSignatureException",
          "ExpiredTokenException" ->
          "com.amazon.coral.service#" + code;
      default -> namespace + "#" + code;
    };
  }

  private static String messageOf(String code) {
    return switch (code) {
      case "TransactionCanceledException",
          "IdempotentParameterMismatchException",
          "SerializationException" ->
          "Message";
      default -> "message";
    };
  }

  private SimulatedResponse answer(int status, Answer answer, String id) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFER);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      answer.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] body = bytes.toByteArray();
    CRC32 sum = new CRC32();
    sum.update(body);
    return SimulatedResponse.of(status, contentType, body)
        .withHeader("x-amzn-RequestId", id)
        .withHeader("x-amz-crc32", Long.toString(sum.getValue()));
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
    return AwsError.badRequest("ThrottlingException", "Rate of requests exceeds the allowed rate.");
  }
}
