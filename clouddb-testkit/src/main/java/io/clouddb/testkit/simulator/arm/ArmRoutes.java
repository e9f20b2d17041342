/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The table of all operations: method and path of each. A part in braces is named; Azure compares
 * the fixed parts without regard to case. Each service adds its own, before the first request.
 */
public final class ArmRoutes {
  private final List<Route> routes = new ArrayList<>();

  /** One operation. */
  record Route(
      ArmService service,
      String operation,
      Verb verb,
      String kind,
      String method,
      List<String> pattern,
      Predicate<SimulatedRequest> when,
      ArmHandler handler) {
    Optional<ArmCall> match(SimulatedRequest request, List<String> path) {
      if (!request.method().equals(method) || path.size() != pattern.size()) {
        return Optional.empty();
      }
      Map<String, String> parts = new LinkedHashMap<>();
      String last = "";
      for (int i = 0; i < path.size(); i++) {
        String expected = pattern.get(i);
        if (expected.startsWith("{")) {
          last = path.get(i);
          parts.put(expected.substring(1, expected.length() - 1), last);
        } else if (!expected.equalsIgnoreCase(path.get(i))) {
          return Optional.empty();
        }
      }
      if (!when.test(request)) {
        return Optional.empty();
      }
      String name = verb == Verb.LIST ? "" : last;
      return Optional.of(new ArmCall(Call.of(operation, verb, kind, name), request, parts));
    }
  }

  /** A request with the route that it takes. */
  record Match(Route route, ArmCall call) {}

  ArmRoutes() {}

  /**
   * Begins to add routes.
   *
   * @param service whose they are
   * @param base the begin of their paths, for example {@code
   *     subscriptions/{subscription}/resourceGroups/{group}}
   * @return what takes them
   */
  public Under under(ArmService service, String base) {
    return new Under(service, base);
  }

  Match match(SimulatedRequest request) {
    List<String> path = request.segments();
    for (Route route : routes) {
      Optional<ArmCall> call = route.match(request, path);
      if (call.isPresent()) {
        return new Match(route, call.get());
      }
    }
    throw new NotSimulatedException(request.toString());
  }

  /** Takes routes whose paths begin alike. */
  public final class Under {
    private final ArmService service;
    private final String base;

    private Under(ArmService service, String base) {
      this.service = service;
      this.base = base;
    }

    /**
     * Adds a route.
     *
     * @param operation the operation's id, for example {@code Servers_Create}
     * @param verb what it does
     * @param kind with what kind of resource; its name is the last named part of the path
     * @param method the HTTP method
     * @param rest the rest of the path; empty when there is none
     * @param handler how it is done
     * @return this
     */
    public Under add(
        String operation, Verb verb, String kind, String method, String rest, ArmHandler handler) {
      return addWhen(request -> true, operation, verb, kind, method, rest, handler);
    }

    /**
     * Adds a route for some of the requests of a method and path: where one operation of Azure's
     * does several things. The rest goes by the routes that are added later.
     *
     * @param when which requests
     * @param operation the operation's id
     * @param verb what it does
     * @param kind with what kind of resource
     * @param method the HTTP method
     * @param rest the rest of the path; empty when there is none
     * @param handler how it is done
     * @return this
     */
    public Under addWhen(
        Predicate<SimulatedRequest> when,
        String operation,
        Verb verb,
        String kind,
        String method,
        String rest,
        ArmHandler handler) {
      String pattern = rest.isEmpty() ? base : base + "/" + rest;
      routes.add(
          new Route(
              service, operation, verb, kind, method, List.of(pattern.split("/")), when, handler));
      return this;
    }
  }
}
