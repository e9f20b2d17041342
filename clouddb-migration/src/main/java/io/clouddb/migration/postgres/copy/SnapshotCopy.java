/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableOwners;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Copies tables as they are in one exported snapshot, in ranges of their blocks, several at once. A
 * range is read by ctid within the snapshot and piped from COPY to COPY; the last one of a table is
 * open at its end, since the table may have grown between its measure and its snapshot.
 *
 * <p>The caller holds {@link TableLocks} from before the snapshot was taken, and keeps the exporter
 * open until this has returned.
 */
public final class SnapshotCopy {
  private final ConnectionDetails source;
  private final ConnectionDetails target;
  private final int workers;
  private final long chunkBytes;
  private final CopyProgress progress;
  private final CopyJournal journal;
  private final TrustedCode trusted;

  private SnapshotCopy(Builder builder) {
    this.source = builder.source;
    this.target = builder.target;
    this.workers = builder.workers;
    this.chunkBytes = builder.chunkBytes;
    this.progress = builder.progress;
    this.journal = builder.journal;
    this.trusted = builder.trusted;
  }

  /**
   * Starts to describe a copy.
   *
   * @param source where the snapshot is
   * @param target where tables of the same names and columns are, without foreign keys and with
   *     triggers off
   * @return a builder
   */
  public static Builder between(ConnectionDetails source, ConnectionDetails target) {
    return new Builder(source, target);
  }

  /**
   * Copies all tables that the journal does not have as finished; each is truncated on the target
   * first. Returns when they are durable there.
   *
   * @param tables the tables; partitioned ones are left out, since their partitions are in the list
   * @param snapshot name of an exported snapshot
   * @param finished called with each finished table, e.g. to release its lock
   * @return what was copied now
   * @throws io.clouddb.error.CloudDbException naming the table, and where the server says so the
   *     row's number and the column, when a value cannot be copied or a server fails
   */
  public List<CopiedTable> copy(
      Collection<Table> tables, String snapshot, Consumer<TableName> finished) {
    List<Table> wanted = new ArrayList<>();
    for (Table table : tables) {
      if (table.kind() != Table.Kind.ORDINARY) {
        finished.accept(table.name());
      } else if (isFinished(table.name())) {
        finished.accept(table.name());
      } else {
        wanted.add(table);
      }
    }
    wanted.sort(Comparator.comparing(Table::pages).reversed().thenComparing(Table::name));
    Queue<Chunk> chunks = plan(wanted);
    List<CopiedTable> done = new ArrayList<>();
    Consumer<CopiedTable> whenDone =
        copied -> {
          // First: it fails when the table's lock was lost, and then the table is not finished.
          finished.accept(copied.table());
          synchronized (journal) {
            journal.finished(copied);
            done.add(copied);
          }
          progress.tableFinished(copied);
        };
    progress.planned(chunks.size());
    runAll(chunks, snapshot, wanted, whenDone);
    return done;
  }

  private boolean isFinished(TableName table) {
    synchronized (journal) {
      return journal.isFinished(table);
    }
  }

  private Queue<Chunk> plan(List<Table> tables) {
    Queue<Chunk> chunks = new ConcurrentLinkedQueue<>();
    try (Connection from = PinnedSession.open(source, "copy-plan");
        Connection to = PinnedSession.open(target, "copy-plan")) {
      CopyWorker.silenceTriggers(to);
      // Triggers fire for TRUNCATE too.
      trusted.require(to, tables.stream().map(Table::name).toList());
      trusted.requireToRead(from, tables);
      BinaryTypes types = BinaryTypes.read(from);
      TableOwners owners = TableOwners.read(to);
      for (Table table : tables) {
        truncate(to, table.name(), owners);
        long blocks = blocksOf(from, table.name());
        long perChunk = Math.max(1, chunkBytes / blockSize(from));
        int count = (int) Math.max(1, (blocks + perChunk - 1) / perChunk);
        TableCopy copy = new TableCopy(table, types.allow(table, to), count);
        for (int i = 0; i < count; i++) {
          chunks.add(new Chunk(copy, i * perChunk, i + 1 == count ? -1 : (i + 1) * perChunk));
        }
      }
      return chunks;
    } catch (SQLException e) {
      throw SqlFailure.of("preparing the copy", e);
    }
  }

  /** What an interrupted copy left of a table goes first. */
  private static void truncate(Connection target, TableName table, TableOwners owners) {
    try {
      EmptiedTables.empty(target, List.of(table), owners);
    } catch (SQLException e) {
      throw SqlFailure.of("emptying " + table + " on the target", e);
    }
  }

  private static long blocksOf(Connection from, TableName table) throws SQLException {
    try (PreparedStatement statement =
        from.prepareStatement(
            "SELECT pg_catalog.pg_relation_size(?::pg_catalog.regclass)"
                + " OPERATOR(pg_catalog./) pg_catalog.current_setting('block_size')::bigint")) {
      statement.setString(1, table.quoted());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static long blockSize(Connection from) throws SQLException {
    try (Statement statement = from.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT pg_catalog.current_setting('block_size')::bigint")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void runAll(
      Queue<Chunk> chunks, String snapshot, List<Table> tables, Consumer<CopiedTable> whenDone) {
    int threads = Math.max(1, Math.min(workers, chunks.size()));
    Set<TableName> complete = ConcurrentHashMap.newKeySet();
    Consumer<CopiedTable> noted =
        whenDone.andThen(
            copied -> {
              complete.add(copied.table());
            });
    AtomicInteger unlocked = new AtomicInteger(threads);
    Runnable locked =
        () -> {
          if (unlocked.decrementAndGet() == 0) {
            progress.locked();
          }
        };
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "clouddb-copy");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(
                () -> {
                  new CopyWorker(
                          source, target, snapshot, tables, complete, locked, progress, trusted)
                      .run(chunks, noted);
                  return null;
                }));
      }
      await(running, chunks);
    } finally {
      pool.shutdownNow();
    }
  }

  private static void await(List<Future<?>> running, Queue<Chunk> chunks) {
    Throwable failure = null;
    for (Future<?> worker : running) {
      try {
        worker.get();
      } catch (ExecutionException e) {
        // The others finish the chunk they are at and find no more.
        chunks.clear();
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        if (failure == null) {
          failure = cause;
        } else {
          failure.addSuppressed(cause);
        }
      } catch (InterruptedException e) {
        chunks.clear();
        Thread.currentThread().interrupt();
        throw ErrorDetails.of(ErrorCategory.OTHER, "The copy was interrupted").toException(e);
      }
    }
    if (failure instanceof CloudDbException known) {
      throw known;
    }
    if (failure != null) {
      throw ErrorDetails.of(ErrorCategory.OTHER, "The copy failed").toException(failure);
    }
  }

  static String columnList(Table table) {
    return table.dataColumns().stream()
        .map(Column::name)
        .map(TableName::quote)
        .collect(Collectors.joining(", "));
  }

  /** Builds a {@link SnapshotCopy}. */
  public static final class Builder {
    private final ConnectionDetails source;
    private final ConnectionDetails target;
    private int workers = 2;
    private long chunkBytes = 64L << 20;
    private CopyProgress progress = CopyProgress.NONE;
    private CopyJournal journal = CopyJournal.inMemory();
    private TrustedCode trusted = TrustedCode.of(Set.of());

    private Builder(ConnectionDetails source, ConnectionDetails target) {
      this.source = Objects.requireNonNull(source, "source");
      this.target = Objects.requireNonNull(target, "target");
    }

    /**
     * How many chunks are copied at once; each takes a connection on both sides.
     *
     * @param count 2 by default
     * @return this builder
     */
    public Builder workers(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("workers: " + count);
      }
      this.workers = count;
      return this;
    }

    /**
     * How much of a table's file is one chunk.
     *
     * @param bytes 64 MiB by default; rounded to blocks
     * @return this builder
     */
    public Builder chunkBytes(long bytes) {
      this.chunkBytes = bytes;
      return this;
    }

    /**
     * Who hears how it goes on.
     *
     * @param listener called from the copy's threads
     * @return this builder
     */
    public Builder progress(CopyProgress listener) {
      this.progress = Objects.requireNonNull(listener, "progress");
      return this;
    }

    /**
     * Who remembers which tables are complete.
     *
     * @param memory in memory by default
     * @return this builder
     */
    public Builder journal(CopyJournal memory) {
      this.journal = Objects.requireNonNull(memory, "journal");
      return this;
    }

    /**
     * Whose code may run when rows are written.
     *
     * @param code nobody's by default, but that of roles with all rights of the target's
     * @return this builder
     */
    public Builder trusting(TrustedCode code) {
      this.trusted = Objects.requireNonNull(code, "trusted");
      return this;
    }

    /**
     * Finishes the description.
     *
     * @return a copy that can be run
     */
    public SnapshotCopy build() {
      return new SnapshotCopy(this);
    }
  }
}
