/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.text.Quoted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which tables of a database are migrated. A pattern is {@code schema.table}; {@code *} stands for
 * any run of characters in either part. Names are compared exactly, case included; a part in double
 * quotes may hold dots and is taken literally, {@code *} too. The schemas of the server ({@code
 * pg_*}, {@code information_schema}), of the migration itself ({@code clouddb_migration}), of the
 * route ({@code clouddb_route}) and of the journal ({@code clouddb_state}) are never selected.
 */
public final class TableSelection {
  /** The schema that holds what a migration itself needs. */
  public static final String MIGRATION_SCHEMA = "clouddb_migration";

  /** The schema that may hold the route of the applications, which the migration writes to. */
  public static final String ROUTE_SCHEMA = "clouddb_route";

  /** The schema that may hold the journal, which the migration writes to. */
  public static final String STATE_SCHEMA = "clouddb_state";

  private final List<String> patterns;
  private final List<Part> parts;

  private TableSelection(List<String> patterns) {
    this.patterns = List.copyOf(patterns);
    this.parts = this.patterns.stream().map(TableSelection::parse).toList();
  }

  /**
   * Selects every table of every schema of the user's.
   *
   * @return the selection
   */
  public static TableSelection all() {
    return new TableSelection(List.of("*.*"));
  }

  /**
   * Selects by patterns; a table is selected when one of them matches.
   *
   * @param patterns for example {@code public.*}; at least one
   * @return the selection
   * @throws io.clouddb.error.InvalidArgumentException when a pattern is of another form, or none is
   *     given
   */
  public static TableSelection of(String... patterns) {
    return of(Arrays.asList(patterns));
  }

  /**
   * Selects by patterns; a table is selected when one of them matches.
   *
   * @param patterns for example {@code public.*}; at least one
   * @return the selection
   * @throws io.clouddb.error.InvalidArgumentException when a pattern is of another form, or none is
   *     given
   */
  public static TableSelection of(List<String> patterns) {
    if (patterns.isEmpty()) {
      throw invalid("A selection of tables needs at least one pattern, for example public.*");
    }
    return new TableSelection(patterns);
  }

  /**
   * The patterns, as they were given; {@link #of(List)} makes the same selection of them.
   *
   * @return the patterns
   */
  public List<String> patterns() {
    return patterns;
  }

  /**
   * Tells whether a table is selected.
   *
   * @param table the name as the catalog has it
   * @return true when it is
   */
  public boolean includes(TableName table) {
    return isUserSchema(table.schema())
        && parts.stream()
            .anyMatch(
                part -> part.schema.matches(table.schema()) && part.table.matches(table.name()));
  }

  /**
   * Tells whether a schema is selected as a whole, so that its views, functions and all else belong
   * to the selection too, and not only what the selected tables need.
   *
   * @param schema the name as the catalog has it
   * @return true when a pattern selects every table of it
   */
  public boolean includesSchema(String schema) {
    return isUserSchema(schema)
        && parts.stream()
            .anyMatch(part -> part.table.matchesEverything() && part.schema.matches(schema));
  }

  /**
   * Tells whether every schema is selected as a whole.
   *
   * @return true when a pattern selects every table of every schema
   */
  public boolean includesEverything() {
    return parts.stream()
        .anyMatch(part -> part.schema.matchesEverything() && part.table.matchesEverything());
  }

  /**
   * Tells whether a schema is neither the server's nor the migration's own.
   *
   * @param schema the name as the catalog has it
   * @return true when it is the user's
   */
  public static boolean isUserSchema(String schema) {
    return !schema.startsWith("pg_")
        && !schema.equals("information_schema")
        && !schema.equals(MIGRATION_SCHEMA)
        && !schema.equals(ROUTE_SCHEMA)
        && !schema.equals(STATE_SCHEMA);
  }

  private static Part parse(String pattern) {
    List<NamePattern.Builder> names = new ArrayList<>();
    names.add(new NamePattern.Builder());
    int[] points = pattern.codePoints().toArray();
    boolean quoted = false;
    for (int i = 0; i < points.length; i++) {
      int point = points[i];
      NamePattern.Builder name = names.get(names.size() - 1);
      if (point == '"' && quoted && i + 1 < points.length && points[i + 1] == '"') {
        name.literal(point);
        i++;
      } else if (point == '"') {
        quoted = !quoted;
      } else if (point == '.' && !quoted) {
        names.add(new NamePattern.Builder());
      } else if (point == '*' && !quoted) {
        name.any();
      } else {
        name.literal(point);
      }
    }
    if (quoted || names.size() != 2 || names.stream().anyMatch(NamePattern.Builder::isEmpty)) {
      throw invalid(
          "A selection of tables is of the form schema.table, where * stands for anything; not "
              + Quoted.of(pattern));
    }
    return new Part(names.get(0).build(), names.get(1).build());
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableSelection that && patterns.equals(that.patterns);
  }

  @Override
  public int hashCode() {
    return patterns.hashCode();
  }

  /** The patterns, separated by commas. */
  @Override
  public String toString() {
    return patterns.stream().collect(Collectors.joining(", "));
  }

  private record Part(NamePattern schema, NamePattern table) {}
}
