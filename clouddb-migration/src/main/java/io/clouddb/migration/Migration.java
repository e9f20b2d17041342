/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.migration.postgres.MigrationSettings;
import io.clouddb.migration.postgres.PostgresMigration;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.PreflightReport;
import io.clouddb.migration.report.Rehearsal;
import io.clouddb.migration.report.RepairReport;
import io.clouddb.migration.state.StateStore;

/**
 * Moves a live database into another, while the application goes on writing, and takes the
 * application over at the end.
 *
 * <pre>{@code
 * MigrationReport report =
 *     Migration.builder()
 *         .id("shop")
 *         .from(oldDatabase)
 *         .to(newDatabase)
 *         .tables("public.*")
 *         .state(StateStore.directory(Path.of("state")))
 *         .route(RouteStore.file(Path.of("route.json")))
 *         .build()
 *         .run();
 * }</pre>
 *
 * <p>Both databases are PostgreSQL 14 to 18. What is put down in the {@link StateStore} lets {@link
 * #run()} go on where an earlier run of the same id ended, also one that was killed. Safe for use
 * by several threads; one of them runs it, another may abort it.
 */
public final class Migration {
  private final PostgresMigration migration;

  Migration(MigrationSettings settings) {
    this.migration = new PostgresMigration(settings);
  }

  /**
   * Starts to describe a migration.
   *
   * @return a builder
   */
  public static MigrationBuilder builder() {
    return new MigrationBuilder();
  }

  /**
   * Looks at both databases and changes nothing. A database that cannot be reached is a finding.
   *
   * @return all that was found, each with its remedy
   */
  public PreflightReport preflight() {
    return migration.preflight();
  }

  /**
   * Runs the migration to its end, or goes on with one that was interrupted. When it is complete
   * already, its report is returned and nothing is done.
   *
   * @return how it went; also when it failed or was aborted
   * @throws io.clouddb.error.InvalidArgumentException when preflight found an error, before
   *     anything was changed; the message lists every such finding with its remedy
   * @throws io.clouddb.error.ConditionFailedException when one of the databases is not the one that
   *     the migration began with, before anything was changed; as every other method here does
   * @throws io.clouddb.error.BusyException when another run of the same migration is under way
   * @throws io.clouddb.error.CloudDbException when the journal cannot be read or written
   */
  public MigrationReport run() {
    return migration.run();
  }

  /**
   * Stops the migration and makes the source as it was: no fence, slot, publication or schema of
   * the migration is left, the application goes on with it. The run that is under way in another
   * thread of this object returns; without one, what an earlier run left is removed. When that is
   * done already, its report is returned. Call it when the program is interrupted.
   *
   * <p>When another database is at the target's address, the source is made as it was, and the
   * target is left alone.
   *
   * @return how it ended; names what is left, for example the rows on the target
   * @throws io.clouddb.error.ConditionFailedException when the application works on the target
   *     already
   * @throws io.clouddb.error.NotFoundException when there is nothing to abort
   */
  public MigrationReport abort() {
    return migration.abort();
  }

  /**
   * Makes the rows of the target what they are on the source that differ, and touches no others,
   * while the application goes on writing. For a migration that failed because rows differ; {@link
   * #run()} goes on with it afterwards, and compares everything again.
   *
   * @return what was compared, and which rows were written anew
   * @throws io.clouddb.error.NotFoundException when no such migration is under way
   * @throws io.clouddb.error.ConditionFailedException when its copy is not finished, or the
   *     application works on the target already
   * @throws io.clouddb.error.BusyException when a run of it is under way, or a table was truncated
   *     meanwhile
   * @throws io.clouddb.error.CloudDbException of category DATA when more rows differ than are
   *     repaired (10,000), after which nothing was changed; or when a database cannot be read
   */
  public RepairReport repair() {
    return migration.repair();
  }

  /**
   * Undoes the migration. Before the application was switched this is {@link #abort}. After it,
   * with {@linkplain MigrationBuilder#reverseReplication reverse replication}, it takes the
   * application back: the target is fenced, what was written there since the switch is brought to
   * the source to the last change and compared, and the route is opened to the source. The run that
   * is under way in another thread of this object does so and returns; without one, it is done
   * here.
   *
   * @return how it ended
   * @throws io.clouddb.error.ConditionFailedException when the application was switched and there
   *     is no reverse replication
   * @throws io.clouddb.error.NotFoundException when there is nothing to undo
   */
  public MigrationReport rollback() {
    return migration.rollback();
  }

  /**
   * Ends the {@linkplain MigrationBuilder#reverseReplication reverse replication} and removes what
   * the migration made. The application stays on the target for good. The run that is under way in
   * another thread of this object does so and returns; without one, it is done here.
   *
   * @return how it ended
   * @throws io.clouddb.error.ConditionFailedException when the application was not switched yet, or
   *     there is no reverse replication
   * @throws io.clouddb.error.NotFoundException when no migration is under way
   */
  public MigrationReport finish() {
    return migration.finish();
  }

  /**
   * Begins the cutover, in a migration that was built to wait for it ({@link
   * MigrationBuilder#cutoverOnRequest}). It comes as soon as the target follows closely.
   *
   * @throws io.clouddb.error.NotFoundException when no run is under way in this object
   */
  public void cutOver() {
    migration.cutOver();
  }

  /**
   * Rehearses the cutover: pauses the application, fences the source, applies the rest, compares
   * what changed, and opens the source again. The application sees a pause as long as that of the
   * cutover will be, but for making triggers. In a run that is under way it is done as soon as the
   * target follows closely, before the cutover; otherwise here, from what an earlier run left.
   *
   * @return what was measured
   * @throws io.clouddb.error.DeadlineException when a limit was missed; the source is open again
   * @throws io.clouddb.error.ConditionFailedException when there is no copy yet, or the cutover is
   *     over
   */
  public Rehearsal rehearse() {
    return migration.rehearse();
  }

  /**
   * Lets the run that is under way in another thread stand still: the copy at the next row,
   * applying at the next transaction, the rest at the next step. The source keeps its log
   * meanwhile. The pause of the cutover is never made longer by it.
   *
   * @throws io.clouddb.error.NotFoundException when no run is under way in this object
   */
  public void pause() {
    migration.pause();
  }

  /**
   * Lets a run that stands still go on.
   *
   * @throws io.clouddb.error.NotFoundException when no run is under way in this object
   */
  public void resume() {
    migration.resume();
  }

  /**
   * Limits how fast the run that is under way copies and applies, from now on, so that the servers
   * have more time for the application. The pause of the cutover is not limited.
   *
   * @param bytesPerSecond of rows as they travel; 0 for no limit
   * @throws io.clouddb.error.NotFoundException when no run is under way in this object
   * @throws IllegalArgumentException when it is negative
   */
  public void throttle(long bytesPerSecond) {
    migration.throttle(bytesPerSecond);
  }

  /**
   * Lets the source take writes again, after a migration that left it fenced. The target does not
   * hear of these writes.
   *
   * @throws io.clouddb.error.BusyException when a run of the migration is under way, here or
   *     elsewhere: it relies on the fence
   */
  public void releaseSource() {
    migration.releaseSource();
  }

  /**
   * Lets the target take writes again, after a rollback that left it fenced. The source does not
   * hear of these writes.
   *
   * @throws io.clouddb.error.BusyException when a run of the migration is under way, here or
   *     elsewhere: it relies on the fence
   */
  public void releaseTarget() {
    migration.releaseTarget();
  }
}
