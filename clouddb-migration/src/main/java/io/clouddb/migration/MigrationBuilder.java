/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.MigrationSettings;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Migration}. */
public final class MigrationBuilder {
  // PostgreSQL takes a limit of time as milliseconds in 31 bits, which are 24 days and some hours.
  private static final Duration LONGEST_LIMIT = Duration.ofDays(24);

  // Longer than anyone waits, and no further than a point in time can be.
  private static final Duration LONGEST_WINDOW = Duration.ofDays(1_000_000);

  private @Nullable String id;
  private @Nullable ConnectionDetails source;
  private @Nullable ConnectionDetails target;
  private @Nullable StateStore state;
  private @Nullable RouteStore route;
  private TableSelection tables = TableSelection.all();
  private final Set<String> leaveBehind = new LinkedHashSet<>();
  private final Set<String> trusted = new LinkedHashSet<>();
  private MigrationListener listener = MigrationListener.NONE;
  private Clock clock = Clock.systemUTC();
  private int connections = 2;
  private Duration slotLimit = Duration.ZERO;
  private Duration lagLimit = Duration.ofMillis(500);
  private Duration drainLimit = Duration.ofSeconds(10);
  private Duration fenceLimit = Duration.ofSeconds(5);
  private Duration catchUpLimit = Duration.ofSeconds(10);
  private @Nullable Duration pauseLimit;
  private int cutoverAttempts = 3;
  private boolean keepFence = true;
  private Duration reverseWindow = Duration.ZERO;
  private boolean cutoverOnRequest;
  private WalPolicy retainedWal = WalPolicy.unlimited();

  MigrationBuilder() {}

  /**
   * Names the migration. All that it makes is named after it, and another run by it goes on where
   * this one ends.
   *
   * @param value 1 to 40 of a-z, 0-9 and _
   * @return this builder
   */
  public MigrationBuilder id(String value) {
    this.id = Objects.requireNonNull(value, "id");
    return this;
  }

  /**
   * Gives the database that is migrated. Its role owns the tables and may replicate.
   *
   * @param value how to connect
   * @return this builder
   */
  public MigrationBuilder from(ConnectionDetails value) {
    this.source = Objects.requireNonNull(value, "from");
    return this;
  }

  /**
   * Gives the database that it is migrated to. Its role may create schemas.
   *
   * @param value how to connect
   * @return this builder
   */
  public MigrationBuilder to(ConnectionDetails value) {
    this.target = Objects.requireNonNull(value, "to");
    return this;
  }

  /**
   * Selects tables. All of them unless set.
   *
   * @param patterns each of the form {@code schema.table}, where {@code *} stands for anything
   * @return this builder
   */
  public MigrationBuilder tables(String... patterns) {
    this.tables = TableSelection.of(patterns);
    return this;
  }

  /**
   * Allows objects of kinds that are not carried over to stay behind.
   *
   * @param objects as preflight names them
   * @return this builder
   */
  public MigrationBuilder leaveBehind(String... objects) {
    this.leaveBehind.addAll(List.of(objects));
    return this;
  }

  /**
   * Trusts the functions of roles that run when rows are written: in checks, domains, generated
   * columns, indexes and partition keys. The migration writes to a table as the table's owner, but
   * a function that knows it can take the rights of the migration's role, on either side. Preflight
   * names each function whose owner is neither trusted nor has these rights anyhow; whoever writes
   * rows asks again on the side that is written, and refuses what was added there since.
   *
   * @param roles their names
   * @return this builder
   */
  public MigrationBuilder trustCodeOf(String... roles) {
    this.trusted.addAll(List.of(roles));
    return this;
  }

  /**
   * Says where the journal is kept.
   *
   * @param value the store
   * @return this builder
   */
  public MigrationBuilder state(StateStore value) {
    this.state = Objects.requireNonNull(value, "state");
    return this;
  }

  /**
   * Says where the route of the applications is kept, which the cutover switches. Without one no
   * application is paused: the source refuses writes from the cutover on, and whoever writes has to
   * be pointed to the target by hand.
   *
   * @param value the store that the applications follow; stays open
   * @return this builder
   */
  public MigrationBuilder route(RouteStore value) {
    this.route = Objects.requireNonNull(value, "route");
    return this;
  }

  /**
   * Sets who is told how it goes.
   *
   * @param value the listener
   * @return this builder
   */
  public MigrationBuilder listener(MigrationListener value) {
    this.listener = Objects.requireNonNull(value, "listener");
    return this;
  }

  /**
   * Gives the clock for the times in journal and report. The system's unless set.
   *
   * @param value the clock
   * @return this builder
   */
  public MigrationBuilder clock(Clock value) {
    this.clock = Objects.requireNonNull(value, "clock");
    return this;
  }

  /**
   * How many tables are copied and compared, and indexes built, at once. 2 unless set.
   *
   * @param value at least 1
   * @return this builder
   */
  public MigrationBuilder connections(int value) {
    this.connections = value;
    return this;
  }

  /**
   * How long making the replication slot may take: it waits for all write transactions that are
   * open on the server. No limit unless set.
   *
   * @param value the limit, at most 24 days; zero for none
   * @return this builder
   */
  public MigrationBuilder slotLimit(Duration value) {
    this.slotLimit = Objects.requireNonNull(value, "limit");
    return this;
  }

  /**
   * How far the target may be behind the source before the cutover is tried. 500 ms unless set.
   *
   * @param value the limit, at most 24 days
   * @return this builder
   */
  public MigrationBuilder lagLimit(Duration value) {
    this.lagLimit = Objects.requireNonNull(value, "limit");
    return this;
  }

  /**
   * How long the cutover waits for the applications to give back their connections. 10 s unless
   * set.
   *
   * @param value the limit, at most 24 days
   * @return this builder
   */
  public MigrationBuilder drainLimit(Duration value) {
    this.drainLimit = Objects.requireNonNull(value, "limit");
    return this;
  }

  /**
   * How long the cutover waits for open transactions that write without following the route. 5 s
   * unless set.
   *
   * @param value the limit, at most 24 days
   * @return this builder
   */
  public MigrationBuilder fenceLimit(Duration value) {
    this.fenceLimit = Objects.requireNonNull(value, "limit");
    return this;
  }

  /**
   * How long the cutover waits for the target to have everything; when it passes, the source opens
   * again. 10 s unless set.
   *
   * @param value the limit, at most 24 days
   * @return this builder
   */
  public MigrationBuilder catchUpLimit(Duration value) {
    this.catchUpLimit = Objects.requireNonNull(value, "limit");
    return this;
  }

  /**
   * How long the whole pause may take, from the request to pause until the decision to switch is
   * being written down: draining, fencing and catching up, each within its own limit, and comparing
   * what changed, copying unlogged tables, setting sequences, making foreign keys and triggers.
   * When it passes, the source opens again, the target becomes as it was, and the cutover is tried
   * later. The sum of {@link #drainLimit}, {@link #fenceLimit} and {@link #catchUpLimit} unless
   * set; best below the time that the applications are ready to wait for a connection (30 s).
   *
   * @param value the limit, more than zero and at most 24 days
   * @return this builder
   */
  public MigrationBuilder pauseLimit(Duration value) {
    this.pauseLimit = Objects.requireNonNull(value, "limit");
    return this;
  }

  /**
   * How often a cutover that missed a limit is tried. 3 unless set.
   *
   * @param value at least 1
   * @return this builder
   */
  public MigrationBuilder cutoverAttempts(int value) {
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
  public MigrationBuilder keepSourceFenced(boolean value) {
    this.keepFence = value;
    return this;
  }

  /**
   * Keeps the old source current after the switch, so that {@link Migration#rollback()} can take
   * the application back with all that it wrote since. {@link Migration#run()} goes on until the
   * window is over, or {@link Migration#finish()} or {@link Migration#rollback()} is called. It
   * needs logical replication on the target. Without it nothing leads back once the application was
   * switched.
   *
   * @param window how long after the switch; zero, the default, for no reverse replication
   * @return this builder
   */
  public MigrationBuilder reverseReplication(Duration window) {
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
  public MigrationBuilder cutoverOnRequest(boolean wait) {
    this.cutoverOnRequest = wait;
    return this;
  }

  /**
   * Says what is done when a server keeps much of its write-ahead log for the migration: a disk
   * that fills up stops the application. Nothing unless set; preflight tells what the server's own
   * setting ({@code max_slot_wal_keep_size}) does.
   *
   * @param policy the policy
   * @return this builder
   */
  public MigrationBuilder retainedWal(WalPolicy policy) {
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
    if (source != null && target != null && source.address().equals(target.address())) {
      wrong.add("from and to are the same database");
    }
    if (connections < 1) {
      wrong.add("connections is at least 1");
    }
    wrong.addAll(WalPolicyCheck.wrong(retainedWal, route != null));
    if (cutoverAttempts < 1) {
      wrong.add("cutoverAttempts is at least 1");
    }
    Map<String, Duration> limits = limits();
    limits.forEach(
        (name, limit) -> {
          if (limit.isNegative() || limit.compareTo(LONGEST_LIMIT) > 0) {
            wrong.add(name + " is zero to " + LONGEST_LIMIT.toDays() + " days");
          }
        });
    if (reverseWindow.isNegative() || reverseWindow.compareTo(LONGEST_WINDOW) > 0) {
      wrong.add("reverseReplication is zero to " + LONGEST_WINDOW.toDays() + " days");
    }
    // Each is in bounds where this is used, and so is their sum.
    Duration pause =
        pauseLimit != null || !wrong.isEmpty()
            ? pauseLimit
            : drainLimit.plus(fenceLimit).plus(catchUpLimit);
    if (pause != null && (pause.isNegative() || pause.isZero())) {
      wrong.add("pauseLimit is more than zero");
    }
    if (!wrong.isEmpty()
        || id == null
        || source == null
        || target == null
        || state == null
        || pause == null) {
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
            Set.copyOf(trusted),
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
            pause,
            cutoverAttempts,
            keepFence,
            reverseWindow,
            cutoverOnRequest,
            retainedWal));
  }

  private Map<String, Duration> limits() {
    Map<String, Duration> limits = new LinkedHashMap<>();
    limits.put("slotLimit", slotLimit);
    limits.put("lagLimit", lagLimit);
    limits.put("drainLimit", drainLimit);
    limits.put("fenceLimit", fenceLimit);
    limits.put("catchUpLimit", catchUpLimit);
    if (pauseLimit != null) {
      limits.put("pauseLimit", pauseLimit);
    }
    return limits;
  }
}
