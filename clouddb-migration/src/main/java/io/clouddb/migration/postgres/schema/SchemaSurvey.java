/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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

  /** What all large objects together are called. */
  public static final String LARGE_OBJECTS = "large objects";

  /**
   * An object that the target would not have as the source has it.
   *
   * @param name kind and name, by which it can be left behind
   * @param reason what the target's server says, or what would be different, in a sentence
   */
  public record Refused(String name, String reason) {}

  /**
   * What a role that is not the migration's own has in the selected part of the source.
   *
   * @param name of the role
   * @param owner whether it owns something, so that the migration's role on the target has to be a
   *     member of it
   * @param needs what names it, kind and name
   */
  public record Role(String name, boolean owner, List<String> needs) {}

  private final DatabaseSchema schema;
  private final List<NotCarried> notCarried;
  private final TableSelection selection;
  private final Sides sides;

  private SchemaSurvey(
      DatabaseSchema schema, List<NotCarried> notCarried, TableSelection selection, Sides sides) {
    this.schema = schema;
    this.notCarried = List.copyOf(notCarried);
    this.selection = selection;
    this.sides = sides;
  }

  /**
   * Reads the schema of the source.
   *
   * @param source a session of {@link io.clouddb.migration.postgres.catalog.CatalogSession}
   * @param target a session of the same kind
   * @param selection the tables
   * @param leftBehind objects and roles that may stay behind, as preflight names them
   * @return what was found
   * @throws SQLException when a query fails
   * @throws io.clouddb.error.UnsupportedFeatureException when objects need each other in a circle
   */
  public static SchemaSurvey of(
      Connection source, Connection target, TableSelection selection, Set<String> leftBehind)
      throws SQLException {
    Sides sides = Sides.of(source, target, leftBehind);
    DatabaseSchema schema = DatabaseSchema.read(source, selection, sides);
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
    return new SchemaSurvey(schema, notCarried, selection, sides);
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
   * What would be carried, but stays behind by the caller's will.
   *
   * @return kind and name of each object; what belongs to it stays behind with it
   */
  public List<String> leftBehind() {
    return schema.left();
  }

  /**
   * The options of columns, tables, views and indexes that are not carried, since the source's
   * server lets no user set them. Those that are known to be a server's own are not among them.
   *
   * @return name and place of each, for example {@code option pg_x of columns}
   */
  public List<String> optionsLeftOut() {
    return schema.optionsLeftOut().stream().sorted().toList();
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
    DatabaseSchema found = DatabaseSchema.read(target, selection, sides);
    Set<SchemaObject.Key> wanted = new HashSet<>();
    schema.objects().forEach(object -> wanted.add(object.key()));
    List<SchemaObject> all = new ArrayList<>(found.objects());
    all.addAll(found.blocked().keySet());
    List<String> names = new ArrayList<>();
    for (SchemaObject object : all) {
      boolean harmless =
          switch (object.kind()) {
            case SCHEMA, EXTENSION, COMMENT, SCHEMA_OWNER, PRIVILEGES, DEFAULT_PRIVILEGES -> true;
            default -> false;
          };
      boolean inScope =
          object.schema().map(selection::includesSchema).orElse(false)
              || wanted.contains(object.key());
      if (!harmless && inScope) {
        names.add(object.toString());
      }
    }
    return names;
  }

  /**
   * The roles, other than the migration's own, that the selection needs on the target.
   *
   * @return by name
   */
  public List<Role> roles() {
    Map<String, List<SchemaObject>> needs = new TreeMap<>();
    for (SchemaObject object : schema.objects()) {
      for (String role : object.roles()) {
        needs.computeIfAbsent(role, name -> new ArrayList<>()).add(object);
      }
    }
    return needs.entrySet().stream()
        .map(
            entry ->
                new Role(
                    entry.getKey(),
                    entry.getValue().stream().anyMatch(object -> owns(entry.getKey(), object)),
                    entry.getValue().stream().map(SchemaObject::toString).toList()))
        .toList();
  }

  /**
   * Whether a cloud makes a role in each of its servers, so that what it owns and may is not
   * carried to another one.
   *
   * @param role its name
   * @return true for those of RDS, Azure and Cloud SQL
   */
  public static boolean isRoleOfACloud(String role) {
    return Sides.isOfACloud(role);
  }

  private static boolean owns(String role, SchemaObject object) {
    return switch (object.kind()) {
      case OWNER, SCHEMA_OWNER -> true;
      case DEFAULT_PRIVILEGES ->
          object.identity().startsWith("FOR ROLE " + TableName.quote(role) + " ");
      default -> false;
    };
  }

  /**
   * How many tables and indexes would be made; a transaction locks each that it makes.
   *
   * @return the number
   */
  public long relations() {
    return schema.objects().stream()
        .filter(
            object ->
                switch (object.kind()) {
                  case TABLE, KEY, INDEX, SEQUENCE, VIEW, MATERIALIZED_VIEW -> true;
                  default -> false;
                })
        .count();
  }

  /**
   * Makes everything on the target, without rows, in a transaction that is rolled back.
   *
   * @param target a session of {@link io.clouddb.migration.postgres.catalog.CatalogSession}, in
   *     auto-commit mode
   * @param missingRoles what names one of these roles is left out
   * @return what could not be made, or came out different; empty when all is well
   * @throws SQLException when the connection fails
   */
  public List<Refused> rehearse(Connection target, Set<String> missingRoles) throws SQLException {
    return new SchemaRehearsal(target, schema, selection, sides).run(missingRoles);
  }

  private static String unquoted(String identity) {
    return identity.startsWith("\"")
        ? identity.substring(1, identity.length() - 1).replace("\"\"", "\"")
        : identity;
  }
}
