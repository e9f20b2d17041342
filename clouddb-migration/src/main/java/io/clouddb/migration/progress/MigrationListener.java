/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.progress;

import java.time.Duration;

/**
 * Is told how a migration goes. The methods are called by the migration's own threads, one call at
 * a time, and must return soon. What they throw is logged and goes no further.
 */
public interface MigrationListener {
  /** Listens to nothing. */
  MigrationListener NONE = new MigrationListener() {};

  /**
   * A step begins.
   *
   * @param step the step
   */
  default void stepStarted(MigrationStep step) {}

  /**
   * A step has ended well.
   *
   * @param step the step
   * @param took how long it took; zero when an earlier run had done it
   * @param summary what it did, in a sentence
   */
  default void stepFinished(MigrationStep step, Duration took, String summary) {}

  /**
   * A step has failed, and with it the run.
   *
   * @param step the step
   * @param reason why, in a sentence
   */
  default void stepFailed(MigrationStep step, String reason) {}

  /**
   * Something moved; told about four times a second while rows are copied or changes applied.
   *
   * @param progress where the migration is
   */
  default void progress(MigrationProgress progress) {}

  /**
   * Something happened that a person may want to know, for example who waits for a lock that the
   * migration holds, or that a cutover was put off.
   *
   * @param message a sentence
   */
  default void notice(String message) {}

  /**
   * Tells another listener too, after this one. What one of them throws does not keep the other
   * from being told.
   *
   * @param other the other
   * @return a listener that tells both
   */
  default MigrationListener andThen(MigrationListener other) {
    return new BothListeners(this, other);
  }
}
