/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.progress;

import java.time.Duration;
import java.util.function.Consumer;

/** Tells one listener, then another, also when the first one throws. */
record BothListeners(MigrationListener first, MigrationListener second)
    implements MigrationListener {
  private void tell(Consumer<MigrationListener> what) {
    try {
      what.accept(first);
    } finally {
      what.accept(second);
    }
  }

  @Override
  public void stepStarted(MigrationStep step) {
    tell(listener -> listener.stepStarted(step));
  }

  @Override
  public void stepFinished(MigrationStep step, Duration took, String summary) {
    tell(listener -> listener.stepFinished(step, took, summary));
  }

  @Override
  public void stepFailed(MigrationStep step, String reason) {
    tell(listener -> listener.stepFailed(step, reason));
  }

  @Override
  public void progress(MigrationProgress progress) {
    tell(listener -> listener.progress(progress));
  }

  @Override
  public void notice(String message) {
    tell(listener -> listener.notice(message));
  }
}
