/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;

/** The route and its members as rows, whose values are checked as those of the files are. */
final class RouteRow {
  private RouteRow() {}

  /** Reads epoch, state, side, updated_at, and the three times in milliseconds. */
  static Route route(String id, ResultSet row) throws SQLException {
    return new Route(
        id,
        number(id, row, 1, Route.LAST_EPOCH),
        oneOf(id, row, 2, Route.State.values()),
        oneOf(id, row, 3, Route.Side.values()),
        row.getObject(4, OffsetDateTime.class).toInstant(),
        millis(id, row, 5),
        millis(id, row, 6),
        millis(id, row, 7));
  }

  /** Reads id, description, beat, epoch, borrowed and lease_millis. */
  static RouteMember member(String route, ResultSet row) throws SQLException {
    String id = row.getString(1);
    String where = route + " (its member " + id + ")";
    return new RouteMember(
        id,
        row.getString(2),
        number(where, row, 3, Long.MAX_VALUE),
        number(where, row, 4, Route.LAST_EPOCH),
        (int) number(where, row, 5, Integer.MAX_VALUE),
        millis(where, row, 6));
  }

  private static Duration millis(String id, ResultSet row, int column) throws SQLException {
    return Duration.ofMillis(number(id, row, column, Route.LONGEST.toMillis()));
  }

  private static long number(String id, ResultSet row, int column, long most) throws SQLException {
    long found = row.getLong(column);
    if (found < 0 || found > most) {
      throw unreadable(id, row, column, "a number from 0 to " + most);
    }
    return found;
  }

  private static <E extends Enum<E>> E oneOf(String id, ResultSet row, int column, E[] values)
      throws SQLException {
    String found = row.getString(column);
    for (E value : values) {
      if (value.name().equals(found)) {
        return value;
      }
    }
    throw unreadable(id, row, column, "one of " + Arrays.toString(values));
  }

  private static CloudDbException unreadable(String id, ResultSet row, int column, String needed)
      throws SQLException {
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE,
            "The route "
                + id
                + " cannot be read in its database: "
                + row.getMetaData().getColumnName(column)
                + " is not "
                + needed)
        .retryable(false)
        .resource("clouddb_route " + id)
        .nextStep(
            "See who else writes to the table, and put the row back as it was; that of a member"
                + " whose process has ended can be deleted.")
        .toException();
  }
}
