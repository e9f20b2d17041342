/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table of all methods of the REST APIs: HTTP method and path of each. A part in braces is
 * named, one that ends with a star stands for all that begin so. Each service adds its own, before
 * the first request.
 */
public final class GoogleRoutes {
  private static final String OVERRIDE = "X-HTTP-Method-Override";

  private final List<Route> routes = new ArrayList<>();

  /** One method, at one path. */
  record Route(
      GoogleService service,
      String name,
      Verb verb,
      String kind,
      String method,
      List<String> pattern,
      GoogleAim aim,
      GoogleHandler handler) {
    Optional<GoogleCall> match(SimulatedRequest request, String asked, List<String> path) {
      if (!asked.equals(method) || path.size() != pattern.size()) {
        return Optional.empty();
      }
      Map<String, String> parts = new LinkedHashMap<>();
      String last = "";
      for (int i = 0; i < path.size(); i++) {
        String expected = pattern.get(i);
        if (expected.startsWith("{")) {
          last = path.get(i);
          parts.put(expected.substring(1, expected.length() - 1), last);
        } else if (!fits(expected, path.get(i))) {
          return Optional.empty();
        }
      }
      String resource = verb == Verb.LIST ? "" : last;
      GoogleCall call = new GoogleCall(Call.of(name, verb, kind, resource), request, parts);
      return Optional.of(new GoogleCall(aim.of(call), request, parts));
    }

    private static boolean fits(String expected, String part) {
      return expected.endsWith("*")
          ? part.startsWith(expected.substring(0, expected.length() - 1))
          : part.equals(expected);
    }
  }

  /** A request with the route that it takes. */
  record Match(Route route, GoogleCall call) {}

  GoogleRoutes() {}

  /**
   * Begins to add routes.
   *
   * @param service whose they are
   * @param bases the begins of their paths, for example {@code v1/projects/{project}}
   * @return what takes them
   */
  public Under under(GoogleService service, List<String> bases) {
    return new Under(service, bases);
  }

  Match match(SimulatedRequest request) {
    // HttpURLConnection knows no PATCH, so Google's library sends it as a POST with a header.
    String asked = request.header(OVERRIDE).orElse(request.method());
    List<String> path = request.segments();
    for (Route route : routes) {
      Optional<GoogleCall> call = route.match(request, asked, path);
      if (call.isPresent()) {
        return new Match(route, call.get());
      }
    }
    throw new NotSimulatedException("the request " + request);
  }

  /** Takes routes whose paths begin alike. */
  public final class Under {
    private final GoogleService service;
    private final List<String> bases;

    private Under(GoogleService service, List<String> bases) {
      this.service = service;
      this.bases = List.copyOf(bases);
    }

    /**
     * Adds a route whose resource is the last named part of its path.
     *
     * @param name the API's method, for example {@code instances.get}
     * @param verb what it does
     * @param kind with what kind of resource
     * @param method the HTTP method
     * @param rest the rest of the path
     * @param handler how it is done
     * @return this
     */
    public Under add(
        String name, Verb verb, String kind, String method, String rest, GoogleHandler handler) {
      return add(name, verb, kind, method, rest, GoogleCall::call, handler);
    }

    /**
     * Adds a route whose resource its path does not name.
     *
     * @param name the API's method, for example {@code instances.insert}
     * @param verb what it does
     * @param kind with what kind of resource
     * @param method the HTTP method
     * @param rest the rest of the path
     * @param aim says which resource it is
     * @param handler how it is done
     * @return this
     */
    public Under add(
        String name,
        Verb verb,
        String kind,
        String method,
        String rest,
        GoogleAim aim,
        GoogleHandler handler) {
      for (String base : bases) {
        List<String> pattern = List.of((base + "/" + rest).split("/"));
        routes.add(new Route(service, name, verb, kind, method, pattern, aim, handler));
      }
      return this;
    }
  }
}
