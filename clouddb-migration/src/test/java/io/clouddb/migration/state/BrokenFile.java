/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A real file on a disk that gives up half way. */
final class BrokenFile extends RandomAccessFile {
  /** How many bytes of the next write are written before it fails; none when negative. */
  int failsAfter = -1;

  /** Whether nothing can be cut off. */
  boolean keepsAll;

  BrokenFile(Path file) throws IOException {
    super(file.toFile(), "rw");
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    if (failsAfter < 0) {
      super.write(bytes);
      return;
    }
    super.write(bytes, 0, Math.min(failsAfter, bytes.length));
    failsAfter = -1;
    throw new IOException("Input/output error");
  }

  @Override
  public void setLength(long length) throws IOException {
    if (keepsAll) {
      throw new IOException("Read-only file system");
    }
    super.setLength(length);
  }
}
