/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.MigrationSettings;
import io.clouddb.migration.postgres.PostgresMigration;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.PreflightReport;
import io.clouddb.migration.report.Rehearsal;
import io.clouddb.migration.report.RepairReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  private Migration(MigrationSettings settings) {
    this.migration = new PostgresMigration(settings);
  }

  /**
   * Starts to describe a migration.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
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
   * @throws io.clouddb.error.BusyException when another run of the same migration is under way
   * @throws io.clouddb.error.CloudDbException when the journal cannot be read or written
   */
  public MigrationReport run() {
    return migration.run();
  }

  /**
   * Stops the migration and makes the source as it was: no fence, slot, publication or schema of
   * the migration is left, the application goes on with it. The run that is under way in another
   * thread of this object returns; without one, what an earlier run left is removed. Call it when
   * the program is interrupted.
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
   * with {@linkplain Builder#reverseReplication reverse replication}, it takes the application
   * back: the target is fenced, what was written there since the switch is brought to the source to
   * the last change and compared, and the route is opened to the source. The run that is under way
   * in another thread of this object does so and returns; without one, it is done here.
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
   * Ends the {@linkplain Builder#reverseReplication reverse replication} and removes what the
   * migration made. The application stays on the target for good. The run that is under way in
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
   * Builder#cutoverOnRequest}). It comes as soon as the target follows closely.
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
   */
  public void releaseSource() {
    migration.releaseSource();
  }

  /**
   * Lets the target take writes again, after a rollback that left it fenced. The source does not
   * hear of these writes.
   */
  public void releaseTarget() {
    migration.releaseTarget();
  }

  /** Builds a {@link Migration}. */
  public static final class Builder {
    private @Nullable String id;
    private @Nullable ConnectionDetails source;
    private @Nullable ConnectionDetails target;
    private @Nullable StateStore state;
    private @Nullable RouteStore route;
    private TableSelection tables = TableSelection.all();
    private final Set<String> leaveBehind = new LinkedHashSet<>();
    private MigrationListener listener = MigrationListener.NONE;
    private Clock clock = Clock.systemUTC();
    private int connections = 2;
    private Duration slotLimit = Duration.ZERO;
    private Duration lagLimit = Duration.ofMillis(500);
    private Duration drainLimit = Duration.ofSeconds(10);
    private Duration fenceLimit = Duration.ofSeconds(5);
    private Duration catchUpLimit = Duration.ofSeconds(10);
    private int cutoverAttempts = 3;
    private boolean keepFence = true;
    private Duration reverseWindow = Duration.ZERO;
    private boolean cutoverOnRequest;
    private WalPolicy retainedWal = WalPolicy.unlimited();

    private Builder() {}

    /**
     * Names the migration. All that it makes is named after it, and another run by it goes on where
     * this one ends.
     *
     * @param value 1 to 40 of a-z, 0-9 and _
     * @return this builder
     */
    public Builder id(String value) {
      this.id = Objects.requireNonNull(value, "id");
      return this;
    }

    /**
     * Gives the database that is migrated. Its role owns the tables and may replicate.
     *
     * @param value how to connect
     * @return this builder
     */
    public Builder from(ConnectionDetails value) {
      this.source = Objects.requireNonNull(value, "from");
      return this;
    }

    /**
     * Gives the database that it is migrated to. Its role may create schemas.
     *
     * @param value how to connect
     * @return this builder
     */
    public Builder to(ConnectionDetails value) {
      this.target = Objects.requireNonNull(value, "to");
      return this;
    }

    /**
     * Selects tables. All of them unless set.
     *
     * @param patterns each of the form {@code schema.table}, where {@code *} stands for anything
     * @return this builder
     */
    public Builder tables(String... patterns) {
      this.tables = TableSelection.of(patterns);
      return this;
    }

    /**
     * Allows objects of kinds that are not carried over to stay behind.
     *
     * @param objects as preflight names them
     * @return this builder
     */
    public Builder leaveBehind(String... objects) {
      this.leaveBehind.addAll(List.of(objects));
      return this;
    }

    /**
     * Says where the journal is kept.
     *
     * @param value the store
     * @return this builder
     */
    public Builder state(StateStore value) {
      this.state = Objects.requireNonNull(value, "state");
      return this;
    }

    /**
     * Says where the route of the applications is kept, which the cutover switches. Without one no
     * application is paused: the source refuses writes from the cutover on, and whoever writes has
     * to be pointed to the target by hand.
     *
     * @param value the store that the applications follow; stays open
     * @return this builder
     */
    public Builder route(RouteStore value) {
      this.route = Objects.requireNonNull(value, "route");
      return this;
    }

    /**
     * Sets who is told how it goes.
     *
     * @param value the listener
     * @return this builder
     */
    public Builder listener(MigrationListener value) {
      this.listener = Objects.requireNonNull(value, "listener");
      return this;
    }

    /**
     * Gives the clock for the times in journal and report. The system's unless set.
     *
     * @param value the clock
     * @return this builder
     */
    public Builder clock(Clock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /**
     * How many tables are copied and compared, and indexes built, at once. 2 unless set.
     *
     * @param value at least 1
     * @return this builder
     */
    public Builder connections(int value) {
      this.connections = value;
      return this;
    }

    /**
     * How long making the replication slot may take: it waits for all write transactions that are
     * open on the server. No limit unless set.
     *
     * @param value the limit; zero for none
     * @return this builder
     */
    public Builder slotLimit(Duration value) {
      this.slotLimit = value;
      return this;
    }

    /**
     * How far the target may be behind the source before the cutover is tried. 500 ms unless set.
     *
     * @param value the limit
     * @return this builder
     */
    public Builder lagLimit(Duration value) {
      this.lagLimit = value;
      return this;
    }

    /**
     * How long the cutover waits for the applications to give back their connections. 10 s unless
     * set. The three limits of the pause together are best below the time that the applications are
     * ready to wait for a connection (30 s).
     *
     * @param value the limit
     * @return this builder
     */
    public Builder drainLimit(Duration value) {
      this.drainLimit = value;
      return this;
    }

    /**
     * How long the cutover waits for open transactions that write without following the route. 5 s
     * unless set.
     *
     * @param value the limit
     * @return this builder
     */
    public Builder fenceLimit(Duration value) {
      this.fenceLimit = value;
      return this;
    }

    /**
     * How long the cutover waits for the target to have everything; when it passes, the source
     * opens again. 10 s unless set.
     *
     * @param value the limit
     * @return this builder
     */
    public Builder catchUpLimit(Duration value) {
      this.catchUpLimit = value;
      return this;
    }

    /**
     * How often a cutover that missed a limit is tried. 3 unless set.
     *
     * @param value at least 1
     * @return this builder
     */
    public Builder cutoverAttempts(int value) {
      this.cutoverAttempts = value;
      return this;
    }

    /**
     * Says whether the source goes on refusing writes when the migration is over. True unless set:
     * whoever still writes there would lose what he writes.
     *
     * @param value false to remove the fence at the end
     * @return this builder
     */
    public Builder keepSourceFenced(boolean value) {
      this.keepFence = value;
      return this;
    }

    /**
     * Keeps the old source current after the switch, so that {@link Migration#rollback()} can take
     * the application back with all that it wrote since. {@link Migration#run()} goes on until the
     * window is over, or {@link Migration#finish()} or {@link Migration#rollback()} is called. It
     * needs logical replication on the target. Without it nothing leads back once the application
     * was switched.
     *
     * @param window how long after the switch; zero, the default, for no reverse replication
     * @return this builder
     */
    public Builder reverseReplication(Duration window) {
      this.reverseWindow = Objects.requireNonNull(window, "window");
      return this;
    }

    /**
     * Lets the cutover wait until {@link Migration#cutOver()} is called. It comes by itself unless
     * set.
     *
     * @param wait true to wait
     * @return this builder
     */
    public Builder cutoverOnRequest(boolean wait) {
      this.cutoverOnRequest = wait;
      return this;
    }

    /**
     * Says what is done when a server keeps much of its write-ahead log for the migration: a disk
     * that fills up stops the application. Nothing unless set; preflight tells what the server's
     * own setting ({@code max_slot_wal_keep_size}) does.
     *
     * @param policy the policy
     * @return this builder
     */
    public Builder retainedWal(WalPolicy policy) {
      this.retainedWal = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Finishes the description; nothing is connected yet.
     *
     * @return the migration
     * @throws io.clouddb.error.InvalidArgumentException naming all that is missing or wrong
     */
    public Migration build() {
      List<String> wrong = new ArrayList<>();
      if (id == null || !id.matches("[a-z0-9_]{1,40}")) {
        wrong.add("id is 1 to 40 of a-z, 0-9 and _");
      }
      if (source == null) {
        wrong.add("from is missing");
      }
      if (target == null) {
        wrong.add("to is missing");
      }
      if (state == null) {
        wrong.add("state is missing");
      }
      if (source != null && target != null && source.jdbcUrl().equals(target.jdbcUrl())) {
        wrong.add("from and to are the same database");
      }
      if (connections < 1) {
        wrong.add("connections is at least 1");
      }
      wrong.addAll(WalPolicyCheck.wrong(retainedWal, route != null));
      if (cutoverAttempts < 1) {
        wrong.add("cutoverAttempts is at least 1");
      }
      for (Duration limit :
          List.of(slotLimit, lagLimit, drainLimit, fenceLimit, catchUpLimit, reverseWindow)) {
        if (limit.isNegative()) {
          wrong.add("a limit of time is negative");
        }
      }
      if (!wrong.isEmpty() || id == null || source == null || target == null || state == null) {
        throw ErrorDetails.of(
                ErrorCategory.INVALID_ARGUMENT,
                "The migration is not described well: " + String.join("; ", wrong))
            .toException();
      }
      return new Migration(
          new MigrationSettings(
              id,
              source,
              target,
              tables,
              Set.copyOf(leaveBehind),
              state,
              route,
              listener,
              clock,
              connections,
              slotLimit,
              lagLimit,
              drainLimit,
              fenceLimit,
              catchUpLimit,
              cutoverAttempts,
              keepFence,
              reverseWindow,
              cutoverOnRequest,
              retainedWal));
    }
  }
}
