/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.OneStatement;
import io.clouddb.migration.postgres.stream.SqlFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells the options of columns, tables, views and indexes that users set from those that the server
 * keeps for itself in the same place of the catalog.
 *
 * <p>What PostgreSQL documents is the user's. What is known to be the server's is left out, as
 * pg_dump does. Of any other name the server itself is asked, by a temporary object and in a
 * transaction that is rolled back: an option that a user can set is carried, so that a target that
 * does not know it refuses it loudly; one that no user can set is left out, and {@link #leftOut}
 * tells it.
 */
final class UserOptions {
  /** The options of a relation {@code c}; those of its TOAST table are given with its own. */
  static final String OF_RELATION =
      """
      ARRAY(
        SELECT pg_catalog.quote_ident(o.option_name) || coalesce('='
          || pg_catalog.quote_literal(o.option_value), '')
        FROM pg_catalog.pg_options_to_table(c.reloptions) o
        UNION ALL
        SELECT 'toast.' || pg_catalog.quote_ident(o.option_name)
          || coalesce('=' || pg_catalog.quote_literal(o.option_value), '')
        FROM pg_catalog.pg_class t CROSS JOIN LATERAL pg_catalog.pg_options_to_table(t.reloptions) o
        WHERE t.oid = c.reltoastrelid)
      """;

  /** The options of a column {@code a}. */
  static final String OF_COLUMN =
      """
      ARRAY(
        SELECT pg_catalog.quote_ident(o.option_name) || coalesce('='
          || pg_catalog.quote_literal(o.option_value), '')
        FROM pg_catalog.pg_options_to_table(a.attoptions) o)
      """;

  /** Of columns, tables, views, and the indexes of keys, 14 to 18. */
  private static final Set<String> USERS =
      Set.of(
          "n_distinct",
          "n_distinct_inherited",
          "fillfactor",
          "parallel_workers",
          "toast_tuple_target",
          "user_catalog_table",
          "log_autovacuum_min_duration",
          "vacuum_index_cleanup",
          "vacuum_truncate",
          "vacuum_max_eager_freeze_failure_rate",
          "security_barrier",
          "security_invoker",
          "check_option",
          "deduplicate_items",
          "buffering");

  private static final String USERS_PREFIX = "autovacuum_";

  /** From the minor releases of November 2026 on: a number for each change of a column. */
  private static final Set<String> SERVERS = Set.of("pg_attver");

  private static final String TOAST = "toast.";
  private static final String UNRECOGNIZED = "22023";

  private static final List<String> PROBES =
      List.of(
          "CREATE TEMPORARY TABLE clouddb_probe (one text)",
          "CREATE INDEX clouddb_probe_index ON pg_temp.clouddb_probe (one)",
          "CREATE TEMPORARY VIEW clouddb_probe_view AS SELECT one FROM pg_temp.clouddb_probe");

  /** Where an option is kept, and how a user sets one there. */
  enum Place {
    COLUMN("columns", "ALTER TABLE pg_temp.clouddb_probe ALTER COLUMN one", "clouddb_probe"),
    TABLE("tables", "ALTER TABLE pg_temp.clouddb_probe", "clouddb_probe"),
    VIEW("views", "ALTER VIEW pg_temp.clouddb_probe_view", "clouddb_probe_view"),
    INDEX("indexes", "ALTER INDEX pg_temp.clouddb_probe_index", "clouddb_probe_index");

    private final String label;
    private final String alter;
    private final String probe;

    Place(String label, String alter, String probe) {
      this.label = label;
      this.alter = alter;
      this.probe = probe;
    }
  }

  private record Name(Place place, String name) {}

  private final Connection connection;
  private final Map<Name, Boolean> asked = new HashMap<>();
  private final Set<String> leftOut = new TreeSet<>();

  UserOptions(Connection connection) {
    this.connection = connection;
  }

  /**
   * Those that users set.
   *
   * @param options as {@link #OF_RELATION} or {@link #OF_COLUMN} writes them
   */
  List<String> of(Place place, List<String> options) throws SQLException {
    List<String> kept = new ArrayList<>();
    for (String option : options) {
      String name = name(option);
      String bare = name.startsWith(TOAST) ? name.substring(TOAST.length()) : name;
      if (USERS.contains(bare) || bare.startsWith(USERS_PREFIX)) {
        kept.add(option);
      } else if (!SERVERS.contains(bare)) {
        if (isUsers(new Name(place, name), option)) {
          kept.add(option);
        } else {
          leftOut.add("option " + name + " of " + place.label);
        }
      }
    }
    return kept;
  }

  /** The options of a column of a result, without the server's own. */
  List<String> of(Place place, ResultSet row, String column) throws SQLException {
    return of(place, CatalogQuery.strings(row, column));
  }

  /** What was left out and is not known to be the server's own. */
  Set<String> leftOut() {
    return leftOut;
  }

  /** What precedes the value: a name in quotes ends at the first quote that is not doubled. */
  private static String name(String option) {
    int end = option.startsWith(TOAST) ? TOAST.length() : 0;
    boolean quoted = false;
    while (end < option.length() && (quoted || option.charAt(end) != '=')) {
      // A doubled one ends and begins, which comes to the same.
      quoted ^= option.charAt(end) == '"';
      end++;
    }
    return option.substring(0, end);
  }

  private boolean isUsers(Name name, String option) throws SQLException {
    Boolean known = asked.get(name);
    if (known == null) {
      known = canBeSet(name.place, option);
      asked.put(name, known);
    }
    return known;
  }

  /**
   * Whether the server takes the option from a user. Some it refuses; some it takes and ignores, or
   * has set already where nobody did.
   */
  private boolean canBeSet(Place place, String option) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    Savepoint before = connection.setSavepoint();
    try {
      OneStatement.run(connection, PROBES);
      if (found(place).contains(option)) {
        return false;
      }
      OneStatement.run(connection, place.alter + " SET (" + option + ")");
      return found(place).contains(option);
    } catch (SQLException e) {
      if (SqlFailure.isTransient(e)) {
        throw e;
      }
      // Where the server cannot be asked, the target's says what it makes of the option.
      return !UNRECOGNIZED.equals(e.getSQLState());
    } finally {
      connection.rollback(before);
      if (autoCommit) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  private List<String> found(Place place) throws SQLException {
    String options = place == Place.COLUMN ? OF_COLUMN : OF_RELATION;
    return CatalogQuery.list(
            connection,
            "SELECT "
                + options
                + " AS options FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a"
                + " ON a.attrelid = c.oid"
                + " WHERE c.relname = ? AND c.relnamespace = pg_catalog.pg_my_temp_schema()"
                + " AND a.attnum = 1",
            row -> CatalogQuery.strings(row, "options"),
            place.probe)
        .get(0);
  }
}
