/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.testing.EveryType;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of one type that are nearly the same, each beside each, on two servers. */
class NearMissTest {
  @ParameterizedTest
  @CsvSource("14,18")
  void everyValueDiffersFromEveryOtherOfItsTypeAndFromNoneOfItsOwn(int from, int to)
      throws Exception {
    check(from, to);
  }

  @ParameterizedTest
  @Tag("slow")
  @CsvSource({"15,16", "17,14"})
  void soItIsOnOtherVersions(int from, int to) throws Exception {
    check(from, to);
  }

  private static void check(int from, int to) throws Exception {
    try (Ends ends = Ends.of(from, to)) {
      // Other numbers for the types on the target.
      ends.onTarget("CREATE TYPE earlier AS ENUM ('x')");
      ends.onBoth(EveryType.schema());
      Map<TableName, Set<RowKey>> all = new HashMap<>();
      Set<String> expected = new TreeSet<>();
      fill(ends, all, expected);
      List<Table> tables = ends.tables();
      try (Connection source = Validation.connect(ends.source());
          Connection target = Validation.connect(ends.target())) {
        List<String> found = new ArrayList<>();
        for (ValidatedTable table : Validation.compareTables(source, target, tables, 10_000)) {
          assertThat(table.exact()).isTrue();
          table.mismatches().forEach(mismatch -> found.add(mismatch.toString()));
        }
        assertThat(found).hasSizeGreaterThan(800).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(KeyComparison.compare(source, target, tables, all).mismatches())
            .extracting(Mismatch::toString)
            .containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }

  /** A row for each pair of values, the first on the source, the second on the target. */
  private static void fill(Ends ends, Map<TableName, Set<RowKey>> all, Set<String> expected)
      throws Exception {
    List<String> onSource = new ArrayList<>();
    List<String> onTarget = new ArrayList<>();
    int number = 0;
    for (Map.Entry<String, List<String>> type : EveryType.values().entrySet()) {
      List<String> values = new ArrayList<>(type.getValue());
      values.add("NULL");
      TableName table = new TableName("public", "type_" + number++);
      Set<RowKey> keys = new TreeSet<>();
      all.put(table, keys);
      int id = 0;
      for (String left : values) {
        for (String right : values) {
          id++;
          String insert = "INSERT INTO " + table + " VALUES (" + id + ", %s)";
          onSource.add(String.format(insert, left));
          onTarget.add(String.format(insert, right));
          RowKey key = new RowKey(List.of(Integer.toString(id)));
          keys.add(key);
          if (!left.equals(right)) {
            expected.add(Mismatch.of(table, Mismatch.Kind.DIFFERENT, key).toString());
          }
        }
      }
      if (type.getKey().startsWith("float") && !type.getKey().contains("range")) {
        // Another bit pattern, which the stream does not carry.
        onSource.add("INSERT INTO " + table + " VALUES (-1, 'NaN')");
        onTarget.add("INSERT INTO " + table + " VALUES (-1, 'Infinity'::float8 - 'Infinity')");
        keys.add(new RowKey(List.of("-1")));
      }
    }
    ends.onSource(onSource.toArray(String[]::new));
    ends.onTarget(onTarget.toArray(String[]::new));
  }
}
