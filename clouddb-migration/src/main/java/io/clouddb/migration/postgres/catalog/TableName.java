/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

/**
 * The name of a table within its database, unquoted and exactly as the catalog has it.
 *
 * @param schema name of the schema
 * @param name name of the table
 */
public record TableName(String schema, String name) implements Comparable<TableName> {
  /**
   * The name as SQL wants it.
   *
   * @return schema and name, quoted
   */
  public String quoted() {
    return quote(schema) + "." + quote(name);
  }

  /**
   * Quotes one identifier.
   *
   * @param identifier the identifier as the catalog has it
   * @return the identifier in double quotes, inner ones doubled
   */
  public static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  @Override
  public int compareTo(TableName other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema != 0 ? bySchema : name.compareTo(other.name);
  }

  /** For messages: {@code schema.name}, unquoted. */
  @Override
  public String toString() {
    return schema + "." + name;
  }
}
