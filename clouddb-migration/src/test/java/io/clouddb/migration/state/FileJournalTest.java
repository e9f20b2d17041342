/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
  @TempDir Path folder;

  private Journal open() {
    return StateStore.directory(folder.resolve("state")).open("shop");
  }

  private Path file() {
    return folder.resolve("state/shop.journal");
  }

  private void write(int entries) {
    try (Journal journal = open()) {
      for (int i = 0; i < entries; i++) {
        journal.append("step.started", Map.of("step", "SYNC", "text", "line\nbreak \"" + i + "\""));
      }
    }
  }

  @Test
  void keepsItsEntries() {
    write(3);
    write(2);

    try (Journal journal = open()) {
      assertThat(journal.entries())
          .extracting(JournalEntry::sequence)
          .containsExactly(1L, 2L, 3L, 4L, 5L);
      assertThat(journal.entries().get(2).data()).containsEntry("text", "line\nbreak \"2\"");
    }
  }

  @Test
  void cutsOffALineThatWasNeverFinished() throws IOException {
    write(3);
    byte[] whole = Files.readAllBytes(file());
    for (int cut = 1; cut < 60; cut += 7) {
      byte[] torn = java.util.Arrays.copyOf(whole, whole.length - cut);
      Files.write(file(), torn);
      try (Journal journal = open()) {
        assertThat(journal.entries()).hasSize(2);
        journal.append("after", Map.of());
      }
      try (Journal journal = open()) {
        assertThat(journal.entries()).extracting(JournalEntry::kind).endsWith("after").hasSize(3);
      }
    }
  }

  @Test
  void refusesDamageInTheMiddle() throws IOException {
    write(3);
    String text = Files.readString(file());
    Files.writeString(file(), text.replace("\"sequence\":2", "\"sequence\":7"));

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            CloudDbException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA))
        .hasMessageContaining("Line 2");
    assertThat(Files.readString(file())).contains("\"sequence\":7");
  }

  @Test
  void refusesALineThatIsNoEntry() throws IOException {
    write(1);
    Files.writeString(file(), "rubbish\n", StandardOpenOption.APPEND);

    assertThatThrownBy(this::open)
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("Line 2");
  }

  /** What is written to a file that a cleaner removed is gone with it, without an error. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void writesNothingToAFileThatWasRemoved() throws IOException {
    try (Journal journal = open()) {
      journal.append("begun", Map.of());
      Files.delete(file());

      refused(journal, true);
      // Nobody else has it: what waits for this run may be let go on.
      journal.requireHeld();
      Files.createFile(file());
      refused(journal, true);
      assertThat(file()).isEmptyFile();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void belongsToNobodyForCertainWhenItsLockWasRemoved() throws IOException {
    try (Journal journal = open()) {
      journal.append("begun", Map.of());
      Path lock = folder.resolve("state/shop.lock");
      Files.delete(lock);

      assertThatThrownBy(journal::requireHeld)
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining(lock.toString());
      try (Journal another = open()) {
        another.append("of another run", Map.of());
        assertThatThrownBy(() -> journal.append("decided", Map.of()))
            .isInstanceOf(ConditionFailedException.class)
            .hasMessageContaining(lock.toString());
      }
    }
    try (Journal journal = open()) {
      assertThat(journal.entries())
          .extracting(JournalEntry::kind)
          .containsExactly("begun", "of another run");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void keepsWholeEntriesOnlyWhenTheDiskIsFull() throws Exception {
    List<String> said = FullDiskProcess.run(folder);
    int whole = Integer.parseInt(said.get(1));
    assertThat(whole).isPositive();
    assertThat(said).containsExactly("true", "" + whole, "true", "" + (whole + 1));
    try (Journal journal = open()) {
      assertThat(journal.entries()).hasSize(whole + 1);
      assertThat(journal.entries().get(whole).kind()).isEqualTo("small");
      journal.append("goes.on", Map.of());
    }
  }

  @Test
  void isWrittenByAThreadThatWasInterrupted() {
    try (Journal journal = open()) {
      Thread.currentThread().interrupt();
      journal.append("one", Map.of());
      assertThat(Thread.interrupted()).isTrue();
      journal.append("two", Map.of());
    }
    try (Journal journal = open()) {
      assertThat(journal.entries()).hasSize(2);
    }
  }

  private Journal open(BrokenFile disk) throws IOException {
    return FileJournal.open(
        file(),
        disk,
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        HeldFile.at(folder.resolve("lock")),
        Clock.systemUTC());
  }

  private static void refused(Journal journal, boolean known) {
    assertThatThrownBy(() -> journal.append("refused", Map.of()))
        .isInstanceOfSatisfying(
            UnavailableException.class,
            e -> assertThat(e.details().outcomeKnown()).isEqualTo(known));
  }

  @Test
  void cutsOffAtOnceWhatAnAppendThatFailedLeft() throws Exception {
    write(2);
    // Some of it, and all of it: a failure to make it durable.
    for (int written : List.of(0, 20, Integer.MAX_VALUE)) {
      BrokenFile disk = new BrokenFile(file());
      try (Journal journal = open(disk)) {
        disk.failsAfter = written;
        refused(journal, true);
        assertThat(journal.settle()).isEmpty();
      }
      try (Journal journal = open()) {
        assertThat(journal.entries()).hasSize(2);
      }
    }
  }

  @Test
  void writesNothingBehindWhatItCannotCutOff() throws Exception {
    write(2);
    BrokenFile disk = new BrokenFile(file());
    try (Journal journal = open(disk)) {
      disk.failsAfter = 20;
      disk.keepsAll = true;
      refused(journal, false);
      // It is not whole, and the next to open the file cuts it off.
      assertThat(journal.settle()).isEmpty();
      assertThatThrownBy(() -> journal.append("more", Map.of()))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("what is left of entry 3 cannot be cut off");
    }
    try (Journal journal = open()) {
      assertThat(journal.entries()).hasSize(2);
    }
  }

  @Test
  void findsAnEntryThatIsThereThoughItsAppendFailed() throws Exception {
    write(2);
    BrokenFile disk = new BrokenFile(file());
    try (Journal journal = open(disk)) {
      disk.failsAfter = Integer.MAX_VALUE;
      disk.keepsAll = true;
      refused(journal, false);
      assertThat(journal.entries()).hasSize(2);
      assertThat(journal.settle())
          .hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo("refused"));
      assertThat(journal.settle()).isEmpty();
      journal.append("after", Map.of());
      assertThat(journal.entries()).hasSize(4);
    }
    try (Journal journal = open()) {
      assertThat(journal.entries()).extracting(JournalEntry::kind).endsWith("refused", "after");
    }
  }

  @Test
  void belongsToOneRunAtATime() {
    StateStore store = StateStore.directory(folder.resolve("state"));
    try (Journal journal = store.open("shop")) {
      assertThatThrownBy(() -> store.open("shop")).isInstanceOf(BusyException.class);
      assertThatThrownBy(this::open).isInstanceOf(BusyException.class);
      store.open("other").close();
      journal.append("still.mine", Map.of());
    }
    try (Journal journal = store.open("shop")) {
      assertThat(journal.entries()).hasSize(1);
    }
  }

  @Test
  void refusesAnIdThatIsNoName() {
    assertThatThrownBy(() -> StateStore.directory(folder).open("../escape"))
        .isInstanceOf(InvalidArgumentException.class);
  }
}
