/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import io.clouddb.examples.terminal.Amounts;
import io.clouddb.examples.terminal.Display;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationProgress;
import io.clouddb.migration.progress.MigrationStep;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Shows a migration's steps, a bar with rows, rate and time left, and the lag. */
public final class MigrationDisplay implements MigrationListener {
  private final Display display;
  private final Supplier<String> application;
  private final BooleanSupplier stopping;

  /**
   * Makes a listener.
   *
   * @param display where it shows
   * @param application says in a few words how the application is; an empty text when there is none
   * @param stopping says whether somebody wants it to stop
   */
  public MigrationDisplay(Display display, Supplier<String> application, BooleanSupplier stopping) {
    this.display = display;
    this.application = application;
    this.stopping = stopping;
  }

  @Override
  public void stepStarted(MigrationStep step) {
    display.begin(name(step));
  }

  @Override
  public void stepFinished(MigrationStep step, Duration took, String summary) {
    display.done(name(step), summary, took);
  }

  @Override
  public void stepFailed(MigrationStep step, String reason) {
    if (stopping.getAsBoolean()) {
      display.stopped(name(step), reason);
    } else {
      // A refusal lists its findings below; here they would stand a first time.
      display.failed(name(step), reason.lines().findFirst().orElse("see below"));
    }
  }

  @Override
  public void notice(String message) {
    display.warn(message);
  }

  @Override
  public void progress(MigrationProgress progress) {
    long estimated = progress.rowsEstimated();
    boolean counting = estimated > 0;
    display.progress(
        counting ? Display.bar((double) progress.rowsDone() / estimated) : "",
        progress.rowsDone() > 0 ? Amounts.count(progress.rowsDone()) + " rows" : "",
        progress.rowsPerSecond() > 0
            ? Amounts.count(Math.round(progress.rowsPerSecond())) + "/s"
            : "",
        progress.timeLeft().map(left -> Amounts.duration(left) + " left").orElse(""),
        progress.lagBytes() > 0
            ? "lag "
                + Amounts.bytes(progress.lagBytes())
                + (progress.lag().isZero() ? "" : ", " + Amounts.duration(progress.lag()))
            : "",
        progress.waitingOn().map(what -> "waits for " + what).orElse(""),
        application.get(),
        counting ? "" : progress.activity());
  }

  private static String name(MigrationStep step) {
    return step.name().toLowerCase(Locale.ROOT);
  }
}
