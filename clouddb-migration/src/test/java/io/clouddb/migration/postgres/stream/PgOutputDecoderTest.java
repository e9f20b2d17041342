/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.postgres.catalog.TableName;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class PgOutputDecoderTest {
  private final PgOutputDecoder decoder = new PgOutputDecoder();

  /** Writes messages as the protocol's description has them. */
  private static final class Wire {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Wire chars(String ascii) {
      bytes.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
      return this;
    }

    Wire int8(int value) {
      bytes.write(value);
      return this;
    }

    Wire int16(int value) {
      bytes.writeBytes(ByteBuffer.allocate(2).putShort((short) value).array());
      return this;
    }

    Wire int32(long value) {
      bytes.writeBytes(ByteBuffer.allocate(4).putInt((int) value).array());
      return this;
    }

    Wire int64(long value) {
      bytes.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
      return this;
    }

    Wire text(String value) {
      bytes.writeBytes(value.getBytes(StandardCharsets.UTF_8));
      return int8(0);
    }

    Wire value(String kind, String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      chars(kind).int32(utf8.length);
      bytes.writeBytes(utf8);
      return this;
    }

    /** As the driver hands it over: a slice that does not start at the array's first byte. */
    ByteBuffer buffer() {
      byte[] all = new byte[bytes.size() + 3];
      System.arraycopy(bytes.toByteArray(), 0, all, 3, bytes.size());
      ByteBuffer buffer = ByteBuffer.wrap(all);
      buffer.position(3);
      return buffer.slice();
    }
  }

  @Test
  void readsTheFrameOfATransaction() {
    assertThat(
            decoder.decode(
                new Wire()
                    .chars("B")
                    .int64(0x1_0000_0010L)
                    .int64(1_000_001)
                    .int32(0xFFFFFFFFL)
                    .buffer()))
        .isEqualTo(
            new ChangeMessage.Begin(
                LogSequenceNumber.valueOf("1/10"),
                Instant.parse("2000-01-01T00:00:01.000001Z"),
                4294967295L));
    assertThat(decoder.decode(new Wire().chars("C").int8(0).int64(16).int64(32).int64(-1).buffer()))
        .isEqualTo(
            new ChangeMessage.Commit(
                LogSequenceNumber.valueOf(16),
                LogSequenceNumber.valueOf(32),
                Instant.parse("1999-12-31T23:59:59.999999Z")));
    assertThat(decoder.decode(new Wire().chars("O").int64(5).text("elsewhere").buffer()))
        .isEqualTo(new ChangeMessage.Origin("elsewhere"));
  }

  @Test
  void readsRelationsAndTypes() {
    ByteBuffer relation =
        new Wire()
            .chars("R")
            .int32(4000000000L)
            .text("Größe")
            .text("t\"x")
            .chars("d")
            .int16(2)
            .int8(1)
            .text("id")
            .int32(23)
            .int32(-1)
            .int8(0)
            .text("v")
            .int32(1700)
            .int32(786439)
            .buffer();
    assertThat(decoder.decode(relation))
        .isEqualTo(
            new ChangeMessage.Relation(
                4000000000L,
                new TableName("Größe", "t\"x"),
                'd',
                List.of(
                    new ChangeMessage.RelationColumn("id", 23, -1, true),
                    new ChangeMessage.RelationColumn("v", 1700, 786439, false))));
    assertThat(
            decoder.decode(new Wire().chars("Y").int32(17000).text("public").text("mood").buffer()))
        .isEqualTo(new ChangeMessage.Type(17000, "public", "mood"));
  }

  @Test
  void tellsNullAndUnchangedAndEmptyApart() {
    ChangeMessage.Insert insert =
        (ChangeMessage.Insert)
            decoder.decode(
                new Wire()
                    .chars("I")
                    .int32(7)
                    .chars("N")
                    .int16(5)
                    .chars("n")
                    .chars("u")
                    .value("t", "")
                    .value("t", "grün")
                    .value("b", "\1\2")
                    .buffer());
    TupleData row = insert.row();
    assertThat(insert.relation()).isEqualTo(7);
    assertThat(row.size()).isEqualTo(5);
    assertThat(row.isNull(0)).isTrue();
    assertThat(row.isUnchanged(0)).isFalse();
    assertThat(row.isNull(1)).isFalse();
    assertThat(row.isUnchanged(1)).isTrue();
    assertThatThrownBy(() -> row.text(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> row.text(0)).isInstanceOf(IllegalStateException.class);
    assertThat(row.text(2)).isEmpty();
    assertThat(row.text(3)).isEqualTo("grün");
    assertThat(row.isBinary(4)).isTrue();
    assertThat(row.bytes(4)).containsExactly(1, 2);
    assertThat(row).hasToString("row of 5 columns");
  }

  @Test
  void takesAValueOfTheKeyThatWasLeftOutFromTheOldKey() {
    ChangeMessage.Update update =
        (ChangeMessage.Update)
            decoder.decode(
                new Wire()
                    .chars("U")
                    .int32(7)
                    .chars("K")
                    .int16(3)
                    .value("t", "long")
                    .chars("nn")
                    .chars("N")
                    .int16(3)
                    .chars("u")
                    .value("t", "new")
                    .chars("u")
                    .buffer());
    TupleData old = Objects.requireNonNull(update.oldKey());
    TupleData row = update.row().knowing(old, new int[] {0, 2});
    assertThat(row.text(0)).isEqualTo("long");
    assertThat(row.bytes(0)).hasSize(row.length(0)).isEqualTo(old.bytes(0));
    // It is known, and stays a value that the change left alone.
    assertThat(row.isUnchanged(0)).isTrue();
    assertThat(row.text(1)).isEqualTo("new");
    assertThatThrownBy(() -> row.text(2)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> update.row().text(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readsUpdatesAndDeletesInAllTheirForms() {
    ChangeMessage.Update plain =
        (ChangeMessage.Update)
            decoder.decode(
                new Wire().chars("U").int32(7).chars("N").int16(1).value("t", "a").buffer());
    assertThat(plain.oldKey()).isNull();
    assertThat(plain.oldRow()).isNull();
    ChangeMessage.Update moved =
        (ChangeMessage.Update)
            decoder.decode(
                new Wire()
                    .chars("U")
                    .int32(7)
                    .chars("K")
                    .int16(1)
                    .value("t", "a")
                    .chars("N")
                    .int16(1)
                    .value("t", "b")
                    .buffer());
    assertThat(moved.oldKey()).isNotNull();
    assertThat(moved.oldRow()).isNull();
    assertThat(moved.row().text(0)).isEqualTo("b");
    ChangeMessage.Update full =
        (ChangeMessage.Update)
            decoder.decode(
                new Wire()
                    .chars("U")
                    .int32(7)
                    .chars("O")
                    .int16(1)
                    .value("t", "a")
                    .chars("N")
                    .int16(1)
                    .chars("u")
                    .buffer());
    assertThat(full.oldRow()).isNotNull();
    assertThat(full.row().isUnchanged(0)).isTrue();
    ChangeMessage.Delete delete =
        (ChangeMessage.Delete)
            decoder.decode(new Wire().chars("D").int32(7).chars("O").int16(1).chars("n").buffer());
    assertThat(delete.oldKey()).isNull();
    assertThat(delete.oldRow()).isNotNull();
  }

  @Test
  void readsTruncatesAndMessages() {
    assertThat(decoder.decode(new Wire().chars("T").int32(2).int8(3).int32(7).int32(8).buffer()))
        .isEqualTo(new ChangeMessage.Truncate(List.of(7L, 8L), true, true));
    assertThat(
            decoder.decode(
                new Wire()
                    .chars("M")
                    .int8(1)
                    .int64(99)
                    .text("clouddb")
                    .value("", "fence:1")
                    .buffer()))
        .isEqualTo(
            new ChangeMessage.LogicalMessage(
                true, LogSequenceNumber.valueOf(99), "clouddb", "fence:1"));
  }

  /** Everybody may write such messages, and nothing that is waited for is as long. */
  @Test
  void keepsNothingOfALongMessage() {
    assertThat(
            decoder.decode(
                new Wire()
                    .chars("M")
                    .int8(1)
                    .int64(99)
                    .text("clouddb")
                    .value("", "x".repeat(2000))
                    .buffer()))
        .isEqualTo(
            new ChangeMessage.LogicalMessage(true, LogSequenceNumber.valueOf(99), "clouddb", ""));
  }

  @Test
  void bytesThatAreNoTextBecomeNoOther() {
    ByteBuffer origin = ByteBuffer.allocate(13).put((byte) 'O').putLong(5);
    assertThatThrownBy(
            () -> decoder.decode(origin.duplicate().put("A\u00C3\0".getBytes(ISO_8859_1)).flip()))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("no text in UTF-8");
    // This one is a text.
    assertThat(decoder.decode(new Wire().chars("O").int64(5).text("A\uFFFD").buffer()))
        .isEqualTo(new ChangeMessage.Origin("A\uFFFD"));
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    List<Wire> wrong =
        Arrays.asList(
            new Wire().chars("S").int32(1),
            new Wire().chars("B").int64(1),
            new Wire().chars("O").int64(5).text("x").int8(0),
            new Wire().chars("I").int32(7).chars("N").int16(1).chars("x"),
            new Wire().chars("I").int32(7).chars("N").int16(1).chars("t").int32(100).chars("a"),
            new Wire().chars("U").int32(7).chars("X"),
            new Wire().chars("D").int32(7).chars("N"),
            new Wire());
    for (Wire wire : wrong) {
      assertThatThrownBy(() -> decoder.decode(wire.buffer())).isInstanceOf(CloudDbException.class);
    }
  }

  /** Before anything is allocated for it. */
  @Test
  void refusesALengthThatIsNotThere() {
    for (long length : new long[] {Integer.MAX_VALUE, 100, 3, -1, -9, Integer.MIN_VALUE}) {
      List<Wire> wrong =
          List.of(
              new Wire().chars("M").int8(1).int64(5).text("p").int32(length).chars("ab"),
              new Wire()
                  .chars("I")
                  .int32(7)
                  .chars("N")
                  .int16(1)
                  .chars("t")
                  .int32(length)
                  .chars("a"),
              new Wire()
                  .chars("U")
                  .int32(7)
                  .chars("N")
                  .int16(2)
                  .chars("t")
                  .int32(length)
                  .chars("b")
                  .int32(length),
              new Wire().chars("D").int32(7).chars("K").int16(1).chars("b").int32(length),
              new Wire().chars("T").int32(length).int8(0),
              new Wire().chars("T").int32(length).int8(0).int32(7));
      for (Wire wire : wrong) {
        assertThatThrownBy(() -> decoder.decode(wire.buffer()))
            .isInstanceOfSatisfying(
                CloudDbException.class,
                e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA));
      }
    }
    assertThatThrownBy(
            () ->
                decoder.decode(
                    new Wire()
                        .chars("R")
                        .int32(7)
                        .text("s")
                        .text("t")
                        .chars("d")
                        .int16(-1)
                        .buffer()))
        .isInstanceOf(CloudDbException.class);
    assertThatThrownBy(
            () -> decoder.decode(new Wire().chars("I").int32(7).chars("N").int16(-1).buffer()))
        .isInstanceOf(CloudDbException.class);
  }
}
