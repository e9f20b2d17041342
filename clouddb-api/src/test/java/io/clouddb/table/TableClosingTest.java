/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever becomes of the answer, who waits for it is told. */
@Timeout(30)
class TableClosingTest {
  private static final GlobalTableSpec SPEC =
      GlobalTableSpec.builder("app", Key.partition("pk", KeyType.STRING)).build();

  private final TablesProvider provider = new TablesProvider();

  private static CloudDbException failure(CompletableFuture<?> future) throws Exception {
    try {
      future.get(10, TimeUnit.SECONDS);
      throw new AssertionError("It did not fail");
    } catch (ExecutionException e) {
      return (CloudDbException) Objects.requireNonNull(e.getCause());
    }
  }

  private static String value(Observation.Context context, String key) {
    return Objects.requireNonNull(context.getLowCardinalityKeyValue(key), key).getValue();
  }

  @Test
  void endsWhatIsUnderWay() throws Exception {
    CloudDb cloud = provider.open();
    Table table = cloud.tables().open(SPEC);
    provider.data("app").around = body -> new CompletableFuture<>();
    CompletableFuture<Optional<Item>> read =
        table.async().get(ItemKey.of("a")).toCompletableFuture();
    CompletableFuture<Item> written =
        table.async().update(ItemKey.of("a"), Update.of().remove("x")).toCompletableFuture();
    CompletableFuture<List<Item>> scanned =
        CompletableFuture.supplyAsync(() -> table.scan(Scan.all()).toList());
    CompletableFuture<Optional<Item>> waiting =
        CompletableFuture.supplyAsync(() -> table.get(ItemKey.of("b")));
    while (provider.data("app").requests.size() < 4) {
      Thread.onSpinWait();
    }
    cloud.close();
    assertThat(failure(read).category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(failure(read).details().outcomeKnown()).isTrue();
    assertThat(failure(written).details().outcomeKnown()).isFalse();
    assertThat(failure(written).details().leftBehind()).isPresent();
    assertThat(failure(scanned)).hasMessageContaining("closed");
    assertThat(failure(waiting)).hasMessageContaining("closed");
  }

  @Test
  void endsWhenItsThreadIsInterrupted() throws Exception {
    try (CloudDb cloud = provider.open()) {
      Table table = cloud.tables().open(SPEC);
      provider.data("app").around = body -> new CompletableFuture<>();
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      CountDownLatch over = new CountDownLatch(2);
      for (Runnable call :
          List.<Runnable>of(
              () -> table.get(ItemKey.of("a")),
              () -> table.put(Item.builder().set("pk", "a").build()))) {
        Thread waits =
            new Thread(
                () -> {
                  try {
                    call.run();
                  } catch (CloudDbException e) {
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    failures.add(e);
                  } finally {
                    over.countDown();
                  }
                });
        waits.start();
        waits.interrupt();
      }
      assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(failures)
          .extracting(e -> ((CloudDbException) e).category())
          .containsExactlyInAnyOrder(ErrorCategory.DEADLINE, ErrorCategory.OUTCOME_UNKNOWN);
    }
  }

  @Test
  void isObserved() {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                seen.add(value(context, "clouddb.call") + " " + value(context, "clouddb.outcome"));
                if (seen.size() > 5) {
                  throw new IllegalStateException("a handler's defect");
                }
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return "clouddb.table".equals(context.getName());
              }
            });
    try (CloudDb cloud = provider.open(config -> config.observations(registry))) {
      Table table = cloud.tables().open(SPEC);
      Item item = Item.builder().set("pk", "a").build();
      table.put(item);
      assertThatThrownBy(() -> table.put(item, Condition.notExists()))
          .isInstanceOf(ItemConditionFailedException.class);
      table.putAll(List.of(item));
      assertThat(table.scan(Scan.all()).toList()).containsExactly(item);
      try (Stream<Item> some = table.scan(Scan.all())) {
        assertThat(some.iterator().hasNext()).isTrue();
      }
      assertThat(seen)
          .containsExactly(
              "put SUCCESS",
              "put CONDITION_FAILED",
              "putAll SUCCESS",
              "scan SUCCESS",
              "scan SUCCESS");
      assertThat(table.get(ItemKey.of("a"))).contains(item);
      assertThat(table.get(ItemKey.of("a"))).contains(item);
    }
  }
}
