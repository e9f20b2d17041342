/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.backup.Backup;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.TableStream;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeySchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a table is restored by: not its stream, its time to live, its tags, its class and its
 * protection, which the service loses, too.
 *
 * @param arn ARN of the table it is of
 * @param keys its key
 * @param indexes its indexes
 * @param onDemand how it is paid
 * @param reads provisioned; 0 on demand
 * @param writes provisioned; 0 on demand
 * @param indexUnits the same of each global index
 * @param limits its limits on demand
 * @param key the key that encrypts it; null for none that anybody sees
 */
record TableBlueprint(
    String arn,
    KeySchema keys,
    List<IndexDefinition> indexes,
    boolean onDemand,
    long reads,
    long writes,
    Map<String, Units> indexUnits,
    OnDemandLimits limits,
    @Nullable String key)
    implements Backup.Blueprint {

  /** What an index has. */
  record Units(long reads, long writes) {}

  static TableBlueprint of(ManagedTable table) {
    List<IndexDefinition> indexes = new ArrayList<>();
    for (IndexDefinition index : table.table().definition().indexes()) {
      if (!index.global()) {
        indexes.add(index);
      }
    }
    Map<String, Units> units = new LinkedHashMap<>();
    for (ManagedIndex index : table.indexes().values()) {
      indexes.add(index.definition());
      units.put(index.name(), new Units(index.throughput().read(), index.throughput().write()));
    }
    return new TableBlueprint(
        table.table().arn(),
        table.keys(),
        indexes,
        table.isOnDemand(),
        table.throughput().read(),
        table.throughput().write(),
        units,
        table.limits(),
        table.encryption().key());
  }

  /** What descriptions of a backup say of its table. */
  static ObjectNode source(ManagedTable table) {
    ObjectNode source =
        JsonNodeFactory.instance
            .objectNode()
            .put("TableName", table.name())
            .put("TableId", table.table().id())
            .put("TableArn", table.table().arn())
            .put("TableSizeBytes", table.statistics().ofTable().bytes());
    Json.keys(source, table.keys());
    source.put("TableCreationDateTime", Json.seconds(table.table().created()));
    units(source, table.throughput());
    if (!table.limits().isEmpty()) {
      source.set("OnDemandThroughput", table.limits().described());
    }
    return source
        .put("ItemCount", table.statistics().ofTable().items())
        .put("BillingMode", table.isOnDemand() ? "PAY_PER_REQUEST" : "PROVISIONED");
  }

  private static void units(ObjectNode into, Throughput throughput) {
    into.putObject("ProvisionedThroughput")
        .put("ReadCapacityUnits", throughput.read())
        .put("WriteCapacityUnits", throughput.write());
  }

  /** What descriptions of a backup say of its table's features. */
  static ObjectNode features(ManagedTable table, Instant now) {
    ObjectNode features = JsonNodeFactory.instance.objectNode();
    ArrayNode locals = JsonNodeFactory.instance.arrayNode();
    for (IndexDefinition index : table.table().definition().indexes()) {
      if (!index.global()) {
        index(locals.addObject(), index);
      }
    }
    if (!locals.isEmpty()) {
      features.set("LocalSecondaryIndexes", locals);
    }
    if (!table.indexes().isEmpty()) {
      ArrayNode globals = features.putArray("GlobalSecondaryIndexes");
      for (ManagedIndex index : table.indexes().values()) {
        ObjectNode one = globals.addObject();
        index(one, index.definition());
        units(one, index.throughput());
      }
    }
    TableStream stream = table.stream();
    if (stream != null) {
      features
          .putObject("StreamDescription")
          .put("StreamEnabled", true)
          .put("StreamViewType", stream.view().name());
    }
    if (table.timeToLive().isEnabled()) {
      features.set("TimeToLiveDescription", table.timeToLive().described(now));
    }
    ObjectNode encryption = table.encryption().described();
    if (encryption != null) {
      features.set("SSEDescription", encryption);
    }
    return features;
  }

  private static void index(ObjectNode into, IndexDefinition index) {
    into.put("IndexName", index.name());
    Json.keys(into, index.keys());
    Json.projection(into, index);
  }
}
