/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.ColumnText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * SQL that hashes a row to 64 bits, the same on every server from 14 to 18.
 *
 * <p>{@code hash_record_extended} over a row as it is would not do: types whose values are equal
 * without being the same (numeric and jsonb 1.0 and 1.00, -0 and 0, citext) have equal hashes,
 * enums hash by an object number of the cluster, and json, xml and others have no hash. So a column
 * goes in as it is only where its bytes are its value, and as its text otherwise.
 *
 * <p>The function adds the columns' hashes up with fixed weights, so that two rows that had swapped
 * a value would leave a sum over rows as it was. The key's hash is therefore the seed of each
 * column's: the same value has another hash in another row.
 */
final class RowHash {
  /** Integers, oid, boolean, bytea, uuid, date, time, timestamps: the bytes are the value. */
  private static final Set<Integer> NATIVE =
      Set.of(16, 17, 20, 21, 23, 26, 1082, 1083, 1114, 1184, 2950);

  private final Table table;
  private final Map<String, Column> byName;

  RowHash(Table table) {
    this.table = table;
    this.byName =
        table.columns().stream().collect(Collectors.toMap(Column::name, Function.identity()));
  }

  boolean hasKey() {
    return !table.key().isEmpty();
  }

  /** The hash of the key, or of the whole row where there is none; it says the bucket. */
  String seed() {
    List<Column> columns =
        hasKey() ? table.key().stream().map(this::column).toList() : table.columns();
    return record(columns, "0::bigint");
  }

  /** The hash of the row, given an expression that has the {@link #seed}. */
  String row(String seed) {
    return record(table.columns(), seed);
  }

  /** The texts of the key's columns, by which a row is named. */
  List<String> keyTexts() {
    return table.key().stream().map(name -> ColumnText.of(column(name))).toList();
  }

  private Column column(String name) {
    Column column = byName.get(name);
    if (column == null) {
      throw new IllegalArgumentException("Key column " + name + " is not in " + table.name());
    }
    return column;
  }

  private static String record(List<Column> columns, String seed) {
    if (columns.isEmpty()) {
      return seed;
    }
    return "hash_record_extended(ROW("
        + columns.stream().map(RowHash::canonical).collect(Collectors.joining(", "))
        + "), "
        + seed
        + ")";
  }

  private static String canonical(Column column) {
    return NATIVE.contains(column.typeOid())
        ? TableName.quote(column.name())
        : ColumnText.of(column);
  }
}
