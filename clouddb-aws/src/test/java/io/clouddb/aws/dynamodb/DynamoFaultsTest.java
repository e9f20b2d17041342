/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.DynamoTestTable.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.OutcomeUnknownException;
import io.clouddb.error.QuotaException;
import io.clouddb.error.ThrottledException;
import io.clouddb.error.UnavailableException;
import io.clouddb.spi.table.TableData;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.Transaction;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.engine.Faults;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a call that is refused, breaks down, or whose answer is lost. */
class DynamoFaultsTest {
  private static DynamoTestTable table;
  private static TableData data;
  private static Faults faults;

  private final ItemKey key = ItemKey.of("faults", "1");

  @BeforeAll
  static void start() {
    table = new DynamoTestTable();
    data = table.data;
    faults = table.aws.faults();
  }

  @AfterAll
  static void stop() {
    table.close();
  }

  @BeforeEach
  void begin() {
    await(data.put(item(0), null));
    table.aws.clearRequests();
  }

  @AfterEach
  void allThatWasArrangedHappened() {
    assertThat(faults.pending()).isZero();
    assertThat(table.aws.bugs()).isEmpty();
  }

  private static Item item(long count) {
    return Item.builder().set("pk", "faults").set("sk", "1").set("count", count).build();
  }

  private long count() {
    return await(data.get(key, true)).orElseThrow().longValue("count");
  }

  private int sent(String operation) {
    return table.aws.requests(operation).size();
  }

  @Test
  void whatIsThrottledIsSentAgain() {
    faults.on("UpdateItem").times(2).throttled();
    await(data.update(key, Update.of().add("count", 1), null));
    assertThat(sent("UpdateItem")).isEqualTo(3);
    assertThat(count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException"
      })
  void whatStaysThrottledIsSaidSo(String code) {
    faults.on("PutItem").times(3).refused(400, code, "Slow down");
    assertThatThrownBy(() -> await(data.put(item(1), null)))
        .isInstanceOfSatisfying(
            ThrottledException.class,
            e -> {
              assertThat(e.details().retryable()).isTrue();
              assertThat(e.details().outcomeKnown()).isTrue();
              assertThat(e.details().requestId()).isPresent();
            });
    assertThat(sent("PutItem")).isEqualTo(3);
    assertThat(count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ResourceInUseException",
        "TransactionConflictException",
        "ReplicatedWriteConflictException"
      })
  void whatIsBusyIsSentAgain(String code) {
    faults.on("UpdateItem").refused(400, code, "Later");
    await(data.update(key, Update.of().add("count", 1), null));
    assertThat(count()).isEqualTo(1);
    faults.on("UpdateItem").times(3).refused(400, code, "Later");
    assertThatThrownBy(() -> await(data.update(key, Update.of().add("count", 1), null)))
        .isInstanceOf(BusyException.class);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void whatIsFullIsSaidSo() {
    faults
        .on("PutItem")
        .refused(400, "ItemCollectionSizeLimitExceededException", "Collection size exceeded.");
    assertThatThrownBy(() -> await(data.put(item(1), null)))
        .isInstanceOf(QuotaException.class)
        .hasMessageContaining("divide the partition");
    assertThat(sent("PutItem")).isEqualTo(1);
  }

  @Test
  void aReadIsMadeAgainWhateverHappened() {
    faults.on("GetItem").connectionResetAfter();
    faults.on("GetItem").unavailable();
    assertThat(count()).isZero();
    assertThat(sent("GetItem")).isEqualTo(3);
    faults.on("Query").connectionResetBefore();
    assertThat(await(data.query(Query.partition("faults"), null, 0)).items()).hasSize(1);
    faults.on("Scan").intercepted(200, "text/html", "<html>Log in</html>");
    assertThat(await(data.scan(Scan.all(), 0, null)).items()).isNotEmpty();
  }

  /** Whoever asked for it sends it again: see {@link TableData}. */
  @Test
  void aBatchIsSentOnceAndMayBeAskedForAgain() {
    faults.on("BatchGetItem").intercepted(200, "application/json", "{}");
    assertThatThrownBy(() -> await(data.getBatch(List.of(key), true)))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.details().retryable()).isTrue());
    assertThat(sent("BatchGetItem")).isEqualTo(1);
    assertThat(await(data.getBatch(List.of(key), true)).found()).hasSize(1);
  }

  @Test
  void aWriteWhoseAnswerWasLostIsNotSentAgain() {
    faults.on("UpdateItem").connectionResetAfter();
    assertUnknown(() -> await(data.update(key, Update.of().add("count", 1), null)));
    assertThat(sent("UpdateItem")).isEqualTo(1);
    assertThat(count()).isEqualTo(1);
    faults.on("UpdateItem").connectionResetBefore();
    assertUnknown(() -> await(data.update(key, Update.of().add("count", 1), null)));
    assertThat(count()).isEqualTo(1);
    faults.on("PutItem").connectionResetAfter();
    assertUnknown(() -> await(data.put(item(7), Condition.exists())));
    assertThat(count()).isEqualTo(7);
    faults.on("DeleteItem").connectionResetAfter();
    assertUnknown(() -> await(data.delete(key, null)));
    assertThat(await(data.get(key, true))).isEmpty();
    faults.on("BatchWriteItem").connectionResetAfter();
    assertUnknown(() -> await(data.putBatch(List.of(item(8)))));
    assertThat(count()).isEqualTo(8);
  }

  @Test
  void aWriteInWhichTheServiceBrokeDownIsNotSentAgain() {
    faults.on("UpdateItem").unavailable();
    assertUnknown(() -> await(data.update(key, Update.of().add("count", 1), null)));
    assertThat(sent("UpdateItem")).isEqualTo(1);
  }

  @Test
  void aWriteThatSomethingElseAnsweredIsUnknown() {
    faults.on("PutItem").intercepted(200, "application/json", "{}");
    assertUnknown(() -> await(data.put(item(1), null)));
    faults.on("PutItem").intercepted(502, "text/html", "<html>Bad gateway</html>");
    assertUnknown(() -> await(data.put(item(1), null)));
    assertThat(sent("PutItem")).isEqualTo(2);
  }

  private static void assertUnknown(Runnable call) {
    OutcomeUnknownException unknown =
        catchThrowableOfType(OutcomeUnknownException.class, call::run);
    assertThat(unknown).isNotNull();
    assertThat(unknown.details().outcomeKnown()).isFalse();
    assertThat(unknown.details().operation()).isPresent();
    assertThat(unknown.details().resource()).contains("app in us-east-1");
  }

  private Transaction counting() {
    return Transaction.of().update(key, Update.of().add("count", 1));
  }

  @Test
  void aTransactionWhoseAnswerWasLostIsSentAgainAndHappensOnce() {
    faults.on("TransactWriteItems").connectionResetAfter();
    await(data.transact(counting()));
    assertThat(count()).isEqualTo(1);
    faults.on("TransactWriteItems").connectionResetBefore();
    await(data.transact(counting()));
    assertThat(count()).isEqualTo(2);
    faults.on("TransactWriteItems").times(3).connectionResetAfter();
    assertUnknown(() -> await(data.transact(counting())));
    assertThat(count()).isEqualTo(3);
    assertThat(sent("TransactWriteItems")).isEqualTo(7);
  }

  /** A pause between two attempts is a quarter of an hour there. */
  @Test
  void aTransactionIsKnownHoweverFastTheTimeOfTheCloudRuns() {
    try (SimulatedClock clock = SimulatedClock.scaled(1_000_000);
        DynamoTestTable fast = new DynamoTestTable(SimulatedAws.builder().clock(clock).start())) {
      await(fast.data.put(item(0), null));
      fast.aws.faults().on("TransactWriteItems").times(2).connectionResetAfter();
      await(fast.data.transact(counting()));
      assertThat(await(fast.data.get(key, true)).orElseThrow().longValue("count")).isEqualTo(1);
      assertThat(fast.aws.faults().pending()).isZero();
    }
  }

  @Test
  void aLaterRefusalDoesNotMakeALostTransactionKnown() {
    faults.on("TransactWriteItems").connectionResetAfter();
    faults.on("TransactWriteItems").refused(400, "AccessDeniedException", "Not any more");
    assertUnknown(() -> await(data.transact(counting())));
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void aTransactionThatMetAnotherOneIsBusy() {
    faults
        .on("TransactWriteItems")
        .times(3)
        .refused(400, "TransactionInProgressException", "In progress");
    assertThatThrownBy(() -> await(data.transact(counting()))).isInstanceOf(BusyException.class);
    assertThat(count()).isZero();
  }

  @Test
  void aRefusalTellsOfNoData() {
    faults
        .on("PutItem")
        .refused(
            400,
            "ValidationException",
            "One or more parameter values were invalid: Input collection [hunter2] contains"
                + " duplicates");
    CloudDbException refused =
        catchThrowableOfType(
            CloudDbException.class,
            () -> await(data.put(item(1).toBuilder().set("a", Value.of("hunter2")).build(), null)));
    assertThat(refused).hasMessageContaining("invalid").hasMessageNotContaining("hunter2");
  }
}
