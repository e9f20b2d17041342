/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import io.clouddb.testkit.simulator.RunSecret;
import io.clouddb.testkit.simulator.SimulatedRequest;
import io.clouddb.testkit.simulator.SimulatedResponse;
import io.clouddb.testkit.simulator.SimulatorException;
import io.clouddb.testkit.simulator.WireProtocol;
import java.util.Optional;
import java.util.function.Supplier;

/** Puts requests to the services behind Azure Resource Manager, and errors into its form. */
final class ArmProtocol implements WireProtocol {
  private final ResourceGroups groups;
  private final FlexibleServers servers;
  private final ServerChildren children;
  private final ArmOperationLog operations;
  private final ArmFaults faults;
  private final Supplier<String> requestIds;
  private final RunSecret secret;

  ArmProtocol(
      ResourceGroups groups,
      FlexibleServers servers,
      ServerChildren children,
      ArmOperationLog operations,
      ArmFaults faults,
      Supplier<String> requestIds,
      RunSecret secret) {
    this.groups = groups;
    this.servers = servers;
    this.children = children;
    this.operations = operations;
    this.faults = faults;
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
    return identified(ArmWords.error(401, code, message))
        .withHeader(
            "WWW-Authenticate",
            "Bearer authorization_uri=\"https://login.windows.net/\", error=\"invalid_token\","
                + " error_description=\""
                + message
                + "\"");
  }

  @Override
  public String operationOf(SimulatedRequest request) {
    return ArmRoute.of(request).operation();
  }

  @Override
  public SimulatedResponse handle(String operation, SimulatedRequest request) {
    ArmRoute route = ArmRoute.of(request);
    try {
      faults.refuse(operation);
      return identified(answer(route, request));
    } catch (ArmRefusal refusal) {
      return identified(ArmWords.error(refusal));
    }
  }

  private SimulatedResponse answer(ArmRoute route, SimulatedRequest request) {
    String version = request.query("api-version").orElse("");
    groups.requireSubscription(route);
    switch (route.operation()) {
      case "ResourceGroups_Get" -> {
        return groups.get(route);
      }
      case "ResourceGroups_CreateOrUpdate" -> {
        return groups.put(route, ArmWords.body(request));
      }
      default -> ArmVersions.require(version);
    }
    switch (route.operation()) {
      case "AzureAsyncOperation_Get" -> {
        return operations.status(route.child());
      }
      case "OperationResults_Get" -> {
        return operations.result(route.child());
      }
      default -> groups.require(route);
    }
    return switch (route.operation()) {
      case "Servers_Get" -> servers.get(route, request);
      case "Servers_ListByResourceGroup" -> servers.list(route, request);
      case "Servers_Create" -> servers.create(route, request);
      case "Servers_Update" -> servers.update(route, request);
      case "Servers_Delete" -> servers.delete(route, request);
      case "Servers_Start" -> servers.start(route, request);
      case "Servers_Stop" -> servers.stop(route, request);
      case "Servers_Restart" -> servers.restart(route, request);
      default -> children.answer(route, request);
    };
  }

  private SimulatedResponse identified(SimulatedResponse response) {
    return response.withHeader("x-ms-request-id", requestIds.get());
  }

  @Override
  public SimulatedResponse refused(
      String operation, SimulatedRequest request, SimulatorException reason) {
    return identified(ArmWords.error(refusal(ArmRoute.of(request), reason)));
  }

  private ArmRefusal refusal(ArmRoute route, SimulatorException reason) {
    String message = reason.sentence();
    return switch (reason.reason()) {
      case ALREADY_EXISTS -> new ArmRefusal(409, "ServerNameAlreadyExists", message);
      case NOT_FOUND -> FlexibleServers.notFound(route);
      // Reads only: changes are accepted, and fail later.
      case WRONG_STATE -> new ArmRefusal(409, "Conflict", message);
      case QUOTA -> new ArmRefusal(409, "ServerQuotaExceeded", message);
      case INVALID_PARAMETER -> ArmRefusal.invalid(route.child(), message);
      case DATABASE ->
          route.operation().endsWith("_Get") || route.operation().contains("_List")
              // The database may just be restarting.
              ? new ArmRefusal(500, "InternalServerError", message)
              : new ArmRefusal(400, "InvalidParameterValue", message);
      case START_FAILED -> new ArmRefusal(500, "InternalServerError", message);
    };
  }

  @Override
  public SimulatedResponse throttled(String operation) {
    return identified(
            ArmWords.error(429, "TooManyRequests", "The number of requests exceeded the limit."))
        .withHeader("Retry-After", "1");
  }

  @Override
  public SimulatedResponse failed(String operation, String message) {
    return identified(ArmWords.error(500, "InternalServerError", message));
  }

  @Override
  public SimulatedResponse notSimulated(String message) {
    return identified(ArmWords.error(501, "NotSimulated", message));
  }
}
