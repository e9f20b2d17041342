/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.ColumnText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * SQL that hashes a row to 64 bits, the same on every server from 14 to 18.
 *
 * <p>{@code hash_record_extended} over a row as it is would not do: types whose values are equal
 * without being the same (numeric and jsonb 1.0 and 1.00, -0 and 0, citext) have equal hashes, the
 * hash of 64-bit integers and of times folds their halves (-1 and 4294967295 have the same), enums
 * hash by an object number of the cluster, and json, xml and others have no hash. So a column goes
 * in as it is only where its hash is one of all its bits, as the bytes of its binary output where
 * these are fast and the same for the same value, and as its text otherwise.
 *
 * <p>The function adds the columns' hashes up with fixed weights, so that two rows that had swapped
 * a value would leave a sum over rows as it was. The key's hash is therefore the seed of each
 * column's: the same value has another hash in another row.
 *
 * <p>The bytes of a text are those of its server's encoding. Where that is not UTF-8, they are
 * hashed as the session's UTF-8 has them; a bytea has the hash of a text of the same bytes.
 */
final class RowHash {
  /** Boolean, bytea, int2, int4, oid, date, uuid. */
  private static final Set<Integer> NATIVE = Set.of(16, 17, 21, 23, 26, 1082, 2950);

  private static final String ONE_NAN =
      "CASE WHEN %1$s OPERATOR(pg_catalog.=) 'NaN' THEN 'NaN' ELSE %1$s END)";

  /**
   * Types whose binary output says the same as their text, and faster. Several bit patterns are a
   * NaN, of which the change stream carries only the fact.
   */
  private static final Map<Integer, String> BINARY =
      Map.ofEntries(
          Map.entry(20, "pg_catalog.int8send(%s)"),
          Map.entry(700, "pg_catalog.float4send(" + ONE_NAN),
          Map.entry(701, "pg_catalog.float8send(" + ONE_NAN),
          Map.entry(1042, "pg_catalog.bpcharsend(%s)"),
          Map.entry(1083, "pg_catalog.time_send(%s)"),
          Map.entry(1114, "pg_catalog.timestamp_send(%s)"),
          Map.entry(1184, "pg_catalog.timestamptz_send(%s)"),
          Map.entry(1186, "pg_catalog.interval_send(%s)"),
          Map.entry(1266, "pg_catalog.timetz_send(%s)"),
          Map.entry(1700, "pg_catalog.numeric_send(%s)"),
          Map.entry(3802, "pg_catalog.jsonb_send(%s)"));

  /** Encodings in which a text's own bytes are hashed; what SQL_ASCII holds, nobody converts. */
  private static final Set<String> AS_THEY_ARE = Set.of("UTF8", "SQL_ASCII");

  private static final String SEED = "clouddb seed";

  private final Table table;
  private final Map<String, Column> byName;
  private final String seedName;
  private final boolean converted;

  private RowHash(Table table, boolean converted) {
    this.table = table;
    this.converted = converted;
    this.byName =
        table.columns().stream().collect(Collectors.toMap(Column::name, Function.identity()));
    this.seedName = TableName.quote(unlikeAny(byName.keySet()));
  }

  /** A column may be called like ours, by chance or not. */
  private static String unlikeAny(Set<String> columns) {
    String name = SEED;
    for (int i = 1; columns.contains(name); i++) {
      name = SEED + " " + i;
    }
    return name;
  }

  /** For one end, whose encoding it takes into account. */
  static RowHash on(Connection end, Table table) throws SQLException {
    String encoding = end.unwrap(PGConnection.class).getParameterStatus("server_encoding");
    return new RowHash(table, encoding != null && !AS_THEY_ARE.contains(encoding));
  }

  /** The hash of the key, or of the whole row where there is none; it says the bucket. */
  String seed() {
    List<Column> columns =
        !table.key().isEmpty() ? table.key().stream().map(this::column).toList() : table.columns();
    return record(columns, "0::bigint");
  }

  /**
   * The rows of the table with their place, {@code ctid}, and their seed, as something to select
   * from: by a name that none of the columns has, so that the columns are not named by a star.
   *
   * @param where a condition with its WHERE; may be empty
   */
  String seededRows(String where) {
    return "(SELECT ctid, "
        + table.columns().stream()
            .map(column -> TableName.quote(column.name()) + ", ")
            .collect(Collectors.joining())
        + seed()
        + " AS "
        + seedName
        + " FROM ONLY "
        + table.name().quoted()
        + where
        + ") AS seeded";
  }

  /** The seed of one of the {@link #seededRows}. */
  String rowSeed() {
    return seedName;
  }

  /** The hash of one of the {@link #seededRows}. */
  String seededRow() {
    return row(seedName);
  }

  /** The hash of the row, given an expression that has the {@link #seed}. */
  String row(String seed) {
    return record(table.columns(), seed);
  }

  /** The texts of the key's columns, by which a row is named. */
  static List<String> keyTexts(Table table) {
    return table.columns().stream()
        .filter(column -> table.key().contains(column.name()))
        .sorted(Comparator.comparingInt(column -> table.key().indexOf(column.name())))
        .map(ColumnText::comparable)
        .toList();
  }

  private Column column(String name) {
    Column column = byName.get(name);
    if (column == null) {
      throw new IllegalArgumentException("Key column " + name + " is not in " + table.name());
    }
    return column;
  }

  private String record(List<Column> columns, String seed) {
    if (columns.isEmpty()) {
      return seed;
    }
    return "pg_catalog.hash_record_extended(ROW("
        + columns.stream().map(this::canonical).collect(Collectors.joining(", "))
        + "), "
        + seed
        + ")";
  }

  private String canonical(Column column) {
    String name = TableName.quote(column.name());
    if (NATIVE.contains(column.typeOid())) {
      return name;
    }
    String binary = BINARY.get(column.typeOid());
    if (binary == null) {
      String text = ColumnText.comparable(column);
      return converted ? "pg_catalog.textsend(" + text + ")" : text;
    }
    return String.format(Locale.ROOT, binary, name);
  }
}
