/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.TableName;
import java.util.Set;

/**
 * SQL for the text of a column as its type's output function writes it, which is what the change
 * stream and COPY carry. A cast to text is not always the same: it pads no bpchar, writes booleans
 * out and adds /32 to an inet; and a type that is not built in may bring a cast of its own.
 */
public final class ColumnText {
  private static final int FIRST_USER_OID = 16384;
  private static final Set<Integer> TEXTS = Set.of(25, 1043);

  /** bool, "char", xml, cidr, inet, bpchar. */
  private static final Set<Integer> OTHER_CAST = Set.of(16, 18, 142, 650, 869, 1042);

  /**
   * regproc, regprocedure, regoper, regoperator, regclass, regtype, regconfig, regdictionary,
   * regnamespace, regrole, regcollation.
   */
  private static final Set<Integer> NAMES_OF_OBJECTS =
      Set.of(24, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191);

  private ColumnText() {}

  /**
   * Whether a value is the name of an object of the catalogs, which is qualified or not by the
   * search path of the session that writes it.
   *
   * @param column the column
   * @return true for {@code regclass} and its like
   */
  public static boolean namesObject(Column column) {
    return NAMES_OF_OBJECTS.contains(column.typeOid());
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
      return name + " COLLATE \"C\"";
    }
    if (!isUserType(column) && !OTHER_CAST.contains(column.typeOid())) {
      return name + "::text COLLATE \"C\"";
    }
    return "(CASE WHEN "
        + isNull(column)
        + " THEN NULL ELSE format('%s', "
        + name
        + ") END) COLLATE \"C\"";
  }

  /**
   * Whether the value itself is NULL.
   *
   * @param column the column
   * @return a condition, false for a composite value of which only the fields are NULL
   */
  public static String isNull(Column column) {
    String name = TableName.quote(column.name());
    return isUserType(column) ? "num_nulls(" + name + ") = 1" : name + " IS NULL";
  }

  private static boolean isUserType(Column column) {
    return Integer.toUnsignedLong(column.typeOid()) >= FIRST_USER_OID;
  }
}
