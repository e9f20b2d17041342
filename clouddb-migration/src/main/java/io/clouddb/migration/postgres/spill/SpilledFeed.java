/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.stream.ChangeFeed;
import io.clouddb.migration.postgres.stream.ChangeStream;
import io.clouddb.migration.postgres.stream.SlotStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the change stream ahead into files, and takes it from there. While spilling is engaged the
 * source is told of what is in the files and survives a loss of power, so it can let its log go;
 * otherwise only of what is durable on the target.
 *
 * <p>What holds at every moment, and so after a kill: the slot never stands behind both, the target
 * and the end of the files; and the files begin at the target's position or before. The target's
 * position decides what of the files is left out.
 */
public final class SpilledFeed implements ChangeFeed {
  private static final Logger LOG = LoggerFactory.getLogger(SpilledFeed.class);
  private static final long MOST_FILE_BYTES = 64L << 20;
  private static final int FILES = 16;
  private static final int TRIES = 3;

  private final ChangeStream stream;
  private final SpillFolder folder;
  private final SpillWriter writer;
  private final SpillReader reader;
  private final Spilling spilling;
  private final long readAhead;
  private final long statusNanos;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private boolean woken;

  private volatile LogSequenceNumber durable;
  private volatile long taken;
  private volatile boolean ask;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;
  private long toldAt = System.nanoTime();
  private LogSequenceNumber forgotten;

  private SpilledFeed(
      ChangeStream.Slot slot,
      ChangeStream stream,
      SpillFolder folder,
      SpillWriter writer,
      SpillReader reader,
      LogSequenceNumber durable,
      Spilling spilling,
      long readAhead) {
    this.stream = stream;
    this.folder = folder;
    this.writer = writer;
    this.reader = reader;
    this.durable = durable;
    this.forgotten = durable;
    this.spilling = spilling;
    this.readAhead = readAhead;
    this.statusNanos = slot.statusInterval().toNanos();
    this.thread = new Thread(this::run, "clouddb-spill-" + slot.name());
    this.thread.setDaemon(true);
  }

  /**
   * Begins to read, behind what the files hold already.
   *
   * @param slot the slot
   * @param durable the position on the target
   * @param spilling where the files are
   * @param readAhead how many bytes to read ahead while spilling is not engaged
   * @return the feed
   * @throws io.clouddb.error.CloudDbException when changes are missing
   * @throws SQLException when the source refuses, e.g. because the slot is being read
   */
  public static SpilledFeed start(
      ChangeStream.Slot slot, LogSequenceNumber durable, Spilling spilling, long readAhead)
      throws SQLException {
    SpillFolder folder = spilling.of(slot.name());
    for (int i = 1; ; i++) {
      SlotStatus status = slot.status(durable);
      SpillFolder.@Nullable Contents contents =
          status.confirmed().compareTo(durable) > 0
              ? spilling.contents(slot.name(), status, durable)
              : null;
      LogSequenceNumber from = contents == null ? durable : contents.end();
      ChangeStream stream = slot.start(from);
      try {
        // A predecessor's last word may have come after the first look. Now the slot is this one's.
        SlotStatus now = slot.status(from);
        if (now.confirmed().compareTo(from) <= 0) {
          SpilledFeed feed = start(slot, stream, folder, contents, durable, spilling, readAhead);
          feed.thread.start();
          return feed;
        }
        if (i == TRIES) {
          throw ErrorDetails.of(
                  ErrorCategory.CONDITION_FAILED,
                  "Something else moves slot "
                      + slot.name()
                      + ": it was at "
                      + status.confirmed().asString()
                      + ", and is at "
                      + now.confirmed().asString())
              .nextStep("Let one process run this migration")
              .toException();
        }
        stream.close();
      } catch (SQLException | RuntimeException e) {
        stream.close();
        throw e;
      }
    }
  }

  private static SpilledFeed start(
      ChangeStream.Slot slot,
      ChangeStream stream,
      SpillFolder folder,
      SpillFolder.@Nullable Contents contents,
      LogSequenceNumber durable,
      Spilling spilling,
      long readAhead) {
    try {
      folder.create();
      if (contents == null) {
        folder.clear();
      } else {
        folder.keep(contents);
      }
      SpillWriter writer =
          new SpillWriter(
              folder,
              contents,
              contents == null ? durable : contents.end(),
              Math.min(MOST_FILE_BYTES, Math.max(1, spilling.mostBytes() / FILES)));
      long first = contents == null ? writer.published().file() : contents.first();
      SpillReader reader = new SpillReader(folder, writer, first);
      return new SpilledFeed(slot, stream, folder, writer, reader, durable, spilling, readAhead);
    } catch (IOException e) {
      throw Spilling.failed(folder, e);
    }
  }

  // --- reading the source ---------------------------------------------------------------------

  private void run() {
    try {
      while (!closed) {
        read();
      }
    } catch (IOException e) {
      fail(Spilling.failed(folder, e));
    } catch (SQLException | RuntimeException | Error e) {
      // An error here would otherwise end in silence: the apply would wait for ever.
      fail(e);
    } finally {
      ended.countDown();
    }
  }

  private void fail(Throwable why) {
    failure = why;
    signal();
  }

  private void read() throws SQLException, IOException {
    ByteBuffer message = stream.pollBytes();
    if (message != null) {
      writer.append(message);
      if (writer.full()) {
        flush();
      }
    } else {
      flush();
      noteIdle();
    }
    if (ask) {
      ask = false;
      tell();
    }
    if (System.nanoTime() - toldAt > statusNanos) {
      tell();
    }
    forget();
    awaitRoom();
  }

  /** The source's own position, when it has nothing to send: so that an idle one lets go too. */
  private void noteIdle() throws SQLException, IOException {
    if (writer.inTransaction() || stream.received().compareTo(writer.boundary()) <= 0) {
      return;
    }
    // Whoever reads behind has no use for each; whoever has read all may wait for it.
    if (unread() == 0 || System.nanoTime() - toldAt > statusNanos) {
      writer.idle(stream.received());
      flush();
    }
  }

  /** Tells the source what it may forget; asks for its position at the same time. */
  private void tell() throws SQLException, IOException {
    toldAt = System.nanoTime();
    stream.confirm(durable);
    if (spilling.engaged()) {
      writer.sync();
      stream.confirm(writer.synced());
    }
    stream.tell();
  }

  private void flush() throws SQLException, IOException {
    boolean refused = false;
    while (!closed) {
      try {
        writer.flush();
        writer.rollWhenLong();
        break;
      } catch (IOException e) {
        // A full disk, most likely. What the target has meanwhile is removed, which makes room.
        if (!refused) {
          LOG.warn("The spill in {} takes no more: {}", folder.folder(), e.getMessage());
        }
        refused = true;
        spilling.trouble("The spill in " + folder.folder() + " took no more: " + e.getMessage());
        standStill();
      }
    }
    if (refused) {
      spilling.trouble("");
    }
    signal();
  }

  private void forget() throws IOException {
    LogSequenceNumber now = durable;
    if (!now.equals(forgotten)) {
      forgotten = now;
      writer.forget(now);
    }
  }

  private void awaitRoom() throws SQLException, IOException {
    boolean waited = false;
    while (!closed && isFull()) {
      if (!waited) {
        waited = true;
        flush();
        if (spilling.engaged()) {
          spilling.trouble(
              "The spill in %s holds the %,d bytes that it may"
                  .formatted(folder.folder(), writer.bytes()));
        }
        continue;
      }
      standStill();
    }
    if (waited) {
      spilling.trouble("");
    }
  }

  /** The disk bounds, between transactions; and unless engaged, how far to read ahead. */
  private boolean isFull() {
    return (!writer.inTransaction() && writer.bytes() >= spilling.mostBytes())
        || (!spilling.engaged() && unread() > readAhead);
  }

  private long unread() {
    return writer.published().total() - taken;
  }

  private void standStill() throws SQLException, IOException {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
    forget();
    if (System.nanoTime() - toldAt > statusNanos) {
      tell();
    }
  }

  // --- what the apply takes -------------------------------------------------------------------

  @Override
  public @Nullable Chunk poll(long millis) throws InterruptedException {
    if (failure == null && unread() == 0) {
      await(millis);
    }
    Throwable ended = failure;
    if (ended != null) {
      return new Chunk(List.of(), 0, null, ended);
    }
    try {
      Chunk chunk = reader.take();
      taken = reader.records();
      return chunk;
    } catch (IOException e) {
      throw Spilling.failed(folder, e);
    }
  }

  private void await(long millis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (left > 0 && !woken && failure == null && unread() == 0) {
        left = news.awaitNanos(left);
      }
      woken = false;
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wake() {
    lock.lock();
    try {
      woken = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void confirm(LogSequenceNumber position) {
    durable = position;
  }

  @Override
  public void askForPosition() {
    ask = true;
  }

  @Override
  public @Nullable Throwable failure() {
    return failure;
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
    }
    // Before another reader begins: nothing is written to the files from here on.
    try (stream;
        reader;
        writer) {
      // Closed by leaving: each of them, whatever another says.
    } catch (IOException e) {
      LOG.debug("Files of the spill in {} could not be closed", folder.folder(), e);
    }
  }
}
