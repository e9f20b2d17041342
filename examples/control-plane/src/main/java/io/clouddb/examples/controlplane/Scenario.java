/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.examples.controlplane.Steps.Outcome;
import io.clouddb.examples.terminal.Amounts;
import io.clouddb.examples.terminal.Display;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Replicas;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The life of one database, from its creation to its failover, while an application writes. */
final class Scenario {
  /** Nothing is written for so long around a moment, as some services tell whole seconds. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  private static final Duration WINDOW_LIMIT = Duration.ofHours(1);
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final Place place;
  private final Specs specs;
  private final Made made;
  private final Steps steps;
  private final PlanTable plans;
  private final Display display;

  Scenario(Place place, Specs specs, Made made, Steps steps, PlanTable plans, Display display) {
    this.place = place;
    this.specs = specs;
    this.made = made;
    this.steps = steps;
    this.plans = plans;
    this.display = display;
  }

  /**
   * Runs it.
   *
   * @throws UnexpectedStateException when a database does not hold the rows that it has to
   */
  void run() throws SQLException, InterruptedException {
    Instance source = steps.step("create", this::create);
    try (Writer application = Writer.start(database(source.connection()))) {
      Instance replica = steps.step("replicate", () -> replicate(source.id()));
      steps.step("protect", () -> protect(source.id()));
      long before = application.acknowledged();
      Backup backup = steps.step("take", () -> take(source.id()));
      // The one that is being written may be in it, too.
      long after = application.acknowledged() + 1;
      steps.step("restore", () -> restore(source, backup, before, after));
      Moment moment = steps.step("moment", () -> moment(source, application));
      steps.step("to moment", () -> restore(source, moment));
      steps.step("fail over", () -> failOver(source, replica, application, before));
      steps.step("go on", () -> goOn(replica, application));
    }
  }

  private Outcome<Instance> create() throws SQLException, InterruptedException {
    Instance source = made(place.home(), place.home().instances().create(specs.instance()));
    try (Connection connection = database(source.connection()).connect()) {
      Events.create(connection);
      return new Outcome<>(
          source,
          "PostgreSQL "
              + connection.getMetaData().getDatabaseProductVersion()
              + " in "
              + place.region()
              + source.nativeSize().map(size -> ", " + size).orElse("")
              + "; an application writes from now on");
    }
  }

  private Instance made(CloudDb where, Operation<Instance> creation) throws InterruptedException {
    made.instance(where, creation);
    return steps.await(creation);
  }

  private Outcome<Instance> replicate(ResourceId source) throws InterruptedException {
    CloudDb away = place.away();
    Instance replica = made(away, away.replicas().create(source, specs.replica()));
    return new Outcome<>(replica, replica.name() + " follows it in " + place.otherRegion());
  }

  private Outcome<ProtectedInstance> protect(ResourceId source) throws InterruptedException {
    Operation<ProtectedInstance> operation =
        place.home().backups().protect(source, specs.protection());
    made.backup(place.home(), operation, source, specs.protection().backup().name());
    ProtectedInstance done = steps.await(operation);
    for (ProtectedInstance.Pending part : done.pending()) {
      display.warn(part.field().id() + " will be " + part.value() + ": " + part.when());
    }
    return new Outcome<>(
        done,
        "backups are kept for "
            + specs.protection().policy().retentionDays().orElseThrow()
            + " days, and there is "
            + done.backup().name());
  }

  private Outcome<Backup> take(ResourceId source) throws InterruptedException {
    Operation<Backup> operation = place.home().backups().take(source, specs.backup());
    made.backup(place.home(), operation, source, specs.backup().name());
    Backup backup = steps.await(operation);
    return new Outcome<>(
        backup, backup.name() + backup.takenAt().map(time -> ", the data of " + time).orElse(""));
  }

  private Outcome<Instance> restore(Instance source, Backup backup, long before, long after)
      throws SQLException, InterruptedException {
    Instance copy = restore("restore", RestoreSpec.from(backup).named(Specs.copy(source.name())));
    Events.Rows rows = rows(copy.connection());
    require(
        rows.complete() && rows.count() >= before && rows.count() <= after,
        copy.name() + " has to hold the first " + before + " to " + after + " rows, not " + rows);
    return new Outcome<>(
        copy,
        copy.name()
            + " holds the first "
            + Amounts.count(rows.count())
            + " rows, as the backup has to: "
            + Amounts.count(before)
            + " were written before it began");
  }

  private Instance restore(String call, RestoreSpec least) throws InterruptedException {
    RestoreSpec spec = Specs.restored(call, place, least.login(specs.instance().admin()), plans);
    return made(place.home(), place.home().backups().restore(spec));
  }

  /**
   * A moment of the source.
   *
   * @param time by the cloud's clock
   * @param rows how many had been written by then
   */
  private record Moment(Instant time, long rows) {}

  private Outcome<Moment> moment(Instance source, Writer application)
      throws SQLException, InterruptedException {
    Moment moment;
    Runnable goOn = application.pause();
    try {
      steps.pass(QUIET);
      moment = new Moment(now(source).truncatedTo(ChronoUnit.SECONDS), application.acknowledged());
      steps.pass(QUIET);
    } finally {
      goOn.run();
    }
    RestorableWindow window = windowWith(source.id(), moment.time());
    return new Outcome<>(
        moment,
        Amounts.count(moment.rows())
            + " rows at "
            + moment.time()
            + ", of what can be restored: "
            + window.earliest().orElseThrow()
            + " to "
            + window.latest().map(Instant::toString).orElse("now"));
  }

  /** By the clock by which the cloud restores: a simulated one's databases have another. */
  private Instant now(Instance source) throws SQLException {
    if (place.simulated()) {
      return place.clock().instant();
    }
    try (Connection connection = database(source.connection()).connect()) {
      return Events.now(connection);
    }
  }

  /** Waits until a moment can be restored, which some services do minutes later. */
  private RestorableWindow windowWith(ResourceId source, Instant moment)
      throws InterruptedException {
    Instant limit = place.clock().instant().plus(WINDOW_LIMIT);
    RestorableWindow window = place.home().backups().window(source);
    while (window.earliest().isEmpty() || !window.contains(moment)) {
      require(
          place.clock().instant().isBefore(limit),
          moment + " cannot be restored after an hour: there is only the " + window);
      display.progress(window.toString());
      steps.pass(LOOK);
      window = place.home().backups().window(source);
    }
    return window;
  }

  private Outcome<Instance> restore(Instance source, Moment moment)
      throws SQLException, InterruptedException {
    Instance past =
        restore(
            "to moment",
            RestoreSpec.of(source.id()).at(moment.time()).named(Specs.past(source.name())));
    Events.Rows rows = rows(past.connection());
    require(
        rows.complete() && rows.count() == moment.rows(),
        past.name() + " has to hold the first " + moment.rows() + " rows, not " + rows);
    return new Outcome<>(past, past.name() + " holds these rows and none that came later");
  }

  /**
   * @param least how many rows had been written long before
   */
  private Outcome<Promoted> failOver(
      Instance source, Instance replica, Writer application, long least)
      throws SQLException, InterruptedException {
    Replicas replicas = place.away().replicas();
    plans.add("fail over", replicas.planPromote(specs.failover()));
    Promoted now = steps.await(replicas.promote(replica.id(), specs.failover()));
    // Until now it wrote to a region that would be gone in earnest.
    Runnable goOn = application.pause();
    try {
      long written = application.acknowledged();
      Events.Rows kept = rows(now.connection());
      require(
          kept.complete() && kept.count() >= least && kept.count() <= written + 1,
          now.instance().name()
              + " has to hold the first of "
              + written
              + " rows, and the "
              + least
              + " from before the first backup, not "
              + kept);
      requireReplayed(source, now, kept);
      application.moveTo(database(now.connection()));
      now.changes().forEach(display::warn);
      return new Outcome<>(
          now,
          now.instance().name()
              + " has "
              + Amounts.count(kept.count())
              + " of "
              + Amounts.count(written)
              + " rows; the others were written to the former region only");
    } finally {
      goOn.run();
    }
  }

  /** What came after {@code lastReplayed()} may be missing, and nothing else. */
  private static void requireReplayed(Instance source, Promoted now, Events.Rows kept)
      throws SQLException {
    Optional<Instant> replayed = now.lastReplayed();
    if (replayed.isEmpty()) {
      return;
    }
    try (Connection connection = database(source.connection()).connect()) {
      // The first that is missing was committed before the one after it was written.
      Optional<Instant> after = Events.writtenAt(connection, kept.last() + 2);
      require(
          after.isEmpty() || after.get().isAfter(replayed.get()),
          "row "
              + (kept.last() + 1)
              + " is missing, and all until "
              + replayed.get()
              + " had been replayed");
    }
  }

  private Outcome<Long> goOn(Instance replica, Writer application)
      throws SQLException, InterruptedException {
    long before = application.acknowledged();
    steps.pass(Duration.ofMinutes(1));
    Runnable goOn = application.pause();
    try {
      long more = application.acknowledged() - before;
      Events.Rows rows =
          rows(place.away().instances().connection(replica.id(), specs.instance().admin()));
      require(
          more > 0 && rows.last() == application.acknowledged(),
          "the application has to have written " + application.acknowledged() + ", not " + rows);
      return new Outcome<>(more, Amounts.count(more) + " rows more in " + place.otherRegion());
    } finally {
      goOn.run();
    }
  }

  private static Events.Rows rows(ConnectionDetails server) throws SQLException {
    try (Connection connection = database(server).connect()) {
      return Events.read(connection);
    }
  }

  /** Not every cloud tells of a server that it has copied which databases are on it. */
  private static ConnectionDetails database(ConnectionDetails server) {
    return server.toBuilder().database(Specs.DATABASE).build();
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new UnexpectedStateException(message);
    }
  }
}
