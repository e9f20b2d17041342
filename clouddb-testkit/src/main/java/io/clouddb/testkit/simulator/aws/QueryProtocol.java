/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import java.util.HashMap;
import java.util.Map;

/**
 * The AWS Query protocol of one service: a form in UTF-8 comes in, XML goes out. Its actions are a
 * table, to which each part of a service adds its own before the first request.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-query-protocol.html">AWS Query protocol</a>
 */
public final class QueryProtocol implements AwsProtocol {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int INTERNAL = 500;

  private final String version;
  private final String namespace;
  private final Map<String, Entry> actions = new HashMap<>();

  private record Entry(
      Verb verb, String kind, String nameMember, boolean answers, QueryAction action) {}

  /**
   * Makes the protocol of a service, without actions.
   *
   * @param version the API's version, for example {@code 2014-10-31}
   * @param namespace the XML namespace of its answers
   */
  public QueryProtocol(String version, String namespace) {
    this.version = version;
    this.namespace = namespace;
  }

  /**
   * Adds an action.
   *
   * @param name for example {@code CreateDBInstance}
   * @param verb what it does; a {@link Verb#READ} without a name is a {@link Verb#LIST}
   * @param kind with what kind of resource
   * @param nameMember the member that has the resource's name; empty when none has
   * @param action how it is done
   * @return this protocol
   */
  public QueryProtocol add(
      String name, Verb verb, String kind, String nameMember, QueryAction action) {
    return add(name, new Entry(verb, kind, nameMember, true, action));
  }

  /**
   * Adds an action whose answer has no result.
   *
   * @param name for example {@code DeleteDBParameterGroup}
   * @param verb what it does; a {@link Verb#READ} without a name is a {@link Verb#LIST}
   * @param kind with what kind of resource
   * @param nameMember the member that has the resource's name; empty when none has
   * @param action how it is done
   * @return this protocol
   */
  public QueryProtocol addWithoutResult(
      String name, Verb verb, String kind, String nameMember, QueryAction action) {
    return add(name, new Entry(verb, kind, nameMember, false, action));
  }

  private QueryProtocol add(String name, Entry entry) {
    if (actions.put(name, entry) != null) {
      throw new IllegalArgumentException("The action " + name + " is there already");
    }
    return this;
  }

  @Override
  public boolean isSpokenIn(SimulatedRequest request) {
    boolean form =
        request
            .header("Content-Type")
            .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
            .isPresent();
    return form && request.header("X-Amz-Target").isEmpty();
  }

  @Override
  public Call callOf(SimulatedRequest request) {
    Map<String, String> form = request.form();
    String action = form.getOrDefault("Action", "(none)");
    Entry entry = actions.get(action);
    if (entry == null || !version.equals(form.get("Version"))) {
      throw new NotSimulatedException(
          "the action " + action + " of the API version " + form.get("Version"));
    }
    String name = form.getOrDefault(entry.nameMember(), "");
    boolean all = entry.verb() == Verb.READ && name.isEmpty() && !entry.nameMember().isEmpty();
    return Call.of(action, all ? Verb.LIST : entry.verb(), entry.kind(), name);
  }

  @Override
  public SimulatedResponse handle(Call call, AwsRequest request) {
    Entry entry = actions.get(call.operation());
    if (entry == null) {
      throw new IllegalStateException(call.operation());
    }
    QueryXml result = new QueryXml();
    QueryForm form = new QueryForm(request.http().form());
    entry.action().run(new QueryCall(call, request.region(), form), result);
    return success(call.operation(), entry.answers(), result, request.requestId());
  }

  private SimulatedResponse success(String action, boolean answers, QueryXml result, String id) {
    StringBuilder body = new StringBuilder();
    body.append('<').append(action).append("Response xmlns=\"").append(namespace).append("\">");
    if (answers) {
      String wrapper = action + "Result";
      body.append('<').append(wrapper).append('>').append(result);
      body.append("</").append(wrapper).append('>');
    }
    QueryXml metadata = new QueryXml();
    metadata.element("ResponseMetadata", () -> metadata.text("RequestId", id));
    body.append(metadata).append("</").append(action).append("Response>");
    return answer(OK, body.toString(), id);
  }

  @Override
  public SimulatedResponse error(AwsError error, String requestId) {
    QueryXml xml = new QueryXml();
    xml.element(
        "Error",
        () ->
            xml.text("Type", error.status() < INTERNAL ? "Sender" : "Receiver")
                .text("Code", error.code())
                .text("Message", error.text()));
    xml.text("RequestId", requestId);
    return answer(
        error.status(),
        "<ErrorResponse xmlns=\"" + namespace + "\">" + xml + "</ErrorResponse>",
        requestId);
  }

  private static SimulatedResponse answer(int status, String body, String id) {
    return SimulatedResponse.utf8(status, "text/xml", body).withHeader("x-amzn-RequestId", id);
  }

  @Override
  public AwsError stranger(SignatureRefusal refusal) {
    String message = refusal.message();
    return switch (refusal.verdict()) {
      case MISSING -> new AwsError(FORBIDDEN, "MissingAuthenticationToken", message);
      case INCOMPLETE -> new AwsError(BAD_REQUEST, "IncompleteSignature", message);
      case UNKNOWN_USER -> new AwsError(FORBIDDEN, "InvalidClientTokenId", message);
      case MISMATCH -> new AwsError(FORBIDDEN, "SignatureDoesNotMatch", message);
      case EXPIRED -> new AwsError(FORBIDDEN, "ExpiredToken", message);
    };
  }

  @Override
  public AwsError throttled() {
    return AwsError.badRequest("Throttling", "Rate exceeded");
  }
}
