/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A server's directory and what deletes it when this JVM is killed, also while it is filled.
 *
 * @param directory the directory
 * @param watchdog what watches over it; null on Windows
 */
record WatchedDirectory(InstanceDirectory directory, @Nullable Watchdog watchdog) {
  /** Makes it ready for a server. What is not whole is deleted even where it is to be kept. */
  static WatchedDirectory filled(
      ServerBuilder<?> builder, Host host, InstanceDirectory.Contents contents) throws IOException {
    boolean keepData = builder.keepData;
    InstanceDirectory directory =
        InstanceDirectory.claim(builder.dataDirectory, keepData || host.onDisk(), host, contents);
    boolean keepsPart = directory.isKept() && keepData;
    WatchedDirectory watched = new WatchedDirectory(directory, null);
    try {
      watched = new WatchedDirectory(directory, watch(directory, keepsPart));
      directory.fill(contents);
      if (keepData == keepsPart) {
        return watched;
      }
      Watchdog second = watch(directory, keepData);
      watched.unwatch();
      return new WatchedDirectory(directory, second);
    } catch (IOException | RuntimeException e) {
      watched.undo(e);
      throw e;
    }
  }

  private static @Nullable Watchdog watch(InstanceDirectory directory, boolean keep)
      throws IOException {
    return Platform.current().windows()
        ? null
        : Watchdog.over(directory.data(), directory.root(), keep);
  }

  private void unwatch() {
    if (watchdog != null) {
      watchdog.close();
    }
  }

  /** Leaves nothing of what is new. */
  void undo(Exception cause) {
    try {
      if (!directory.isKept()) {
        Undisturbed.run(directory::delete);
      }
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
    unwatch();
  }
}
