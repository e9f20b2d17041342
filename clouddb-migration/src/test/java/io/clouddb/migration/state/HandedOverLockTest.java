/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.error.BusyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that waits in a process for another of it to end, and takes its journal over. */
class HandedOverLockTest {
  private static final Path LOCKS = Path.of("/proc/locks");
  @TempDir Path folder;

  private static boolean isLocked(Path file) throws IOException {
    String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
    return Files.readAllLines(LOCKS).stream().anyMatch(line -> line.contains(inode));
  }

  @Test
  void whoGetsTheJournalWhileItIsClosedKeepsItsLock() throws Exception {
    assumeTrue(Files.isReadable(LOCKS), "nothing tells who has a lock");
    Path state = folder.resolve("state");
    Path lock = state.resolve("shop.lock");
    StateStore store = StateStore.directory(state);
    int lost = 0;
    for (int i = 0; i < 1_000; i++) {
      Journal first = store.open("shop");
      assertThat(isLocked(lock)).isTrue();
      CountDownLatch go = new CountDownLatch(1);
      Thread closing =
          new Thread(
              () -> {
                go.countDown();
                first.close();
              });
      closing.start();
      go.await();
      Journal second = null;
      while (second == null) {
        try {
          second = store.open("shop");
        } catch (BusyException e) {
          Thread.onSpinWait();
        }
      }
      closing.join();
      if (!isLocked(lock)) {
        lost++;
        // And nothing tells it.
        second.requireHeld();
        second.append("still.mine", Map.of());
      }
      second.close();
    }
    assertThat(lost).as("journals of 1,000 that are open and have no lock any more").isZero();
  }
}
