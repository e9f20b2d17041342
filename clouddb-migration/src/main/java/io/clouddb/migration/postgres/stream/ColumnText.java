/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.TableName;
import java.util.Map;
import java.util.Set;

/**
 * SQL for the text of a column as its type's output function writes it, which is what the change
 * stream and COPY carry. A cast to text is not always the same: it pads no bpchar, writes booleans
 * out and adds /32 to an inet; and a type that is not built in may bring a cast of its own.
 */
public final class ColumnText {
  private static final int FIRST_USER_OID = 16384;
  private static final String C = " COLLATE pg_catalog.\"C\"";
  private static final Set<Integer> TEXTS = Set.of(25, 1043);

  /** bool, "char", xml, cidr, inet, bpchar. */
  private static final Set<Integer> OTHER_CAST = Set.of(16, 18, 142, 650, 869, 1042);

  /** Types whose values are names of objects, and the catalog in which these are. */
  private static final Map<Integer, String> NAMES_OF_OBJECTS =
      Map.ofEntries(
          Map.entry(24, "pg_proc"),
          Map.entry(2202, "pg_proc"),
          Map.entry(2203, "pg_operator"),
          Map.entry(2204, "pg_operator"),
          Map.entry(2205, "pg_class"),
          Map.entry(2206, "pg_type"),
          Map.entry(3734, "pg_ts_config"),
          Map.entry(3769, "pg_ts_dict"),
          Map.entry(4089, "pg_namespace"),
          Map.entry(4096, "pg_authid"),
          Map.entry(4191, "pg_collation"));

  private ColumnText() {}

  /**
   * Whether a value is the name of an object of the catalogs, which is qualified or not by the
   * search path of the session that writes it.
   *
   * @param column the column
   * @return true for {@code regclass} and its like
   */
  public static boolean namesObject(Column column) {
    return NAMES_OF_OBJECTS.containsKey(column.typeOid());
  }

  /**
   * The text, compared and hashed by its bytes.
   *
   * @param column the column
   * @return an expression of type text, NULL for NULL
   */
  public static String of(Column column) {
    String name = TableName.quote(column.name());
    if (TEXTS.contains(column.typeOid())) {
      return name + C;
    }
    if (!isUserType(column) && !OTHER_CAST.contains(column.typeOid())) {
      return name + "::pg_catalog.text" + C;
    }
    return "(CASE WHEN "
        + isNull(column)
        + " THEN NULL ELSE pg_catalog.format('%s', "
        + name
        + ") END)"
        + C;
  }

  /**
   * The text for a comparison of two sessions: as {@link #of}, but for the names of objects, which
   * are whole whatever the search path is.
   *
   * @param column the column
   * @return an expression of type text, NULL for NULL
   */
  public static String comparable(Column column) {
    String catalog = NAMES_OF_OBJECTS.get(column.typeOid());
    if (catalog == null) {
      return of(column);
    }
    String name = TableName.quote(column.name());
    // Of an object that is gone only the number is known.
    return "(CASE WHEN "
        + name
        + " IS NULL THEN NULL ELSE coalesce((SELECT o.identity FROM"
        + " pg_catalog.pg_identify_object('pg_catalog."
        + catalog
        + "'::pg_catalog.regclass, "
        + name
        + "::pg_catalog.oid, 0) AS o), "
        + name
        + "::pg_catalog.oid::pg_catalog.text) END)"
        + C;
  }

  /**
   * Whether the value itself is NULL.
   *
   * @param column the column
   * @return a condition, false for a composite value of which only the fields are NULL
   */
  public static String isNull(Column column) {
    String name = TableName.quote(column.name());
    return isUserType(column)
        ? "pg_catalog.num_nulls(" + name + ") OPERATOR(pg_catalog.=) 1"
        : name + " IS NULL";
  }

  private static boolean isUserType(Column column) {
    return Integer.toUnsignedLong(column.typeOid()) >= FIRST_USER_OID;
  }
}
