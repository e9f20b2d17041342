/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.streams;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.Change;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.SizeRule;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.Value;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change in a stream.
 *
 * @param number its place in the stream
 * @param change what has happened
 */
record StreamEntry(long number, Change change) {
  /** Sequence numbers have at least this many digits, of which the first is no zero. */
  private static final long DIGITS = 20;

  /** A place in a stream as the service writes it. */
  static String sequence(long number) {
    return "1" + String.format("%0" + DIGITS + "d", number);
  }

  /** The place that is written so, or -1. */
  static long number(String sequence) {
    if (sequence.length() != DIGITS + 1 || !sequence.matches("1[0-9]+")) {
      return -1;
    }
    try {
      return Long.parseLong(sequence.substring(1));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** The record as the service writes it. */
  ObjectNode record(TableStream stream, KeySchema keys, SizeRule sizes) {
    StoredItem before = change.before();
    StoredItem after = change.after();
    ObjectNode record =
        JsonNodeFactory.instance
            .objectNode()
            .put("eventID", id(stream.arn()))
            .put("eventName", before == null ? "INSERT" : after == null ? "REMOVE" : "MODIFY")
            .put("eventVersion", "1.1")
            .put("eventSource", "aws:dynamodb")
            .put("awsRegion", stream.region());
    if (change.origin() == Change.Origin.EXPIRY) {
      record
          .putObject("userIdentity")
          .put("Type", "Service")
          .put("PrincipalId", "dynamodb.amazonaws.com");
    }
    ObjectNode data = record.putObject("dynamodb");
    // The service says it to the second.
    data.put("ApproximateCreationDateTime", change.at().getEpochSecond());
    Map<String, Value> key = keyOf(keys);
    data.set("Keys", ValueWriter.tree(key));
    long size = sizes.sizeOf(key);
    ViewType view = stream.view();
    size += image(data, "NewImage", view.showsNew() ? after : null);
    size += image(data, "OldImage", view.showsOld() ? before : null);
    data.put("SequenceNumber", sequence(number))
        .put("SizeBytes", size)
        .put("StreamViewType", view.name());
    return record;
  }

  private static int image(ObjectNode data, String member, @Nullable StoredItem item) {
    if (item == null) {
      return 0;
    }
    data.set(member, ValueWriter.tree(item.attributes()));
    return item.size();
  }

  private Map<String, Value> keyOf(KeySchema keys) {
    Map<String, Value> key = new LinkedHashMap<>();
    key.put(keys.partition().name(), change.key().partition());
    Value sort = change.key().sort();
    if (keys.sort() != null && sort != null) {
      key.put(keys.sort().name(), sort);
    }
    return key;
  }

  private String id(String stream) {
    String seed = stream + "/" + number;
    return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }
}
