/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.UnavailableException;
import io.clouddb.migration.Eventually;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.postgres.testing.AnswerLink;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcStateStoreTest extends StateStoreContract {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration SHORT = Duration.ofMillis(1);

  private static EmbeddedPostgres server;
  private static ConnectionDetails role;

  /** As a service gives one: its sessions have been used before. */
  private static HikariDataSource pool;

  @TempDir Path folder;
  private final List<Connection> open = new ArrayList<>();

  @BeforeAll
  static void startServer() throws SQLException {
    server = EmbeddedPostgres.builder().durable(false).start();
    role = server.connection("state", "keeper", SecretRef.literal("secret"));
    TwoDatabases.run(
        server.superuser(),
        "CREATE ROLE keeper LOGIN PASSWORD 'secret'",
        "CREATE ROLE guest LOGIN PASSWORD 'secret'",
        "CREATE DATABASE state OWNER keeper");
    pool = new HikariDataSource();
    pool.setDataSource(role.dataSource());
    pool.setMaximumPoolSize(20);
    pool.setMinimumIdle(0);
  }

  @AfterAll
  static void stopServer() {
    pool.close();
    server.close();
  }

  @BeforeEach
  void dropTables() throws SQLException {
    TwoDatabases.run(role, "DROP SCHEMA IF EXISTS clouddb_state CASCADE");
  }

  @AfterEach
  void closeConnections() throws SQLException {
    for (Connection connection : open) {
      connection.close();
    }
  }

  @Override
  StateStore store() {
    // Longer than any machine stalls; a journal that is closed gives it up.
    return StateStore.jdbc(pool, LONG);
  }

  @Override
  JournalProcess holder(Duration lease) throws Exception {
    return JournalProcess.start(folder, role.jdbcUrl(), "keeper", "secret", "" + lease.toMillis());
  }

  @Override
  void leaveAnEntryUnfinished() throws SQLException {
    Connection connection = role.connect();
    open.add(connection);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO clouddb_state.journal SELECT migration, 3, now(), owner, 'torn', '{}'"
              + " FROM clouddb_state.journal LIMIT 1");
    }
    connection.rollback();
  }

  /** A store whose holder gives no sign of life, as one that is asleep. */
  private static StateStore asleep(Duration lease) {
    return new JdbcStateStore(role.dataSource(), lease, NEVER, Set.of());
  }

  /** Opens the journal when the lease of another is over. */
  private static Journal takeOver() throws Exception {
    List<Journal> taken = new ArrayList<>();
    Eventually.until(
        "the lease is over",
        () -> {
          try {
            taken.add(asleep(LONG).open("shop"));
            return true;
          } catch (BusyException e) {
            return false;
          }
        });
    return taken.get(0);
  }

  @Test
  void saysWhoHasItAndUntilWhen() {
    try (Journal journal = asleep(LONG).open("shop")) {
      journal.requireHeld();
      assertThatThrownBy(() -> store().open("shop"))
          .isInstanceOf(BusyException.class)
          .hasMessageContaining(
              "process "
                  + ManagementFactory.getRuntimeMXBean().getName()
                  + "; its lease ends at 20");
    }
  }

  @Test
  void refusesToWriteWhenAnotherTookItOver() throws Exception {
    try (Journal first = asleep(SHORT).open("shop")) {
      first.append("mine", Map.of());
      try (Journal second = takeOver()) {
        assertThat(second.entries()).extracting(JournalEntry::kind).containsExactly("mine");
        first.requireHeld();

        assertThatThrownBy(() -> first.append("late", Map.of()))
            .isInstanceOf(ConditionFailedException.class)
            .hasMessageContaining("lease of the migration shop was lost");

        assertThatThrownBy(first::requireHeld).isInstanceOf(ConditionFailedException.class);
        assertThatThrownBy(() -> first.append("later", Map.of()))
            .isInstanceOf(ConditionFailedException.class);
        second.append("theirs", Map.of());
      }
      try (Journal third = store().open("shop")) {
        assertThat(third.entries())
            .extracting(JournalEntry::kind)
            .containsExactly("mine", "theirs");
      }
    }
    // Closing the one that lost it takes nothing from its successor.
    try (Journal again = asleep(LONG).open("shop")) {
      again.append("still", Map.of());
    }
  }

  @Test
  void keepsALeaseWhoseTimeIsOverWhenNobodyTookIt() throws Exception {
    try (Journal journal = asleep(SHORT).open("shop")) {
      Eventually.until(
          "the lease is over",
          () ->
              "t"
                  .equals(
                      TwoDatabases.ask(
                          role, "SELECT expires_at < clock_timestamp() FROM clouddb_state.lease")));
      journal.append("woken up", Map.of());
      assertThat(journal.entries()).hasSize(1);
    }
  }

  @Test
  void noticesByItsHeartbeatThatItWasTakenOver() throws Exception {
    JdbcStateStore beating =
        new JdbcStateStore(role.dataSource(), LONG, Duration.ofMillis(20), Set.of());
    try (Journal journal = beating.open("shop")) {
      TwoDatabases.run(role, "UPDATE clouddb_state.lease SET owner = gen_random_uuid()");
      Eventually.until(
          "it is noticed",
          () -> {
            try {
              journal.requireHeld();
              return false;
            } catch (ConditionFailedException e) {
              return true;
            }
          });
    }
  }

  @Test
  void renewsItsLeaseWhileItIsOpen() throws Exception {
    JdbcStateStore beating =
        new JdbcStateStore(role.dataSource(), LONG, Duration.ofMillis(20), Set.of());
    try (Journal journal = beating.open("shop")) {
      String first = TwoDatabases.ask(role, "SELECT expires_at FROM clouddb_state.lease");
      Eventually.until(
          "it is renewed",
          () ->
              !first.equals(TwoDatabases.ask(role, "SELECT expires_at FROM clouddb_state.lease")));
      journal.requireHeld();
    }
    assertThat(TwoDatabases.ask(role, "SELECT count(*) FROM clouddb_state.lease")).isEqualTo("0");
  }

  @Test
  void writesAnEntryOnceWhenTheAnswerToItWasLost() throws Exception {
    try (Journal journal = asleep(LONG).open("shop")) {
      // As if this process had written it and heard nothing.
      TwoDatabases.run(
          role,
          "INSERT INTO clouddb_state.journal SELECT migration, 1, now(), owner, 'unheard', '"
              + JournalRow.text("shop", 1, "unheard", Map.of(), EntryChecksum.START).json()
              + "' FROM clouddb_state.lease");
      journal.append("heard", Map.of("a", "b"));
      journal.append("next", Map.of());
    }
    try (Journal journal = store().open("shop")) {
      assertThat(journal.entries()).extracting(JournalEntry::kind).containsExactly("heard", "next");
      assertThat(journal.entries().get(0).data()).isEqualTo(Map.of("a", "b"));
    }
  }

  /** The server itself finds none of these: they are rows as any. */
  @Test
  void refusesRowsThatWereChangedTakenOutOrMoved() throws Exception {
    List<String> damages =
        List.of(
            "UPDATE clouddb_state.journal SET kind = 'decided' WHERE sequence = 2",
            "UPDATE clouddb_state.journal SET data = replace(data, 'TWO', 'TW0')"
                + " WHERE sequence = 2",
            "UPDATE clouddb_state.journal SET data = '{\"step\":\"TWO\"}' WHERE sequence = 2",
            "DELETE FROM clouddb_state.journal WHERE sequence = 2;"
                + " UPDATE clouddb_state.journal SET sequence = 2 WHERE sequence = 3",
            "UPDATE clouddb_state.journal SET sequence = 9 WHERE sequence = 2;"
                + " UPDATE clouddb_state.journal SET sequence = 2 WHERE sequence = 3;"
                + " UPDATE clouddb_state.journal SET sequence = 3 WHERE sequence = 9");
    for (int i = 0; i < damages.size(); i++) {
      String migration = "damaged_" + i;
      try (Journal journal = store().open(migration)) {
        for (String step : List.of("ONE", "TWO", "THREE")) {
          journal.append("step.started", Map.of("step", step));
        }
      }
      store().open(migration).close();
      TwoDatabases.run(
          role, damages.get(i).replace("WHERE ", "WHERE migration = '" + migration + "' AND "));
      assertThatThrownBy(() -> store().open(migration))
          .as(damages.get(i))
          .isInstanceOfSatisfying(
              CloudDbException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA))
          .hasMessageContaining("Entry 2 of the journal of the migration " + migration);
    }
  }

  /** Behind a link, and without the patience to try long. */
  private static Journal behind(AnswerLink link) {
    return new JdbcStateStore(link.through().dataSource(), SHORT, NEVER, Set.of()).open("shop");
  }

  private static void fails(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.details().outcomeKnown()).isFalse());
  }

  @Test
  void findsAnEntryWhoseAnswerWasLost() throws Exception {
    try (AnswerLink link = AnswerLink.to(role, "INSERT 0 1")) {
      try (Journal journal = behind(link)) {
        link.loseNextAnswerAndRefuse();
        fails(() -> journal.append("unheard", Map.of("a", "b")));
        fails(journal::settle);
        fails(() -> journal.append("more", Map.of()));
        assertThat(journal.entries()).isEmpty();
        link.mend();
        assertThat(journal.settle())
            .hasValueSatisfying(entry -> assertThat(entry.data()).isEqualTo(Map.of("a", "b")));
        assertThat(journal.settle()).isEmpty();
        journal.append("next", Map.of());
        assertThat(journal.entries())
            .extracting(JournalEntry::kind)
            .containsExactly("unheard", "next");
      }
      try (Journal journal = store().open("shop")) {
        assertThat(journal.entries())
            .extracting(JournalEntry::kind)
            .containsExactly("unheard", "next");
      }
    }
  }

  @Test
  void knowsThatAnEntryIsNotThereAndCannotComeLate() throws Exception {
    try (AnswerLink link = AnswerLink.to(role, "INSERT 0 1");
        Journal journal = behind(link)) {
      String owner = TwoDatabases.ask(role, "SELECT owner FROM clouddb_state.lease");
      link.refuse();
      fails(() -> journal.append("never sent", Map.of()));
      link.mend();
      assertThat(journal.settle()).isEmpty();
      // What is still under way comes in the name of the owner that was.
      assertThat(TwoDatabases.ask(role, "SELECT owner FROM clouddb_state.lease"))
          .isNotEqualTo(owner);
      journal.append("sent", Map.of());
      assertThat(journal.entries()).extracting(JournalEntry::kind).containsExactly("sent");
    }
    assertThat(TwoDatabases.ask(role, "SELECT count(*) FROM clouddb_state.lease")).isEqualTo("0");
  }

  @Test
  void saysThatAnotherHasItWhenItIsAskedAboutItsLastEntry() throws Exception {
    try (AnswerLink link = AnswerLink.to(role, "INSERT 0 1");
        Journal journal = behind(link)) {
      link.loseNextAnswerAndRefuse();
      fails(() -> journal.append("unheard", Map.of()));
      try (Journal other = takeOver()) {
        assertThat(other.entries()).extracting(JournalEntry::kind).containsExactly("unheard");
        link.mend();
        assertThatThrownBy(journal::settle).isInstanceOf(ConditionFailedException.class);
      }
    }
  }

  @Test
  void goesOnWhenItsDatabaseRestarts() throws Exception {
    try (Journal journal = store().open("shop")) {
      journal.append("before", Map.of());
      server.kill();
      ExecutorService threads = Executors.newSingleThreadExecutor();
      try {
        Future<JournalEntry> during = threads.submit(() -> journal.append("during", Map.of()));
        server.start();
        assertThat(during.get(60, TimeUnit.SECONDS).sequence()).isEqualTo(2);
      } finally {
        threads.shutdownNow();
      }
    }
    try (Journal journal = store().open("shop")) {
      assertThat(journal.entries()).hasSize(2);
    }
  }

  @Test
  void refusesAGap() throws Exception {
    try (Journal journal = store().open("shop")) {
      journal.append("one", Map.of());
      journal.append("two", Map.of());
    }
    TwoDatabases.run(role, "DELETE FROM clouddb_state.journal WHERE sequence = 1");
    assertThatThrownBy(() -> store().open("shop"))
        .isInstanceOfSatisfying(
            CloudDbException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA))
        .hasMessageContaining("Entry 1");
    assertThat(TwoDatabases.ask(role, "SELECT count(*) FROM clouddb_state.lease")).isEqualTo("0");
  }

  @Test
  void createsItsTablesOnceWhenManyProcessesBegin() throws Exception {
    int processes = 6;
    ExecutorService threads = Executors.newFixedThreadPool(processes);
    try {
      for (int round = 0; round < 5; round++) {
        dropTables();
        CyclicBarrier start = new CyclicBarrier(processes);
        List<Future<Integer>> begun = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
          String migration = "shop_" + i;
          begun.add(
              threads.submit(
                  () -> {
                    start.await(60, TimeUnit.SECONDS);
                    try (Journal journal = store().open(migration)) {
                      journal.append("begun", Map.of());
                      return journal.entries().size();
                    }
                  }));
        }
        for (Future<Integer> one : begun) {
          assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo(1);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void servesARoleThatMayNotCreateAnything() throws Exception {
    store().open("shop").close();
    TwoDatabases.run(
        role,
        "GRANT USAGE ON SCHEMA clouddb_state TO guest",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA clouddb_state TO guest");
    ConnectionDetails guest = server.connection("state", "guest", SecretRef.literal("secret"));
    try (Journal journal = StateStore.jdbc(guest.dataSource(), Set.of("keeper")).open("shop")) {
      journal.append("by a guest", Map.of());
    }
    // What the guest wrote is believed by whoever says so.
    try (Journal journal = StateStore.jdbc(role.dataSource(), Set.of("guest")).open("shop")) {
      assertThat(journal.entries()).hasSize(1);
    }
  }

  @Test
  void saysWhenItsDatabaseCannotBeReached() {
    StateStore store = StateStore.jdbc(role.toBuilder().at("127.0.0.1", 1).build().dataSource());
    assertThatThrownBy(() -> store.open("shop"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("shop");
  }

  @Test
  void refusesALeaseThatNoProcessCouldKeep() {
    assertThatThrownBy(() -> StateStore.jdbc(role.dataSource(), Duration.ofMillis(10)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
