/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.Table;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to be done to one table of the target at one position: which of its rows go, and which
 * of the source's come, each by its place in the snapshot.
 *
 * @param table the table
 * @param delete places on the target
 * @param insert places on the source
 * @param rows the rows that differ
 */
record RepairPlan(Table table, List<String> delete, List<String> insert, List<Mismatch> rows) {

  /**
   * Looks at those rows again that were named before; of those that are the same by now, nothing is
   * done.
   */
  static RepairPlan make(Table table, List<Mismatch> named, Connection source, Connection target)
      throws SQLException {
    return table.key().isEmpty()
        ? ofAlike(table, named, source, target)
        : ofKeys(table, named, source, target);
  }

  private static RepairPlan ofKeys(
      Table table, List<Mismatch> named, Connection source, Connection target) throws SQLException {
    List<RowKey> keys = named.stream().map(Mismatch::key).flatMap(Optional::stream).toList();
    Map<RowKey, KeyComparison.Found> left = KeyComparison.rows(source, table, keys);
    Map<RowKey, KeyComparison.Found> right = KeyComparison.rows(target, table, keys);
    RepairPlan plan =
        new RepairPlan(table, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Set<RowKey> all = new TreeSet<>(keys);
    // A key can be equal to another without being the same; both ends say how they write it.
    all.addAll(left.keySet());
    all.addAll(right.keySet());
    for (RowKey key : all) {
      KeyComparison.Found expected = left.get(key);
      KeyComparison.Found found = right.get(key);
      if (expected == null ? found == null : found != null && expected.hash() == found.hash()) {
        continue;
      }
      if (found != null) {
        plan.delete.addAll(found.places());
      }
      if (expected != null) {
        plan.insert.addAll(expected.places());
      }
      plan.rows.add(
          Mismatch.of(
              table.name(),
              expected == null
                  ? Mismatch.Kind.EXTRA
                  : found == null ? Mismatch.Kind.MISSING : Mismatch.Kind.DIFFERENT,
              key));
    }
    return plan;
  }

  /** Of rows that are alike as many go or come as one end has more of them. */
  private static RepairPlan ofAlike(
      Table table, List<Mismatch> named, Connection source, Connection target) throws SQLException {
    Set<Long> hashes = new TreeSet<>();
    named.forEach(mismatch -> hashes.add(mismatch.hash()));
    Map<Long, List<String>> left = places(source, table, hashes);
    Map<Long, List<String>> right = places(target, table, hashes);
    RepairPlan plan =
        new RepairPlan(table, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (long hash : hashes) {
      List<String> expected = left.getOrDefault(hash, List.of());
      List<String> found = right.getOrDefault(hash, List.of());
      for (String place : found.subList(Math.min(expected.size(), found.size()), found.size())) {
        plan.delete.add(place);
        plan.rows.add(Mismatch.withoutKey(table.name(), Mismatch.Kind.EXTRA, place, hash));
      }
      for (String place :
          expected.subList(Math.min(expected.size(), found.size()), expected.size())) {
        plan.insert.add(place);
        plan.rows.add(Mismatch.withoutKey(table.name(), Mismatch.Kind.MISSING, place, hash));
      }
    }
    return plan;
  }

  private static Map<Long, List<String>> places(Connection end, Table table, Set<Long> hashes)
      throws SQLException {
    RowHash hash = RowHash.on(end, table);
    String sql =
        "SELECT h, place::pg_catalog.text FROM (SELECT ctid AS place, "
            + hash.seededRow()
            + " AS h FROM "
            + hash.seededRows("")
            + ") AS hashed WHERE h OPERATOR(pg_catalog.=) ANY (?)";
    Array wanted = end.createArrayOf("int8", hashes.toArray());
    try (PreparedStatement statement = end.prepareStatement(sql)) {
      statement.setArray(1, wanted);
      Map<Long, List<String>> places = new HashMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          places.computeIfAbsent(rows.getLong(1), h -> new ArrayList<>()).add(rows.getString(2));
        }
      }
      return places;
    } finally {
      wanted.free();
    }
  }
}
