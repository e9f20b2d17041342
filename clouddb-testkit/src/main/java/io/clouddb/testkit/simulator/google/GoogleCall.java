/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import java.util.List;
import java.util.Map;

/**
 * A request with what its path names.
 *
 * @param call the API's method, for example {@code instances.insert}
 * @param request as it came
 * @param parts the named parts of the path, by the names in the route's pattern
 */
public record GoogleCall(Call call, SimulatedRequest request, Map<String, String> parts) {
  /** Copies the parts. */
  public GoogleCall {
    parts = Map.copyOf(parts);
  }

  /**
   * A named part of the path.
   *
   * @param name its name in the route's pattern
   * @return as it stands in the path; empty when the route has no such part
   */
  public String part(String name) {
    return parts.getOrDefault(name, "");
  }

  /**
   * The project.
   *
   * @return its id
   */
  public String project() {
    return part("project");
  }

  /**
   * The path of the project's resources, in the version that was asked for.
   *
   * @return for example {@code v1/projects/shop}
   */
  public String base() {
    List<String> path = request.segments();
    return String.join("/", path.subList(0, path.indexOf("projects") + 2));
  }
}
