/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.BusyException;
import io.clouddb.migration.Eventually;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStateStoreTest extends StateStoreContract {
  @TempDir Path folder;

  @Override
  StateStore store() {
    return StateStore.directory(folder.resolve("state"));
  }

  @Override
  JournalProcess holder(Duration lease) throws Exception {
    return JournalProcess.start(folder, folder.resolve("state").toString());
  }

  /** On POSIX, closing any channel of a file ends the locks that the process has on it. */
  @Test
  void staysLockedWhenAnotherStoreOfThisProcessTriedAndWasCollected() throws Exception {
    try (Journal journal = store().open("shop")) {
      WeakReference<StateStore> other = refused();
      Eventually.until(
          "the other store is collected",
          () -> {
            System.gc();
            return other.refersTo(null);
          });
      // Its channel's cleaner runs with or after it.
      System.gc();
      boolean opened = true;
      try (JournalProcess process =
          JournalProcess.start(folder, folder.resolve("state").toString())) {
        assertThat(process.isAlive()).isTrue();
      } catch (AssertionError e) {
        assertThat(e).hasMessageContaining("shop is under way");
        opened = false;
      }
      assertThat(opened).as("another process has the journal too").isFalse();
      journal.append("still.mine", Map.of());
    }
  }

  /** Changing a mode opens and closes the file, which ends the locks that the process has on it. */
  @Test
  void staysLockedWhenTheModeOfItsLockFileWasChanged() throws Exception {
    try (Journal journal = store().open("shop")) {
      // As chmod -R, a backup, or a file system does that keeps no modes.
      Files.setPosixFilePermissions(
          folder.resolve("state/shop.lock"), PosixFilePermissions.fromString("rw-r--r--"));
      refused();
      boolean opened = true;
      try (JournalProcess process =
          JournalProcess.start(folder, folder.resolve("state").toString())) {
        assertThat(process.isAlive()).isTrue();
      } catch (AssertionError e) {
        assertThat(e).hasMessageContaining("shop is under way");
        opened = false;
      }
      assertThat(opened).as("another process has the journal too").isFalse();
      journal.append("still.mine", Map.of());
    }
  }

  private WeakReference<StateStore> refused() {
    StateStore store = store();
    assertThatThrownBy(() -> store.open("shop")).isInstanceOf(BusyException.class);
    return new WeakReference<>(store);
  }

  @Override
  void leaveAnEntryUnfinished() throws IOException {
    Files.writeString(
        folder.resolve("state/shop.journal"),
        "{\"schemaVersion\":1,\"sequence\":3,\"at\":\"2026",
        StandardOpenOption.APPEND);
  }
}
