/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.dynamodb.KeyTypes;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.IndexDefinition.Projection;
import io.clouddb.testkit.simulator.tables.IndexDefinition.Reach;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.KeyType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads keys and indexes of a request, and refuses those that do not go together. */
final class TableShape {
  private static final String ATTRIBUTE = "AttributeName";
  private static final int KEY_LENGTH = 2;
  private static final int MOST_LOCAL = 5;

  /** How many indexes a table has that are global. */
  static final int MOST_GLOBAL = 20;

  private static final int MOST_INCLUDED = 100;

  private final Map<String, KeyType> types = new LinkedHashMap<>();

  private TableShape() {}

  /**
   * Attributes that a request for an index of a table that is there says: those of the table have
   * to be said again, and stay what they are.
   */
  static TableShape of(ManagedTable table, Members request) {
    Map<String, KeyType> there = new HashMap<>();
    table.keys().attributes().forEach(key -> there.put(key.name(), key.type()));
    table
        .table()
        .definition()
        .indexes()
        .forEach(
            index -> index.keys().attributes().forEach(key -> there.put(key.name(), key.type())));
    TableShape shape = new TableShape();
    for (Members attribute : request.structures("AttributeDefinitions")) {
      String name = attribute.text(ATTRIBUTE);
      KeyType own = there.get(name);
      shape.types.putIfAbsent(
          name, own == null ? KeyTypes.of(attribute.text("AttributeType")) : own);
    }
    return shape;
  }

  /** Attributes of a new table. */
  static TableShape of(Members request) {
    TableShape shape = new TableShape();
    for (Members attribute : request.structures("AttributeDefinitions")) {
      String name = attribute.text(ATTRIBUTE);
      if (shape.types.put(name, KeyTypes.of(attribute.text("AttributeType"))) != null) {
        throw Validation.error("Attribute Name is duplicated: " + name);
      }
    }
    return shape;
  }

  /** The key of a new table. */
  KeySchema tableKey(Members request) {
    List<Members> schema = request.structures("KeySchema");
    requireShort(schema, "keySchema");
    if (schema.size() > types.size()) {
      throw Validation.error("Invalid KeySchema: Some index key attribute have no definition");
    }
    KeySchema keys = key(schema);
    if (!request.has("LocalSecondaryIndexes") && !request.has("GlobalSecondaryIndexes")) {
      if (schema.size() != types.size()) {
        throw Validation.parameter(
            "Number of attributes in KeySchema does not exactly match number of attributes defined"
                + " in AttributeDefinitions");
      }
    }
    return keys;
  }

  private static void requireShort(List<Members> schema, String path) {
    if (schema.size() > KEY_LENGTH) {
      List<String> shown = new ArrayList<>();
      schema.forEach(
          element ->
              shown.add(
                  "KeySchemaElement(attributeName="
                      + element.text(ATTRIBUTE)
                      + ", keyType="
                      + element.text("KeyType")
                      + ")"));
      throw Validation.error(
          "1 validation error detected: Value '"
              + shown
              + "' at '"
              + path
              + "' failed to satisfy constraint: Member must have length less than or equal to 2");
    }
  }

  private KeySchema key(List<Members> schema) {
    List<String> names = schema.stream().map(element -> element.text(ATTRIBUTE)).toList();
    if (!types.keySet().containsAll(names)) {
      throw Validation.parameter(
          "Some index key attributes are not defined in AttributeDefinitions. Keys: "
              + names
              + ", AttributeDefinitions: "
              + types.keySet());
    }
    if (names.size() == KEY_LENGTH && names.get(0).equals(names.get(1))) {
      throw Validation.error(
          "Both the Hash Key and the Range Key element in the KeySchema have the same name");
    }
    if (!schema.get(0).text("KeyType").equals("HASH")) {
      throw Validation.error(
          "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
    }
    if (schema.size() == KEY_LENGTH && !schema.get(1).text("KeyType").equals("RANGE")) {
      throw Validation.error(
          "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
    }
    return new KeySchema(
        attribute(names.get(0)), names.size() > 1 ? attribute(names.get(1)) : null);
  }

  private KeyAttribute attribute(String name) {
    KeyType type = types.get(name);
    if (type == null) {
      throw new IllegalStateException(name);
    }
    return new KeyAttribute(name, type);
  }

  /** The indexes of a new table. */
  List<IndexDefinition> indexes(Members request, KeySchema table) {
    List<Members> locals = request.structures("LocalSecondaryIndexes");
    List<Members> globals = request.structures("GlobalSecondaryIndexes");
    if (request.has("LocalSecondaryIndexes") && locals.isEmpty()) {
      throw Validation.parameter("List of LocalSecondaryIndexes is empty");
    }
    if (request.has("GlobalSecondaryIndexes") && globals.isEmpty()) {
      throw Validation.parameter("List of GlobalSecondaryIndexes is empty");
    }
    requireUsed(table, locals, globals);
    if (!locals.isEmpty() && table.sort() == null) {
      throw Validation.parameter(
          "Table KeySchema does not have a range key, which is required when specifying a"
              + " LocalSecondaryIndex");
    }
    List<IndexDefinition> indexes = new ArrayList<>();
    for (Members local : locals) {
      indexes.add(local(local, table));
    }
    if (locals.size() > MOST_LOCAL) {
      throw Validation.parameter(
          "Number of LocalSecondaryIndexes exceeds per-table limit of " + MOST_LOCAL);
    }
    for (Members global : globals) {
      indexes.add(global(global));
    }
    if (globals.size() > MOST_GLOBAL) {
      throw Validation.parameter(
          "GlobalSecondaryIndex count exceeds the per-table limit of " + MOST_GLOBAL);
    }
    requireDistinct(indexes);
    requireFewIncluded(indexes);
    return indexes;
  }

  private void requireUsed(KeySchema table, List<Members> locals, List<Members> globals) {
    Set<String> used = new LinkedHashSet<>();
    table.attributes().forEach(key -> used.add(key.name()));
    List<Members> all = new ArrayList<>(locals);
    all.addAll(globals);
    for (Members index : all) {
      index.structures("KeySchema").forEach(element -> used.add(element.text(ATTRIBUTE)));
    }
    if (!used.containsAll(types.keySet())) {
      throw Validation.parameter(
          "Some AttributeDefinitions are not used. AttributeDefinitions: "
              + types.keySet()
              + ", keys used: "
              + used);
    }
  }

  private static void requireDistinct(List<IndexDefinition> indexes) {
    Set<String> names = new HashSet<>();
    for (IndexDefinition index : indexes) {
      if (!names.add(index.name())) {
        throw Validation.parameter("Duplicate index name: " + index.name());
      }
    }
  }

  /** Refuses more attributes than all indexes of a table may name. */
  static void requireFewIncluded(List<IndexDefinition> indexes) {
    int included = indexes.stream().mapToInt(index -> index.included().size()).sum();
    if (included > MOST_INCLUDED) {
      throw Validation.parameter(
          "Number of NonKeyAttributes across all indexes exceeds the per-table limit of "
              + MOST_INCLUDED);
    }
  }

  private IndexDefinition local(Members index, KeySchema table) {
    String name = index.text("IndexName");
    List<Members> schema = index.structures("KeySchema");
    requireShort(schema, "localSecondaryIndexes.1.member.keySchema");
    KeySchema keys = key(schema);
    if (keys.sort() == null) {
      throw Validation.parameter("Index KeySchema does not have a range key for index: " + name);
    }
    if (!keys.partition().equals(table.partition())) {
      throw Validation.parameter(
          "Index KeySchema does not have the same leading hash key as table KeySchema for index: "
              + name
              + ". index hash key: "
              + keys.partition().name()
              + ", table hash key: "
              + table.partition().name());
    }
    return definition(index, keys, Reach.LOCAL);
  }

  /** A global index. */
  IndexDefinition global(Members index) {
    List<Members> schema = index.structures("KeySchema");
    if (schema.size() > KEY_LENGTH) {
      throw new NotSimulatedException(
          "keys of more than two attributes of a global secondary index");
    }
    return definition(index, key(schema), Reach.GLOBAL);
  }

  private static IndexDefinition definition(Members index, KeySchema keys, Reach reach) {
    Members projection = index.members("Projection");
    @Nullable String type = projection.textOrNull("ProjectionType");
    List<String> included = projection.texts("NonKeyAttributes");
    if (type == null) {
      throw Validation.parameter("Unknown ProjectionType: null");
    }
    boolean includes = type.equals(Projection.INCLUDE.name());
    if (!includes && projection.has("NonKeyAttributes")) {
      throw Validation.parameter(
          "ProjectionType is " + type + ", but NonKeyAttributes is specified");
    }
    if (includes && included.isEmpty()) {
      throw Validation.parameter(
          "ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
    }
    Set<String> distinct = new HashSet<>();
    for (String attribute : included) {
      if (!distinct.add(attribute)) {
        throw Validation.parameter("Duplicate element in NonKeyAttributes: " + attribute);
      }
    }
    return new IndexDefinition(
        index.text("IndexName"), keys, reach, Projection.valueOf(type), included);
  }
}
