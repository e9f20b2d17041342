/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a value holds, what it refuses, and that no text of ours repeats it. */
class ValuesTest {
  private static final String HALF = "half \uD83D";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "1E-130",
        "9.9999999999999999999999999999999999999E+125",
        "12345678901234567890123456789012345678",
        "-1E-130",
        "1E+125"
      })
  void holdsNumbers(String text) {
    BigDecimal number = new BigDecimal(text);
    assertThat(new Value.Num(number).number()).isEqualByComparingTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1E-131",
        "1E+126",
        "123456789012345678901234567890123456789",
        "1.00000000000000000000000000000000000001E+10"
      })
  void refusesNumbersThatNoTableKeeps(String text) {
    assertThatThrownBy(() -> Value.of(new BigDecimal(text)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageNotContaining("123456");
    assertThatThrownBy(() -> Value.numberSet(List.of(new BigDecimal(text))))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void isEqualByWhatItIsWorth() {
    assertThat(Value.of(new BigDecimal("1.0")))
        .isEqualTo(Value.of(1))
        .hasSameHashCodeAs(Value.of(1));
    assertThat(Value.of(new BigDecimal("-0.00"))).isEqualTo(Value.of(0));
    assertThat(Value.textSet(List.of("a", "b"))).isEqualTo(Value.textSet(List.of("b", "a", "b")));
    assertThat(Value.list(Value.of(1), Value.of(2)))
        .isNotEqualTo(Value.list(Value.of(2), Value.of(1)));
    assertThat(Value.of(new byte[] {1}))
        .isEqualTo(Value.of(new byte[] {1}))
        .isNotEqualTo(Value.of(1));
    assertThat(Value.binarySet(List.of(new byte[] {1}, new byte[] {1})))
        .isEqualTo(Value.binarySet(List.of(new byte[] {1})));
    assertThat(Value.of("")).isNotEqualTo(Value.ofNull());
    assertThat(new Value.Binary(new byte[] {(byte) 0x80}))
        .isGreaterThan(new Value.Binary(new byte[] {0x7f, 0}));
    assertThat(Item.builder().set("a", 1).set("b", 2).build())
        .isEqualTo(Item.builder().set("b", 2).set("a", 1).build());
  }

  @Test
  void keepsCopies() {
    byte[] bytes = {1, 2};
    List<Value> list = new ArrayList<>(List.of(Value.of(1)));
    Map<String, Value> map = new HashMap<>(Map.of("a", Value.of(1)));
    Value.Binary binary = (Value.Binary) Value.of(bytes);
    Value array = Value.list(list);
    Value document = Value.map(map);
    Item.Builder builder = Item.builder().set("a", 1);
    Item first = builder.build();
    bytes[0] = 9;
    binary.toArray()[0] = 9;
    list.clear();
    map.clear();
    builder.set("b", 2);

    assertThat(binary.toArray()).containsExactly(1, 2);
    assertThat(binary.asByteBuffer().isReadOnly()).isTrue();
    assertThat(array).isEqualTo(Value.list(Value.of(1)));
    assertThat(document).isEqualTo(Value.map(Map.of("a", Value.of(1))));
    assertThat(first.attributes()).containsOnlyKeys("a");
    assertThatThrownBy(() -> first.attributes().put("x", Value.of(1)))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void noActionOfATransactionTellsOfItsItem() {
    ItemKey key = ItemKey.of("secret-key");
    Condition when = Condition.attribute("owner").equalTo("secret-value");
    Transaction transaction =
        Transaction.of()
            .put(Item.builder().set("pk", "secret-item").build(), when)
            .update(key, Update.of().set("owner", Value.of("secret-owner")), when)
            .delete(key, when)
            .check(key, when);
    assertThat(transaction.actions().toString()).contains("owner").doesNotContain("secret");
  }

  /** A null of Java's is not the null that a table stores. */
  @Test
  @SuppressWarnings("NullAway") // What callers without that check can do.
  void conditionsRefuseNull() {
    Condition.Operand owner = Condition.attribute("owner");
    Value none = null;
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> owner.notEqualTo(none),
            () -> owner.equalTo(none),
            () -> owner.contains(none),
            () -> owner.isOfType(null),
            () -> owner.compares(null, Value.of(1)),
            () -> Condition.at(null),
            () -> new Condition.Exists(null),
            () -> new Condition.NotExists(null),
            () -> new Condition.In(null, List.of(Value.of(1))),
            () -> new Condition.BeginsWith(null, Value.of("a")),
            () -> new SortRange.Compares(null, Value.of(1)),
            () -> new Value.BinarySet(Collections.singleton(null)))) {
      assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
    }
    assertThat(owner.notEqualTo(Value.ofNull()))
        .isEqualTo(
            new Condition.Compares(
                AttributePath.of("owner"), Condition.Comparison.NOT_EQUAL, Value.ofNull()));
  }

  @Test
  @SuppressWarnings("NullAway") // What callers without that check can do.
  void refusesHalfCharactersEmptySetsAndNulls() {
    assertThatThrownBy(() -> Value.of(HALF)).isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> Value.textSet(List.of(HALF)))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> Value.map(Map.of(HALF, Value.of(1))))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> Item.builder().set(HALF, 1))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> AttributePath.of(HALF)).isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> AttributePath.of("a").member(HALF))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> Item.builder().set("", 1))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> Value.textSet(Set.of())).isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> Value.numberSet(Set.of()))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> Value.binarySet(Set.of()))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> Value.list((Value) null)).isInstanceOf(NullPointerException.class);
    assertThat(Value.of("zero \0")).isEqualTo(Value.of("zero \0"));
    assertThat(Value.list()).isEqualTo(Value.list(List.of()));
  }

  @Test
  void textsOfWhatIsAskedRepeatNoValues() {
    Value secret = Value.of("s3cret");
    Condition condition =
        Condition.attribute("a")
            .equalTo(secret)
            .and(Condition.attribute("b").beginsWith("s3cret"))
            .or(Condition.not(Condition.attribute("c").contains(secret)))
            .and(Condition.attribute("d").in(secret));
    Update update = Update.of().set("a", secret).addToSet("b", Value.textSet(List.of("s3cret")));
    Item item = Item.builder().set("a", secret).build();

    assertThat(condition.toString()).contains("a EQUAL a value").doesNotContain("s3cret");
    assertThat(update.toString()).contains("a", "b").doesNotContain("s3cret");
    assertThat(update.actions().toString()).doesNotContain("s3cret");
    assertThat(item.toString()).isEqualTo("Item[a]");
    assertThat(Query.partition("s3cret").sortBeginsWith("s3cret").filter(condition).toString())
        .doesNotContain("s3cret");
    assertThat(
            Query.partition("s3cret").sortBetween(secret, secret).range().orElseThrow().toString())
        .doesNotContain("s3cret");
    assertThat(Transaction.of().put(item, condition).actions().toString()).doesNotContain("s3cret");
  }

  @Test
  void exceptionsAreSerializableAndLeaveTheItemOut() throws Exception {
    ErrorDetails details = ErrorDetails.of(ErrorCategory.CONDITION_FAILED, "no").build();
    Item item = Item.builder().set("a", Value.list(Value.of(1), Value.ofNull())).build();
    ItemConditionFailedException one = new ItemConditionFailedException(details, item, null);
    TransactionConditionFailedException all =
        new TransactionConditionFailedException(
            details, List.of(new TransactionConditionFailedException.Failure(0, item)), null);

    assertThat(one.item()).contains(item);
    assertThat(copy(one).item()).isEmpty();
    assertThat(all.failures().get(0).found()).contains(item);
    assertThat(copy(all).failures()).isEmpty();
    assertThat(copy(item)).isEqualTo(item);
    assertThat(copy(ItemKey.of("a", 1))).isEqualTo(ItemKey.of("a", 1));
  }

  @SuppressWarnings("unchecked")
  private static <T> T copy(T object) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }
}
