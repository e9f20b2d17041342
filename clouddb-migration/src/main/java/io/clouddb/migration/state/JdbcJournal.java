/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.error.CloudDbException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal as rows. An entry is one statement that also renews the lease, and writes nothing when
 * another has it: one transaction, in which this process cannot fall asleep half way. The sessions
 * are the caller's and have whatever search path: all names are qualified.
 */
final class JdbcJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcJournal.class);
  private static final Duration RETRY_PAUSE = Duration.ofMillis(200);
  private static final Duration LAST_BEAT = Duration.ofSeconds(5);

  // An entry of the same number is there already when the answer to an earlier try was lost. Nobody
  // was told of it, so this one takes its place. Durable whatever the role's own setting is.
  private static final String APPEND =
      """
      WITH held AS (
        UPDATE clouddb_state.lease
           SET expires_at = pg_catalog.clock_timestamp()
             OPERATOR(pg_catalog.+) (? OPERATOR(pg_catalog.*) interval '1 millisecond')
         WHERE migration OPERATOR(pg_catalog.=) ? AND owner OPERATOR(pg_catalog.=) ?
         RETURNING migration, owner, pg_catalog.set_config('synchronous_commit', 'on', true))
      INSERT INTO clouddb_state.journal AS j (migration, sequence, at, owner, kind, data)
      SELECT migration, ?, pg_catalog.clock_timestamp(), owner, ?, ? FROM held
      ON CONFLICT (migration, sequence) DO UPDATE
         SET at = excluded.at, kind = excluded.kind, data = excluded.data
       WHERE j.owner OPERATOR(pg_catalog.=) excluded.owner
      RETURNING at
      """;

  private final DataSource dataSource;
  private final JournalLease lease;
  private final List<JournalEntry> entries;
  private final ScheduledExecutorService heart;

  /** Of the last entry. */
  private String checksum;

  private boolean closed;

  /** Whether the entry behind the last is perhaps there: its append failed. */
  private boolean open;

  private JdbcJournal(
      DataSource dataSource,
      JournalLease lease,
      List<JournalEntry> entries,
      String checksum,
      Duration beat) {
    this.dataSource = dataSource;
    this.lease = lease;
    this.entries = entries;
    this.checksum = checksum;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "clouddb-lease-" + lease.migration());
              thread.setDaemon(true);
              return thread;
            });
    ScheduledFuture<?> beats =
        heart.scheduleWithFixedDelay(
            this::beat, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("The lease of {} is renewed every {}: {}", lease.migration(), beat, beats);
  }

  static JdbcJournal open(
      Connection connection, DataSource dataSource, JournalLease lease, Duration beat)
      throws SQLException {
    List<JournalEntry> entries = new ArrayList<>();
    String checksum = EntryChecksum.START;
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT sequence, at, kind, data FROM clouddb_state.journal"
                + " WHERE migration OPERATOR(pg_catalog.=) ?"
                + " ORDER BY sequence")) {
      select.setString(1, lease.migration());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          JournalRow read = JournalRow.read(row, entries.size() + 1L, lease.migration(), checksum);
          entries.add(read.entry());
          checksum = read.checksum();
        }
      }
    }
    return new JdbcJournal(dataSource, lease, entries, checksum, beat);
  }

  private void beat() {
    try {
      lease.renew();
    } catch (RuntimeException e) {
      // A data source may throw anything; without the next beat the lease would be lost for sure.
      LOG.warn("Migration {}: its lease could not be renewed", lease.migration(), e);
    }
  }

  @Override
  public synchronized List<JournalEntry> entries() {
    return List.copyOf(entries);
  }

  @Override
  public void requireHeld() {
    lease.requireHeld();
  }

  @Override
  public synchronized JournalEntry append(String kind, Map<String, String> data) {
    if (closed) {
      throw new IllegalStateException("The journal of " + lease.migration() + " is closed");
    }
    lease.requireHeld();
    settle();
    long sequence = entries.size() + 1L;
    JournalRow.Text text = JournalRow.text(lease.migration(), sequence, kind, data, checksum);
    JournalEntry entry = new JournalEntry(sequence, write(sequence, kind, text.json()), kind, data);
    entries.add(entry);
    checksum = text.checksum();
    return entry;
  }

  @Override
  public synchronized Optional<JournalEntry> settle() {
    if (!open) {
      return Optional.empty();
    }
    lease.requireHeld();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(true);
      // After it nothing of the failed append can come late, which it could after a mere look.
      lease.rename(connection);
      Optional<JournalRow> found = find(connection, entries.size() + 1L);
      found.ifPresent(
          row -> {
            entries.add(row.entry());
            checksum = row.checksum();
          });
      open = false;
      return found.map(JournalRow::entry);
    } catch (SQLException e) {
      throw unavailable("asked about its last entry", e, false);
    }
  }

  private Optional<JournalRow> find(Connection connection, long sequence) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT sequence, at, kind, data FROM clouddb_state.journal"
                + " WHERE migration OPERATOR(pg_catalog.=) ?"
                + " AND sequence OPERATOR(pg_catalog.=) ?")) {
      select.setString(1, lease.migration());
      select.setLong(2, sequence);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(JournalRow.read(row, sequence, lease.migration(), checksum))
            : Optional.empty();
      }
    }
  }

  private CloudDbException unavailable(String verb, SQLException cause, boolean known) {
    CloudDbException plain = JdbcStateStore.unavailable(lease.migration(), verb, cause);
    return known ? plain : plain.details().toBuilder().outcomeKnown(false).toException(cause);
  }

  /** Tries again for as long as the lease lasts when the connection was lost, or none is given. */
  private Instant write(long sequence, String kind, String json) {
    long deadline = System.nanoTime() + lease.length().toNanos();
    while (true) {
      try {
        Instant at = writeOnce(sequence, kind, json);
        open = false;
        return at;
      } catch (SQLException e) {
        // What the server refuses is not there; of what was lost on the way nothing is known.
        open |= mayPass(e);
        if (!mayPass(e) || System.nanoTime() >= deadline) {
          throw unavailable("written", e, !open);
        }
        LOG.debug("Entry {} is written again: {}", sequence, e.getMessage());
        pause(e);
      }
    }
  }

  private Instant writeOnce(long sequence, String kind, String json) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement append = connection.prepareStatement(APPEND)) {
      connection.setAutoCommit(true);
      append.setLong(1, lease.length().toMillis());
      append.setString(2, lease.migration());
      append.setObject(3, lease.owner());
      append.setLong(4, sequence);
      append.setString(5, kind);
      append.setString(6, json);
      try (ResultSet row = append.executeQuery()) {
        if (!row.next()) {
          throw lease.lost();
        }
        return row.getObject(1, OffsetDateTime.class).toInstant();
      }
    }
  }

  /** Lost and refused connections, a server that stops or starts; a pool that has none to give. */
  private static boolean mayPass(SQLException failure) {
    String state = failure.getSQLState();
    return state == null
        ? !(failure instanceof SQLNonTransientException)
        : state.startsWith("08") || state.startsWith("57P") || state.equals("53300");
  }

  private void pause(SQLException because) {
    try {
      // Others wait with the monitor: entries come in order.
      TimeUnit.MILLISECONDS.sleep(RETRY_PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      because.addSuppressed(e);
      throw unavailable("written", because, !open);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    heart.shutdown();
    try {
      // A beat under way ends first: it would take the missing row for a lease that was lost.
      if (!heart.awaitTermination(LAST_BEAT.toSeconds(), TimeUnit.SECONDS)) {
        heart.shutdownNow();
      }
    } catch (InterruptedException e) {
      heart.shutdownNow();
      Thread.currentThread().interrupt();
    }
    lease.giveUp();
  }
}
