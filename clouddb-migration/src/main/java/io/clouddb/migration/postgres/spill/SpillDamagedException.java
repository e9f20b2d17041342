/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import java.io.IOException;
import java.nio.file.Path;

/** A file of a spill is not what was written to it. */
final class SpillDamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  SpillDamagedException(Path file, long offset, String what) {
    super(file + " at byte " + offset + ": " + what);
  }
}
