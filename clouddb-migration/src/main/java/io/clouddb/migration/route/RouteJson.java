/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.json.JsonFields;
import java.time.Duration;
import java.util.function.Function;

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
    return read(
        text,
        where,
        fields ->
            new Route(
                fields.text("id"),
                fields.number("epoch", 0, Route.LAST_EPOCH),
                fields.oneOf("state", Route.State.class),
                fields.oneOf("side", Route.Side.class),
                fields.time("updatedAt"),
                fields.millis("pauseLeaseMillis", Route.LONGEST),
                optionalMillis(fields, "delayMillis"),
                optionalMillis(fields, "delayLeaseMillis")));
  }

  /** Not in a record of before there were delays. */
  private static Duration optionalMillis(JsonFields fields, String name) {
    return fields.has(name) ? fields.millis(name, Route.LONGEST) : Duration.ZERO;
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
    return read(
        text,
        where,
        fields ->
            new RouteMember(
                fields.text("id"),
                fields.text("description"),
                fields.number("beat", 0, Long.MAX_VALUE),
                fields.number("epoch", 0, Route.LAST_EPOCH),
                (int) fields.number("borrowed", 0, Integer.MAX_VALUE),
                fields.millis("leaseMillis", Route.LONGEST)));
  }

  private static <T> T read(String text, String where, Function<JsonFields, T> reader) {
    try {
      JsonFields fields = JsonFields.parse(text);
      fields.number("schemaVersion", SCHEMA_VERSION, SCHEMA_VERSION);
      T read = reader.apply(fields);
      fields.refuseOthers();
      return read;
    } catch (IllegalArgumentException e) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE,
              where + " is not a route of this version: " + e.getMessage())
          .retryable(false)
          .nextStep(
              "See who else writes to it, and put it back as it was; the route file of an older run"
                  + " can be removed.")
          .toException(e);
    }
  }
}
