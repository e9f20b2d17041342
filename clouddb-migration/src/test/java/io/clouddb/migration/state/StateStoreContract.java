/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.BusyException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.migration.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every store of journals has to do. */
abstract class StateStoreContract {
  /** Another store of the same journals, as another process would make it. */
  abstract StateStore store() throws Exception;

  /**
   * A process that has the journal {@code shop} open and has written one entry.
   *
   * @param lease how long it keeps it when it is dead, where there are leases
   */
  abstract JournalProcess holder(Duration lease) throws Exception;

  /** Leaves behind the journal {@code shop} what a crash leaves of an entry that was under way. */
  abstract void leaveAnEntryUnfinished() throws Exception;

  private void write(int entries) throws Exception {
    try (Journal journal = store().open("shop")) {
      for (int i = 0; i < entries; i++) {
        JournalEntry entry =
            journal.append("step.started", Map.of("n", "line\nbreak \"" + i + "\" é \u0001"));
        assertThat(journal.entries()).last().isEqualTo(entry);
        assertThat(journal.settle()).isEmpty();
      }
    }
  }

  @Test
  void keepsEntriesInOrderWhenItIsClosedAndOpened() throws Exception {
    write(3);
    write(2);
    List<JournalEntry> before;
    try (Journal journal = store().open("shop")) {
      before = journal.entries();
      assertThat(before).extracting(JournalEntry::sequence).containsExactly(1L, 2L, 3L, 4L, 5L);
      assertThat(before).extracting(JournalEntry::at).isSorted();
      assertThat(before.get(2).data()).containsEntry("n", "line\nbreak \"2\" é \u0001");
    }
    try (Journal journal = store().open("shop")) {
      assertThat(journal.entries()).isEqualTo(before);
    }
  }

  @Test
  void keepsJournalsApart() throws Exception {
    write(2);
    try (Journal shop = store().open("shop");
        Journal other = store().open("shop_2")) {
      assertThat(other.entries()).isEmpty();
      other.append("attempt.started", Map.of());
      assertThat(shop.entries()).hasSize(2);
      assertThat(other.entries()).hasSize(1);
    }
  }

  @Test
  void keepsAnEntryOfMegabytes() throws Exception {
    String report = "\"0123456789 é\"\n".repeat(400_000);
    try (Journal journal = store().open("shop")) {
      journal.append("run.ended", Map.of("report", report));
    }
    try (Journal journal = store().open("shop")) {
      assertThat(journal.entries().get(0).data().get("report")).isEqualTo(report);
    }
  }

  @Test
  void belongsToOneRunAtATime() throws Exception {
    StateStore store = store();
    try (Journal journal = store.open("shop")) {
      assertThatThrownBy(() -> store.open("shop"))
          .isInstanceOf(BusyException.class)
          .hasMessageContaining("shop is under way");
      assertThatThrownBy(() -> store().open("shop")).isInstanceOf(BusyException.class);
      journal.requireHeld();
      journal.append("still.mine", Map.of());
    }
    try (Journal journal = store().open("shop")) {
      assertThat(journal.entries()).hasSize(1);
    }
  }

  @Test
  void givesItToOneOfManyThatOpenItAtOnce() throws Exception {
    int racers = 6;
    ExecutorService threads = Executors.newFixedThreadPool(racers);
    try {
      CyclicBarrier start = new CyclicBarrier(racers);
      CyclicBarrier tried = new CyclicBarrier(racers);
      List<Future<Boolean>> each = new ArrayList<>();
      for (int i = 0; i < racers; i++) {
        StateStore store = store();
        each.add(
            threads.submit(
                () -> {
                  start.await(60, TimeUnit.SECONDS);
                  try (Journal journal = store.open("shop")) {
                    journal.append("won", Map.of());
                    tried.await(60, TimeUnit.SECONDS);
                    return true;
                  } catch (BusyException e) {
                    tried.await(60, TimeUnit.SECONDS);
                    return false;
                  }
                }));
      }
      int winners = 0;
      for (Future<Boolean> one : each) {
        winners += one.get(90, TimeUnit.SECONDS) ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
    try (Journal journal = store().open("shop")) {
      assertThat(journal.entries()).hasSize(1);
    }
  }

  @Test
  void isBusyWhileAnotherProcessHasIt() throws Exception {
    try (JournalProcess holder = holder(Duration.ofHours(1))) {
      assertThat(holder.isAlive()).isTrue();
      assertThatThrownBy(() -> store().open("shop")).isInstanceOf(BusyException.class);
    }
  }

  @Test
  void isOpenedAgainAfterItsHolderWasKilled() throws Exception {
    try (JournalProcess holder = holder(Duration.ofSeconds(1))) {
      holder.kill();
      Eventually.until(
          "its lease is over",
          () -> {
            try (Journal journal = store().open("shop")) {
              assertThat(journal.entries()).hasSize(1);
              assertThat(journal.entries().get(0).data()).containsEntry("by", "the process");
              journal.append("goes.on", Map.of());
              return true;
            } catch (BusyException e) {
              return false;
            }
          });
    }
    try (Journal journal = store().open("shop")) {
      assertThat(journal.entries()).extracting(JournalEntry::kind).endsWith("goes.on").hasSize(2);
    }
  }

  @Test
  void doesNotCountAnEntryThatWasNeverFinished() throws Exception {
    write(2);
    leaveAnEntryUnfinished();
    try (Journal journal = store().open("shop")) {
      assertThat(journal.entries()).hasSize(2);
      journal.append("after", Map.of());
    }
    try (Journal journal = store().open("shop")) {
      assertThat(journal.entries()).extracting(JournalEntry::kind).endsWith("after").hasSize(3);
    }
  }

  @Test
  void takesEntriesFromManyThreads() throws Exception {
    int writers = 8;
    int entries = 25;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<JournalEntry> returned = new ArrayList<>();
    try (Journal journal = store().open("shop")) {
      List<Future<List<JournalEntry>>> each = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        String writer = Integer.toString(i);
        each.add(
            threads.submit(
                () -> {
                  List<JournalEntry> mine = new ArrayList<>();
                  for (int n = 0; n < entries; n++) {
                    mine.add(
                        journal.append("copy", Map.of("writer", writer, "n", Integer.toString(n))));
                  }
                  return mine;
                }));
      }
      for (Future<List<JournalEntry>> one : each) {
        List<JournalEntry> mine = one.get(60, TimeUnit.SECONDS);
        assertThat(mine).extracting(JournalEntry::sequence).isSorted();
        returned.addAll(mine);
      }
    } finally {
      threads.shutdownNow();
    }
    try (Journal journal = store().open("shop")) {
      assertThat(journal.entries())
          .extracting(JournalEntry::sequence)
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, (long) writers * entries).boxed().toList());
      assertThat(journal.entries()).containsExactlyInAnyOrderElementsOf(returned);
    }
  }

  @Test
  void refusesAnIdThatIsNoName() {
    assertThatThrownBy(() -> store().open("../escape"))
        .isInstanceOf(InvalidArgumentException.class);
  }
}
