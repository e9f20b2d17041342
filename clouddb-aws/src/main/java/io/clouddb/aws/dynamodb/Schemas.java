/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.table.ChangeImages;
import io.clouddb.table.IndexProjection;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyAttribute;
import io.clouddb.table.KeyType;
import io.clouddb.table.Throughput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** Keys, projections, images and units in DynamoDB's words, and back. */
final class Schemas {
  private static final software.amazon.awssdk.services.dynamodb.model.KeyType HASH =
      software.amazon.awssdk.services.dynamodb.model.KeyType.HASH;
  private static final software.amazon.awssdk.services.dynamodb.model.KeyType RANGE =
      software.amazon.awssdk.services.dynamodb.model.KeyType.RANGE;

  private Schemas() {}

  static List<KeySchemaElement> schema(Key key) {
    List<KeySchemaElement> schema = new ArrayList<>();
    schema.add(element(key.partition(), HASH));
    key.sort().ifPresent(sort -> schema.add(element(sort, RANGE)));
    return schema;
  }

  private static KeySchemaElement element(
      KeyAttribute attribute, software.amazon.awssdk.services.dynamodb.model.KeyType role) {
    return KeySchemaElement.builder().attributeName(attribute.name()).keyType(role).build();
  }

  /** The attributes of keys, each once: DynamoDB takes no others and wants all of them. */
  static List<AttributeDefinition> attributes(Key key, Collection<IndexSpec> indexes) {
    Map<String, KeyType> types = new LinkedHashMap<>();
    add(types, key);
    indexes.forEach(index -> add(types, index.key()));
    return types.entrySet().stream()
        .map(
            entry ->
                AttributeDefinition.builder()
                    .attributeName(entry.getKey())
                    .attributeType(type(entry.getValue()))
                    .build())
        .toList();
  }

  private static void add(Map<String, KeyType> types, Key key) {
    types.put(key.partition().name(), key.partition().type());
    key.sort().ifPresent(sort -> types.put(sort.name(), sort.type()));
  }

  private static ScalarAttributeType type(KeyType type) {
    return switch (type) {
      case STRING -> ScalarAttributeType.S;
      case NUMBER -> ScalarAttributeType.N;
      case BINARY -> ScalarAttributeType.B;
    };
  }

  static Key key(List<KeySchemaElement> schema, List<AttributeDefinition> attributes) {
    Map<String, KeyType> types = new LinkedHashMap<>();
    for (AttributeDefinition attribute : attributes) {
      types.put(
          attribute.attributeName(),
          switch (attribute.attributeType()) {
            case N -> KeyType.NUMBER;
            case B -> KeyType.BINARY;
            default -> KeyType.STRING;
          });
    }
    String partition = names(schema, HASH).get(0);
    Key key = Key.partition(partition, types.getOrDefault(partition, KeyType.STRING));
    return names(schema, RANGE).stream()
        .findFirst()
        .map(sort -> key.sort(sort, types.getOrDefault(sort, KeyType.STRING)))
        .orElse(key);
  }

  /**
   * What a key is of that has several attributes for its partition, or to sort by, as those of
   * global indexes may, and no spec says; empty for any other.
   */
  static Optional<String> several(List<KeySchemaElement> schema) {
    List<String> partition = names(schema, HASH);
    List<String> sort = names(schema, RANGE);
    return partition.size() > 1 || sort.size() > 1
        ? Optional.of("partition " + partition + ", sort " + sort)
        : Optional.empty();
  }

  private static List<String> names(
      List<KeySchemaElement> schema, software.amazon.awssdk.services.dynamodb.model.KeyType role) {
    return schema.stream()
        .filter(element -> element.keyType() == role)
        .map(KeySchemaElement::attributeName)
        .toList();
  }

  static Projection projection(IndexProjection projection) {
    return switch (projection.kind()) {
      case ALL -> Projection.builder().projectionType(ProjectionType.ALL).build();
      case KEYS_ONLY -> Projection.builder().projectionType(ProjectionType.KEYS_ONLY).build();
      case INCLUDE ->
          Projection.builder()
              .projectionType(ProjectionType.INCLUDE)
              .nonKeyAttributes(new TreeSet<>(projection.attributes()))
              .build();
    };
  }

  static IndexProjection projection(Projection projection) {
    return switch (projection.projectionType()) {
      case KEYS_ONLY -> IndexProjection.keysOnly();
      case INCLUDE -> IndexProjection.include(projection.nonKeyAttributes().toArray(String[]::new));
      default -> IndexProjection.all();
    };
  }

  /** What a provisioned throughput begins with; what scales it goes up from its minimum. */
  static ProvisionedThroughput units(Throughput throughput) {
    return ProvisionedThroughput.builder()
        .readCapacityUnits(throughput.reads().orElseThrow().minimum())
        .writeCapacityUnits(throughput.writes().orElseThrow().minimum())
        .build();
  }

  static StreamViewType view(ChangeImages images) {
    return switch (images) {
      case KEYS_ONLY -> StreamViewType.KEYS_ONLY;
      case NEW -> StreamViewType.NEW_IMAGE;
      case OLD -> StreamViewType.OLD_IMAGE;
      case NEW_AND_OLD -> StreamViewType.NEW_AND_OLD_IMAGES;
    };
  }

  static ChangeImages images(StreamViewType view) {
    return switch (view) {
      case KEYS_ONLY -> ChangeImages.KEYS_ONLY;
      case NEW_IMAGE -> ChangeImages.NEW;
      case OLD_IMAGE -> ChangeImages.OLD;
      default -> ChangeImages.NEW_AND_OLD;
    };
  }
}
