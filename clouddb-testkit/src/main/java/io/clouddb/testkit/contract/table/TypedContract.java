/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.table.Condition;
import io.clouddb.table.ItemKey;
import io.clouddb.table.ItemType;
import io.clouddb.table.Query;
import io.clouddb.table.Transaction;
import io.clouddb.table.TransactionConditionFailedException;
import io.clouddb.table.TypedTable;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Objects of an application's class. */
abstract class TypedContract extends TableCases {
  /** A line of an order. */
  public record Line(String product, int count, BigDecimal price) {}

  /** An order. */
  public record Order(
      String user,
      String id,
      Instant at,
      BigDecimal total,
      List<Line> lines,
      Set<String> labels,
      Map<String, String> notes,
      boolean paid) {}

  private static final ItemType<Order> ORDERS =
      ItemType.of(Order.class).key("pk", "USER#{user}").key("sk", "ORDER#{id}");

  TypedContract(TableContract kit) {
    super(kit);
  }

  private static Order order(String user, int number) {
    return new Order(
        user,
        "%04d".formatted(number),
        Instant.parse("2026-01-02T03:04:05.678901Z"),
        new BigDecimal("12.34").add(BigDecimal.valueOf(number)),
        List.of(new Line("book", 2, new BigDecimal("6.17")), new Line("pen", 0, BigDecimal.ONE)),
        Set.of("new", "gift"),
        Map.of("a.b", "c"),
        number % 2 == 0);
  }

  @Test
  void areReadAsTheyWereWritten() {
    TypedTable<Order> orders = texts().typed(ORDERS);
    String user = newPartition();
    List<Order> all = IntStream.range(0, 30).mapToObj(i -> order(user, i)).toList();
    assertThat(orders.put(all.get(0), Condition.notExists())).isEqualTo(all.get(0));
    assertThat(orders.putAll(all)).isEqualTo(all);
    ItemKey key = orders.key(Map.of("user", user, "id", "0007"));
    assertThat(orders.get(key, true)).contains(all.get(7));
    assertThat(orders.getAll(List.of(key))).containsEntry(key, all.get(7));
    Query query = Query.partition("USER#" + user).sortBeginsWith("ORDER#").consistent();
    assertThat(orders.query(query.pageSize(7))).containsExactlyElementsOf(all);
    assertThat(orders.query(query.filter(Condition.attribute("paid").equalTo(true)))).hasSize(15);
    assertThat(orders.update(key, Update.of().add("total", 1)).total())
        .isEqualByComparingTo(all.get(7).total().add(BigDecimal.ONE));
    assertThat(orders.delete(key)).isPresent();
    assertThat(orders.get(key, true)).isEmpty();
  }

  @Test
  void areWrittenTogether() {
    TypedTable<Order> orders = texts().typed(ORDERS);
    String user = newPartition();
    Order kept = orders.put(order(user, 1));
    Order gone = orders.put(order(user, 2));
    Order made = order(user, 3);
    Transaction all =
        Transaction.of()
            .put(orders, made, Condition.notExists())
            .update(orders, ORDERS.keyOf(kept), Update.of().set("paid", Value.of(true)))
            .delete(orders, ORDERS.keyOf(gone), Condition.exists());
    texts().transact(all);
    assertThat(orders.get(ORDERS.keyOf(kept), true)).get().matches(Order::paid);
    assertThat(orders.get(ORDERS.keyOf(gone), true)).isEmpty();
    assertThat(orders.get(ORDERS.keyOf(made), true)).contains(made);
    assertThatThrownBy(() -> texts().transact(all))
        .isInstanceOf(TransactionConditionFailedException.class);
    Transaction unseen =
        Transaction.of()
            .update(orders, ORDERS.keyOf(order(user, 9)), Update.of().set("paid", Value.of(true)));
    assertThatThrownBy(() -> texts().transact(unseen))
        .as("an update makes no order")
        .isInstanceOf(TransactionConditionFailedException.class);
  }
}
