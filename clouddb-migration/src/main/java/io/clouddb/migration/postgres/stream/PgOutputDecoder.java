/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.TableName;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Reads messages of the plugin pgoutput, protocol version 1 without streaming of open transactions.
 * A message that it does not know, or does not read to its end, is refused: to skip one would be to
 * lose a change.
 */
public final class PgOutputDecoder {
  private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int TRUNCATE_CASCADE = 1;
  private static final int TRUNCATE_RESTART_IDENTITY = 2;
  private static final int MESSAGE_TRANSACTIONAL = 1;
  private static final int LONGEST_CONTENT = 1024;

  /** Makes a decoder; it keeps no state between messages. */
  public PgOutputDecoder() {}

  /**
   * Decodes one message.
   *
   * @param payload the message, array-backed; the result refers to its bytes
   * @return the message
   * @throws io.clouddb.error.CloudDbException when it is not understood
   */
  public ChangeMessage decode(ByteBuffer payload) {
    char kind = '?';
    try {
      kind = (char) payload.get();
      ChangeMessage message =
          switch (kind) {
            case 'B' -> new ChangeMessage.Begin(lsn(payload), time(payload), uint32(payload));
            case 'C' -> commit(payload);
            case 'O' -> origin(payload);
            case 'R' -> relation(payload);
            case 'Y' -> new ChangeMessage.Type(uint32(payload), text(payload), text(payload));
            case 'I' -> insert(payload);
            case 'U' -> update(payload);
            case 'D' -> delete(payload);
            case 'T' -> truncate(payload);
            case 'M' -> logicalMessage(payload);
            default -> throw malformed(kind, "this kind is not part of protocol version 1");
          };
      if (payload.hasRemaining()) {
        throw malformed(kind, payload.remaining() + " bytes are left over");
      }
      return message;
    } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
      throw ErrorDetails.of(
              ErrorCategory.DATA, "A '" + kind + "' message of the change stream is cut off")
          .toException(e);
    }
  }

  private static RuntimeException malformed(char kind, String why) {
    return ErrorDetails.of(
            ErrorCategory.DATA, "A '" + kind + "' message of the change stream is not read: " + why)
        .toException();
  }

  private static ChangeMessage commit(ByteBuffer in) {
    in.get();
    return new ChangeMessage.Commit(lsn(in), lsn(in), time(in));
  }

  private static ChangeMessage origin(ByteBuffer in) {
    lsn(in);
    return new ChangeMessage.Origin(text(in));
  }

  private static ChangeMessage relation(ByteBuffer in) {
    long oid = uint32(in);
    String schema = text(in);
    // The protocol leaves pg_catalog's name out.
    TableName table = new TableName(schema.isEmpty() ? "pg_catalog" : schema, text(in));
    char identity = (char) in.get();
    int count = in.getShort() & 0xFFFF;
    List<ChangeMessage.RelationColumn> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      boolean key = (in.get() & 1) != 0;
      columns.add(new ChangeMessage.RelationColumn(text(in), uint32(in), in.getInt(), key));
    }
    return new ChangeMessage.Relation(oid, table, identity, columns);
  }

  private static ChangeMessage insert(ByteBuffer in) {
    long relation = uint32(in);
    expect(in, 'I', 'N');
    return new ChangeMessage.Insert(relation, tuple(in));
  }

  private static ChangeMessage update(ByteBuffer in) {
    long relation = uint32(in);
    @Nullable TupleData oldKey = null;
    @Nullable TupleData oldRow = null;
    char part = (char) in.get();
    if (part == 'K') {
      oldKey = tuple(in);
      part = (char) in.get();
    } else if (part == 'O') {
      oldRow = tuple(in);
      part = (char) in.get();
    }
    if (part != 'N') {
      throw malformed('U', "part '" + part + "' where the new row was expected");
    }
    return new ChangeMessage.Update(relation, oldKey, oldRow, tuple(in));
  }

  private static ChangeMessage delete(ByteBuffer in) {
    long relation = uint32(in);
    char part = (char) in.get();
    return switch (part) {
      case 'K' -> new ChangeMessage.Delete(relation, tuple(in), null);
      case 'O' -> new ChangeMessage.Delete(relation, null, tuple(in));
      default -> throw malformed('D', "part '" + part + "' where the old row was expected");
    };
  }

  private static ChangeMessage truncate(ByteBuffer in) {
    int count = in.getInt();
    int flags = in.get();
    if (count < 0) {
      throw malformed('T', "a number of tables of " + count);
    }
    List<Long> relations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      relations.add(uint32(in));
    }
    return new ChangeMessage.Truncate(
        relations, (flags & TRUNCATE_CASCADE) != 0, (flags & TRUNCATE_RESTART_IDENTITY) != 0);
  }

  private static ChangeMessage logicalMessage(ByteBuffer in) {
    boolean transactional = (in.get() & MESSAGE_TRANSACTIONAL) != 0;
    LogSequenceNumber lsn = lsn(in);
    int prefixStart = in.arrayOffset() + in.position();
    // Whoever writes bytes that are no text is no reason to stop: only texts are waited for.
    String prefix = new String(in.array(), prefixStart, skipText(in), StandardCharsets.UTF_8);
    int length = length(in, 'M');
    String content =
        length > LONGEST_CONTENT
            ? ""
            : new String(
                in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return new ChangeMessage.LogicalMessage(transactional, lsn, prefix, content);
  }

  private static void expect(ByteBuffer in, char kind, char part) {
    char found = (char) in.get();
    if (found != part) {
      throw malformed(kind, "part '" + found + "' where '" + part + "' was expected");
    }
  }

  private static TupleData tuple(ByteBuffer in) {
    int count = in.getShort() & 0xFFFF;
    byte[] kinds = new byte[count];
    int[] offsets = new int[count];
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      byte kind = in.get();
      if (!TupleData.isKind(kind)) {
        throw malformed('?', "a column of kind '" + (char) kind + "'");
      }
      kinds[i] = kind;
      if (TupleData.hasBytes(kind)) {
        lengths[i] = length(in, '?');
        offsets[i] = in.arrayOffset() + in.position();
        in.position(in.position() + lengths[i]);
      }
    }
    return new TupleData(in.array(), kinds, offsets, lengths);
  }

  /** How many bytes follow; before anything is allocated or skipped, they have to be there. */
  private static int length(ByteBuffer in, char kind) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw malformed(
          kind, "a length of " + length + " where " + in.remaining() + " bytes are left");
    }
    return length;
  }

  private static LogSequenceNumber lsn(ByteBuffer in) {
    return LogSequenceNumber.valueOf(in.getLong());
  }

  private static Instant time(ByteBuffer in) {
    return POSTGRES_EPOCH.plus(in.getLong(), ChronoUnit.MICROS);
  }

  private static long uint32(ByteBuffer in) {
    return in.getInt() & 0xFFFFFFFFL;
  }

  private static String text(ByteBuffer in) {
    int start = in.position();
    return StrictText.of(in.array(), in.arrayOffset() + start, skipText(in));
  }

  /** How many bytes a string has, which ends at its first zero byte. */
  private static int skipText(ByteBuffer in) {
    int start = in.position();
    while (in.get() != 0) {
      // Another byte of it.
    }
    return in.position() - 1 - start;
  }
}
