/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.stream.TupleData;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The values of a table's rows as text; an error over one says in which row it is. */
final class RowTexts {
  private final AppliedTable applied;

  RowTexts(AppliedTable applied) {
    this.applied = applied;
  }

  String of(TupleData row, int column) {
    try {
      return row.text(column);
    } catch (CloudDbException e) {
      throw ErrorDetails.of(
              ErrorCategory.DATA,
              "Column %s of %s has a value that is no text in UTF-8, in the row with the key %s"
                  .formatted(
                      applied.columns.get(column).name(), applied.table.name(), keyBytes(row)))
          .resource(applied.table.name().toString())
          .nextStep(e.details().nextStep().orElse(null))
          .toException(e);
    }
  }

  /** For a row whose key may be what is no text. */
  private String keyBytes(TupleData row) {
    return IntStream.of(applied.key)
        .mapToObj(column -> keyBytes(row, column))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String keyBytes(TupleData row, int column) {
    if (row.isNull(column) || row.isUnchanged(column)) {
      return "?";
    }
    try {
      return row.text(column);
    } catch (CloudDbException e) {
      return "\\x" + HexFormat.of().formatHex(row.bytes(column));
    }
  }

  /** The key of the row that a change looks for; null when the table has no key. */
  @Nullable RowKey keyOf(TupleData row) {
    if (applied.key.length == 0) {
      return null;
    }
    List<String> values = new ArrayList<>(applied.key.length);
    for (int column : applied.key) {
      values.add(of(row, column));
    }
    return new RowKey(values);
  }
}
