/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.examples.command.BadInputException;
import io.clouddb.examples.command.Interruption;
import io.clouddb.examples.terminal.Display;
import io.clouddb.migration.Migration;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run: everything is brought up, the database moves, and what came of it is reported. */
final class MoveRun {
  private static final int FAULTLESS = 0;
  private static final int FAILED = 1;

  private final Move move;
  private final RunFolder folder;
  private final Display display;
  private final Interruption interruption;

  MoveRun(Move move, RunFolder folder, Display display, Interruption interruption) {
    this.move = move;
    this.folder = folder;
    this.display = display;
    this.interruption = interruption;
  }

  /**
   * Runs.
   *
   * @return the exit code
   * @throws BadInputException when it was refused before anything was changed
   */
  int run() {
    Instant began = Instant.now();
    display.headline("clouddb quickstart: " + move.title());
    display.say("");
    try (move) {
      return go();
    } catch (InterruptedException | CloudDbException | IOException | SQLException e) {
      if (interruption.requested() || e instanceof InterruptedException) {
        log().info("The run was stopped", e);
        display.say("");
        display.say("  Stopped before the migration began; nothing is left.");
        return Interruption.EXIT_CODE;
      }
      log().error("The run failed", e);
      return failed(began, e);
    }
  }

  private int go() throws IOException, SQLException, InterruptedException {
    Move.Ends ends = move.open(folder, display, interruption);
    MigrationReport migrated = migrate(ends);
    if (migrated.status() != MigrationReport.Status.FAILED) {
      move.migrationFolder(folder).deleteState();
    }
    MoveReport report =
        new MoveReport(
            MoveReport.named(migrated, move.sourceName(), move.targetName()),
            move.finish(ends, migrated, display));
    report.write(folder);
    report.summarize(folder, display);
    if (interruption.requested()) {
      return Interruption.EXIT_CODE;
    }
    return report.faultless() ? FAULTLESS : FAILED;
  }

  private MigrationReport migrate(Move.Ends ends) {
    MigrationFolder files = move.migrationFolder(folder);
    try (RouteStore route = RouteStore.file(files.route())) {
      Migration migration =
          Migration.builder()
              .id(move.id())
              .from(ends.source())
              .to(ends.target())
              .state(StateStore.directory(files.state()))
              .route(route)
              .listener(new MigrationDisplay(display, move::application, interruption::requested))
              .build();
      interruption.stopBy(() -> abort(migration));
      return migration.run();
    } catch (InvalidArgumentException e) {
      throw new BadInputException(Objects.requireNonNull(e.getMessage()));
    }
  }

  /** On the thread that Ctrl-C starts; the run then returns on its own. */
  private void abort(Migration migration) {
    display.say("");
    display.say("  Stopping ...");
    try {
      migration.abort();
    } catch (CloudDbException e) {
      if (e.category() == ErrorCategory.CONDITION_FAILED) {
        display.say("  Too late: the application works on the target already. Finishing.");
      } else {
        log().warn("The migration could not be aborted", e);
        display.say("  It could not be stopped in order: " + e.getMessage());
      }
    }
  }

  /** What failed is no migration, but a report is due all the same. */
  private int failed(Instant began, Exception e) {
    display.failed();
    String reason = Objects.requireNonNullElse(e.getMessage(), e.toString());
    MigrationReport report =
        MigrationReport.builder(move.id(), MigrationReport.Status.FAILED)
            .startedAt(began)
            .endedAt(Instant.now())
            .failure(reason)
            .nextStep(e instanceof CloudDbException known ? known.nextStep().orElse(null) : null)
            .build();
    MoveReport written = new MoveReport(report, ApplicationReport.NONE);
    try {
      written.write(folder);
    } catch (IOException second) {
      display.warn("The report could not be written: " + second);
    }
    written.summarize(folder, display);
    return FAILED;
  }

  /** Made late: the log's file is set before the first logger is. */
  private static Logger log() {
    return LoggerFactory.getLogger(MoveRun.class);
  }
}
