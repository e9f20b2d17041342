/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import io.clouddb.examples.command.Interruption;
import io.clouddb.examples.terminal.Display;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.sql.SQLException;

/** What is moved, and what goes on around it. */
interface Move extends AutoCloseable {
  /** Where from and where to, for people. */
  String title();

  /** What stands before the source's address in the report. */
  String sourceName();

  /** What stands before the target's address in the report. */
  String targetName();

  /**
   * Names the migration: the same for the same databases, so that a run can go on with an earlier.
   */
  String id();

  /** Where the migration's journal and route are. */
  MigrationFolder migrationFolder(RunFolder folder);

  /**
   * Brings everything up.
   *
   * @return the two databases
   */
  Ends open(RunFolder folder, Display display, Interruption interruption)
      throws IOException, SQLException, InterruptedException;

  /** How the application is, in a few words; an empty text when there is none. */
  String application();

  /**
   * Ends the application, and looks its writes up in the database that it ended up on.
   *
   * @param ends the two databases
   * @param report how the migration went
   * @return what the application saw
   */
  ApplicationReport finish(Ends ends, MigrationReport report, Display display)
      throws IOException, SQLException, InterruptedException;

  @Override
  void close();

  /**
   * The two databases.
   *
   * @param source the one that is moved
   * @param target where it is moved to
   */
  record Ends(ConnectionDetails source, ConnectionDetails target) {}
}
