/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.sqladmin;

import io.clouddb.testkit.simulator.NotSimulatedException;
import io.clouddb.testkit.simulator.ResourceKey;
import io.clouddb.testkit.simulator.SimulatedRequest;
import java.util.List;

/**
 * What a request's path names.
 *
 * @param method the API's method, for example {@code instances.insert}
 * @param base the path of the project's resources, in the version that was asked for
 * @param project the project
 * @param name instance or operation; empty for a list
 */
record Route(String method, String base, String project, String name) {
  private static final String OVERRIDE = "X-HTTP-Method-Override";

  static Route of(SimulatedRequest request) {
    List<String> parts = request.segments();
    String version;
    if (parts.size() > 3 && parts.get(0).equals("v1")) {
      version = "v1";
      parts = parts.subList(1, parts.size());
    } else if (parts.size() > 4 && parts.get(0).equals("sql") && parts.get(1).startsWith("v1")) {
      version = "sql/" + parts.get(1);
      parts = parts.subList(2, parts.size());
    } else {
      throw new NotSimulatedException("the path " + request.path());
    }
    if (!parts.get(0).equals("projects") || parts.size() < 3) {
      throw new NotSimulatedException("the path " + request.path());
    }
    // HttpURLConnection knows no PATCH, so Google's library sends it as a POST with a header.
    String verb = request.header(OVERRIDE).orElse(request.method());
    String shape =
        verb
            + " "
            + parts.get(2)
            + (parts.size() > 3 ? "/{}" : "")
            + (parts.size() > 4 ? "/" + parts.get(4) : "")
            + (parts.size() > 5 ? "/{}" : "");
    return new Route(
        method(shape, request),
        version + "/projects/" + parts.get(1),
        parts.get(1),
        parts.size() > 3 ? parts.get(3) : "");
  }

  private static String method(String shape, SimulatedRequest request) {
    return switch (shape) {
      case "POST instances" -> "instances.insert";
      case "GET instances" -> "instances.list";
      case "GET instances/{}" -> "instances.get";
      case "PATCH instances/{}" -> "instances.patch";
      case "DELETE instances/{}" -> "instances.delete";
      case "POST instances/{}/restart" -> "instances.restart";
      case "GET instances/{}/users" -> "users.list";
      case "POST instances/{}/users" -> "users.insert";
      case "PUT instances/{}/users" -> "users.update";
      case "DELETE instances/{}/users" -> "users.delete";
      case "GET instances/{}/databases" -> "databases.list";
      case "POST instances/{}/databases" -> "databases.insert";
      case "GET operations" -> "operations.list";
      case "GET operations/{}" -> "operations.get";
      default -> throw new NotSimulatedException("the request " + request);
    };
  }

  ResourceKey key() {
    return new ResourceKey(project, name);
  }

  String link(String collection, String item) {
    return "https://sqladmin.googleapis.com/" + base + "/" + collection + "/" + item;
  }
}
