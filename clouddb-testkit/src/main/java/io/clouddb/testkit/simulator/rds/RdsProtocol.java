/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.rds;

import io.clouddb.testkit.simulator.NotSimulatedException;
import io.clouddb.testkit.simulator.SimulatedInstance;
import io.clouddb.testkit.simulator.SimulatedRequest;
import io.clouddb.testkit.simulator.SimulatedResponse;
import io.clouddb.testkit.simulator.SimulatorException;
import io.clouddb.testkit.simulator.WireProtocol;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/** The Query protocol of RDS: a form comes in, XML goes out. */
final class RdsProtocol implements WireProtocol {
  private static final String NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/";
  private static final String API_VERSION = "2014-10-31";
  private static final String TARGET_HEADER = "X-Amz-Target";
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int INTERNAL = 500;
  private static final int NOT_IMPLEMENTED = 501;
  private static final Set<String> ACTIONS =
      Set.of(
          "CreateDBInstance",
          "DescribeDBInstances",
          "ModifyDBInstance",
          "RebootDBInstance",
          "StartDBInstance",
          "StopDBInstance",
          "DeleteDBInstance",
          "CreateDBParameterGroup",
          "DescribeDBParameterGroups",
          "ModifyDBParameterGroup",
          "DescribeDBParameters",
          "DeleteDBParameterGroup",
          "AddTagsToResource",
          "ListTagsForResource");

  private final RdsState state;
  private final SignatureV4 signature;
  private final Map<String, Deque<RdsError>> refusals = new ConcurrentHashMap<>();

  RdsProtocol(RdsState state, SignatureV4 signature) {
    this.state = state;
    this.signature = signature;
  }

  /** The next request of an action is refused, without effect. */
  void refuse(String action, RdsError error) {
    refusals.computeIfAbsent(action, name -> new ConcurrentLinkedDeque<>()).add(error);
  }

  @Override
  public Optional<SimulatedResponse> refuseStranger(SimulatedRequest request) {
    boolean secret = request.header(TARGET_HEADER).isPresent();
    SignatureV4.Sent sent =
        new SignatureV4.Sent(
            request.method(),
            request.rawPath(),
            request.rawQuery(),
            request.headers(),
            SignatureV4.hash(request.payload()));
    return signature
        .check(sent, secret ? "secretsmanager" : "rds")
        .map(refusal -> secret ? Secrets.stranger(refusal) : stranger(refusal));
  }

  private SimulatedResponse stranger(SignatureV4.Refusal refusal) {
    return switch (refusal.verdict()) {
      case MISSING -> error(FORBIDDEN, "MissingAuthenticationToken", refusal.message());
      case INCOMPLETE -> error(BAD_REQUEST, "IncompleteSignature", refusal.message());
      case UNKNOWN_USER -> error(FORBIDDEN, "InvalidClientTokenId", refusal.message());
      case MISMATCH -> error(FORBIDDEN, "SignatureDoesNotMatch", refusal.message());
    };
  }

  @Override
  public String operationOf(SimulatedRequest request) {
    Optional<String> target = request.header(TARGET_HEADER);
    if (target.isPresent()) {
      if (target.get().equals(Secrets.TARGET)) {
        return Secrets.TARGET;
      }
      throw new NotSimulatedException("the action " + target.get());
    }
    Map<String, String> form = request.form();
    String action = form.getOrDefault("Action", "(none)");
    if (!ACTIONS.contains(action) || !API_VERSION.equals(form.get("Version"))) {
      throw new NotSimulatedException(
          "the action " + action + " of the API version " + form.get("Version"));
    }
    return action;
  }

  @Override
  public SimulatedResponse handle(String operation, SimulatedRequest request) {
    boolean secret = operation.equals(Secrets.TARGET);
    String region = SignatureV4.region(request.header("Authorization")).orElseThrow();
    RdsError refusal = Optional.ofNullable(refusals.get(operation)).map(Deque::poll).orElse(null);
    if (refusal != null) {
      return error(refusal.status(), refusal.code(), refusal.text());
    }
    if (secret) {
      return Secrets.get(state, region, request);
    }
    try {
      Xml result = new Xml();
      boolean answered = act(operation, region, new RdsForm(request.form()), result);
      return success(operation, answered, result);
    } catch (RdsError e) {
      return error(e.status(), e.code(), e.text());
    }
  }

  /** Tells whether the action has a result; two have none. */
  private boolean act(String action, String region, RdsForm form, Xml xml) {
    InstanceActions instances = new InstanceActions(state, region, form);
    GroupActions groups = new GroupActions(state, region, form);
    switch (action) {
      case "CreateDBInstance" -> write(xml, new CreateAction(state, region, form).run());
      case "DescribeDBInstances" -> instances.describe(xml);
      case "ModifyDBInstance" ->
          new InstanceXml(xml, new ModifyAction(state, region, form).run(), "available").write();
      case "RebootDBInstance" -> write(xml, instances.reboot());
      case "StartDBInstance" -> write(xml, instances.start());
      case "StopDBInstance" -> write(xml, instances.stop());
      case "DeleteDBInstance" -> write(xml, instances.delete());
      case "CreateDBParameterGroup" -> groups.create(xml);
      case "DescribeDBParameterGroups" -> groups.describe(xml);
      case "ModifyDBParameterGroup" -> groups.modify(xml);
      case "DescribeDBParameters" -> groups.describeParameters(xml);
      case "ListTagsForResource" -> instances.listTags(xml);
      case "DeleteDBParameterGroup" -> {
        groups.delete();
        return false;
      }
      case "AddTagsToResource" -> {
        instances.addTags();
        return false;
      }
      default -> throw new IllegalStateException("No such action: " + action);
    }
    return true;
  }

  private static void write(Xml xml, SimulatedInstance instance) {
    new InstanceXml(xml, instance).write();
  }

  private SimulatedResponse success(String operation, boolean answered, Xml result) {
    StringBuilder body = new StringBuilder();
    body.append('<').append(operation).append("Response xmlns=\"").append(NAMESPACE).append("\">");
    if (answered) {
      String wrapper = operation + "Result";
      body.append('<').append(wrapper).append('>').append(result);
      body.append("</").append(wrapper).append('>');
    }
    String id = state.cloud().newId();
    Xml metadata = new Xml();
    metadata.element("ResponseMetadata", () -> metadata.text("RequestId", id));
    body.append(metadata).append("</").append(operation).append("Response>");
    return answer(OK, body.toString(), id);
  }

  private SimulatedResponse error(int status, String code, String message) {
    String id = state.cloud().newId();
    Xml xml = new Xml();
    xml.element(
        "Error",
        () ->
            xml.text("Type", status < INTERNAL ? "Sender" : "Receiver")
                .text("Code", code)
                .text("Message", message));
    xml.text("RequestId", id);
    return answer(
        status, "<ErrorResponse xmlns=\"" + NAMESPACE + "\">" + xml + "</ErrorResponse>", id);
  }

  private static SimulatedResponse answer(int status, String body, String id) {
    return SimulatedResponse.of(status, "text/xml", body).withHeader("x-amzn-RequestId", id);
  }

  @Override
  public SimulatedResponse refused(
      String operation, SimulatedRequest request, SimulatorException reason) {
    return switch (reason.reason()) {
      case WRONG_STATE -> error(BAD_REQUEST, "InvalidDBInstanceState", reason.sentence());
      case INVALID_PARAMETER -> error(BAD_REQUEST, "InvalidParameterValue", reason.sentence());
      case NOT_FOUND, ALREADY_EXISTS, QUOTA, DATABASE, START_FAILED ->
          error(INTERNAL, "InternalFailure", reason.sentence());
    };
  }

  @Override
  public SimulatedResponse throttled(String operation) {
    return error(BAD_REQUEST, "Throttling", "Rate exceeded");
  }

  @Override
  public SimulatedResponse failed(String operation, String message) {
    return error(INTERNAL, "InternalFailure", message);
  }

  @Override
  public SimulatedResponse notSimulated(String message) {
    return error(NOT_IMPLEMENTED, "NotSimulated", message);
  }
}
