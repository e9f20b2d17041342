/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.schema.FailedForeignKey;
import io.clouddb.migration.postgres.schema.SchemaTransfer;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.report.FindingReport;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validates the foreign keys that the target got in the pause, beside the way back: reading all
 * rows takes long, and a row that violates a key is a finding and no reason to stand still. A
 * rollback or the end does not wait for it, since its locks would keep the fence away.
 */
final class ForeignKeyCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignKeyCheck.class);
  private static final String TARGET = "target.foreign-key";
  private static final String SOURCE = "source.foreign-key";

  private final MigrationRun run;
  private final String sessions;
  private final CompletableFuture<List<FailedForeignKey>> result = new CompletableFuture<>();
  private boolean told;

  private ForeignKeyCheck(MigrationRun run) {
    this.run = run;
    this.sessions = run.settings.sessionName() + "-keys";
  }

  static ForeignKeyCheck start(MigrationRun run) {
    ForeignKeyCheck check = new ForeignKeyCheck(run);
    Thread thread =
        new Thread(
            () -> {
              try {
                check.result.complete(check.validate());
              } catch (RuntimeException | Error e) {
                // Or close() would wait for ever.
                check.result.completeExceptionally(e);
              }
            },
            "clouddb-keys-" + run.settings.id());
    thread.setDaemon(true);
    thread.start();
    return check;
  }

  /** Those that the source has, and those that were dropped there for the way back. */
  private List<FailedForeignKey> validate() {
    ConnectionDetails source = named(run.source);
    ConnectionDetails target = named(run.target);
    requireTrusted(run.settings, target);
    SchemaTransfer schema =
        SchemaTransfer.of(source, target, run.settings.selection())
            .withConnections(run.settings.connections())
            .leavingBehind(run.settings.leaveBehind());
    List<FailedForeignKey> failed = new ArrayList<>(schema.validateForeignKeys());
    failed.addAll(SourceReopening.foreignKeys(run.settings, source).validateOn(target));
    return failed;
  }

  /**
   * Asks whose code would run: the server validates by a query of the migration's role, and works
   * out immutable functions in the indexes of both tables. Their owners are at work on that side.
   *
   * @throws CloudDbException naming what is not trusted
   */
  static void requireTrusted(MigrationSettings settings, ConnectionDetails side) {
    try (Connection connection = PinnedSession.open(side, "keys")) {
      settings
          .trustedCode()
          .requireToRead(connection, Catalog.read(connection, settings.selection()));
    } catch (SQLException e) {
      throw SqlFailure.of("asking whose code validating foreign keys would run", e);
    }
  }

  /** By a name of their own, by which they are ended. */
  private ConnectionDetails named(ConnectionDetails side) {
    return side.toBuilder().parameter("ApplicationName", sessions).build();
  }

  /** Tells what came out, once. */
  void look() {
    if (told || !result.isDone()) {
      return;
    }
    told = true;
    try {
      onTarget(run, result.get());
    } catch (ExecutionException e) {
      LOG.warn(
          "Migration {}: foreign keys could not be validated now: {}",
          run.settings.id(),
          String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Puts down what rows of the target violate. */
  static void onTarget(MigrationRun run, List<FailedForeignKey> failed) {
    run.findings.removeIf(finding -> finding.code().equals(TARGET));
    failed.forEach(key -> add(run, TARGET, "target", key));
  }

  /** Puts down what rows of the source violate. */
  static void onSource(MigrationRun run, List<FailedForeignKey> failed) {
    failed.forEach(key -> add(run, SOURCE, "source", key));
  }

  private static void add(MigrationRun run, String code, String side, FailedForeignKey key) {
    FindingReport finding =
        new FindingReport(
            code,
            "WARNING",
            key.name() + " ON " + key.table(),
            "The foreign key "
                + key.name()
                + " of "
                + key.table()
                + " on the "
                + side
                + " is not as it was: "
                + key.reason()
                + ".",
            "Put right what violates it, then: " + key.sql() + ";");
    run.findings.add(finding);
    run.notifier.notice(finding.message() + " " + finding.remedy());
  }

  /** Ends it; what is not validated yet is at the end of the migration. */
  @Override
  public void close() {
    while (!result.isDone()) {
      try {
        OwnSessions.end(run.settings.target(), sessions);
        result.get(100, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        LOG.debug("Migration {}: a foreign key is still being validated", run.settings.id());
      } catch (ExecutionException e) {
        LOG.debug("Migration {}: validating was ended", run.settings.id(), e);
      } catch (SQLException | CloudDbException e) {
        LOG.debug("Migration {}: the target does not answer", run.settings.id(), e);
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    look();
  }
}
