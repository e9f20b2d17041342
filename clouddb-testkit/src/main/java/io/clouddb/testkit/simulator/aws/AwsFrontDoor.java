/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.http.Problem;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.http.WireProtocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one endpoint of all AWS services of an account. Where a request goes is said by the
 * credential scope of its signature: to which service, and in which region.
 */
final class AwsFrontDoor implements WireProtocol {
  private static final String AUTHORIZATION = "Authorization";

  /** For who asks for a service that is not here. */
  private static final AwsProtocol JSON = new JsonProtocol("1.0", "");

  private static final AwsProtocol XML =
      new QueryProtocol("", "http://webservices.amazon.com/AWSFault/2005-15-09");

  private static final int INTERNAL = 500;
  private static final int NOT_IMPLEMENTED = 501;

  private final Map<String, AwsService> services = new LinkedHashMap<>();
  private final SignatureV4 signature;
  private final Supplier<String> ids;

  AwsFrontDoor(List<AwsService> services, SignatureV4 signature, Supplier<String> ids) {
    for (AwsService service : services) {
      if (this.services.put(service.signingName(), service) != null) {
        throw new IllegalArgumentException("Two services sign for " + service.signingName());
      }
    }
    this.signature = signature;
    this.ids = ids;
  }

  @Override
  public int largestRequest(SimulatedRequest head) {
    return serviceOf(head).map(AwsService::largestRequest).orElse(LARGEST_REQUEST);
  }

  @Override
  public boolean answersAtOnce(SimulatedRequest request) {
    return serviceOf(request).filter(AwsService::answersAtOnce).isPresent();
  }

  @Override
  public Optional<SimulatedResponse> refuseStranger(SimulatedRequest request) {
    SignatureV4.Sent sent =
        new SignatureV4.Sent(
            request.method(),
            request.rawPath(),
            request.rawQuery(),
            request.headers(),
            SignatureV4.hash(request.payload()));
    return signature.check(sent).map(refusal -> stranger(request, refusal));
  }

  private SimulatedResponse stranger(SimulatedRequest request, SignatureRefusal refusal) {
    AwsProtocol protocol = protocol(request);
    return protocol.error(protocol.stranger(refusal), ids.get());
  }

  /** Where a request goes; null when nothing says so. */
  private record Destination(SignatureV4.@Nullable Scope scope) {}

  private static Optional<SignatureV4.Scope> scope(SimulatedRequest request) {
    return Optional.ofNullable(
        request
            .readAs(
                Destination.class,
                (head, unused) ->
                    new Destination(SignatureV4.scope(head.header(AUTHORIZATION)).orElse(null)))
            .scope());
  }

  private Optional<AwsService> serviceOf(SimulatedRequest request) {
    return scope(request).map(scope -> services.get(scope.service()));
  }

  /** How to speak to whoever sent this: by the signature if it has one, by its look otherwise. */
  private AwsProtocol protocol(SimulatedRequest request) {
    return serviceOf(request)
        .map(service -> protocol(service, request))
        .or(
            () ->
                services.values().stream()
                    .flatMap(service -> service.protocols().stream())
                    .filter(protocol -> protocol.isSpokenIn(request))
                    .findFirst())
        .orElseGet(() -> request.header("X-Amz-Target").isPresent() ? JSON : XML);
  }

  private static AwsProtocol protocol(AwsService service, SimulatedRequest request) {
    return service.protocols().stream()
        .filter(protocol -> protocol.isSpokenIn(request))
        .findFirst()
        .orElseGet(() -> service.protocols().get(0));
  }

  @Override
  public Call callOf(SimulatedRequest request) {
    return protocol(service(request), request).callOf(request);
  }

  private AwsService service(SimulatedRequest request) {
    return serviceOf(request)
        .orElseThrow(
            () ->
                new NotSimulatedException(
                    "the service "
                        + scope(request).map(SignatureV4.Scope::service).orElse("(none)")
                        + " of AWS"));
  }

  @Override
  public SimulatedResponse handle(Call call, SimulatedRequest request) {
    AwsProtocol protocol = protocol(service(request), request);
    String id = ids.get();
    try {
      String region = scope(request).orElseThrow().region();
      return protocol.handle(call, new AwsRequest(request, region, id));
    } catch (AwsError e) {
      return protocol.error(e, id);
    }
  }

  @Override
  public SimulatedResponse refused(Call call, SimulatedRequest request, SimulatorException reason) {
    AwsService service = service(request);
    return protocol(service, request).error(service.refused(reason), ids.get());
  }

  @Override
  public SimulatedResponse problem(SimulatedRequest request, Problem problem) {
    AwsProtocol protocol = protocol(request);
    AwsError error =
        switch (problem.kind()) {
          case THROTTLED -> protocol.throttled();
          case UNAVAILABLE -> new AwsError(INTERNAL, "InternalFailure", problem.message());
          case CREDENTIALS_EXPIRED ->
              protocol.stranger(
                  new SignatureRefusal(
                      SignatureRefusal.Verdict.EXPIRED,
                      "The security token included in the request is expired"));
          case REFUSED -> new AwsError(problem.status(), problem.code(), problem.message());
          case NOT_SIMULATED -> new AwsError(NOT_IMPLEMENTED, "NotSimulated", problem.message());
        };
    return protocol.error(error, ids.get());
  }
}
