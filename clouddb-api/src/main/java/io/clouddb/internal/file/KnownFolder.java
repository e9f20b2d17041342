/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PrivateFolder} that is used again and again. It is looked at thoroughly once, and again
 * when something else stands in its place: a cleaner of old files may have removed it, and somebody
 * else have made one of its name. One that is opened to its group meanwhile is closed again, as a
 * {@link DataFolder} is. Safe for use by many threads.
 */
public final class KnownFolder {
  private final Path folder;
  private volatile PrivateFolder.@Nullable Identity seen;

  /**
   * Names a folder, which is not looked at yet.
   *
   * @param folder the folder
   */
  public KnownFolder(Path folder) {
    this.folder = folder.toAbsolutePath();
  }

  /**
   * Makes the folder if there is none, or checks the one that is there.
   *
   * @throws IOException when it cannot be made, or is not to be trusted: says why
   */
  public void make() throws IOException {
    if (!isKnown()) {
      restore();
      DataFolder.make(folder);
      look();
    }
  }

  /**
   * Checks the folder.
   *
   * @throws NoSuchFileException when there is none
   * @throws IOException when it is not to be trusted: says why
   */
  public void require() throws IOException {
    if (!isKnown()) {
      look();
    }
  }

  private boolean isKnown() throws IOException {
    PrivateFolder.Identity before = seen;
    try {
      return before != null && before.equals(PrivateFolder.Identity.of(folder));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** What it is comes first: if it is another a moment later, that differs from what is kept. */
  private void look() throws IOException {
    restore();
    PrivateFolder.Identity now = PrivateFolder.Identity.of(folder);
    DataFolder.require(folder);
    seen = now;
  }

  /** Who runs goes on when it is the one that was good before, and was opened to its group only. */
  private void restore() throws IOException {
    PrivateFolder.Identity before = seen;
    if (before == null) {
      return;
    }
    try {
      PrivateFolder.Identity now = PrivateFolder.Identity.of(folder);
      if (Objects.equals(now.key(), before.key()) && now.entry().uid() == before.entry().uid()) {
        DataFolder.restore(folder, before.entry().mode());
      }
    } catch (NoSuchFileException e) {
      // Gone: what to do is told by what comes next.
    }
  }
}
