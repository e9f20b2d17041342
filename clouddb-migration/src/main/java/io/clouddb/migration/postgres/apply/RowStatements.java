/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.KeyType;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.ColumnText;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that repeats one change on the target. Values are bound as text of no declared type: the
 * server reads them by the input function of the column, as it reads a dump, and refuses what does
 * not fit instead of cutting it off, which a cast would do. All names are qualified: the session
 * has the search path of the database, and what it runs of it may set another one.
 */
final class RowStatements {
  /**
   * Types whose {@code =} is true only for values of the same text, and which an index can answer.
   */
  private static final Set<Integer> EXACT_EQUALITY =
      Set.of(16, 17, 18, 19, 20, 21, 23, 26, 1082, 1083, 1114, 1184, 2950);

  /** For built-in types: what a parameter is beside one, the server finds by itself. */
  private static final String EQUAL = " OPERATOR(pg_catalog.=) ";

  /** The first object number that a server gives to what is made after its creation. */
  private static final int FIRST_OF_USERS = 16384;

  private final String table;
  private final List<Column> columns;
  private final int[] key;
  private final @Nullable List<String> castTypes;
  private final List<KeyType> types;

  RowStatements(AppliedTable applied) {
    this.table = applied.table.name().quoted();
    this.columns = applied.columns;
    this.key = applied.key;
    this.castTypes = applied.castTypes;
    this.types = applied.types;
  }

  String insert() {
    if (columns.isEmpty()) {
      return "INSERT INTO " + table + " DEFAULT VALUES";
    }
    List<String> names = columns.stream().map(c -> TableName.quote(c.name())).toList();
    return "INSERT INTO "
        + table
        + " ("
        + String.join(", ", names)
        + ") OVERRIDING SYSTEM VALUE VALUES ("
        + String.join(", ", names.stream().map(n -> "?").toList())
        + ")";
  }

  String update(BitSet assigned, BitSet nulls) {
    List<String> assignments = new ArrayList<>();
    for (int i = assigned.nextSetBit(0); i >= 0; i = assigned.nextSetBit(i + 1)) {
      assignments.add(TableName.quote(columns.get(i).name()) + " = ?");
    }
    return "UPDATE ONLY "
        + table
        + " SET "
        + String.join(", ", assignments)
        + " WHERE "
        + match(nulls);
  }

  String delete(BitSet nulls) {
    return "DELETE FROM ONLY " + table + " WHERE " + match(nulls);
  }

  /**
   * Updates of many rows: first an array for each column of the key, then one for each assigned
   * column. No row may be wanted twice.
   */
  String updateMany(BitSet assigned) {
    List<String> assignments = new ArrayList<>();
    for (int i = assigned.nextSetBit(0); i >= 0; i = assigned.nextSetBit(i + 1)) {
      assignments.add(TableName.quote(columns.get(i).name()) + " = " + cast("a" + i, i));
    }
    return "UPDATE ONLY "
        + table
        + " AS changed SET "
        + String.join(", ", assignments)
        + " FROM "
        + given(assigned)
        + " WHERE "
        + matchGiven();
  }

  /** Deletes of many rows: an array for each column of the key. */
  String deleteMany() {
    return "DELETE FROM ONLY "
        + table
        + " AS changed USING "
        + given(new BitSet())
        + " WHERE "
        + matchGiven();
  }

  private String given(BitSet assigned) {
    List<String> names = new ArrayList<>();
    List<String> arrays = new ArrayList<>();
    for (int column : key) {
      names.add("k" + column);
      arrays.add(array(column));
    }
    assigned.stream()
        .forEach(
            column -> {
              names.add("a" + column);
              arrays.add(array(column));
            });
    return "ROWS FROM ("
        + String.join(", ", arrays)
        + ") AS given ("
        + String.join(", ", names)
        + ")";
  }

  /** An enum's owner can make a cast from text at any time: no text is cast to it. */
  private String array(int column) {
    KeyType type = types.get(column);
    return "pg_catalog.unnest(?::" + (type.catalog() ? "pg_catalog.text" : type.type()) + "[])";
  }

  private String matchGiven() {
    List<String> parts = new ArrayList<>();
    for (int column : key) {
      String name = TableName.quote(columns.get(column).name());
      parts.add(types.get(column).equal("changed." + name, "given.k" + column));
    }
    return String.join(" AND ", parts);
  }

  private String cast(String value, int column) {
    return "CAST(given." + value + " AS " + Objects.requireNonNull(castTypes).get(column) + ")";
  }

  /**
   * An update that gives an identity column GENERATED ALWAYS another value, which UPDATE refuses
   * and INSERT can be told to do. What the stream left out comes from the row itself.
   */
  String replace(BitSet given, BitSet nulls) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = TableName.quote(columns.get(i).name());
      names.add(name);
      values.add(given.get(i) ? "CAST(? AS " + types.get(i).type() + ")" : "gone." + name);
    }
    return "WITH gone AS (DELETE FROM ONLY "
        + table
        + " WHERE "
        + match(nulls)
        + " RETURNING *) INSERT INTO "
        + table
        + " ("
        + String.join(", ", names)
        + ") OVERRIDING SYSTEM VALUE SELECT "
        + String.join(", ", values)
        + " FROM gone";
  }

  /** By the key; without one by the whole row, one of those that are alike. */
  private String match(BitSet nulls) {
    if (key.length > 0) {
      List<String> parts = new ArrayList<>();
      for (int column : key) {
        parts.add(equal(column));
      }
      return String.join(" AND ", parts);
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      parts.add(same(i, nulls.get(i)));
    }
    return "ctid OPERATOR(pg_catalog.=) (SELECT ctid FROM ONLY "
        + table
        + (parts.isEmpty() ? "" : " WHERE " + String.join(" AND ", parts))
        + " LIMIT 1)";
  }

  /**
   * Beside a composite value a parameter would be taken for a record of no type, and refused;
   * beside the name of an object for its number.
   */
  private String equal(int i) {
    Column column = columns.get(i);
    String name = TableName.quote(column.name());
    boolean plain =
        Integer.compareUnsigned(column.typeOid(), FIRST_OF_USERS) < 0
            && !ColumnText.namesObject(column);
    return plain ? name + EQUAL + "?" : types.get(i).equal(name, "?");
  }

  private String same(int i, boolean isNull) {
    Column column = columns.get(i);
    if (isNull) {
      return ColumnText.isNull(column);
    }
    // The name of an object is qualified in the stream, and not always here.
    if (EXACT_EQUALITY.contains(column.typeOid()) || ColumnText.namesObject(column)) {
      return equal(i);
    }
    // Other types have no equality, or one that is true for values that differ, such as 1.0 and
    // 1.00.
    return ColumnText.of(column) + EQUAL + "?";
  }
}
