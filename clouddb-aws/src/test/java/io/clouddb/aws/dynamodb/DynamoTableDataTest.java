/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.DynamoTestTable.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.spi.table.TableData;
import io.clouddb.spi.table.TableData.Items;
import io.clouddb.table.AttributePath;
import io.clouddb.table.Condition;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Item;
import io.clouddb.table.ItemConditionFailedException;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.Table;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Transaction;
import io.clouddb.table.TransactionConditionFailedException;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.assertj.core.util.Throwables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The data of a table, by the SDK, over the wire, in the simulated DynamoDB. */
class DynamoTableDataTest {
  private static DynamoTestTable table;
  private static TableData data;

  @BeforeAll
  static void start() {
    table = new DynamoTestTable();
    data = table.data;
  }

  @AfterAll
  static void stop() {
    table.close();
  }

  private static Item.Builder item(String pk, String sk) {
    return Item.builder().set("pk", pk).set("sk", sk);
  }

  private static Item everything(String pk) {
    return item(pk, "all")
        .set("text", "grün 🙂 \u0000 \"quoted\"")
        .set("empty", "")
        .set("number", new BigDecimal("12345678901234567890123456789012345678"))
        .set("small", new BigDecimal("-1.5E-130"))
        .set("large", new BigDecimal("9.9E+125"))
        .set("hundred", 100)
        .set("yes", true)
        .set("nothing", Value.ofNull())
        .set("bytes", new byte[] {0, -1, 127})
        .set("noBytes", new byte[0])
        .set("list", Value.list(Value.of(1), Value.list(), Value.map(Map.of())))
        .set("map", Value.map(Map.of("a.b", Value.of("c"), "n", Value.ofNull())))
        .set("texts", Value.textSet(List.of("a", "b")))
        .set("numbers", Value.numberSet(List.of(BigDecimal.ONE, new BigDecimal("2.50"))))
        .set("binaries", Value.binarySet(List.of(new byte[] {1}, new byte[] {2, 3})))
        .build();
  }

  @Test
  void anItemComesBackAsItWasWritten() {
    Item item = everything("round");
    await(data.put(item, null));
    assertThat(await(data.get(ItemKey.of("round", "all"), true))).contains(item);
    assertThat(await(data.get(ItemKey.of("round", "none"), false))).isEmpty();
  }

  @Test
  void theSdkReadsTheSame() {
    await(data.put(everything("raw"), null));
    Map<String, AttributeValue> raw =
        table
            .client
            .getItem(
                get ->
                    get.tableName("app")
                        .key(
                            Map.of(
                                "pk", AttributeValue.fromS("raw"),
                                "sk", AttributeValue.fromS("all"))))
            .join()
            .item();
    assertThat(raw)
        .containsEntry("hundred", AttributeValue.fromN("100"))
        .containsEntry("nothing", AttributeValue.fromNul(true))
        .containsEntry(
            "map",
            AttributeValue.fromM(
                Map.of("a.b", AttributeValue.fromS("c"), "n", AttributeValue.fromNul(true))))
        .containsEntry("texts", AttributeValue.fromSs(List.of("a", "b")));
  }

  @Test
  void aConditionThatFailsSaysWhichItemIsThere() {
    Item there = item("failed", "1").set("secret", "hunter2").build();
    await(data.put(there, Condition.notExists()));
    ItemConditionFailedException failed =
        catchThrowableOfType(
            ItemConditionFailedException.class,
            () -> await(data.put(item("failed", "1").build(), Condition.notExists())));
    assertThat(failed.item()).contains(there);
    assertThat(failed.details().operation()).contains("dynamodb.PutItem");
    assertThat(failed.details().resource()).contains("app in us-east-1");
    assertThat(failed.details().outcomeKnown()).isTrue();
    assertThat(failed).hasMessageNotContaining("hunter2");
    assertThat(serialized(failed)).doesNotContain("hunter2");
    assertThat(failed.getCause())
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            cause -> assertThat(cause.awsErrorDetails().rawResponse()).isNull());
    ItemConditionFailedException nothing =
        catchThrowableOfType(
            ItemConditionFailedException.class,
            () -> await(data.delete(ItemKey.of("failed", "2"), Condition.exists())));
    assertThat(nothing.item()).isEmpty();
  }

  private static String serialized(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void anUpdateChangesSingleAttributesAndGivesTheItem() {
    ItemKey key = ItemKey.of("update", "1");
    await(
        data.put(
            item("update", "1")
                .set("a", 1)
                .set("tags", Value.textSet(List.of("x", "y")))
                .set("doc", Value.map(Map.of("list", Value.list(Value.of("a"), Value.of("b")))))
                .build(),
            null));
    Item after =
        await(
            data.update(
                key,
                Update.of()
                    .set("status", Value.of("PAID"))
                    .add("a", 4)
                    .add("new", new BigDecimal("0.5"))
                    .addToSet("tags", Value.textSet(List.of("z")))
                    .set(AttributePath.of("doc").member("list").element(1), Value.of(true)),
                Condition.attribute("a").equalTo(1)));
    assertThat(after)
        .isEqualTo(
            item("update", "1")
                .set("a", 5)
                .set("new", new BigDecimal("0.5"))
                .set("status", "PAID")
                .set("tags", Value.textSet(List.of("x", "y", "z")))
                .set("doc", Value.map(Map.of("list", Value.list(Value.of("a"), Value.of(true)))))
                .build());
    after =
        await(
            data.update(
                key,
                Update.of()
                    .remove("doc")
                    .remove("new")
                    .removeFromSet("tags", Value.textSet(List.of("x", "y", "z"))),
                null));
    assertThat(after).isEqualTo(item("update", "1").set("a", 5).set("status", "PAID").build());
    assertThat(await(data.get(key, true))).contains(after);
  }

  @Test
  void anUpdateMakesAnItemAndCountsInParts() {
    ItemKey key = ItemKey.of("counted", "1");
    assertThat(
            await(data.update(key, Update.of().set("map", Value.map(Map.of())), null)).has("map"))
        .isTrue();
    Update count =
        Update.of(
            List.of(
                new Update.AddNumber(
                    AttributePath.of("map").member("visits"), new Value.Num(BigDecimal.ONE))));
    await(data.update(key, count, null));
    assertThat(await(data.update(key, count, null)).get("map"))
        .contains(Value.map(Map.of("visits", Value.of(2))));
  }

  @Test
  void aDeletionGivesWhatWasThere() {
    Item there = item("deleted", "1").set("a", 1).build();
    await(data.put(there, null));
    ItemKey key = ItemKey.of("deleted", "1");
    assertThat(await(data.delete(key, Condition.attribute("a").equalTo(1)))).contains(there);
    assertThat(await(data.delete(key, null))).isEmpty();
  }

  private static void fill(String pk, int count) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          item(pk, String.format("%03d", i))
              .set("n", i)
              .set("group", pk)
              .set("rank", i % 5)
              .set("at", new byte[] {(byte) (count - i)})
              .build());
    }
    for (int from = 0; from < count; from += 25) {
      assertThat(await(data.putBatch(items.subList(from, Math.min(count, from + 25))))).isEmpty();
    }
  }

  private static List<Item> allPages(Function<@Nullable String, Items> pages) {
    List<Item> all = new ArrayList<>();
    String position = null;
    do {
      Items page = pages.apply(position);
      all.addAll(page.items());
      position = page.position();
    } while (position != null);
    return all;
  }

  private static List<Long> numbers(Query query, int most) {
    return allPages(position -> await(data.query(query, position, most))).stream()
        .map(i -> i.longValue("n"))
        .toList();
  }

  @Test
  void queriesGoOverPagesInOrder() {
    fill("query", 12);
    assertThat(numbers(Query.partition("query"), 5))
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    assertThat(numbers(Query.partition("query").descending().consistent(), 5))
        .startsWith(11L, 10L)
        .hasSize(12);
    assertThat(numbers(Query.partition("query").sortBeginsWith("01"), 0)).containsExactly(10L, 11L);
    assertThat(numbers(Query.partition("query").sortBetween(Value.of("003"), Value.of("005")), 2))
        .containsExactly(3L, 4L, 5L);
    assertThat(
            numbers(Query.partition("query").sort(Condition.Comparison.LESS, Value.of("002")), 0))
        .containsExactly(0L, 1L);
    assertThat(numbers(Query.partition("query").sortEquals(Value.of("007")), 0))
        .containsExactly(7L);
    assertThat(
            numbers(
                Query.partition("query").filter(Condition.attribute("n").atLeast(Value.of(9))), 4))
        .containsExactly(9L, 10L, 11L);
  }

  @Test
  void queriesOfIndexesGoOverPagesInTheirOrder() {
    fill("index", 12);
    assertThat(numbers(Query.index("gsi1").partition("index"), 3))
        .hasSize(12)
        .isSortedAccordingTo((a, b) -> Long.compare(a % 5, b % 5));
    assertThat(numbers(Query.index("lsi1").partition("index").consistent(), 5))
        .startsWith(11L, 10L)
        .hasSize(12);
    assertThatThrownBy(
            () -> await(data.query(Query.index("gsi1").partition("index").consistent(), null, 0)))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("gsi1");
    assertThatThrownBy(() -> await(data.query(Query.index("gsi2").partition("index"), null, 0)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("no index 'gsi2'");
  }

  @Test
  void aFilterSpeaksOfNoKey() {
    for (Condition filter :
        List.of(
            Condition.exists(),
            Condition.attribute("sk").beginsWith("a"),
            Condition.not(
                Condition.any(
                    Condition.attribute("a").exists(), Condition.attribute("pk").exists())))) {
      assertThatThrownBy(() -> await(data.query(Query.partition("p").filter(filter), null, 0)))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("range");
    }
  }

  @Test
  void segmentsOfAScanAreAllOfIt() {
    fill("scan", 30);
    Condition filter = Condition.attribute("pk").equalTo("scan");
    Scan scan = Scan.all().segments(4).pageSize(7).filter(filter).consistent();
    Set<Long> found = new HashSet<>();
    for (int segment = 0; segment < 4; segment++) {
      int its = segment;
      allPages(position -> await(data.scan(scan, its, position)))
          .forEach(item -> assertThat(found.add(item.longValue("n"))).isTrue());
    }
    assertThat(found).hasSize(30);
    assertThat(allPages(p -> await(data.scan(Scan.all().index("gsi1").filter(filter), 0, p))))
        .hasSize(30);
  }

  @Test
  void aPositionOfSomethingElseIsRefused() {
    for (String position :
        List.of("", "S1:a", "S1:aS1:bS1:c", "N1:1S1:b", "S9999:aS1:b", "S0:S0:")) {
      assertThatThrownBy(() -> await(data.query(Query.partition("p"), position, 0)))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("position");
    }
  }

  @Test
  void batchesWriteReadAndDelete() {
    fill("batch", 25);
    List<ItemKey> keys = new ArrayList<>();
    for (int i = 0; i < 26; i++) {
      keys.add(ItemKey.of("batch", String.format("%03d", i)));
    }
    TableData.Read read = await(data.getBatch(keys, true));
    assertThat(read.found()).hasSize(25);
    assertThat(read.unread()).isEmpty();
    assertThat(await(data.deleteBatch(keys.subList(0, 25)))).isEmpty();
    assertThat(await(data.getBatch(keys, true)).found()).isEmpty();
  }

  @Test
  void aBatchOfMoreThanTheAnswerTakesLeavesKeysUnread() {
    List<ItemKey> keys = new ArrayList<>();
    Map<ItemKey, Item> items = new LinkedHashMap<>();
    for (int i = 0; i < 50; i++) {
      Item item = item("large", "" + i).set("text", "x".repeat(390 * 1024)).build();
      keys.add(ItemKey.of("large", "" + i));
      items.put(keys.get(i), item);
    }
    for (int from = 0; from < 50; from += 25) {
      List<Item> unwritten =
          await(data.putBatch(List.copyOf(items.values()).subList(from, from + 25)));
      while (!unwritten.isEmpty()) {
        unwritten = await(data.putBatch(unwritten));
      }
    }
    TableData.Read read = await(data.getBatch(keys, true));
    assertThat(read.unread()).isNotEmpty().isSubsetOf(keys);
    assertThat(read.found()).hasSize(50 - read.unread().size());
    assertThat(await(data.getBatch(read.unread(), true)).found()).isNotEmpty();
    assertThat(await(data.deleteBatch(keys.subList(0, 25)))).isEmpty();
    assertThat(await(data.deleteBatch(keys.subList(25, 50)))).isEmpty();
  }

  @Test
  void aTransactionHappensOrDoesNot() {
    Item stock = item("tx", "stock").set("count", 1).build();
    await(data.put(stock, null));
    await(data.put(item("tx", "old").build(), null));
    Transaction order =
        Transaction.of()
            .put(item("tx", "order").build(), Condition.notExists())
            .update(
                ItemKey.of("tx", "stock"),
                Update.of().add("count", -1),
                Condition.attribute("count").atLeast(Value.of(1)))
            .delete(ItemKey.of("tx", "old"))
            .check(ItemKey.of("tx", "user"), Condition.notExists());
    await(data.transact(order));
    assertThat(await(data.get(ItemKey.of("tx", "old"), true))).isEmpty();
    assertThat(await(data.get(ItemKey.of("tx", "stock"), true)).orElseThrow().longValue("count"))
        .isZero();
    TransactionConditionFailedException failed =
        catchThrowableOfType(
            TransactionConditionFailedException.class, () -> await(data.transact(order)));
    assertThat(failed.details().category()).isEqualTo(ErrorCategory.CONDITION_FAILED);
    assertThat(failed.failures())
        .containsExactly(
            new TransactionConditionFailedException.Failure(0, item("tx", "order").build()),
            new TransactionConditionFailedException.Failure(
                1, item("tx", "stock").set("count", 0).build()));
    assertThat(serialized(failed)).doesNotContain("stock");
  }

  @Test
  void whatIsTooLargeIsRefusedBefore() {
    Table open = table.open();
    int before = table.aws.requests().size();
    Item large = item("size", "1").set("text", "ä".repeat(205_000)).build();
    assertThatThrownBy(() -> open.put(large))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("409600");
    assertThatThrownBy(() -> open.putAll(List.of(item("size", "0").build(), large)))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> open.get(ItemKey.of("x".repeat(2049), "1")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("'pk'");
    assertThatThrownBy(() -> open.get(ItemKey.of("1", "x".repeat(1025))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("'sk'");
    Item deep = item("size", "1").set("deep", deep(33)).build();
    assertThatThrownBy(() -> open.put(deep))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("'deep'");
    Transaction many = Transaction.of();
    Transaction heavy = Transaction.of();
    for (int i = 0; i < 101; i++) {
      many = many.put(item("size", "" + i).build());
    }
    for (int i = 0; i < 11; i++) {
      heavy = heavy.put(item("size", "" + i).set("text", "x".repeat(400_000)).build());
    }
    Transaction tooMany = many;
    assertThatThrownBy(() -> open.transact(tooMany))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("the cloud takes 100");
    Transaction tooHeavy = heavy;
    assertThatThrownBy(() -> open.transact(tooHeavy))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("4194304");
    assertThat(table.aws.requests().size()).isEqualTo(before);
  }

  @Test
  void theLargestIsTaken() {
    Table open = table.open();
    String partition = "x".repeat(2048);
    String sort = "é".repeat(512);
    int rest = 400 * 1024 - 2048 - 1024 - "pksktextdeep".length();
    Value deepest = deep(31);
    Item largest =
        Item.builder()
            .set("pk", partition)
            .set("sk", sort)
            .set("deep", deepest)
            .set("text", "x".repeat(rest - 31 * 4 - 1))
            .build();
    open.putAll(List.of(largest));
    assertThat(open.get(ItemKey.of(partition, sort))).contains(largest);
    assertThatThrownBy(() -> open.put(largest.toBuilder().set("t", "").build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("409601");
  }

  private static Value deep(int levels) {
    Value value = Value.of("x");
    for (int i = 0; i < levels; i++) {
      value = Value.list(value);
    }
    return value;
  }

  @Test
  void aTableThatIsConsistentEverywhereHasNoTransactions() {
    GlobalTableSpec spec =
        GlobalTableSpec.builder(
                "app", Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING))
            .region(TableRegion.of("us-east-1"))
            .region(TableRegion.of("us-east-2"))
            .region(TableRegion.of("us-west-2"))
            .consistency(TableConsistency.GLOBAL)
            .build();
    TableData global = table.data(spec);
    assertThat(global.limits().transactionActions()).isZero();
    assertThatThrownBy(() -> await(global.transact(Transaction.of().put(item("a", "b").build()))))
        .isInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void aTableThatIsNotThereIsSaidSo() {
    TableData none = table.data(GlobalTableSpec.builder("none", SPEC_KEY).build());
    assertThatThrownBy(() -> await(none.get(ItemKey.of("a", "b"), false)))
        .isInstanceOf(NotFoundException.class);
  }

  private static final Key SPEC_KEY =
      Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING);

  @Test
  void whatTheServiceQuotesIsNotShown() {
    assertThatThrownBy(
            () ->
                await(
                    data.query(
                        Query.partition("p").sortBetween(Value.of("zulu"), Value.of("alpha")),
                        null,
                        0)))
        .isInstanceOf(InvalidArgumentException.class)
        .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("zulu", "alpha"));
  }
}
