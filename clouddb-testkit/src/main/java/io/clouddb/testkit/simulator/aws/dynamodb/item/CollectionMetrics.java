/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import com.fasterxml.jackson.core.JsonGenerator;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.Value;
import java.io.IOException;
import java.util.Set;

/** How large all items of one partition are, in a table that has local indexes. */
final class CollectionMetrics {
  private static final double GIGABYTE = 1L << 30;

  private CollectionMetrics() {}

  static boolean asked(Members members) {
    return "SIZE".equals(members.textOrNull("ReturnItemCollectionMetrics"));
  }

  static boolean has(DynamoTable table) {
    return table.definition().indexes().stream().anyMatch(index -> !index.global());
  }

  /** Writes an object, as which field the caller has said. */
  static void write(JsonGenerator json, DynamoTable table, Value partition) throws IOException {
    double size = Math.floor(table.items().collectionBytes(partition) / GIGABYTE);
    json.writeStartObject();
    json.writeObjectFieldStart("ItemCollectionKey");
    json.writeFieldName(table.definition().keys().partition().name());
    ValueWriter.write(json, partition);
    json.writeEndObject();
    json.writeArrayFieldStart("SizeEstimateRangeGB");
    json.writeNumber(size);
    json.writeNumber(size + 1);
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Tells of a table, if it has local indexes, in an object that is open. */
  static void write(JsonGenerator json, String asked, DynamoTable table, Set<Value> partitions)
      throws IOException {
    if (has(table)) {
      json.writeArrayFieldStart(asked);
      for (Value partition : partitions) {
        write(json, table, partition);
      }
      json.writeEndArray();
    }
  }
}
