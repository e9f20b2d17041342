/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import java.util.Locale;
import java.util.Map;

/**
 * A request with what its path names.
 *
 * @param call the operation, by its id in Azure's REST API, for example {@code Servers_Create}
 * @param request as it came
 * @param parts the named parts of the path, by the names in the route's pattern
 */
public record ArmCall(Call call, SimulatedRequest request, Map<String, String> parts) {
  /** Copies the parts. */
  public ArmCall {
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
   * The subscription.
   *
   * @return its id
   */
  public String subscription() {
    return part("subscription");
  }

  /**
   * The resource group.
   *
   * @return its name; empty when the path names none
   */
  public String group() {
    return part("group");
  }

  /**
   * Where names of resources are unique.
   *
   * @return the subscription and the resource group
   */
  public String scope() {
    return subscription() + "/" + group().toLowerCase(Locale.ROOT);
  }

  /**
   * The id of the resource group.
   *
   * @return with a slash at its begin
   */
  public String groupId() {
    return "/subscriptions/" + subscription() + "/resourceGroups/" + group();
  }

  /**
   * The API version that is asked for.
   *
   * @return empty when none is
   */
  public String apiVersion() {
    return request.query("api-version").orElse("");
  }
}
