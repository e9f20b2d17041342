/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.migration.state.StateStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A store of real journals in which the append of one entry fails, once.
 *
 * @param real where the journals are
 * @param kind which entry
 * @param written whether it is there all the same
 * @param answers whether the journal can say so; otherwise it takes nothing more
 */
record UncertainStore(
    StateStore real, String kind, boolean written, boolean answers, AtomicBoolean failed)
    implements StateStore {
  UncertainStore(StateStore real, String kind, boolean written, boolean answers) {
    this(real, kind, written, answers, new AtomicBoolean());
  }

  @Override
  public Journal open(String migrationId) {
    return new Uncertain(real.open(migrationId));
  }

  private static RuntimeException unavailable() {
    return ErrorDetails.of(ErrorCategory.UNAVAILABLE, "The journal does not answer")
        .outcomeKnown(false)
        .toException();
  }

  private final class Uncertain implements Journal {
    private final Journal journal;
    private boolean open;

    Uncertain(Journal journal) {
      this.journal = journal;
    }

    @Override
    public synchronized List<JournalEntry> entries() {
      List<JournalEntry> all = journal.entries();
      return open && written ? all.subList(0, all.size() - 1) : all;
    }

    @Override
    public synchronized JournalEntry append(String entry, Map<String, String> data) {
      settle();
      if (entry.equals(kind) && failed.compareAndSet(false, true)) {
        if (written) {
          journal.append(entry, data);
        }
        open = true;
        throw unavailable();
      }
      return journal.append(entry, data);
    }

    @Override
    public synchronized Optional<JournalEntry> settle() {
      if (!open) {
        return Optional.empty();
      }
      if (!answers) {
        throw unavailable();
      }
      open = false;
      List<JournalEntry> all = journal.entries();
      return written ? Optional.of(all.get(all.size() - 1)) : Optional.empty();
    }

    @Override
    public void close() {
      journal.close();
    }
  }
}
