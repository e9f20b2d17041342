/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
