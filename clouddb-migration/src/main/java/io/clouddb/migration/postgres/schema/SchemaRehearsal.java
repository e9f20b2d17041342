/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.stream.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a whole schema on the target in one transaction, compares it with the source's, and rolls
 * it back: so whatever the target's server or its role's rights stand in the way of is known before
 * anything has happened. Tables are empty and materialized views are not filled, so it takes
 * moments.
 */
final class SchemaRehearsal {
  private static final int ENOUGH = 20;

  private final Connection target;
  private final DatabaseSchema schema;
  private final TableSelection selection;
  private final Sides sides;

  /**
   * Takes what is rehearsed.
   *
   * @param target in auto-commit mode; empty, but for schemas and extensions
   * @param schema the source's
   */
  SchemaRehearsal(Connection target, DatabaseSchema schema, TableSelection selection, Sides sides) {
    this.target = target;
    this.schema = schema;
    this.selection = selection;
    this.sides = sides;
  }

  /**
   * Rehearses.
   *
   * @param missingRoles roles that the target does not have; what names them is left out
   * @return what was refused, or came out as something else; no more than a reader can take in
   */
  List<SchemaSurvey.Refused> run(Set<String> missingRoles) throws SQLException {
    List<SchemaSurvey.Refused> refused = new ArrayList<>();
    target.setAutoCommit(false);
    try {
      Set<SchemaObject> left = new HashSet<>();
      Set<SchemaObject.Key> there = DatabaseSchema.read(target, selection, sides).keys();
      for (SchemaObject object : schema.objects()) {
        if (object.kind() == ObjectKind.MATERIALIZED_VIEW_ROWS
            || object.roles().stream().anyMatch(missingRoles::contains)
            || schema.needs(object).stream().anyMatch(left::contains)) {
          left.add(object);
        } else if (!there.contains(object.key()) && refused.size() < ENOUGH) {
          make(object, left, refused);
        }
      }
      if (refused.size() < ENOUGH) {
        compare(left, refused);
      }
      return refused;
    } finally {
      target.rollback();
      target.setAutoCommit(true);
    }
  }

  private void compare(Set<SchemaObject> left, List<SchemaSurvey.Refused> refused)
      throws SQLException {
    Set<SchemaObject.Key> notMade =
        Stream.concat(left.stream(), schema.blocked().keySet().stream())
            .map(SchemaObject::key)
            .collect(Collectors.toSet());
    CatalogComparison.compare(
            schema,
            DatabaseSchema.read(target, selection, sides),
            sides.leftBehind(),
            new Rewording(target, sides.versions()))
        .stream()
        .filter(
            difference ->
                !notMade.contains(new SchemaObject.Key(difference.kind(), difference.object())))
        .limit(ENOUGH - refused.size())
        .forEach(
            difference ->
                refused.add(
                    new SchemaSurvey.Refused(
                        difference.kind().label() + " " + difference.object(),
                        "Made on the target, it " + difference.how() + ".")));
  }

  private void make(SchemaObject object, Set<SchemaObject> left, List<SchemaSurvey.Refused> refused)
      throws SQLException {
    Savepoint before = target.setSavepoint();
    try {
      Ownership.make(target, object);
      target.releaseSavepoint(before);
    } catch (SQLException e) {
      if (SqlFailure.isTransient(e)) {
        throw e;
      }
      target.rollback(before);
      left.add(object);
      refused.add(
          new SchemaSurvey.Refused(object.toString(), "The target refuses it: " + e.getMessage()));
    }
  }
}
