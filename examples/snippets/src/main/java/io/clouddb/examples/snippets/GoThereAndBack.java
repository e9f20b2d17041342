/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.migration.Migration;
import io.clouddb.migration.MigrationBuilder;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.Rehearsal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Moves when the word is given, and keeps the way back open. */
final class GoThereAndBack {
  private GoThereAndBack() {}

  static Migration migration(MigrationBuilder builder) {
    // @start region="build"
    Migration migration =
        builder // as before
            .reverseReplication(Duration.ofDays(7)) // how long the application can go back
            .cutoverOnRequest(true) // the cutover waits for cutOver()
            .build();
    // @end region="build"
    return migration;
  }

  static Rehearsal rehearse(Migration migration) {
    // @start region="rehearse"
    Rehearsal rehearsal = migration.rehearse(); // pauses, fences, compares, opens again
    System.out.println("The pause will be about " + rehearsal.pause());
    migration.cutOver(); // the application goes on on the target
    // @end region="rehearse"
    return rehearsal;
  }

  static MigrationReport goBack(Migration migration, CompletableFuture<MigrationReport> run) {
    // @start region="back"
    migration.rollback(); // with all that was written meanwhile; or migration.finish()
    MigrationReport report = run.join(); // of migration.run(), in a thread of its own
    // @end region="back"
    return report;
  }
}
