/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A file that this process has open, and that has to stay where it is. What is written to one that
 * was removed meanwhile is gone with it, without an error; and a lock on it keeps nobody from the
 * file that comes in its place.
 *
 * @param path where it stands
 * @param key which file it is; null where the system has no number for it
 */
record HeldFile(Path path, @Nullable Object key) {
  /** The one that stands there now. */
  static HeldFile at(Path path) throws IOException {
    return new HeldFile(path, keyOf(path));
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /** Whether it was removed, or another is in its place. */
  boolean isGone() {
    try {
      Object now = keyOf(path);
      return key != null && !key.equals(now);
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return false; // Whoever writes to it will see.
    }
  }
}
