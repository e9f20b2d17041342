/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.sql.ConnectionDetails;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * The changes of one slot, from a position on. It confirms to the source only what {@link #confirm}
 * was told: the driver's own flushing is off, since it would confirm what was merely received.
 *
 * <p>Not safe for several threads; one reads, and tells the source how far the target is.
 */
public final class ChangeStream implements AutoCloseable {
  private final Connection connection;
  private final PGReplicationStream stream;
  private final PgOutputDecoder decoder = new PgOutputDecoder();
  private LogSequenceNumber confirmed;
  private int lastSize;

  private ChangeStream(
      Connection connection, PGReplicationStream stream, LogSequenceNumber confirmed) {
    this.connection = connection;
    this.stream = stream;
    this.confirmed = confirmed;
  }

  /**
   * A slot to be read.
   *
   * @param source its server
   * @param name its name
   * @param publication what of the source is in the stream
   * @param identity the server on which it was created
   * @param statusInterval how often the source is told the position
   */
  public record Slot(
      ConnectionDetails source,
      String name,
      String publication,
      SourceIdentity identity,
      Duration statusInterval) {
    /**
     * What the source says of it.
     *
     * @param sent up to where the source has sent its changes
     * @return its status
     * @throws io.clouddb.error.CloudDbException when there is none, its log was removed, or the
     *     source was set back
     * @throws SQLException when the source cannot be asked
     */
    public SlotStatus status(LogSequenceNumber sent) throws SQLException {
      try (Connection ordinary = PinnedSession.open(source, "check")) {
        return SlotStatus.require(ordinary, name, sent);
      }
    }

    /**
     * Starts to read. Checks first that the source is the same server on the same timeline, and
     * that the slot still has everything from the position on.
     *
     * @param from what is durable on the target: transactions whose commit is before are not sent
     * @return a stream
     * @throws io.clouddb.error.CloudDbException when changes are lost for good
     * @throws SQLException when the server refuses, e.g. because the slot is being read
     */
    public ChangeStream open(LogSequenceNumber from) throws SQLException {
      return ChangeStream.start(
          this, from, connection -> SlotStatus.requireUsable(connection, name, from));
    }

    /**
     * Starts to read as {@link #open} does, but for the look at the slot, which is the caller's: as
     * soon as this stream has it, nothing else moves it.
     *
     * @param from where to begin
     * @return a stream
     * @throws io.clouddb.error.CloudDbException when the source is another server than before
     * @throws SQLException when the server refuses, e.g. because the slot is being read
     */
    public ChangeStream start(LogSequenceNumber from) throws SQLException {
      return ChangeStream.start(this, from, connection -> {});
    }
  }

  /** What is asked in the session that is to read, before it does. */
  private interface Check {
    void in(Connection connection) throws SQLException;
  }

  private static ChangeStream start(Slot slot, LogSequenceNumber from, Check check)
      throws SQLException {
    Connection connection = PinnedSession.openReplication(slot.source, "stream");
    try {
      slot.identity.requireSame(SourceIdentity.read(connection));
      check.in(connection);
      PGReplicationStream stream =
          connection
              .unwrap(PGConnection.class)
              .getReplicationAPI()
              .replicationStream()
              .logical()
              .withSlotName(slot.name)
              .withStartPosition(from)
              .withAutomaticFlush(false)
              .withStatusInterval(
                  Math.toIntExact(slot.statusInterval.toMillis()), TimeUnit.MILLISECONDS)
              .withSlotOption("proto_version", 1)
              // A list of quoted identifiers.
              .withSlotOption("publication_names", TableName.quote(slot.publication))
              .withSlotOption("messages", true)
              .start();
      stream.setFlushedLSN(from);
      stream.setAppliedLSN(from);
      return new ChangeStream(connection, stream, from);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * The next message, if one has arrived. Waits for about a millisecond when none has. Answers the
   * source's requests for a sign of life, so it is to be called at least every few seconds.
   *
   * @return null when nothing is pending
   * @throws SQLException when the connection is lost
   * @throws io.clouddb.error.CloudDbException when a message is not understood
   */
  public @Nullable ChangeMessage poll() throws SQLException {
    ByteBuffer payload = pollBytes();
    if (payload == null) {
      return null;
    }
    lastSize = payload.remaining();
    try {
      return decoder.decode(payload);
    } catch (CloudDbException e) {
      throw ErrorDetails.of(
              e.category(),
              "%s; it came when the log had been sent up to %s"
                  .formatted(e.details().message(), received().asString()))
          .nextStep(e.details().nextStep().orElse(null))
          .toException(e);
    }
  }

  /**
   * As {@link #poll}, and the message as the source sent it.
   *
   * @return null when nothing is pending
   * @throws SQLException when the connection is lost
   */
  public @Nullable ByteBuffer pollBytes() throws SQLException {
    return stream.readPending();
  }

  /**
   * The size of the message that {@link #poll} returned last.
   *
   * @return bytes
   */
  public int lastSize() {
    return lastSize;
  }

  /**
   * How far the source has sent, as of the last message or keep-alive. When {@link #poll} just
   * returned null and no transaction is open, all commits before this position have been returned.
   *
   * @return a position in the source's log
   */
  public LogSequenceNumber received() {
    return stream.getLastReceiveLSN();
  }

  /**
   * Notes what the source may forget; it is told at the next status interval or {@link #tell}. A
   * position before an earlier one is ignored.
   *
   * @param durable everything before it is durable on the target
   */
  public void confirm(LogSequenceNumber durable) {
    if (durable.compareTo(confirmed) > 0) {
      confirmed = durable;
      stream.setFlushedLSN(durable);
      stream.setAppliedLSN(durable);
    }
  }

  /**
   * Tells the source the confirmed position now and asks for its own, which comes as a keep-alive.
   *
   * @throws SQLException when the connection is lost
   */
  public void tell() throws SQLException {
    stream.forceUpdateStatus();
  }

  /** Ends reading. The slot stays, and is free when the source has noticed. */
  @Override
  public void close() throws SQLException {
    // Not the stream's own close: it would first read all that the source still wants to send.
    connection.close();
  }
}
