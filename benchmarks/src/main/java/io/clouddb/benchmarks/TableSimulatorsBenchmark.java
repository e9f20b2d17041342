/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Puts, gets and queries by the SDK's asynchronous client, 32 at a time: our simulator beside
 * dynalite and moto, each a process of its own on the machine on which the client is, too.
 */
final class TableSimulatorsBenchmark implements Benchmark {
  private static final int AT_A_TIME = 32;
  private static final int ITEMS = 1_000;
  private static final int PARTITIONS = 100;
  private static final String TEXT = "x".repeat(200);

  @Override
  public String name() {
    return "table-simulators";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    int calls = (int) scale.of(5_000, 1_000, 100);
    Map<String, TablePeer> peers = new LinkedHashMap<>();
    try {
      peers.put("clouddb", TablePeer.clouddb());
      for (TablePeer.Program program : TablePeer.Program.values()) {
        if (Programs.installed(program.command())) {
          peers.put(program.name().toLowerCase(Locale.ROOT), TablePeer.start(program));
        } else {
          report.skipped(program.command());
        }
      }
      for (TablePeer peer : peers.values()) {
        all(peer.client, ITEMS, TableSimulatorsBenchmark::put);
      }
      race(
          report,
          scale,
          "Puts of an item of 250 bytes",
          calls,
          peers,
          TableSimulatorsBenchmark::put);
      race(
          report,
          scale,
          "Gets of an item of 250 bytes",
          calls,
          peers,
          TableSimulatorsBenchmark::get);
      race(
          report, scale, "Queries of 10 such items", calls, peers, TableSimulatorsBenchmark::query);
    } finally {
      peers.values().forEach(TablePeer::close);
    }
  }

  /** One request, of which the future has how many items it wrote or found. */
  private interface Call {
    CompletableFuture<Integer> make(DynamoDbAsyncClient client, int i);
  }

  private static void race(
      Report report, Scale scale, String title, int calls, Map<String, TablePeer> peers, Call call)
      throws Exception {
    Contestants contestants = new Contestants();
    peers.forEach((name, peer) -> contestants.add(name, () -> all(peer.client, calls, call)));
    report.race(title + ", " + calls + " times", contestants.race(scale.rounds(), () -> {}));
  }

  private static void all(DynamoDbAsyncClient client, int calls, Call call) throws Exception {
    Semaphore free = new Semaphore(AT_A_TIME);
    List<CompletableFuture<Integer>> sent = new ArrayList<>(calls);
    for (int i = 0; i < calls; i++) {
      free.acquire();
      sent.add(call.make(client, i % ITEMS).whenComplete((items, failure) -> free.release()));
    }
    for (CompletableFuture<Integer> answer : sent) {
      if (answer.join() == 0) {
        throw new IllegalStateException("Nothing was there");
      }
    }
  }

  private static CompletableFuture<Integer> put(DynamoDbAsyncClient client, int i) {
    Map<String, AttributeValue> item = new LinkedHashMap<>(key(i));
    item.put("text", AttributeValue.fromS(TEXT));
    item.put("total", AttributeValue.fromN(Integer.toString(i)));
    return client
        .putItem(put -> put.tableName(TableServer.TABLE).item(item))
        .thenApply(answer -> 1);
  }

  private static CompletableFuture<Integer> get(DynamoDbAsyncClient client, int i) {
    return client
        .getItem(get -> get.tableName(TableServer.TABLE).key(key(i)))
        .thenApply(answer -> answer.hasItem() ? 1 : 0);
  }

  private static CompletableFuture<Integer> query(DynamoDbAsyncClient client, int i) {
    return client
        .query(
            query ->
                query
                    .tableName(TableServer.TABLE)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", partition(i))))
        .thenApply(answer -> answer.items().size());
  }

  private static Map<String, AttributeValue> key(int i) {
    return Map.of(
        "pk", partition(i), "sk", AttributeValue.fromS(String.format(Locale.ROOT, "%04d", i)));
  }

  private static AttributeValue partition(int i) {
    return AttributeValue.fromS("P#" + i % PARTITIONS);
  }
}
