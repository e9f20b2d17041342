/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.internal;

import io.clouddb.Feature;
import io.clouddb.table.TableField;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The features of tables in a record: the same ones where they are done as where they are not. */
public final class TableFeatures {
  private static final String CHANGE = "table.change.";

  /** What only a new table can be. */
  private static final Set<TableField> FOR_GOOD =
      EnumSet.of(
          TableField.NAME,
          TableField.KEY,
          TableField.HOST,
          TableField.INDEXES,
          TableField.LOCAL_INDEXES,
          TableField.REGIONS,
          TableField.WRITES,
          TableField.VERSION);

  private TableFeatures() {}

  /** The fields that a spec can ask for. */
  public static Set<TableField> ofSpecs() {
    return fields(field -> !isOfChangesOnly(field));
  }

  /** The fields that a change can ask for. */
  public static Set<TableField> ofChanges() {
    return fields(field -> !FOR_GOOD.contains(field));
  }

  private static Set<TableField> fields(Predicate<TableField> which) {
    return Arrays.stream(TableField.values())
        .filter(which)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(TableField.class)));
  }

  /** Whether a field is of changes and not of specs: the capabilities speak of it. */
  public static boolean isOfChangesOnly(TableField field) {
    return Feature.of(field).id().startsWith(CHANGE);
  }

  /** What a record calls the change of a field. */
  public static String idOfChange(TableField field) {
    return CHANGE + field.id();
  }
}
