/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.table.Item;
import io.clouddb.table.Scan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Many items at once: written by {@code putAll} and by the loop of batches that the SDK's
 * documentation has, and read in four segments by each.
 */
final class TableBulkBenchmark implements Benchmark {
  private static final int BATCH = 25;
  private static final int SEGMENTS = 4;
  private static final int SCANS = 10;
  private static final int PUT_PARTS = 3;

  /** The service answers in "single-digit milliseconds" (Amazon DynamoDB Developer Guide). */
  private static final Duration WAY = Duration.ofMillis(5);

  @Override
  public String name() {
    return "table-bulk";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    int count = (int) scale.of(100_000, 20_000, 500);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          Item.builder()
              .set("pk", "P#" + i % 100)
              .set("sk", "S#" + i)
              .set("n", i)
              .set("text", "x".repeat(100))
              .build());
    }
    try (TableServer far = new TableServer(WAY)) {
      report.race(
          "putAll of " + count + " items, each answer " + WAY.toMillis() + " ms later",
          puts(far, items).race(scale.rounds(), () -> {}));
    }
    try (TableServer server = new TableServer()) {
      report.race(
          "putAll of " + count + " items", puts(server, items).inParts(scale.rounds(), PUT_PARTS));
      report.race(
          "Scan of " + count + " items in " + SEGMENTS + " segments, " + SCANS + " times",
          new Contestants()
              .add("scan", () -> require(count, ours(server)))
              .add("SDK's parallel scan", () -> require(count, raw(server)))
              .inParts(scale.rounds(), SCANS));
    }
  }

  private static Contestants puts(TableServer server, List<Item> items) {
    return new Contestants()
        .add("putAll", () -> server.table.putAll(items))
        .add("SDK's batch loop", () -> batches(server, items.size()));
  }

  private static void require(long expected, long found) {
    if (expected != found) {
      throw new IllegalStateException(found + " items came instead of " + expected);
    }
  }

  private static void batches(TableServer server, int count) {
    for (int from = 0; from < count; from += BATCH) {
      List<WriteRequest> writes = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + BATCH); i++) {
        Map<String, AttributeValue> item =
            Map.of(
                "pk", AttributeValue.fromS("P#" + i % 100),
                "sk", AttributeValue.fromS("S#" + i),
                "n", AttributeValue.fromN(Integer.toString(i)),
                "text", AttributeValue.fromS("x".repeat(100)));
        writes.add(WriteRequest.builder().putRequest(put -> put.item(item)).build());
      }
      Map<String, List<WriteRequest>> left = Map.of(TableServer.TABLE, writes);
      while (!left.isEmpty()) {
        Map<String, List<WriteRequest>> now = left;
        BatchWriteItemResponse answer =
            server.raw.batchWriteItem(batch -> batch.requestItems(now)).join();
        left = answer.unprocessedItems();
      }
    }
  }

  private static long ours(TableServer server) {
    AtomicLong texts = new AtomicLong();
    try (Stream<Item> all = server.table.scan(Scan.all().segments(SEGMENTS))) {
      all.forEach(item -> texts.addAndGet(item.text("text").isEmpty() ? 0 : 1));
    }
    return texts.get();
  }

  private static long raw(TableServer server) {
    AtomicLong texts = new AtomicLong();
    CompletableFuture<?>[] segments = new CompletableFuture<?>[SEGMENTS];
    for (int segment = 0; segment < SEGMENTS; segment++) {
      int its = segment;
      segments[segment] =
          server
              .raw
              .scanPaginator(
                  scan -> scan.tableName(TableServer.TABLE).segment(its).totalSegments(SEGMENTS))
              .subscribe(
                  page ->
                      page.items()
                          .forEach(
                              item ->
                                  texts.addAndGet(
                                      item.getOrDefault("text", AttributeValue.fromS(""))
                                              .s()
                                              .isEmpty()
                                          ? 0
                                          : 1)));
    }
    CompletableFuture.allOf(segments).join();
    return texts.get();
  }
}
