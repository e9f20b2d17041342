/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.table.BatchIncompleteException;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Query;
import io.clouddb.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What goes wrong with requests of a batch: it names exactly what was not done. */
abstract class BatchFaultContract extends FaultCases {
  /** More than a request has, on any cloud. */
  private static final int ITEMS = 130;

  BatchFaultContract(SimulatedTableContract kit) {
    super(kit);
  }

  /** A batch of writes. */
  enum FaultyBatch {
    PUT_ALL(ITEMS) {
      @Override
      Table table(SharedTables tables) {
        return tables.faults();
      }

      @Override
      void run(Table table, List<Item> items) {
        List<Item> unused = table.putAll(items);
      }
    },
    /** Each is a request of its own. */
    PUT_ALL_VERSIONS(20) {
      @Override
      Table table(SharedTables tables) {
        return tables.versions();
      }

      @Override
      void run(Table table, List<Item> items) {
        List<Item> unused = table.putAll(items);
      }
    },
    DELETE_ALL(ITEMS) {
      @Override
      Table table(SharedTables tables) {
        return tables.faults();
      }

      @Override
      void run(Table table, List<Item> items) {
        table.deleteAll(items.stream().map(FaultyBatch::keyOf).toList());
      }
    };

    private final int size;

    FaultyBatch(int size) {
      this.size = size;
    }

    abstract Table table(SharedTables tables);

    abstract void run(Table table, List<Item> items);

    boolean deletes() {
      return this == DELETE_ALL;
    }

    static ItemKey keyOf(Item item) {
      return key(item.text("pk"), item.text("sk"));
    }
  }

  /** Makes what is deleted; gives what the batch is about. */
  private List<Item> prepared(FaultyBatch batch, String partition) {
    List<Item> items =
        IntStream.range(0, batch.size)
            .mapToObj(i -> item(partition, "s%03d".formatted(i)).set("n", i).build())
            .toList();
    if (batch.deletes()) {
      batch.table(tables()).putAll(items);
    }
    return items;
  }

  /** What is done, by what is there now. */
  private Set<ItemKey> done(FaultyBatch batch, String partition, List<Item> items) {
    List<ItemKey> there =
        batch.table(tables()).query(Query.partition(partition).consistent()).stream()
            .map(FaultyBatch::keyOf)
            .toList();
    Set<ItemKey> done = items.stream().map(FaultyBatch::keyOf).collect(Collectors.toSet());
    if (batch.deletes()) {
      there.forEach(done::remove);
    } else {
      done.retainAll(there);
    }
    return done;
  }

  @TestFactory
  Stream<DynamicTest> aBatchNamesWhatMayNotBeDone() {
    return each(FaultyBatch.values(), ALL, this::meetsOnce);
  }

  private void meetsOnce(FaultyBatch batch, DataFault fault) {
    String partition = newPartition();
    List<Item> items = prepared(batch, partition);
    Table table = hasty(batch.table(tables())).inFlight(2);
    fault.finish(faults().onAny().after(1));
    CloudDbException ended = ending(() -> batch.run(table, items));
    assertThat(faults().pending()).as("it was met").isZero();
    Set<ItemKey> done = done(batch, partition, items);
    if (fault.isRefusal()) {
      assertThat(ended).isNull();
      assertThat(done).hasSameSizeAs(items);
      return;
    }
    BatchIncompleteException incomplete = incomplete(ended);
    assertThat(incomplete.category()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    assertThat(incomplete.notDone()).as("the others went on").isEmpty();
    assertThat(incomplete.unknown()).isNotEmpty().hasSizeLessThan(items.size());
    assertNamed(incomplete, items, done, fault);
    // As its next step says: what is missing is done by another batch.
    List<Item> missing =
        items.stream().filter(it -> !done.contains(FaultyBatch.keyOf(it))).toList();
    batch.run(batch.table(tables()), missing);
    assertThat(done(batch, partition, items)).hasSameSizeAs(items);
  }

  private static BatchIncompleteException incomplete(CloudDbException ended) {
    assertThat(ended).isInstanceOf(BatchIncompleteException.class);
    assertThat(ended.nextStep()).as("what to do next").isPresent();
    assertThat(ended.retryable()).isFalse();
    return (BatchIncompleteException) ended;
  }

  /** Done is all that it does not name, and what it does not know of as the fault has it. */
  private static void assertNamed(
      BatchIncompleteException incomplete, List<Item> items, Set<ItemKey> done, DataFault fault) {
    assertThat(incomplete.details().outcomeKnown()).isEqualTo(incomplete.unknown().isEmpty());
    List<ItemKey> named = new ArrayList<>(incomplete.notDone());
    named.addAll(incomplete.unknown());
    assertThat(named).doesNotHaveDuplicates();
    Set<ItemKey> expected = items.stream().map(FaultyBatch::keyOf).collect(Collectors.toSet());
    assertThat(expected).containsAll(named);
    incomplete.notDone().forEach(expected::remove);
    if (!fault.tookEffect()) {
      incomplete.unknown().forEach(expected::remove);
    }
    assertThat(done).isEqualTo(expected);
  }

  @TestFactory
  Stream<DynamicTest> aBatchThatMeetsNothingElseEndsInTimeAndNamesAllOfIt() {
    return each(FaultyBatch.values(), SOME, this::meetsNothingElse);
  }

  private void meetsNothingElse(FaultyBatch batch, DataFault fault) {
    String partition = newPartition();
    List<Item> items = prepared(batch, partition);
    Table table = hasty(batch.table(tables())).inFlight(2);
    simulated().forget();
    fault.finish(faults().onAny().times(Integer.MAX_VALUE));
    CloudDbException ended = ending(() -> batch.run(table, items));
    // Those under way try a few times each, until so many in a row have come to nothing.
    assertThat(sent()).isBetween(ATTEMPTS, 8 * ATTEMPTS);
    faults().clear();
    BatchIncompleteException incomplete = incomplete(ended);
    assertThat(incomplete.notDone().size() + incomplete.unknown().size()).isEqualTo(items.size());
    if (fault.isRefusal()) {
      assertThat(incomplete.category()).isEqualTo(ErrorCategory.THROTTLED);
      assertThat(incomplete.unknown()).isEmpty();
    } else {
      assertThat(incomplete.category()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    }
    assertNamed(incomplete, items, done(batch, partition, items), fault);
  }
}
