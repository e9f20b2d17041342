/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableFields.CREATE;

import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexProjection;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Key;
import io.clouddb.table.TableField;
import io.clouddb.table.TableHost;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;

/** Name, key and indexes. */
final class SchemaFields {
  /** <em>Quotas in Amazon DynamoDB</em>: of a table. */
  static final int MOST_INDEXES = 20;

  static final int MOST_LOCAL_INDEXES = 5;

  /** Over all indexes together, where attributes are named. */
  static final int MOST_PROJECTED = 100;

  /** The published model: {@code NonKeyAttributeNameList}, and its names. */
  private static final int MOST_OF_ONE = 20;

  private static final int LONGEST_NAME = 255;

  private SchemaFields() {}

  static List<FieldRow<?, LiveTable>> rows() {
    return List.of(
        name(),
        key(),
        host(),
        indexes(),
        localIndexes(),
        projection(),
        addedIndexes(),
        removedIndexes());
  }

  private static FieldRow<String, LiveTable> name() {
    return FieldRow.<String, LiveTable>of(TableField.NAME, String.class, "TableName")
        .to(CREATE, (request, name, asked) -> request.tableName(name))
        .from((live, asked) -> Optional.of(live.table().tableName()))
        .build();
  }

  private static FieldRow<Key, LiveTable> key() {
    return FieldRow.<Key, LiveTable>of(TableField.KEY, Key.class, "KeySchema")
        .to(
            CREATE,
            (request, key, asked) ->
                request
                    .keySchema(Schemas.schema(key))
                    .attributeDefinitions(Schemas.attributes(key, spec(asked).indexes())))
        .from(
            (live, asked) ->
                Optional.of(
                    Schemas.key(live.table().keySchema(), live.table().attributeDefinitions())))
        .build();
  }

  private static GlobalTableSpec spec(Asked asked) {
    return (GlobalTableSpec) asked.specification();
  }

  private static FieldRow<TableHost, LiveTable> host() {
    return FieldRow.<TableHost, LiveTable>of(TableField.HOST, TableHost.class, "")
        .lacking(
            "DynamoDB's tables are in an account and a region, and in nothing else",
            "leave the host unset");
  }

  private static Optional<String> tooMany(List<IndexSpec> indexes, int most, String what) {
    return indexes.size() > most
        ? Optional.of("DynamoDB has at most " + most + " " + what + " in a table")
        : Optional.empty();
  }

  private static FieldRow<List<IndexSpec>, LiveTable> indexes() {
    return FieldRow.<List<IndexSpec>, LiveTable>of(
            TableField.INDEXES, Types.INDEXES, "GlobalSecondaryIndexes")
        .only(
            "At most " + MOST_INDEXES,
            (indexes, asked) -> tooMany(indexes, MOST_INDEXES, "global secondary indexes"),
            "fewer, or ask for more in Service Quotas and create the table by"
                + " unwrap(DynamoDbClient.class)")
        .limit("indexes.max", MOST_INDEXES)
        .to(
            CREATE,
            (request, indexes, asked) ->
                request.globalSecondaryIndexes(
                    indexes.stream().map(index -> global(index, asked)).toList()))
        .from((live, asked) -> Optional.of(found(live, false)))
        .same((wanted, actual, asked) -> sameIndexes(wanted, (List<?>) actual))
        .build();
  }

  private static GlobalSecondaryIndex global(IndexSpec index, Asked asked) {
    Wanted wanted = new Wanted(spec(asked), asked.facts(String.class));
    GlobalSecondaryIndex.Builder request =
        GlobalSecondaryIndex.builder()
            .indexName(index.name())
            .keySchema(Schemas.schema(index.key()))
            .projection(Schemas.projection(index.projection()));
    if (!wanted.throughput().isOnDemand()) {
      request.provisionedThroughput(Schemas.units(wanted.throughput(index)));
    }
    return request.build();
  }

  /** Those whose keys no spec can have are told in words, so that they are the same as none. */
  private static List<?> found(LiveTable live, boolean local) {
    Map<String, String> words = new TreeMap<>();
    live.table()
        .globalSecondaryIndexes()
        .forEach(
            index ->
                Schemas.several(index.keySchema())
                    .ifPresent(
                        key -> words.put(index.indexName(), index.indexName() + ": " + key)));
    return LiveSpec.indexes(live, LiveSpec.throughput(live.copy(live.home()), "")).stream()
        .filter(index -> index.isLocal() == local)
        .map(index -> words.containsKey(index.name()) ? words.get(index.name()) : index)
        .toList();
  }

  /** In any order; their throughput has a row of its own. */
  private static boolean sameIndexes(List<IndexSpec> wanted, List<?> actual) {
    return schemas(wanted).equals(schemas(actual));
  }

  private static Set<List<Object>> schemas(List<?> indexes) {
    Set<List<Object>> all = new HashSet<>();
    for (Object one : indexes) {
      all.add(
          one instanceof IndexSpec index
              ? List.of(index.name(), index.key(), index.projection())
              : List.of(one));
    }
    return all;
  }

  private static FieldRow<List<IndexSpec>, LiveTable> localIndexes() {
    return FieldRow.<List<IndexSpec>, LiveTable>of(
            TableField.LOCAL_INDEXES, Types.INDEXES, "LocalSecondaryIndexes")
        .only(
            "At most " + MOST_LOCAL_INDEXES,
            (indexes, asked) -> tooMany(indexes, MOST_LOCAL_INDEXES, "local secondary indexes"),
            "global ones")
        .only(
            "Not with consistency GLOBAL",
            (indexes, asked) ->
                Wanted.strong(spec(asked))
                    ? Optional.of(
                        "a table that is consistent over its regions has no local indexes")
                    : Optional.empty(),
            "global ones")
        .limit("indexes.max", MOST_LOCAL_INDEXES)
        .to(
            CREATE,
            (request, indexes, asked) ->
                request.localSecondaryIndexes(
                    indexes.stream()
                        .map(
                            index ->
                                LocalSecondaryIndex.builder()
                                    .indexName(index.name())
                                    .keySchema(Schemas.schema(index.key()))
                                    .projection(Schemas.projection(index.projection()))
                                    .build())
                        .toList()))
        .from((live, asked) -> Optional.of(found(live, true)))
        .same((wanted, actual, asked) -> sameIndexes(wanted, (List<?>) actual))
        .build();
  }

  private static FieldRow<Map<String, IndexProjection>, LiveTable> projection() {
    return FieldRow.<Map<String, IndexProjection>, LiveTable>of(
            TableField.INDEX_PROJECTION, Types.PROJECTIONS, "Projection")
        .only(
            "At most " + MOST_PROJECTED + " named attributes in all indexes together",
            (projections, asked) -> tooManyAttributes(projections.values()),
            "IndexProjection.all() for some of them")
        .only(
            "Of one index 1 to " + MOST_OF_ONE + " named attributes, each of 1 to 255 characters",
            (projections, asked) -> unnameable(projections),
            "IndexProjection.all()")
        .limit("attributes.max", MOST_PROJECTED)
        .limit("attributes-of-one.max", MOST_OF_ONE)
        .from((live, asked) -> Optional.of(projections(live, asked)))
        .build();
  }

  private static Optional<String> tooManyAttributes(Iterable<IndexProjection> projections) {
    int named = 0;
    for (IndexProjection projection : projections) {
      named += projection.attributes().size();
    }
    return named > MOST_PROJECTED
        ? Optional.of(
            "DynamoDB projects at most "
                + MOST_PROJECTED
                + " named attributes of a table, not "
                + named)
        : Optional.empty();
  }

  private static Optional<String> unnameable(Map<String, IndexProjection> projections) {
    for (Map.Entry<String, IndexProjection> entry : projections.entrySet()) {
      Set<String> names = entry.getValue().attributes();
      if (names.size() > MOST_OF_ONE) {
        return Optional.of(
            "an index has at most "
                + MOST_OF_ONE
                + " named attributes, and "
                + entry.getKey()
                + " has "
                + names.size());
      }
      Optional<String> bad =
          names.stream().filter(name -> name.isEmpty() || name.length() > LONGEST_NAME).findFirst();
      if (bad.isPresent()) {
        return Optional.of(
            "the index "
                + entry.getKey()
                + " has an attribute of "
                + bad.get().length()
                + " characters");
      }
    }
    return Optional.empty();
  }

  /** Those of the indexes whose projections are asked for. */
  private static Map<String, IndexProjection> projections(LiveTable live, Asked asked) {
    Map<String, IndexProjection> found = new TreeMap<>();
    Set<String> wanted =
        asked.value(TableField.INDEX_PROJECTION, Types.PROJECTIONS).orElseThrow().keySet();
    LiveSpec.of(live).indexes().stream()
        .filter(index -> wanted.contains(index.name()))
        .forEach(index -> found.put(index.name(), index.projection()));
    return found;
  }

  private static FieldRow<List<IndexSpec>, LiveTable> addedIndexes() {
    return FieldRow.<List<IndexSpec>, LiveTable>of(
            TableField.ADDED_INDEXES, Types.INDEXES, "GlobalSecondaryIndexUpdates Create")
        .only(
            "At most " + MOST_INDEXES,
            (indexes, asked) -> tooMany(indexes, MOST_INDEXES, "global secondary indexes"),
            "fewer")
        .noted(
            (indexes, asked) ->
                indexes.size() > 1
                    ? Optional.of("one after the other, as DynamoDB makes them")
                    : Optional.empty())
        .build();
  }

  private static FieldRow<List<String>, LiveTable> removedIndexes() {
    return FieldRow.<List<String>, LiveTable>of(
            TableField.REMOVED_INDEXES, Types.NAMES, "GlobalSecondaryIndexUpdates Delete")
        .build();
  }
}
