/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Appends the messages of one session to the files, in the order of the stream. A session begins a
 * file of its own, and each file begins with the descriptions of the tables that its messages may
 * refer to: the server sends one only once in a session, and the files before may be gone.
 *
 * <p>One thread writes; what is published, and the sizes, may be read by others.
 */
final class SpillWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  /**
   * How far the files can be read.
   *
   * @param file number of the file that is written
   * @param length how much of it is there
   * @param total bytes of records in all files, those before this session too
   */
  record Published(long file, long length, long total) {}

  /** A complete file, to be removed when its end is durable on the target. */
  private record Sealed(long number, LogSequenceNumber end, long bytes) {}

  private final SpillFolder folder;
  private final long fileBytes;
  private final Map<Integer, ByteBuffer> relations = new LinkedHashMap<>();
  private final Deque<Sealed> sealed = new ArrayDeque<>();
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

  private @Nullable FileChannel channel;
  private long number;
  private long length;
  private boolean inTransaction;
  private boolean closed;
  private LogSequenceNumber start;
  private LogSequenceNumber boundary;
  private LogSequenceNumber flushed;
  private LogSequenceNumber synced;
  private final AtomicLong sealedBytes = new AtomicLong();
  private volatile Published published;

  /**
   * Goes on behind what the files hold.
   *
   * @param folder the files
   * @param contents what they hold, cut off there; null when there are none
   * @param from where the stream goes on
   * @param fileBytes how long a file becomes, but for a transaction that it ends with
   */
  SpillWriter(
      SpillFolder folder,
      SpillFolder.@Nullable Contents contents,
      LogSequenceNumber from,
      long fileBytes)
      throws IOException {
    this.folder = folder;
    this.fileBytes = fileBytes;
    this.start = from;
    this.boundary = from;
    this.flushed = from;
    this.synced = from;
    long records = 0;
    if (contents != null) {
      for (long file = contents.first(); file <= contents.last(); file++) {
        long bytes = Files.size(folder.file(file));
        LogSequenceNumber end = file < contents.last() ? folder.start(file + 1) : from;
        sealed.add(new Sealed(file, end, bytes));
        sealedBytes.addAndGet(bytes);
        records += bytes - SpillFormat.header(folder.stream(), end).remaining();
      }
      number = contents.last();
    }
    published = new Published(number, 0, records);
    begin();
  }

  private synchronized void begin() throws IOException {
    if (closed) {
      throw new IOException("The spill is closed");
    }
    ByteBuffer header = SpillFormat.header(folder.stream(), boundary);
    FileChannel next = folder.make(number + 1);
    try {
      length = write(next, header, 0);
    } catch (IOException e) {
      next.close();
      throw e;
    }
    FileChannel before = channel;
    channel = next;
    start = boundary;
    number++;
    published = new Published(number, length, published.total());
    if (before != null) {
      before.close();
    }
    for (ByteBuffer relation : relations.values()) {
      put(relation.duplicate());
    }
  }

  private static long write(FileChannel to, ByteBuffer bytes, long at) throws IOException {
    long end = at;
    while (bytes.hasRemaining()) {
      end += to.write(bytes, end);
    }
    return end;
  }

  /** Takes a message; {@link #flush} publishes it. */
  void append(ByteBuffer message) {
    if (SpillFormat.isRelation(message)) {
      ByteBuffer copy = ByteBuffer.allocate(message.remaining()).put(message.duplicate()).flip();
      relations.put(SpillFormat.relation(message), copy);
    } else if (SpillFormat.isBegin(message)) {
      inTransaction = true;
    }
    LogSequenceNumber end = SpillFormat.boundary(message);
    put(message);
    if (end != null) {
      boundary = end;
      inTransaction = false;
    }
  }

  /** Notes that the source had nothing before a position that was not sent. */
  void idle(LogSequenceNumber position) {
    append(SpillFormat.idle(position));
  }

  private void put(ByteBuffer message) {
    int crc = SpillFormat.crcOf(message);
    int needed = SpillFormat.RECORD_HEAD + message.remaining();
    if (buffer.remaining() < needed) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(buffer.position() + needed, 2 * buffer.capacity()));
      buffer = larger.put(buffer.flip());
    }
    buffer.putInt(message.remaining()).putInt(crc).put(message.duplicate());
  }

  /** Whether enough is gathered to be written. */
  boolean full() {
    return buffer.position() >= BUFFER / 2;
  }

  /** Writes what was taken; when that fails it can be tried again. */
  synchronized void flush() throws IOException {
    if (buffer.position() == 0) {
      return;
    }
    FileChannel open = channel;
    if (closed || open == null) {
      throw new IOException("The spill is closed");
    }
    int bytes = buffer.position();
    // At its place, so that another try writes over what the last one got there.
    length = write(open, buffer.duplicate().flip(), length);
    buffer.clear();
    if (buffer.capacity() > 4 * BUFFER) {
      buffer = ByteBuffer.allocate(BUFFER);
    }
    flushed = boundary;
    published = new Published(number, length, published.total() + bytes);
  }

  /** Begins the next file when this one is long enough, and nothing is open. */
  void rollWhenLong() throws IOException {
    // The descriptions of the tables alone may be as long.
    boolean isBegun = !boundary.equals(start);
    if (isBegun && length >= fileBytes && !inTransaction && buffer.position() == 0) {
      sync();
      Sealed whole = new Sealed(number, boundary, length);
      begin();
      sealed.add(whole);
      sealedBytes.addAndGet(whole.bytes());
    }
  }

  /** Makes what was flushed survive a loss of power. */
  synchronized void sync() throws IOException {
    FileChannel open = channel;
    if (closed || open == null) {
      throw new IOException("The spill is closed");
    }
    if (!synced.equals(flushed)) {
      open.force(true);
      synced = flushed;
    }
  }

  /** Removes the files that are needed no more. */
  void forget(LogSequenceNumber durable) throws IOException {
    Sealed oldest = sealed.peekFirst();
    while (oldest != null && oldest.end().compareTo(durable) <= 0) {
      folder.delete(oldest.number());
      sealed.removeFirst();
      sealedBytes.addAndGet(-oldest.bytes());
      oldest = sealed.peekFirst();
    }
  }

  boolean inTransaction() {
    return inTransaction;
  }

  /** Everything before it was taken. */
  LogSequenceNumber boundary() {
    return boundary;
  }

  /** Everything before it survives a loss of power. */
  LogSequenceNumber synced() {
    return synced;
  }

  Published published() {
    return published;
  }

  /** What the files take of the disk. */
  long bytes() {
    return sealedBytes.get() + published.length();
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    FileChannel open = channel;
    if (open != null) {
      open.close();
    }
  }
}
