/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import java.util.Locale;

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

  /**
   * For messages: {@code schema.name}, unquoted. A part that would be taken for something else, by
   * its dots, quotes or characters that one does not see, is quoted, and such characters are
   * written as escapes: no two names are the same, and each is one line.
   */
  @Override
  public String toString() {
    return shown(schema) + "." + shown(name);
  }

  private static String shown(String part) {
    if (part.codePoints().noneMatch(c -> c == '.' || c == '"' || c == '\\' || isUnseen(c))) {
      return part;
    }
    StringBuilder text = new StringBuilder();
    quote(part)
        .codePoints()
        .forEach(
            c -> {
              if (c == '\\') {
                text.append("\\\\");
              } else if (isUnseen(c)) {
                text.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                text.appendCodePoint(c);
              }
            });
    return text.toString();
  }

  private static boolean isUnseen(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
