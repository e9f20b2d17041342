/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.RetryPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchTest {
  private static final GlobalTableSpec SPEC =
      GlobalTableSpec.builder("app", Key.partition("pk", KeyType.NUMBER)).build();

  private final TablesProvider provider = new TablesProvider();
  private final CloudDb cloud = provider.open();
  private final Table table = cloud.tables().open(SPEC);
  private final ModelTable model = provider.data("app");

  @AfterEach
  void close() {
    cloud.close();
  }

  private static Item item(int number) {
    return Item.builder().set("pk", number).build();
  }

  private static List<Item> items(int count) {
    return IntStream.range(0, count).mapToObj(BatchTest::item).toList();
  }

  private static List<ItemKey> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> ItemKey.of(Value.of(i))).toList();
  }

  private static CompletionStage<Object> failed(ErrorCategory category) {
    return CompletableFuture.failedFuture(ErrorDetails.of(category, "told so").toException());
  }

  @Test
  void writesReadsAndDeletesAnyNumber() {
    assertThat(table.putAll(items(10_001))).isEqualTo(items(10_001));
    assertThat(model.items).hasSize(10_001);
    assertThat(model.requests).hasSize(2501).contains("putBatch 4", "putBatch 1");
    List<ItemKey> asked = new ArrayList<>(keys(10_010));
    Collections.shuffle(asked, new Random(1));
    List<ItemKey> expected = asked.stream().filter(model.items::containsKey).toList();
    assertThat(table.getAll(asked).keySet()).containsExactlyElementsOf(expected);
    table.deleteAll(keys(10_010));
    assertThat(model.items).isEmpty();
    assertThat(table.putAll(List.of())).isEmpty();
    assertThat(table.getAll(List.of())).isEmpty();
    table.deleteAll(List.of());
  }

  /** Keeps the answers of all requests until they are run. */
  private List<Runnable> hold() {
    List<Runnable> held = Collections.synchronizedList(new ArrayList<>());
    model.around =
        body -> {
          CompletableFuture<Object> answer = new CompletableFuture<>();
          held.add(() -> answer.complete(body.get()));
          return answer;
        };
    return held;
  }

  @Test
  void sendsNothingMoreOnceItsThreadIsInterrupted() throws Exception {
    List<Runnable> held = hold();
    FutureTask<BatchIncompleteException> failure =
        new FutureTask<>(
            () ->
                catchThrowableOfType(
                    BatchIncompleteException.class, () -> table.putAll(items(400))));
    Thread waits = new Thread(failure);
    waits.start();
    while (held.size() < 8) {
      Thread.onSpinWait();
    }
    waits.interrupt();
    BatchIncompleteException e = failure.get(10, TimeUnit.SECONDS);
    assertThat(e.category()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    assertThat(e).hasMessageContaining("Interrupted");
    assertThat(e.unknown()).hasSize(32).doesNotContainAnyElementsOf(e.notDone());
    assertThat(e.notDone()).hasSize(368);
    List.copyOf(held).forEach(Runnable::run);
    assertThat(model.requests).hasSize(8);
    assertThat(model.items.keySet()).isEqualTo(Set.copyOf(e.unknown()));
  }

  @Test
  void sendsNothingMoreOnceItsFutureIsEnded() {
    List<Item> seen = Collections.synchronizedList(new ArrayList<>());
    table.putAll(items(20));
    model.requests.clear();
    List<Runnable> held = hold();
    CompletableFuture<List<Item>> put = table.async().putAll(items(400)).toCompletableFuture();
    CompletableFuture<?> scanned = table.async().scan(Scan.all(), seen::add).toCompletableFuture();
    int sent = held.size();
    assertThat(put.cancel(true)).isTrue();
    assertThat(scanned.completeExceptionally(new TimeoutException())).isTrue();
    List.copyOf(held).forEach(Runnable::run);
    assertThat(model.requests).hasSize(sent);
    assertThat(seen).isEmpty();
  }

  @Test
  void endsWhereTheDriverAnswersNothing() {
    model.around = body -> CompletableFuture.completedFuture(null);
    BatchIncompleteException e =
        catchThrowableOfType(BatchIncompleteException.class, () -> table.putAll(items(5)));
    assertThat(e).hasCauseInstanceOf(NullPointerException.class);
    assertThat(e.unknown()).isNotEmpty();
    assertThatThrownBy(() -> table.scan(Scan.all()).toList())
        .isInstanceOf(NullPointerException.class);
    assertThat(table.async().scan(Scan.all(), item -> {}).toCompletableFuture())
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(NullPointerException.class);
  }

  @Test
  void aScanThatFailedIsNoWholeOne() {
    model.around = body -> failed(ErrorCategory.AUTHENTICATION);
    Iterator<Item> items = table.scan(Scan.all()).iterator();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(items::hasNext).hasMessageContaining("told so");
      assertThatThrownBy(items::next).hasMessageContaining("told so");
    }
  }

  @Test
  void tellsNothingOfWhatADefectSays() {
    model.around = body -> CompletableFuture.failedFuture(new IllegalStateException("secret-key"));
    BatchIncompleteException e =
        catchThrowableOfType(BatchIncompleteException.class, () -> table.putAll(items(1)));
    assertThat(e)
        .hasMessageContaining("java.lang.IllegalStateException")
        .hasMessageNotContaining("secret-key");
    assertThat(e.getCause()).hasMessage("secret-key");
  }

  @Test
  void cutsByBytes() {
    String large = "x".repeat(890);
    table.putAll(items(5).stream().map(it -> it.toBuilder().set("l", large).build()).toList());
    assertThat(model.requests).containsExactly("putBatch 2", "putBatch 2", "putBatch 1");
  }

  @Test
  void sendsAgainWhatWasLeftUnprocessed() {
    Random random = new Random(7);
    // At least one: a last item that is left four times in a row ends the batch.
    model.taken = size -> 1 + random.nextInt(size);
    table.putAll(items(300));
    assertThat(model.items).hasSize(300);
    assertThat(table.getAll(keys(300))).hasSize(300);
    table.deleteAll(keys(300));
    assertThat(model.items).isEmpty();
  }

  @Test
  void sendsAgainWhatWasThrottledAsLongAsSomethingGoesOn() {
    AtomicInteger calls = new AtomicInteger();
    model.around =
        body -> calls.incrementAndGet() % 3 == 0 ? null : failed(ErrorCategory.THROTTLED);
    table.putAll(items(100));
    assertThat(model.items).hasSize(100);
    assertThat(table.getAll(keys(100))).hasSize(100);
  }

  @Test
  void stopsWhenNothingGoesOn() {
    model.taken = size -> 0;
    BatchIncompleteException e =
        catchThrowableOfType(BatchIncompleteException.class, () -> table.putAll(items(100)));
    assertThat(e.category()).isEqualTo(ErrorCategory.THROTTLED);
    assertThat(e.notDone()).containsExactlyInAnyOrderElementsOf(keys(100));
    assertThat(e.unknown()).isEmpty();
    assertThat(e.details().outcomeKnown()).isTrue();
    // Two attempts of the policy, twice, for each of eight.
    assertThat(model.requests.size()).isBetween(4, 32);
  }

  @Test
  void namesWhatIsUnknown() {
    AtomicInteger calls = new AtomicInteger();
    model.around =
        body -> {
          if (calls.incrementAndGet() != 3) {
            return null;
          }
          // It takes effect, and the answer is lost.
          var unused = body.get();
          return failed(ErrorCategory.OUTCOME_UNKNOWN);
        };
    BatchIncompleteException e =
        catchThrowableOfType(BatchIncompleteException.class, () -> table.putAll(items(100)));
    assertThat(e.unknown()).containsExactly(keys(12).subList(8, 12).toArray(ItemKey[]::new));
    assertThat(e.notDone()).isEmpty();
    assertThat(e.category()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    assertThat(e.details().outcomeKnown()).isFalse();
    assertThat(model.items).hasSize(100);
    assertThat(e).hasMessageContaining("told so").hasMessageContaining("of 100");
  }

  @Test
  void readsAgainWhatWasLost() {
    table.putAll(items(20));
    AtomicInteger calls = new AtomicInteger();
    model.around =
        body -> calls.incrementAndGet() == 2 ? failed(ErrorCategory.OUTCOME_UNKNOWN) : null;
    assertThat(table.getAll(keys(20))).hasSize(20);
  }

  @Test
  void givesWhatItHasFound() {
    table.putAll(items(10));
    model.taken = size -> size == 5 ? 3 : 0;
    BatchIncompleteException e =
        catchThrowableOfType(BatchIncompleteException.class, () -> table.getAll(keys(10)));
    assertThat(e.found()).hasSize(6);
    assertThat(e.notDone()).hasSize(4).doesNotContainAnyElementsOf(e.found().keySet());
    assertThat(e.unknown()).isEmpty();
  }

  @Test
  void stopsAtWhatNeverPasses() {
    model.around = body -> failed(ErrorCategory.PERMISSION);
    BatchIncompleteException e =
        catchThrowableOfType(BatchIncompleteException.class, () -> table.deleteAll(keys(50)));
    assertThat(e.category()).isEqualTo(ErrorCategory.PERMISSION);
    assertThat(e.notDone()).containsExactlyInAnyOrderElementsOf(keys(50));
    assertThat(model.requests).hasSize(1);
  }

  @Test
  void stopsWhenEverythingIsLost() {
    model.around = body -> failed(ErrorCategory.OUTCOME_UNKNOWN);
    BatchIncompleteException e =
        catchThrowableOfType(BatchIncompleteException.class, () -> table.putAll(items(400)));
    assertThat(e.unknown().size() + e.notDone().size()).isEqualTo(400);
    assertThat(model.requests).hasSize(4);
  }

  @Test
  void writesEachByItselfWhereVersionsAreCounted() {
    Table counted = cloud.tables().open(SPEC.toBuilder().version("v").build());
    List<Item> stored = counted.putAll(items(30));
    assertThat(stored).allMatch(item -> item.longValue("v") == 1);
    assertThat(model.requests).hasSize(30).containsOnly("put");
    counted.put(stored.get(4));
    counted.put(stored.get(9));
    BatchIncompleteException e =
        catchThrowableOfType(BatchIncompleteException.class, () -> counted.putAll(stored));
    assertThat(e.notDone()).containsExactlyInAnyOrder(keys(5).get(4), keys(10).get(9));
    assertThat(e.category()).isEqualTo(ErrorCategory.CONDITION_FAILED);
    assertThat(model.items.values()).allMatch(item -> item.longValue("v") == 2);
  }

  @Test
  void hasSoManyUnderWay() throws Exception {
    List<CompletableFuture<Object>> answers = Collections.synchronizedList(new ArrayList<>());
    model.around =
        body -> {
          CompletableFuture<Object> answer = new CompletableFuture<>();
          answers.add(answer);
          return answer.thenApply(unused -> body.get());
        };
    CompletableFuture<List<Item>> putting =
        table.inFlight(3).async().putAll(items(40)).toCompletableFuture();
    for (int i = 0; i < 10; i++) {
      assertThat(answers.size()).isEqualTo(Math.min(10, i + 3));
      answers.get(i).complete("");
    }
    assertThat(putting.get(10, TimeUnit.SECONDS)).hasSize(40);
    assertThat(model.mostAtOnce).hasValue(3);
  }

  @Test
  void endsWithTheCloud() {
    model.around = body -> model.requests.size() <= 2 ? null : new CompletableFuture<>();
    CompletableFuture<List<Item>> putting = table.async().putAll(items(100)).toCompletableFuture();
    assertThat(putting).isNotDone();
    cloud.close();
    assertThatThrownBy(() -> putting.get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            BatchIncompleteException.class,
            e -> {
              assertThat(e.unknown()).hasSize(32);
              assertThat(e.notDone()).hasSize(60);
            });
  }

  @Test
  void endsWithTheCloudInAPause() {
    CloudDb patient =
        provider.open(
            config ->
                config.retryPolicy(new RetryPolicy(5, Duration.ofHours(1), Duration.ofHours(1))));
    model.around =
        body ->
            CompletableFuture.failedFuture(
                ErrorDetails.of(ErrorCategory.THROTTLED, "told so")
                    .retryAfter(Duration.ofHours(1))
                    .toException());
    CompletableFuture<List<Item>> putting =
        patient.tables().open(SPEC).async().putAll(items(100)).toCompletableFuture();
    assertThat(putting).isNotDone();
    patient.close();
    assertThatThrownBy(() -> putting.get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            BatchIncompleteException.class,
            e -> {
              assertThat(e.notDone()).hasSize(100);
              assertThat(e.unknown()).isEmpty();
            });
  }

  @Test
  void isWrittenByManyThreadsAtOnce() throws Exception {
    model.around = body -> CompletableFuture.supplyAsync(body);
    List<CompletableFuture<List<Item>>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int from = i * 100;
      all.add(
          table
              .async()
              .putAll(IntStream.range(from, from + 100).mapToObj(BatchTest::item).toList())
              .toCompletableFuture());
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    assertThat(model.items).hasSize(2000);
  }

  @Test
  void keepsNoKeysInItsSerializedForm() throws Exception {
    model.taken = size -> 0;
    CloudDbException e =
        catchThrowableOfType(BatchIncompleteException.class, () -> table.putAll(items(3)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(e);
    Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    assertThat(read)
        .isInstanceOfSatisfying(
            BatchIncompleteException.class, its -> assertThat(its.notDone()).isEmpty());
  }
}
