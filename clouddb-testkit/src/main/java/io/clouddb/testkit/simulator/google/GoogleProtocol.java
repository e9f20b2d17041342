/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.http.Problem;
import io.clouddb.testkit.simulator.http.RunSecret;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.http.WireProtocol;
import java.util.Optional;

/** Puts requests to the services with a REST API, and errors into Google's form. */
final class GoogleProtocol implements WireProtocol {
  private final GoogleRoutes routes;
  private final RunSecret secret;

  GoogleProtocol(GoogleRoutes routes, RunSecret secret) {
    this.routes = routes;
    this.secret = secret;
  }

  @Override
  public Optional<SimulatedResponse> refuseStranger(SimulatedRequest request) {
    Optional<Boolean> shown = secret.isBearer(request);
    return shown.isPresent() && shown.get()
        ? Optional.empty()
        : Optional.of(GoogleJson.unauthenticated(shown.isEmpty()));
  }

  @Override
  public Call callOf(SimulatedRequest request) {
    return routes.match(request).call().call();
  }

  @Override
  public SimulatedResponse handle(Call call, SimulatedRequest request) {
    GoogleRoutes.Match match = routes.match(request);
    try {
      GoogleCall named = new GoogleCall(call, request, match.call().parts());
      return GoogleJson.ok(match.route().handler().handle(named));
    } catch (GoogleRefusal e) {
      return GoogleJson.error(e);
    }
  }

  @Override
  public SimulatedResponse refused(Call call, SimulatedRequest request, SimulatorException reason) {
    GoogleRoutes.Match match = routes.match(request);
    return GoogleJson.error(match.route().service().refused(match.call(), reason));
  }

  @Override
  public SimulatedResponse problem(SimulatedRequest request, Problem problem) {
    return switch (problem.kind()) {
      case THROTTLED ->
          GoogleJson.error(
              429,
              "rateLimitExceeded",
              "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'.");
      case UNAVAILABLE -> GoogleJson.error(500, "internalError", problem.message());
      // Google tells a token that has expired from no other that is not good.
      case CREDENTIALS_EXPIRED -> GoogleJson.unauthenticated(false);
      case REFUSED -> GoogleJson.error(problem.status(), problem.code(), problem.message());
      case NOT_SIMULATED -> GoogleJson.error(501, "notImplemented", problem.message());
    };
  }
}
