/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteControl;
import io.clouddb.migration.route.RouteMember;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.migration.state.StateStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that slept while another took its journal over does not overrule that one. */
class SupersededRunTest {
  @TempDir Path folder;

  private final AtomicBoolean superseded = new AtomicBoolean();

  /** As a journal whose lease another has, from the decision on. */
  private final class LostJournal implements Journal {
    private final Journal journal;

    LostJournal(Journal journal) {
      this.journal = journal;
    }

    @Override
    public List<JournalEntry> entries() {
      return journal.entries();
    }

    @Override
    public JournalEntry append(String kind, Map<String, String> data) {
      requireHeld();
      JournalEntry entry = journal.append(kind, data);
      if (kind.equals("cutover.point-of-no-return")) {
        superseded.set(true);
      }
      return entry;
    }

    @Override
    public void requireHeld() {
      if (superseded.get()) {
        throw ErrorDetails.of(ErrorCategory.CONDITION_FAILED, "Another run has the journal")
            .toException();
      }
    }

    @Override
    public void close() {
      journal.close();
    }
  }

  /** Which the other run opens to the source again, once this one is superseded. */
  private final class TakenRoute implements RouteStore {
    private final RouteStore store;

    TakenRoute(RouteStore store) {
      this.store = store;
    }

    @Override
    public Route read() {
      return store.read();
    }

    @Override
    public boolean compareAndSet(Route expected, Route next) {
      if (superseded.get() && expected.state() == Route.State.PAUSED) {
        new RouteControl(store, Clock.systemUTC()).force(Route.Side.SOURCE);
        return false;
      }
      return store.compareAndSet(expected, next);
    }

    @Override
    public void beat(RouteMember member) {
      store.beat(member);
    }

    @Override
    public List<RouteMember> members() {
      return store.members();
    }

    @Override
    public void leave(String memberId) {
      store.leave(memberId);
    }

    @Override
    public Duration pollInterval() {
      return store.pollInterval();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  @Test
  void doesNotForceTheRoute() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true);
        RouteStore route = new TakenRoute(RouteStore.file(folder.resolve("route.json")))) {
      ShopSchema.create(both.source, 20);
      StateStore kept = StateStore.directory(folder);

      assertThatThrownBy(
              () ->
                  both.migration(folder)
                      .state(id -> new LostJournal(kept.open(id)))
                      .route(route)
                      .build()
                      .run())
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("Another run has the journal");

      assertThat(superseded).isTrue();
      assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
    }
  }
}
