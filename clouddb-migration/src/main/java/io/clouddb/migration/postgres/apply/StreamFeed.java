/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.stream.ChangeFeed;
import io.clouddb.migration.postgres.stream.ChangeMessage;
import io.clouddb.migration.postgres.stream.ChangeStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Reads the change stream ahead in memory, by a bounded number of bytes. */
final class StreamFeed implements ChangeFeed {
  private static final int CHUNK_MESSAGES = 512;
  private static final long CHUNK_BYTES = 1L << 20;

  private final ChangeStream stream;
  private final long maxBytes;
  private final Duration statusInterval;
  private final LinkedBlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicBoolean ask = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private volatile LogSequenceNumber durable;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  private StreamFeed(
      ChangeStream stream, LogSequenceNumber from, ApplyOptions options, String name) {
    this.stream = stream;
    this.durable = from;
    this.maxBytes = options.queueBytes;
    this.statusInterval = options.statusInterval;
    this.thread = new Thread(() -> run(from), name);
    this.thread.setDaemon(true);
  }

  static StreamFeed start(ChangeStream stream, LogSequenceNumber from, ApplyOptions options) {
    StreamFeed feed = new StreamFeed(stream, from, options, "clouddb-stream-" + options.migration);
    feed.thread.start();
    return feed;
  }

  @Override
  public @Nullable Chunk poll(long millis) throws InterruptedException {
    Chunk chunk = chunks.poll(millis, TimeUnit.MILLISECONDS);
    if (chunk != null) {
      queuedBytes.addAndGet(-chunk.bytes());
    }
    return chunk;
  }

  @Override
  public void confirm(LogSequenceNumber position) {
    durable = position;
  }

  @Override
  public void askForPosition() {
    ask.set(true);
  }

  @Override
  public void wake() {
    chunks.add(new Chunk(List.of(), 0, null, null));
  }

  @Override
  public @Nullable Throwable failure() {
    return failure;
  }

  private void run(LogSequenceNumber from) {
    try {
      read(from);
    } catch (SQLException | RuntimeException | Error e) {
      // An error here would otherwise end in silence: the apply would wait for ever.
      failure = e;
      chunks.add(new Chunk(List.of(), 0, null, e));
    } finally {
      ended.countDown();
    }
  }

  private void read(LogSequenceNumber from) throws SQLException {
    LogSequenceNumber reported = from;
    boolean inTransaction = false;
    List<ChangeMessage> messages = new ArrayList<>();
    long bytes = 0;
    while (!closed) {
      stream.confirm(durable);
      if (ask.getAndSet(false)) {
        stream.tell();
      }
      ChangeMessage message = stream.poll();
      if (message != null) {
        messages.add(message);
        bytes += stream.lastSize();
        if (message instanceof ChangeMessage.Begin) {
          inTransaction = true;
        } else if (message instanceof ChangeMessage.Commit commit) {
          inTransaction = false;
          reported = commit.endLsn();
        }
      }
      boolean full = messages.size() >= CHUNK_MESSAGES || bytes >= CHUNK_BYTES;
      if (full || (message == null && !messages.isEmpty())) {
        put(new Chunk(messages, bytes, null, null));
        messages = new ArrayList<>();
        bytes = 0;
      }
      if (message == null && !inTransaction && stream.received().compareTo(reported) > 0) {
        reported = stream.received();
        put(new Chunk(List.of(), 0, reported, null));
      }
    }
  }

  private void put(Chunk chunk) throws SQLException {
    long told = System.nanoTime();
    while (!closed && queuedBytes.get() > 0 && queuedBytes.get() + chunk.bytes() > maxBytes) {
      awaitRoom();
      if (System.nanoTime() - told > statusInterval.toNanos()) {
        stream.confirm(durable);
        stream.tell();
        told = System.nanoTime();
      }
    }
    queuedBytes.addAndGet(chunk.bytes());
    chunks.add(chunk);
  }

  private void awaitRoom() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  @Override
  public void close() throws SQLException {
    closed = true;
    try {
      // The thread is within a millisecond's read, or lost in a dead connection: do not wait long.
      if (!ended.await(2, TimeUnit.SECONDS)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stream.close();
    }
  }
}
