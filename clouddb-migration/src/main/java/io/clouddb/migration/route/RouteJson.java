/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The route and its members as JSON, for the store in files. */
final class RouteJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SCHEMA_VERSION = 1;

  private RouteJson() {}

  static String write(Route route) {
    return JSON.createObjectNode()
        .put("schemaVersion", SCHEMA_VERSION)
        .put("id", route.id())
        .put("epoch", route.epoch())
        .put("state", route.state().name())
        .put("side", route.side().name())
        .put("updatedAt", route.updatedAt().toString())
        .put("pauseLeaseMillis", route.pauseLease().toMillis())
        .put("delayMillis", route.delay().toMillis())
        .put("delayLeaseMillis", route.delayLease().toMillis())
        .toString();
  }

  static Route readRoute(String text, String where) {
    try {
      JsonNode node = tree(text, where);
      return new Route(
          node.required("id").asText(),
          node.required("epoch").longValue(),
          Route.State.valueOf(node.required("state").asText()),
          Route.Side.valueOf(node.required("side").asText()),
          Instant.parse(node.required("updatedAt").asText()),
          Duration.ofMillis(node.required("pauseLeaseMillis").longValue()),
          // Not in a record of before there were delays.
          Duration.ofMillis(node.path("delayMillis").longValue()),
          Duration.ofMillis(node.path("delayLeaseMillis").longValue()));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw unreadable(where, e);
    }
  }

  static String write(RouteMember member) {
    return JSON.createObjectNode()
        .put("schemaVersion", SCHEMA_VERSION)
        .put("id", member.id())
        .put("description", member.description())
        .put("beat", member.beat())
        .put("epoch", member.epoch())
        .put("borrowed", member.borrowed())
        .put("leaseMillis", member.lease().toMillis())
        .toString();
  }

  static RouteMember readMember(String text, String where) {
    try {
      JsonNode node = tree(text, where);
      return new RouteMember(
          node.required("id").asText(),
          node.required("description").asText(),
          node.required("beat").longValue(),
          node.required("epoch").longValue(),
          node.required("borrowed").intValue(),
          Duration.ofMillis(node.required("leaseMillis").longValue()));
    } catch (IllegalArgumentException e) {
      throw unreadable(where, e);
    }
  }

  private static JsonNode tree(String text, String where) {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw unreadable(where, e);
    }
    if (!node.isObject() || node.path("schemaVersion").intValue() != SCHEMA_VERSION) {
      throw unreadable(where, null);
    }
    return node;
  }

  private static RuntimeException unreadable(String where, @Nullable Exception cause) {
    return ErrorDetails.of(ErrorCategory.UNAVAILABLE, where + " is not a route of this version")
        .retryable(false)
        .nextStep("See who else writes to it; the route file of an older run can be removed.")
        .toException(cause);
  }
}
