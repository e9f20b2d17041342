/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.Query;
import io.clouddb.table.Transaction;
import io.clouddb.table.TransactionConditionFailedException;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions: all of it, or nothing. They are within one partition, as some clouds need. */
abstract class TransactionContract extends TableCases {
  TransactionContract(TableContract kit) {
    super(kit);
  }

  @Test
  void doesAllOfIt() {
    String p = newPartition();
    texts().put(item(p, "changed").set("n", 1).build());
    texts().put(item(p, "deleted").build());
    Item checked = texts().put(item(p, "checked").set("ok", true).build());
    texts()
        .transact(
            Transaction.of()
                .put(item(p, "put").build(), Condition.notExists())
                .update(
                    key(p, "changed"),
                    Update.of().add("n", 1).set("x", Value.of("y")),
                    Condition.attribute("n").atLeast(Value.of(1)))
                .delete(key(p, "deleted"), Condition.exists())
                .check(key(p, "checked"), Condition.attribute("ok").equalTo(true))
                .update(key(p, "made"), Update.of().add("n", 5)));
    assertThat(texts().query(Query.partition(p).consistent()))
        .containsExactly(
            item(p, "changed").set("n", 2).set("x", "y").build(),
            checked,
            item(p, "made").set("n", 5).build(),
            item(p, "put").build());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void doesNothingWhenOneConditionFails(int failing) {
    String p = newPartition();
    Item there = texts().put(item(p, "there").set("n", 1).build());
    Condition wrong = Condition.attribute("n").equalTo(2);
    Condition right = Condition.attribute("n").equalTo(1);
    Transaction transaction = Transaction.of();
    for (int i = 0; i < 4; i++) {
      if (i == failing) {
        transaction =
            switch (i) {
              case 0 -> transaction.put(item(p, "there").build(), wrong);
              case 1 -> transaction.update(key(p, "there"), Update.of().add("n", 1), wrong);
              case 2 -> transaction.delete(key(p, "there"), wrong);
              default -> transaction.check(key(p, "there"), wrong);
            };
      } else {
        transaction = transaction.put(item(p, "other" + i).build());
      }
    }
    Transaction asked = transaction;
    assertThatThrownBy(() -> texts().transact(asked))
        .isInstanceOfSatisfying(
            TransactionConditionFailedException.class,
            e -> {
              assertThat(e.failures()).hasSize(1);
              assertThat(e.failures().get(0).action()).isEqualTo(failing);
              assertThat(e.failures().get(0).found()).contains(there);
              assertThat(e.details().outcomeKnown()).isTrue();
            });
    assertThat(texts().query(Query.partition(p).consistent())).containsExactly(there);
    texts().transact(Transaction.of().check(key(p, "there"), right));
  }

  @Test
  void saysOfItemsThatAreNotThere() {
    String p = newPartition();
    assertThatThrownBy(
            () ->
                texts()
                    .transact(
                        Transaction.of()
                            .put(item(p, "a").build())
                            .check(key(p, "missing"), Condition.exists())))
        .isInstanceOfSatisfying(
            TransactionConditionFailedException.class,
            e -> assertThat(e.failures().get(0).found()).isEmpty());
    assertThat(texts().query(Query.partition(p).consistent())).isEmpty();
  }

  @Test
  void takesAHundredActions() {
    String p = newPartition();
    Transaction transaction = Transaction.of();
    for (int i = 0; i < 100; i++) {
      transaction = transaction.put(item(p, "s%03d".formatted(i)).build(), Condition.notExists());
    }
    texts().transact(transaction);
    assertThat(texts().query(Query.partition(p).consistent())).hasSize(100);
  }

  @Test
  void movesNothingTwiceAndLosesNothing() {
    String p = newPartition();
    texts().put(item(p, "a").set("n", 100).build());
    texts().put(item(p, "b").set("n", 100).build());
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String from = i % 2 == 0 ? "a" : "b";
      String to = i % 2 == 0 ? "b" : "a";
      all.add(
          texts()
              .async()
              .transact(
                  Transaction.of()
                      .update(
                          key(p, from),
                          Update.of().add("n", -30),
                          Condition.attribute("n").atLeast(Value.of(30)))
                      .update(key(p, to), Update.of().add("n", 30)))
              .handle((done, failure) -> isDone(failure))
              .toCompletableFuture());
    }
    long fromA = 0;
    long fromB = 0;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).join()) {
        fromA += i % 2 == 0 ? 30 : 0;
        fromB += i % 2 == 0 ? 0 : 30;
      }
    }
    assertThat(fromA + fromB).as("moved at all").isPositive();
    List<Long> left = new ArrayList<>();
    for (Item item : texts().query(Query.partition(p).consistent())) {
      left.add(item.longValue("n"));
    }
    assertThat(left)
        .containsExactly(100 - fromA + fromB, 100 - fromB + fromA)
        .allMatch(n -> n >= 0);
  }

  /** What did not move failed for want of it, and for nothing else. */
  private static boolean isDone(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause != null) {
      assertThat(cause).isInstanceOf(TransactionConditionFailedException.class);
    }
    return cause == null;
  }
}
