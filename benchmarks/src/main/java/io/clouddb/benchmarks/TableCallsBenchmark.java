/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.ItemType;
import io.clouddb.table.Query;
import io.clouddb.table.TypedTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbAsyncTable;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedAsyncClient;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A put, a get and a page of a query: by the table, by objects of a class, and at the same endpoint
 * by the SDK and by the SDK's own client for objects. Each makes what it sends of the same values.
 */
final class TableCallsBenchmark implements Benchmark {
  private static final int PAGE = 50;

  /** A second's noise is as long as a thousand calls. */
  private static final int PARTS = 20;

  private static final String TEXT = "x".repeat(200);
  private static final AttributeValue NONE = AttributeValue.fromS("");

  /** What is stored. */
  record Order(String user, String id, String text, long total) {}

  @Override
  public String name() {
    return "table-calls";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    int calls = (int) scale.of(20_000, 3_000, 200);
    try (TableServer server = new TableServer()) {
      TypedTable<Order> orders =
          server.table.typed(
              ItemType.of(Order.class).key("pk", "USER#{user}").key("sk", "ORDER#{id}"));
      DynamoDbAsyncTable<EnhancedOrder> beans =
          DynamoDbEnhancedAsyncClient.builder()
              .dynamoDbClient(server.raw)
              .build()
              .table(TableServer.TABLE, TableSchema.fromBean(EnhancedOrder.class));
      for (int i = 0; i < PAGE; i++) {
        orders.put(order(i));
      }
      race(
          report,
          scale,
          calls,
          "Put of an item of 250 bytes",
          i -> server.table.put(item(i)),
          i -> orders.put(order(i)),
          i -> {
            beans.putItem(EnhancedOrder.of("1", number(i), TEXT, i)).join();
            return true;
          },
          i ->
              server
                  .raw
                  .putItem(put -> put.tableName(TableServer.TABLE).item(attributes(i)))
                  .join());
      race(
          report,
          scale,
          calls,
          "Get of an item of 250 bytes",
          i -> server.table.get(ItemKey.of("USER#1", sort(i))).orElseThrow().text("text"),
          i -> orders.get(ItemKey.of("USER#1", sort(i))).orElseThrow().text(),
          i ->
              beans
                  .getItem(
                      software.amazon.awssdk.enhanced.dynamodb.Key.builder()
                          .partitionValue("USER#1")
                          .sortValue(sort(i))
                          .build())
                  .join()
                  .getText(),
          i ->
              server
                  .raw
                  .getItem(get -> get.tableName(TableServer.TABLE).key(key(i)))
                  .join()
                  .item()
                  .getOrDefault("text", NONE)
                  .s());
      race(
          report,
          scale,
          calls / 4,
          "Page of " + PAGE + " items of a query, of each of which a text is read",
          i ->
              server.table.page(Query.partition("USER#1").pageSize(PAGE), null).items().stream()
                  .mapToInt(item -> item.text("text").length())
                  .sum(),
          i ->
              orders.query(Query.partition("USER#1").limit(PAGE)).stream()
                  .mapToInt(order -> order.text().length())
                  .sum(),
          i -> {
            List<EnhancedOrder> page = new ArrayList<>();
            beans
                .query(
                    query ->
                        query
                            .limit(PAGE)
                            .queryConditional(
                                QueryConditional.keyEqualTo(key -> key.partitionValue("USER#1"))))
                .limit(1)
                .subscribe(its -> page.addAll(its.items()))
                .join();
            return page.stream().mapToInt(order -> order.getText().length()).sum();
          },
          i ->
              server
                  .raw
                  .query(
                      query ->
                          query
                              .tableName(TableServer.TABLE)
                              .limit(PAGE)
                              .keyConditionExpression("pk = :pk")
                              .expressionAttributeValues(
                                  Map.of(":pk", AttributeValue.fromS("USER#1"))))
                  .join()
                  .items()
                  .stream()
                  .mapToInt(item -> item.getOrDefault("text", NONE).s().length())
                  .sum());
    }
  }

  private interface Call {
    Object make(int i);
  }

  private static void race(
      Report report,
      Scale scale,
      int calls,
      String title,
      Call table,
      Call typed,
      Call enhanced,
      Call raw)
      throws Exception {
    Map<String, Call> plain = new LinkedHashMap<>();
    plain.put("table", table);
    plain.put("SDK", raw);
    race(report, scale, calls, title, plain);
    Map<String, Call> objects = new LinkedHashMap<>();
    objects.put("objects", typed);
    objects.put("SDK's objects", enhanced);
    objects.put("SDK", raw);
    race(report, scale, calls, title + ", as objects", objects);
  }

  private static void race(
      Report report, Scale scale, int calls, String title, Map<String, Call> calling)
      throws Exception {
    Map<String, List<Double>> allocated = new LinkedHashMap<>();
    Contestants contestants = new Contestants();
    calling.forEach(
        (name, call) -> contestants.add(name, () -> all(calls / PARTS, call, allocated, name)));
    Standings standings = contestants.inParts(scale.rounds(), PARTS);
    report.race(title + ", " + calls + " times", standings);
    List<List<String>> rows = new ArrayList<>();
    double sdk = median(allocated.getOrDefault("SDK", List.of()));
    allocated.forEach(
        (contestant, bytes) ->
            rows.add(
                List.of(
                    contestant,
                    String.format(Locale.ROOT, "%.0f", median(bytes)),
                    String.format(Locale.ROOT, "%.2f", median(bytes) / sdk))));
    report.table(
        title + ": allocated by a call", List.of("contestant", "bytes", "of the SDK's"), rows);
  }

  private static void all(
      int calls, Call call, Map<String, List<Double>> allocated, String contestant) {
    long before = Allocations.bytes();
    for (int i = 0; i < calls; i++) {
      if (call.make(i % PAGE) == null) {
        throw new IllegalStateException("No answer to call " + i);
      }
    }
    allocated
        .computeIfAbsent(contestant, name -> new ArrayList<>())
        .add((Allocations.bytes() - before) / (double) calls);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static Order order(int i) {
    return new Order("1", number(i), TEXT, i);
  }

  private static String number(int i) {
    return String.format(Locale.ROOT, "%03d", i);
  }

  private static String sort(int i) {
    return "ORDER#" + number(i);
  }

  private static Item item(int i) {
    return Item.builder()
        .set("pk", "USER#1")
        .set("sk", sort(i))
        .set("user", "1")
        .set("id", number(i))
        .set("text", TEXT)
        .set("total", i)
        .build();
  }

  private static Map<String, AttributeValue> key(int i) {
    Map<String, AttributeValue> key = new LinkedHashMap<>();
    key.put("pk", AttributeValue.fromS("USER#1"));
    key.put("sk", AttributeValue.fromS(sort(i)));
    return key;
  }

  private static Map<String, AttributeValue> attributes(int i) {
    Map<String, AttributeValue> all = key(i);
    all.put("user", AttributeValue.fromS("1"));
    all.put("id", AttributeValue.fromS(number(i)));
    all.put("text", AttributeValue.fromS(TEXT));
    all.put("total", AttributeValue.fromN(Integer.toString(i)));
    return all;
  }
}
