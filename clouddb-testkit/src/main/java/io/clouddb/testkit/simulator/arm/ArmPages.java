/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import java.util.List;

/** Pages of a list, each of which has the whole URL of the next one. */
public final class ArmPages {
  private ArmPages() {}

  /**
   * The page that a request asks for.
   *
   * @param route the request
   * @param path of the list
   * @param all what is in the list
   * @param size how many of it are on a page
   * @return the answer
   */
  public static SimulatedResponse page(ArmCall route, String path, List<ObjectNode> all, int size) {
    int from = route.request().query("$skiptoken").map(Integer::parseInt).orElse(0);
    int to = Math.min(all.size(), from + size);
    ObjectNode body = ArmJson.object();
    ArrayNode value = body.putArray("value");
    all.subList(Math.min(from, to), to).forEach(value::add);
    if (to < all.size()) {
      body.put(
          "nextLink",
          "http://"
              + route.request().header("host").orElse("management.azure.com")
              + path
              + "?api-version="
              + route.apiVersion()
              + "&$skiptoken="
              + to);
    }
    return ArmJson.json(200, body);
  }
}
