/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.error.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of somebody else's, who swaps the route for a pipe between a look and an open. */
class SwappedForAPipeTest {
  /** One in a thousand waited for the pipe, or more. */
  private static final int READS = 1_000;

  @TempDir Path folder;

  @Test
  void readsOfAFolderThatIsNotTrustedEnd() throws Exception {
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path pipe = folder.resolve("pipe");
    assumeTrue(
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no pipes here");
    Path plain = Files.writeString(folder.resolve("plain"), "{}");
    Path file = theirs.resolve("shop.json");
    AtomicBoolean over = new AtomicBoolean();
    Thread swapping =
        new Thread(
            () -> {
              while (!over.get()) {
                try {
                  Files.createLink(theirs.resolve("a"), plain);
                  Files.move(theirs.resolve("a"), file, StandardCopyOption.REPLACE_EXISTING);
                  Files.createLink(theirs.resolve("b"), pipe);
                  Files.move(theirs.resolve("b"), file, StandardCopyOption.REPLACE_EXISTING);
                } catch (java.io.IOException e) {
                  over.set(true);
                }
              }
            });
    swapping.start();
    AtomicLong reads = new AtomicLong();
    Thread reading =
        new Thread(
            () -> {
              try (RouteStore store = RouteStore.file(file)) {
                while (reads.get() < READS) {
                  try {
                    store.read();
                  } catch (UnavailableException e) {
                    reads.incrementAndGet();
                  }
                }
              }
            });
    reading.setDaemon(true);
    reading.start();
    reading.join(TimeUnit.SECONDS.toMillis(60));
    over.set(true);
    swapping.join();
    assertThat(reading.isAlive()).as("it waits for the pipe, after %s reads", reads).isFalse();
  }
}
