/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of a schema would be carried, what would not, and what stands in its way on the target. */
public final class SchemaSurvey {
  /**
   * An object that a migration does not carry.
   *
   * @param name kind and name, in the server's words
   * @param reason why not, in a sentence; empty where the kind says it all
   * @param global true when it belongs to the database as a whole and not to a selected schema
   */
  public record NotCarried(String name, String reason, boolean global) {}

  private final DatabaseSchema schema;
  private final List<NotCarried> notCarried;
  private final TableSelection selection;
  private final VersionSpan versions;

  private SchemaSurvey(
      DatabaseSchema schema,
      List<NotCarried> notCarried,
      TableSelection selection,
      VersionSpan versions) {
    this.schema = schema;
    this.notCarried = List.copyOf(notCarried);
    this.selection = selection;
    this.versions = versions;
  }

  /**
   * Reads the schema of the source.
   *
   * @param source a session of {@link io.clouddb.migration.postgres.catalog.CatalogSession}
   * @param selection the tables
   * @param targetVersion major version of the target
   * @return what was found
   * @throws SQLException when a query fails
   * @throws io.clouddb.error.UnsupportedFeatureException when objects need each other in a circle
   */
  public static SchemaSurvey of(Connection source, TableSelection selection, int targetVersion)
      throws SQLException {
    VersionSpan versions = VersionSpan.of(CatalogQuery.majorVersion(source), targetVersion);
    DatabaseSchema schema = DatabaseSchema.read(source, selection, versions);
    List<Inventory.Entry> inventory = Inventory.read(source);
    List<NotCarried> notCarried = new ArrayList<>();
    for (Inventory.Entry entry : inventory) {
      boolean known = entry.address().filter(schema.known()::contains).isPresent();
      if ((!known || entry.reason().startsWith("Its access method"))
          && concerns(selection, entry)) {
        notCarried.add(
            new NotCarried(
                (entry.type() + " " + entry.identity()).strip(),
                entry.reason(),
                entry.schema().isEmpty()));
      }
    }
    blocked(schema, inventory, notCarried);
    return new SchemaSurvey(schema, notCarried, selection, versions);
  }

  private static boolean concerns(TableSelection selection, Inventory.Entry entry) {
    if (entry.schema().isEmpty()) {
      return true;
    }
    String schema = entry.schema().get();
    return entry
        .relation()
        .map(relation -> selection.includes(new TableName(schema, relation)))
        .orElseGet(() -> selection.includesSchema(schema));
  }

  private static void blocked(
      DatabaseSchema schema, List<Inventory.Entry> inventory, List<NotCarried> notCarried) {
    for (Map.Entry<SchemaObject, DatabaseSchema.Blocker> entry : schema.blocked().entrySet()) {
      String needed =
          entry
              .getValue()
              .object()
              .map(SchemaObject::toString)
              .orElseGet(() -> describe(entry.getValue().address(), inventory));
      notCarried.add(
          new NotCarried(
              entry.getKey().toString(),
              "It needs " + needed + ", which is not selected or not carried.",
              false));
    }
  }

  private static String describe(Address address, List<Inventory.Entry> inventory) {
    return inventory.stream()
        .filter(each -> each.address().filter(address::equals).isPresent())
        .map(each -> each.type() + " " + each.identity())
        .findFirst()
        .orElse("an object");
  }

  /**
   * What is not carried: objects of kinds that are not, and those that need what is not selected.
   *
   * @return each of them
   */
  public List<NotCarried> notCarried() {
    return notCarried;
  }

  /**
   * The extensions that the selection needs.
   *
   * @return their names, unquoted
   */
  public List<String> extensions() {
    return schema.objects().stream()
        .filter(object -> object.kind() == ObjectKind.EXTENSION)
        .map(object -> unquoted(object.identity()))
        .toList();
  }

  /**
   * The schemas that the selection needs.
   *
   * @return their names, unquoted
   */
  public List<String> schemas() {
    return schema.objects().stream()
        .filter(object -> object.kind() == ObjectKind.SCHEMA)
        .map(object -> unquoted(object.identity()))
        .toList();
  }

  /**
   * The objects of the target that are where the migration would make some.
   *
   * @param target a session of {@link io.clouddb.migration.postgres.catalog.CatalogSession}
   * @return kind and name of each object of a selected schema, but for schemas and extensions
   * @throws SQLException when a query fails
   */
  public List<String> inTheWay(Connection target) throws SQLException {
    DatabaseSchema found = DatabaseSchema.read(target, selection, versions);
    Set<SchemaObject.Key> wanted = new HashSet<>();
    schema.objects().forEach(object -> wanted.add(object.key()));
    List<SchemaObject> all = new ArrayList<>(found.objects());
    all.addAll(found.blocked().keySet());
    List<String> names = new ArrayList<>();
    for (SchemaObject object : all) {
      boolean harmless =
          object.kind() == ObjectKind.SCHEMA
              || object.kind() == ObjectKind.EXTENSION
              || object.kind() == ObjectKind.COMMENT;
      boolean inScope =
          object.schema().map(selection::includesSchema).orElse(false)
              || wanted.contains(object.key());
      if (!harmless && inScope) {
        names.add(object.toString());
      }
    }
    return names;
  }

  private static String unquoted(String identity) {
    return identity.startsWith("\"")
        ? identity.substring(1, identity.length() - 1).replace("\"\"", "\"")
        : identity;
  }
}
