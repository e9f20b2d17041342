/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal says is what was written to it, or it says nothing. */
class DamagedJournalTest {
  @TempDir Path folder;
  private Path file;
  private byte[] whole;
  private List<JournalEntry> entries;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("shop.journal");
    try (Journal journal = open()) {
      journal.append("migration.started", Map.of("source", "db.example.com/shop", "slot", "cl_1"));
      journal.append("step.started", Map.of("step", "COPY"));
      journal.append("table.copied", Map.of("table", "public.\"Größe\n\"", "rows", "1000"));
      journal.append("step.ended", Map.of("step", "COPY", "empty", ""));
      entries = journal.entries();
    }
    whole = Files.readAllBytes(file);
  }

  private Journal open() {
    return StateStore.directory(folder).open("shop");
  }

  private List<byte[]> lines() {
    List<byte[]> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < whole.length; i++) {
      if (whole[i] == '\n') {
        lines.add(Arrays.copyOfRange(whole, from, i + 1));
        from = i + 1;
      }
    }
    return lines;
  }

  private void put(List<byte[]> lines) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      for (byte[] line : lines) {
        out.write(line);
      }
    }
  }

  private void refused(int line) {
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.DATA);
              assertThat(e.nextStep()).hasValueSatisfying(s -> assertThat(s).contains("guide"));
            })
        .hasMessageContaining("Line " + line + " of the journal " + file);
  }

  /** Each bit of each line: refused by number, or the last line is what a crash leaves. */
  @Test
  void noFlippedBitIsReadAsSomethingElse() {
    int last = whole.length - lines().get(lines().size() - 1).length;
    List<String> misread = new ArrayList<>();
    int line = 1;
    for (int at = 0; at < whole.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << bit);
        String said = read(flipped);
        // Where its end is gone it was never finished, for all that one can see.
        String wanted =
            at == whole.length - 1
                ? "3 entries to " + last
                : "Line " + line + " of the journal " + file + " is damaged";
        if (!said.startsWith(wanted)) {
          misread.add("bit " + bit + " of byte " + at + ": " + said);
        }
      }
      if (whole[at] == '\n') {
        line++;
      }
    }
    assertThat(misread.size() + " of " + 8 * whole.length + " are misread: " + first(misread))
        .startsWith("0 of ");
  }

  private String read(byte[] content) {
    try {
      JournalLines read = JournalLines.read(content, file);
      assertThat(read.entries()).isEqualTo(entries.subList(0, read.entries().size()));
      return read.entries().size() + " entries to " + read.end();
    } catch (CloudDbException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static List<String> first(List<String> of) {
    return of.subList(0, Math.min(5, of.size()));
  }

  @Test
  void aFlippedBitIsNamedWithItsLineAndTheFileIsLeft() throws IOException {
    byte[] flipped = whole.clone();
    flipped[lines().get(0).length + 40] ^= 1;
    Files.write(file, flipped);

    refused(2);
    assertThat(Files.readAllBytes(file)).isEqualTo(flipped);
  }

  @Test
  void aLineThatIsMissingIsFoundWhereverItWas() throws IOException {
    for (int i = 0; i < 3; i++) {
      List<byte[]> lines = lines();
      lines.remove(i);
      put(lines);
      refused(i + 1);
    }
  }

  @Test
  void linesThatChangedPlacesOrStandTwiceAreFound() throws IOException {
    List<byte[]> swapped = lines();
    Collections.swap(swapped, 1, 2);
    put(swapped);
    refused(2);

    List<byte[]> twice = lines();
    twice.add(2, twice.get(1));
    put(twice);
    refused(3);
  }

  /** The same number, whole in itself, but of another history: a copy that was put together. */
  @Test
  void aLineOfAnotherJournalIsFound() throws IOException {
    byte[] other;
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    try (Journal journal = StateStore.directory(elsewhere).open("shop")) {
      journal.append("migration.started", Map.of("source", "db.example.com/other"));
      journal.append("step.started", Map.of("step", "COPY"));
    }
    other = Files.readAllBytes(elsewhere.resolve("shop.journal"));
    int second = new String(other, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
    List<byte[]> mixed = lines();
    mixed.set(1, Arrays.copyOfRange(other, second, other.length));
    put(mixed);
    refused(2);
  }

  /** Sectors of a last line that a loss of power kept from the disk, while its end came there. */
  @Test
  void aLastLineWithoutSomeOfItsSectorsIsCutOff() throws IOException {
    try (Journal journal = open()) {
      journal.append("copied", Map.of("tables", "a b ".repeat(3_000)));
    }
    byte[] full = Files.readAllBytes(file);
    int first = (whole.length / 512 + 1) * 512;
    for (int[] hole : new int[][] {{whole.length, first}, {first, first + 512}, {4096, 8192}}) {
      byte[] torn = full.clone();
      Arrays.fill(torn, hole[0], hole[1], (byte) 0);
      Files.write(file, torn);
      try (Journal journal = open()) {
        assertThat(journal.entries()).as("zeros from %d", hole[0]).isEqualTo(entries);
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }
  }

  /** A space with one flipped bit is a zero. */
  @Test
  void aZeroInALastLineIsDamageAllTheSame() throws IOException {
    try (Journal journal = open()) {
      journal.append("copied", Map.of("tables", "a b ".repeat(3_000)));
    }
    byte[] full = Files.readAllBytes(file);
    for (int[] zeros : new int[][] {{5_120, 5_121}, {5_119, 5_120}, {5_121, 5_631}}) {
      byte[] changed = full.clone();
      Arrays.fill(changed, zeros[0], zeros[1], (byte) 0);
      Files.write(file, changed);
      refused(5);
    }
  }

  @Test
  void linesBeforeTheLastAreNeverCutOff() throws IOException {
    try (Journal journal = open()) {
      journal.append("copied", Map.of("tables", "a b ".repeat(3_000)));
      journal.append("after", Map.of());
    }
    byte[] changed = Files.readAllBytes(file);
    Arrays.fill(changed, 4096, 8192, (byte) 0);
    Files.write(file, changed);
    refused(5);
  }

  @Test
  void anEmptyLineIsDamage() throws IOException {
    List<byte[]> lines = lines();
    lines.add(1, new byte[] {'\n'});
    put(lines);
    refused(2);
  }

  @Test
  void aJournalOfAnotherVersionIsNamedSo() throws IOException {
    Files.writeString(
        file,
        "{\"schemaVersion\":1,\"sequence\":1,\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"k\","
            + "\"data\":{}}\n");

    assertThatThrownBy(this::open)
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("version 1")
        .hasMessageContaining("version 2");
  }

  @Test
  void whatIsNoFileIsRefusedByName() throws IOException {
    Files.delete(file);
    Files.createDirectory(file);

    assertThatThrownBy(this::open)
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining(file.toString());
  }
}
