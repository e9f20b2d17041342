/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.replication.LogSequenceNumber;

/** The files of a spill: what is read is what was written, up to the last whole transaction. */
class SpillFilesTest {
  private static final int FILE_BYTES = 200;

  @TempDir Path parent;
  private SpillFolder folder;

  @BeforeEach
  void create() throws IOException {
    folder = new SpillFolder(parent.resolve("spill").resolve("slot"), "slot");
    folder.create();
  }

  private static LogSequenceNumber lsn(long value) {
    return LogSequenceNumber.valueOf(value);
  }

  private static ByteBuffer begin(long commit) {
    return ByteBuffer.allocate(21).put((byte) 'B').putLong(commit).rewind();
  }

  private static ByteBuffer commit(long commit, long end) {
    return ByteBuffer.allocate(26)
        .put((byte) 'C')
        .put((byte) 0)
        .putLong(commit)
        .putLong(end)
        .rewind();
  }

  private static ByteBuffer relation(int oid) {
    return ByteBuffer.allocate(9).put((byte) 'R').putInt(oid).putInt(7).rewind();
  }

  private static ByteBuffer row(String text) {
    byte[] bytes = ("I" + text).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(bytes.length).put(bytes).rewind();
  }

  /** The transaction number n: commits at 100 n, ends at 100 n + 10. */
  private static void transaction(SpillWriter writer, int n, int rows) throws IOException {
    writer.append(begin(100L * n));
    for (int i = 0; i < rows; i++) {
      writer.append(row("row " + n + "." + i));
    }
    writer.append(commit(100L * n, 100L * n + 10));
    writer.flush();
    writer.rollWhenLong();
  }

  private SpillWriter writer() throws IOException {
    return new SpillWriter(folder, null, lsn(50), FILE_BYTES);
  }

  private List<String> read(SpillWriter writer, long first) throws IOException {
    List<String> rows = new ArrayList<>();
    try (SpillReader reader = new SpillReader(folder, writer, first)) {
      ByteBuffer message = reader.next();
      while (message != null) {
        if (message.get(0) == 'I') {
          rows.add(StandardCharsets.UTF_8.decode(message.position(1)).toString());
        }
        message = reader.next();
      }
      if (first == 1) {
        assertThat(reader.records()).isEqualTo(writer.published().total());
      }
    }
    return rows;
  }

  private static List<String> rows(int from, int to, int each) {
    List<String> rows = new ArrayList<>();
    for (int n = from; n <= to; n++) {
      for (int i = 0; i < each; i++) {
        rows.add("row " + n + "." + i);
      }
    }
    return rows;
  }

  @Test
  void givesBackWhatWasWrittenFromFileToFile() throws IOException {
    try (SpillWriter writer = writer()) {
      for (int n = 1; n <= 20; n++) {
        transaction(writer, n, 3);
      }
      assertThat(folder.numbers()).hasSizeGreaterThan(5);
      assertThat(read(writer, 1)).isEqualTo(rows(1, 20, 3));
      assertThat(writer.boundary()).isEqualTo(lsn(2010));
    }
  }

  @Test
  void takesMessagesOfAnySize() throws IOException {
    String large = "x".repeat(3_000_000);
    try (SpillWriter writer = writer()) {
      for (int n = 1; n <= 3; n++) {
        writer.append(begin(100L * n));
        writer.append(row("before"));
        writer.append(row(large));
        writer.append(row("behind"));
        writer.append(commit(100L * n, 100L * n + 10));
        writer.flush();
      }
      assertThat(read(writer, 1))
          .containsExactly(
              "before", large, "behind", "before", large, "behind", "before", large, "behind");
    }
  }

  @Test
  void hasInEachFileWhatTheTablesAreLike() throws IOException {
    try (SpillWriter writer = writer()) {
      writer.append(begin(100));
      writer.append(relation(1));
      writer.append(relation(2));
      writer.append(row("x"));
      writer.append(relation(1));
      writer.append(commit(100, 110));
      for (int n = 2; n <= 12; n++) {
        transaction(writer, n, 3);
      }
      for (long number : folder.numbers()) {
        try (SpillFile file = SpillFile.open(folder.file(number), "slot")) {
          List<Integer> described = new ArrayList<>();
          ByteBuffer message = file.next(file.size());
          while (message != null && message.get(0) != 'I') {
            if (SpillFormat.isRelation(message)) {
              described.add(SpillFormat.relation(message));
            }
            message = file.next(file.size());
          }
          if (message != null) {
            assertThat(described).containsExactly(1, 2);
          }
        }
      }
    }
  }

  @Test
  void beginsNoFileForTheDescriptionsAlone() throws IOException {
    try (SpillWriter writer = writer()) {
      writer.append(begin(100));
      for (int oid = 0; oid < 100; oid++) {
        writer.append(relation(oid));
      }
      writer.append(commit(100, 110));
      for (int i = 0; i < 50; i++) {
        writer.flush();
        writer.rollWhenLong();
      }
      assertThat(folder.numbers()).containsExactly(1L, 2L);
      assertThat(read(writer, 1)).isEmpty();
    }
  }

  @Test
  void endsAtTheLastWholeTransactionWhereverItIsCutOff() throws IOException {
    try (SpillWriter writer = new SpillWriter(folder, null, lsn(50), Long.MAX_VALUE)) {
      for (int n = 1; n <= 3; n++) {
        transaction(writer, n, 2);
      }
      writer.idle(lsn(400));
      writer.append(begin(500));
      writer.append(row("open"));
      writer.flush();
    }
    Path file = folder.file(1);
    byte[] whole = Files.readAllBytes(file);
    long before = 50;
    int header = SpillFormat.header("slot", lsn(50)).remaining();
    for (int length = header; length <= whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      SpillFolder.Contents contents = folder.read(lsn(50));
      assertThat(contents.end().asLong()).isIn(50L, 110L, 210L, 310L, 400L);
      assertThat(contents.end().asLong()).isGreaterThanOrEqualTo(before);
      assertThat(contents.length()).isLessThanOrEqualTo(length);
      before = contents.end().asLong();
    }
    assertThat(before).isEqualTo(400);
  }

  @Test
  void goesOnBehindATornEnd() throws IOException {
    try (SpillWriter writer = writer()) {
      for (int n = 1; n <= 9; n++) {
        transaction(writer, n, 3);
      }
      writer.append(begin(1000));
      writer.append(row("lost"));
      writer.flush();
    }
    long last = folder.numbers().get(folder.numbers().size() - 1);
    try (FileChannel torn = FileChannel.open(folder.file(last), StandardOpenOption.WRITE)) {
      torn.truncate(torn.size() - 3);
    }
    // The next file was made, and the kill came before its header.
    Files.write(folder.file(last + 1), new byte[7]);

    SpillFolder.Contents contents = folder.read(lsn(310));
    folder.keep(contents);

    assertThat(contents.end()).isEqualTo(lsn(910));
    assertThat(contents.torn()).isNotEmpty();
    try (SpillWriter writer = new SpillWriter(folder, contents, contents.end(), FILE_BYTES)) {
      transaction(writer, 10, 3);
      List<String> rows = read(writer, contents.first());
      assertThat(rows).endsWith(rows(4, 10, 3).toArray(String[]::new));
      assertThat(rows).doesNotContain("lost", "row 1.0");
      writer.forget(lsn(1010));
      assertThat(folder.numbers()).hasSize(1);
    }
  }

  @Test
  void removesOnlyWhatIsDurableOnTheTarget() throws IOException {
    try (SpillWriter writer = writer()) {
      for (int n = 1; n <= 20; n++) {
        transaction(writer, n, 3);
      }
      long all = writer.bytes();
      writer.forget(lsn(1009));
      long first = folder.numbers().get(0);
      assertThat(first).isGreaterThan(1);
      assertThat(folder.start(first)).isLessThanOrEqualTo(lsn(1009));
      assertThat(folder.start(first + 1)).isGreaterThan(lsn(1009));
      assertThat(writer.bytes()).isLessThan(all).isEqualTo(folder.bytes());
      assertThat(read(writer, first)).endsWith(rows(10, 20, 3).toArray(String[]::new));
    }
  }

  @Test
  void tellsEveryFlippedBit() throws IOException {
    try (SpillWriter writer = writer()) {
      for (int n = 1; n <= 6; n++) {
        transaction(writer, n, 3);
      }
      Path file = folder.file(1);
      byte[] whole = Files.readAllBytes(file);
      for (int at = 0; at < whole.length; at++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= 4;
        Files.write(file, damaged);
        assertThatThrownBy(() -> read(writer, 1))
            .as("byte %d", at)
            .isInstanceOf(SpillDamagedException.class)
            .hasMessageContaining(file.toString());
      }
    }
  }

  @Test
  void tellsMissingFilesAndShortenedOnes() throws IOException {
    try (SpillWriter writer = writer()) {
      for (int n = 1; n <= 12; n++) {
        transaction(writer, n, 3);
      }
      byte[] second = Files.readAllBytes(folder.file(2));
      Files.delete(folder.file(2));
      assertThatThrownBy(() -> folder.read(lsn(50)))
          .isInstanceOf(SpillDamagedException.class)
          .hasMessageContaining(folder.file(2).toString());
      // Cut off between two records, as only the next file can tell.
      int header = SpillFormat.header("slot", lsn(50)).remaining();
      Files.write(folder.file(2), Arrays.copyOf(second, header));
      assertThatThrownBy(() -> read(writer, 1))
          .isInstanceOf(SpillDamagedException.class)
          .hasMessageContaining("the file before it ends at");
      assertThatThrownBy(() -> folder.read(lsn(49)))
          .isInstanceOf(SpillDamagedException.class)
          .hasMessageContaining("behind 0/31");
    }
  }

  @Test
  void isNotTheSpillOfAnotherSlot() throws IOException {
    try (SpillWriter writer = writer()) {
      transaction(writer, 1, 1);
    }
    SpillFolder other = new SpillFolder(folder.folder(), "other");
    assertThatThrownBy(() -> other.read(lsn(50))).isInstanceOf(SpillDamagedException.class);
  }

  @Test
  void letsOnlyItsOwnerRead() throws IOException {
    try (SpillWriter writer = writer()) {
      transaction(writer, 1, 1);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.folder())))
          .isEqualTo("rwx------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.file(1))))
          .isEqualTo("rw-------");
    }
    folder.remove();
    assertThat(folder.folder()).doesNotExist();
    assertThat(parent.resolve("spill")).isEmptyDirectory();
  }

  /** A file as long as the length that it lies about, sparse: it takes no room on the disk. */
  @Test
  void takesNoMemoryForALengthThatLies() throws IOException {
    try (SpillWriter writer = writer()) {
      transaction(writer, 1, 1);
    }
    Path file = folder.file(1);
    long header = SpillFormat.header("slot", lsn(50)).remaining();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(4).putInt(300 << 20).flip(), header);
      channel.write(ByteBuffer.wrap(new byte[1]), 301L << 20);
    }
    long before = allocated();
    try (SpillFile damaged = SpillFile.open(file, "slot")) {
      assertThatThrownBy(() -> damaged.next(damaged.size()))
          .isInstanceOf(SpillDamagedException.class)
          .hasMessageContaining("checksum");
    }
    assertThat(allocated() - before).isLessThan(100L << 20);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
