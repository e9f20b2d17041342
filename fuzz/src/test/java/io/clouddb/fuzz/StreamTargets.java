/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static io.clouddb.fuzz.Outcome.valueOrRefusal;

import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.postgres.stream.ChangeMessage;
import io.clouddb.migration.postgres.stream.PgOutputDecoder;
import io.clouddb.migration.postgres.stream.TupleData;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Messages of the change stream, as a server that lies might send them. */
final class StreamTargets {
  private static final PgOutputDecoder DECODER = new PgOutputDecoder();
  private static final byte[] ROW = {0, 3, 't', 0, 0, 0, 2, '1', '7', 'n', 'u'};

  private StreamTargets() {}

  static List<Target> all() throws IOException {
    List<byte[]> messages =
        List.of(
            message("B", out -> longs(out, 0x1_0000_0010L, 1_000_001)),
            message("C\0", out -> longs(out, 16, 32, -1)),
            message("O", out -> longs(out, 5), "elsewhere\0"),
            message(
                "R",
                out -> out.writeInt(16_400),
                "public\0t\0d\0\1\1id\0\0\0\0\27\377\377\377\377"),
            message("Y", out -> out.writeInt(16_401), "public\0mood\0"),
            message("I", out -> out.writeInt(16_400), "N", ROW),
            message("U", out -> out.writeInt(16_400), "K", ROW, "N", ROW),
            message("D", out -> out.writeInt(16_400), "O", ROW),
            message("T", out -> out.writeInt(2), "\1", new byte[8]),
            message("M\1", out -> longs(out, 7), "clouddb\0\0\0\0\5hello"));
    return List.of(new Target("stream-message", source -> decode(source, messages)));
  }

  private interface Numbers {
    void write(DataOutputStream out) throws IOException;
  }

  private static void longs(DataOutputStream out, long... values) throws IOException {
    for (long value : values) {
      out.writeLong(value);
    }
  }

  private static byte[] message(String kind, Numbers numbers, Object... rest) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(kind.getBytes(StandardCharsets.ISO_8859_1));
    numbers.write(out);
    for (Object part : rest) {
      out.write(
          part instanceof byte[] raw ? raw : ((String) part).getBytes(StandardCharsets.ISO_8859_1));
    }
    return bytes.toByteArray();
  }

  private static void decode(Source source, List<byte[]> messages) throws Exception {
    byte[] bytes = source.changedBytes(messages);
    // Among others' bytes, as the driver hands it over: none of those is read.
    byte[] among = new byte[bytes.length + 40];
    System.arraycopy(bytes, 0, among, 20, bytes.length);
    ByteBuffer payload = ByteBuffer.wrap(among, 20, bytes.length).slice();
    Optional<ChangeMessage> read =
        valueOrRefusal(() -> DECODER.decode(payload), Set.of(ErrorCategory.DATA));
    if (read.isPresent()) {
      ChangeMessage message = read.get();
      if (message instanceof ChangeMessage.Insert insert) {
        readValues(insert.row());
      } else if (message instanceof ChangeMessage.Update update) {
        readValues(update.oldKey());
        readValues(update.oldRow());
        readValues(update.row());
      } else if (message instanceof ChangeMessage.Delete delete) {
        readValues(delete.oldKey());
        readValues(delete.oldRow());
      }
    }
  }

  private static void readValues(@Nullable TupleData row) throws Exception {
    for (int i = 0; row != null && i < row.size(); i++) {
      if (!row.isNull(i) && !row.isUnchanged(i)) {
        byte[] bytes = row.bytes(i);
        int column = i;
        if (!row.isBinary(i)) {
          Optional<String> text =
              valueOrRefusal(() -> row.text(column), Set.of(ErrorCategory.DATA));
          if (text.isPresent()
              && !Arrays.equals(bytes, text.get().getBytes(StandardCharsets.UTF_8))) {
            throw new AssertionError("A text that is not what was sent");
          }
        }
        if (row.length(i) < 0) {
          throw new AssertionError("A value of " + row.length(i) + " bytes");
        }
      }
    }
  }
}
