/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.streams;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** The four actions of the streams' own service. */
public final class StreamActions {
  private static final long PAGE = 100;
  private static final int RECORDS = 1000;
  private static final int BYTES = 1 << 20;

  private final StreamCatalog streams;
  private final Clock clock;

  /**
   * Makes them.
   *
   * @param streams the streams
   * @param clock their time
   */
  public StreamActions(StreamCatalog streams, Clock clock) {
    this.streams = streams;
    this.clock = clock;
  }

  /**
   * {@code ListStreams}.
   *
   * @param region where
   * @param request its members
   * @return the answer
   */
  public ObjectNode list(String region, Members request) {
    String table = request.textOrNull("TableName");
    String after = request.textOrNull("ExclusiveStartStreamArn");
    long limit = Math.min(PAGE, request.whole("Limit", PAGE));
    List<TableStream> found =
        streams.in(
            region,
            stream ->
                (table == null || stream.table().equals(table))
                    && (after == null || stream.arn().compareTo(after) > 0));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode list = result.putArray("Streams");
    found.stream()
        .limit(limit)
        .forEach(
            stream ->
                list.addObject()
                    .put("StreamArn", stream.arn())
                    .put("TableName", stream.table())
                    .put("StreamLabel", stream.label()));
    if (found.size() > limit) {
      result.put("LastEvaluatedStreamArn", found.get((int) limit - 1).arn());
    }
    return result;
  }

  /**
   * {@code DescribeStream}.
   *
   * @param region where
   * @param request its members
   * @return the answer
   */
  public ObjectNode describe(String region, Members request) {
    TableStream stream = stream(region, request.text("StreamArn"));
    String after = request.textOrNull("ExclusiveStartShardId");
    Members filter = request.membersOrNull("ShardFilter");
    String parent = filter == null ? null : filter.textOrNull("ShardId");
    long limit = Math.min(PAGE, request.whole("Limit", PAGE));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ObjectNode described =
        result
            .putObject("StreamDescription")
            .put("StreamArn", stream.arn())
            .put("StreamLabel", stream.label())
            .put("StreamStatus", stream.status())
            .put("StreamViewType", stream.view().name())
            .put("CreationRequestDateTime", stream.created().toEpochMilli() / 1000.0)
            .put("TableName", stream.table());
    ArrayNode keys = described.putArray("KeySchema");
    String type = "HASH";
    for (KeyAttribute attribute : stream.keys().attributes()) {
      keys.addObject().put("AttributeName", attribute.name()).put("KeyType", type);
      type = "RANGE";
    }
    List<StreamShard> shards =
        stream.shards().stream()
            .filter(shard -> after == null || shard.id().compareTo(after) > 0)
            .filter(shard -> parent == null || parent.equals(shard.parent()))
            .toList();
    ArrayNode list = described.putArray("Shards");
    shards.stream().limit(limit).forEach(shard -> list.add(shard.described()));
    if (shards.size() > limit) {
      described.put("LastEvaluatedShardId", shards.get((int) limit - 1).id());
    }
    return result;
  }

  /**
   * {@code GetShardIterator}.
   *
   * @param region where
   * @param request its members
   * @return the answer
   */
  public ObjectNode iterator(String region, Members request) {
    TableStream stream = stream(region, request.text("StreamArn"));
    StreamShard shard = shard(stream, request.text("ShardId"));
    String type = request.text("ShardIteratorType");
    long from =
        switch (type) {
          case "TRIM_HORIZON" -> Math.max(shard.first(), shard.trimmed() + 1);
          case "LATEST" -> shard.closed() == null ? stream.next() : shard.last() + 1;
          case "AT_SEQUENCE_NUMBER" -> sequence(shard, request, type);
          default -> sequence(shard, request, type) + 1;
        };
    return JsonNodeFactory.instance
        .objectNode()
        .put(
            "ShardIterator",
            new StreamIterator(stream.arn(), shard.id(), from, clock.instant()).text());
  }

  private TableStream stream(String region, String arn) {
    TableStream stream = streams.get(region, arn);
    stream.settle();
    return stream;
  }

  private static StreamShard shard(TableStream stream, String id) {
    return stream
        .shard(id)
        .orElseThrow(
            () ->
                AwsError.badRequest(
                    "ResourceNotFoundException",
                    "Requested resource not found: Shard does not exist"));
  }

  private static long sequence(StreamShard shard, Members request, String type) {
    String text = request.textOrNull("SequenceNumber");
    if (text == null) {
      throw Validation.error(
          "The parameter 'SequenceNumber' is required when ShardIteratorType is " + type);
    }
    long number = StreamEntry.number(text);
    if (number < shard.first() || (shard.closed() != null && number > shard.ending())) {
      throw Validation.error(
          "Invalid SequenceNumber: " + text + " is not in the shard " + shard.id());
    }
    requireKept(shard, number);
    return number;
  }

  private static void requireKept(StreamShard shard, long number) {
    if (number <= shard.trimmed()) {
      throw AwsError.badRequest(
          "TrimmedDataAccessException",
          "The operation attempted to read past the oldest stream record in a shard.");
    }
  }

  /**
   * {@code GetRecords}.
   *
   * @param region where
   * @param request its members
   * @return the answer
   */
  public ObjectNode records(String region, Members request) {
    StreamIterator iterator = StreamIterator.of(request.text("ShardIterator"));
    Instant now = clock.instant();
    iterator.requireFresh(now);
    TableStream stream = stream(region, iterator.stream());
    StreamShard shard =
        stream
            .shard(iterator.shard())
            .orElseThrow(
                () ->
                    AwsError.badRequest(
                        "TrimmedDataAccessException",
                        "The operation attempted to read past the oldest stream record in a"
                            + " shard."));
    requireKept(shard, iterator.number());
    long limit = Math.min(RECORDS, request.whole("Limit", RECORDS));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode records = result.putArray("Records");
    long next = iterator.number();
    long bytes = 0;
    for (StreamEntry entry : stream.read(shard, next, (int) limit)) {
      ObjectNode record = entry.record(stream, stream.keys(), stream.sizes());
      bytes += record.path("dynamodb").path("SizeBytes").asLong();
      if (bytes > BYTES && !records.isEmpty()) {
        break;
      }
      records.add(record);
      next = entry.number() + 1;
    }
    if (shard.closed() == null || next <= shard.last()) {
      result.put("NextShardIterator", iterator.at(next, now).text());
    }
    return result;
  }
}
