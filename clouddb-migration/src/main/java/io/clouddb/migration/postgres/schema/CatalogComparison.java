/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the schemas of two databases, object by object, by how each server defines them, with
 * their owners and privileges. The roles of the two connections stand for each other. What only one
 * of the two versions knows (names of NOT NULL constraints before 18) is not compared.
 */
public final class CatalogComparison {
  private CatalogComparison() {}

  /**
   * Compares the part of the schemas that belongs to a selection of tables.
   *
   * @param source the database that was migrated
   * @param target the database that it was migrated to
   * @param selection the tables
   * @return what differs, in the order in which the objects are made; empty when nothing does
   * @throws io.clouddb.error.CloudDbException when one of the databases cannot be read
   */
  public static List<Difference> compare(
      ConnectionDetails source, ConnectionDetails target, TableSelection selection) {
    return compare(source, target, selection, Set.of());
  }

  /**
   * Compares the part of the schemas that belongs to a selection of tables, but for some objects.
   *
   * @param source the database that was migrated
   * @param target the database that it was migrated to
   * @param selection the tables
   * @param leftBehind objects that may be missing on the target, as preflight names them
   * @return what differs, in the order in which the objects are made; empty when nothing does
   * @throws io.clouddb.error.CloudDbException when one of the databases cannot be read
   */
  public static List<Difference> compare(
      ConnectionDetails source,
      ConnectionDetails target,
      TableSelection selection,
      Set<String> leftBehind) {
    try (Connection from = CatalogSession.open(source);
        Connection to = CatalogSession.open(target)) {
      Sides sides = Sides.of(from, to, leftBehind);
      return compare(
          DatabaseSchema.read(from, selection, sides),
          DatabaseSchema.read(to, selection, sides),
          leftBehind,
          new Rewording(to, sides.versions()));
    } catch (SQLException e) {
      throw SqlFailure.of("comparing the catalogs", e);
    }
  }

  /** Compares two schemas that were read for each other. */
  static List<Difference> compare(
      DatabaseSchema source, DatabaseSchema target, Set<String> leftBehind, Rewording rewording)
      throws SQLException {
    return compare(byKey(source, leftBehind), byKey(target, leftBehind), rewording);
  }

  private static List<Difference> compare(
      Map<SchemaObject.Key, SchemaObject> source,
      Map<SchemaObject.Key, SchemaObject> target,
      Rewording rewording)
      throws SQLException {
    List<Difference> differences = new ArrayList<>();
    for (Map.Entry<SchemaObject.Key, SchemaObject> entry : source.entrySet()) {
      SchemaObject expected = entry.getValue();
      SchemaObject found = target.get(entry.getKey());
      if (found == null) {
        differences.add(difference(expected, Optional.of(expected), Optional.empty()));
      } else if (!expected.definition().equals(found.definition())
          && !rewording.isSame(expected, found)) {
        differences.add(difference(expected, Optional.of(expected), Optional.of(found)));
      }
    }
    for (Map.Entry<SchemaObject.Key, SchemaObject> entry : target.entrySet()) {
      if (!source.containsKey(entry.getKey())) {
        differences.add(
            difference(entry.getValue(), Optional.empty(), Optional.of(entry.getValue())));
      }
    }
    return differences;
  }

  private static Difference difference(
      SchemaObject object, Optional<SchemaObject> source, Optional<SchemaObject> target) {
    return new Difference(
        object.kind(),
        object.identity(),
        source.map(SchemaObject::definition),
        target.map(SchemaObject::definition));
  }

  private static Map<SchemaObject.Key, SchemaObject> byKey(
      DatabaseSchema schema, Set<String> leftBehind) {
    Map<SchemaObject.Key, SchemaObject> objects = new LinkedHashMap<>();
    schema.objects().forEach(object -> objects.put(object.key(), object));
    schema.blocked().keySet().stream()
        .filter(object -> !leftBehind.contains(object.toString()))
        .forEach(object -> objects.put(object.key(), object));
    return objects;
  }
}
