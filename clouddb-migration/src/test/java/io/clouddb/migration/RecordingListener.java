/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationProgress;
import io.clouddb.migration.progress.MigrationStep;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Keeps what a migration tells. */
final class RecordingListener implements MigrationListener {
  private final List<MigrationStep> finished = new CopyOnWriteArrayList<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final List<MigrationProgress> progress = new CopyOnWriteArrayList<>();
  private final Consumer<MigrationStep> whenStarted;

  RecordingListener() {
    this(step -> {});
  }

  RecordingListener(Consumer<MigrationStep> whenStarted) {
    this.whenStarted = whenStarted;
  }

  /** Does something whenever a step begins. */
  static RecordingListener at(MigrationStep awaited, Runnable then) {
    return new RecordingListener(
        step -> {
          if (step == awaited) {
            then.run();
          }
        });
  }

  @Override
  public void stepStarted(MigrationStep step) {
    whenStarted.accept(step);
  }

  @Override
  public void stepFinished(MigrationStep step, Duration took, String summary) {
    finished.add(step);
  }

  @Override
  public void progress(MigrationProgress moment) {
    progress.add(moment);
  }

  @Override
  public void notice(String message) {
    notices.add(message);
  }

  List<MigrationStep> finished() {
    return finished;
  }

  List<String> notices() {
    return notices;
  }

  List<MigrationProgress> progress() {
    return progress;
  }
}
