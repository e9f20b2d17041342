/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.http.Problem;
import io.clouddb.testkit.simulator.http.RunSecret;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.http.WireProtocol;
import java.util.Optional;
import java.util.function.Supplier;

/** Puts requests to the services behind Azure Resource Manager, and errors into its form. */
final class ArmProtocol implements WireProtocol {
  private final ArmRoutes routes;
  private final ResourceGroups groups;
  private final Supplier<String> requestIds;
  private final RunSecret secret;

  ArmProtocol(
      ArmRoutes routes, ResourceGroups groups, Supplier<String> requestIds, RunSecret secret) {
    this.routes = routes;
    this.groups = groups;
    this.requestIds = requestIds;
    this.secret = secret;
  }

  @Override
  public Optional<SimulatedResponse> refuseStranger(SimulatedRequest request) {
    Optional<Boolean> shown = secret.isBearer(request);
    if (shown.isEmpty()) {
      return Optional.of(
          challenge(
              "AuthenticationFailed",
              "Authentication failed. The 'Authorization' header is missing."));
    }
    return shown.get()
        ? Optional.empty()
        : Optional.of(challenge("InvalidAuthenticationToken", "The access token is invalid."));
  }

  private SimulatedResponse challenge(String code, String message) {
    return error(401, code, message)
        .withHeader(
            "WWW-Authenticate",
            "Bearer authorization_uri=\"https://login.windows.net/\", error=\"invalid_token\","
                + " error_description=\""
                + message
                + "\"");
  }

  @Override
  public Call callOf(SimulatedRequest request) {
    return routes.match(request).call().call();
  }

  @Override
  public SimulatedResponse handle(Call call, SimulatedRequest request) {
    ArmRoutes.Match match = routes.match(request);
    ArmCall named = new ArmCall(call, request, match.call().parts());
    try {
      groups.requireSubscription(named);
      match.route().service().requireVersion(named.apiVersion());
      if (!named.group().isEmpty() && match.route().service() != groups) {
        groups.require(named);
      }
      return identified(match.route().handler().handle(named));
    } catch (ArmRefusal refusal) {
      return identified(ArmJson.error(refusal));
    }
  }

  private SimulatedResponse identified(SimulatedResponse response) {
    return response.withHeader("x-ms-request-id", requestIds.get());
  }

  private SimulatedResponse error(int status, String code, String message) {
    return identified(ArmJson.error(status, code, message));
  }

  @Override
  public SimulatedResponse refused(Call call, SimulatedRequest request, SimulatorException reason) {
    ArmRoutes.Match match = routes.match(request);
    return identified(ArmJson.error(match.route().service().refused(match.call(), reason)));
  }

  @Override
  public SimulatedResponse problem(SimulatedRequest request, Problem problem) {
    String message = problem.message();
    return switch (problem.kind()) {
      case THROTTLED ->
          error(429, "TooManyRequests", "The number of requests exceeded the limit.")
              .withHeader("Retry-After", "1");
      case UNAVAILABLE -> error(500, "InternalServerError", message);
      case CREDENTIALS_EXPIRED ->
          challenge(
              "ExpiredAuthenticationToken",
              "The access token expiry UTC time is earlier than current UTC time.");
      case REFUSED -> error(problem.status(), problem.code(), message);
      case NOT_SIMULATED -> error(501, "NotSimulated", message);
    };
  }
}
