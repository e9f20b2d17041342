/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;

/**
 * Which backup an operation is about: a name can be given to another one, and the moment of a
 * backup never changes.
 */
final class SameBackup {
  private static final String COMPLETED = "completed";

  private SameBackup() {}

  /** What the state of an operation on a backup that is there needs. */
  static Map<String, String> notes(ListedBackup backup) {
    return backup.completed() == null ? Map.of() : Map.of(COMPLETED, backup.completed().toString());
  }

  /** The operation's backup, unless it is gone and another one has its name. */
  static Optional<ListedBackup> of(StepContext context, Optional<ListedBackup> named) {
    Optional<String> noted = context.value(COMPLETED);
    return named.filter(
        backup ->
            noted.isEmpty()
                || backup.completed() == null
                || noted.get().equals(backup.completed().toString()));
  }
}
