/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process, that tries to lock a file and says whether it could. */
final class LockTry {
  private LockTry() {}

  public static void main(String[] arguments) throws IOException {
    try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      System.out.print(lock == null ? "refused" : "locked");
    }
  }
}
