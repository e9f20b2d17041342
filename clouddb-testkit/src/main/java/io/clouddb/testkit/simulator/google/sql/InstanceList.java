/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import java.util.List;

/** Pages and filters of {@code instances.list}. A filter has the form {@code field:value ...}. */
final class InstanceList {
  private InstanceList() {}

  static ObjectNode of(SimulatedRequest request, List<ObjectNode> all, int usualPage) {
    List<ObjectNode> found =
        all.stream().filter(item -> matches(item, request.query("filter").orElse(""))).toList();
    int size = request.query("maxResults").map(InstanceList::number).orElse(usualPage);
    int from = request.query("pageToken").map(InstanceList::number).orElse(0);
    int to = Math.min(found.size(), from + size);
    InstanceRules.require(size > 0 && from <= found.size(), "page");
    ObjectNode page = GoogleJson.object().put("kind", "sql#instancesList");
    // The service leaves an empty list out.
    if (to > from) {
      ArrayNode items = page.putArray("items");
      found.subList(from, to).forEach(items::add);
    }
    if (to < found.size()) {
      page.put("nextPageToken", String.valueOf(to));
    }
    return page;
  }

  private static int number(String text) {
    InstanceRules.require(text.matches("[0-9]{1,6}"), "page");
    return Integer.parseInt(text);
  }

  private static boolean matches(ObjectNode item, String filter) {
    for (String term : filter.split(" ", -1)) {
      if (term.isEmpty()) {
        continue;
      }
      int colon = term.indexOf(':');
      if (colon < 1) {
        throw new NotSimulatedException("the filter " + filter);
      }
      JsonNode value = item;
      for (String part : term.substring(0, colon).split("\\.", -1)) {
        value = value.path(part);
      }
      if (!value.asText().equals(term.substring(colon + 1))) {
        return false;
      }
    }
    return true;
  }
}
