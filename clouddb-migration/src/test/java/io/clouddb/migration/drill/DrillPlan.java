/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.migration.drill.PlannedFault.Moment;
import io.clouddb.migration.drill.PlannedFault.Victim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a seed decides. Who is hit, by what, at which entry of the journal and how the migration
 * ends is counted off, so that any twenty seeds in a row have all of it evenly; only times are
 * random. {@link DrillPlanTest} holds it to that.
 *
 * @param seed the seed
 * @param ending how the migration ends
 * @param sourceVersion of PostgreSQL
 * @param targetVersion of PostgreSQL
 * @param replicaRole whether the migration's roles may set replica role
 * @param stateInDatabase whether the journal is in a database, not in a folder
 * @param routeInDatabase whether the route is in a database, not in a file
 * @param keeperOnTarget which server has that database
 * @param live whether the end is asked for in the process that runs, not by another command after
 *     that process was killed
 * @param faults what is done, in the order of its moments; each victim is hit once at most
 */
record DrillPlan(
    int seed,
    Ending ending,
    int sourceVersion,
    int targetVersion,
    boolean replicaRole,
    boolean stateInDatabase,
    boolean routeInDatabase,
    boolean keeperOnTarget,
    boolean live,
    List<PlannedFault> faults) {

  /** How a migration ends. */
  enum Ending {
    /** The application is on the target, and there is no way back. */
    COMPLETED,
    /** It is rolled back before the application was switched. */
    ABORTED,
    /** It has reverse replication, which is ended. */
    FINISHED,
    /** The application is taken back by reverse replication. */
    TAKEN_BACK;

    boolean reverses() {
      return this == FINISHED || this == TAKEN_BACK;
    }

    boolean onTarget() {
      return this == COMPLETED || this == FINISHED;
    }
  }

  /** Tables that have rows, in {@link io.clouddb.migration.ShopSchema}. */
  static final int TABLES = 7;

  private static final int[][] VERSIONS = {
    {16, 16}, {14, 15}, {15, 18}, {17, 17}, {14, 14}, {16, 18}, {15, 16}
  };

  private static final int FIRST_WITH_REPLICA_ROLE = 15;
  private static final int TABLE_SLOTS = 4;

  /** Of the victims, which are the three that are killed and then the two links. */
  private static final int FIRST_LINK = 3;

  private static final List<Victim> VICTIMS = List.of(Victim.values());

  /** Nothing goes through the links any more when all is removed. */
  private static final Set<JournalPoint> KILLS_ONLY =
      Set.of(JournalPoint.CLEANUP_FINISHED, JournalPoint.ENDED);

  /** Where the second fault hits, for each ending; the fifth seed of an ending has the last. */
  private static final Map<Ending, List<JournalPoint>> LATE =
      Map.of(
          Ending.COMPLETED,
          List.of(
              JournalPoint.SWITCH_DECIDED,
              JournalPoint.CUTOVER_FINISHED,
              JournalPoint.CLEANUP_STARTED,
              JournalPoint.REMOVING,
              JournalPoint.CLEANUP_FINISHED),
          Ending.ABORTED,
          List.of(
              JournalPoint.ABORTING,
              JournalPoint.ENDED,
              JournalPoint.ABORTING,
              JournalPoint.ENDED,
              JournalPoint.ABORTING),
          Ending.FINISHED,
          List.of(
              JournalPoint.WAY_BACK,
              JournalPoint.REVERSE_STARTED,
              JournalPoint.SOURCE_REMOVING,
              JournalPoint.END_ASKED,
              JournalPoint.REVERSE_FINISHED),
          Ending.TAKEN_BACK,
          List.of(
              JournalPoint.CLEANUP_FINISHED,
              JournalPoint.END_ASKED,
              JournalPoint.RETURN_DECIDED,
              JournalPoint.REVERSE_FINISHED,
              JournalPoint.RETURN_DECIDED));

  static DrillPlan of(int seed) {
    if (seed < 0) {
      throw new IllegalArgumentException("A seed is not negative");
    }
    SplittableRandom random = new SplittableRandom(seed * 0x9E37_79B9_7F4A_7C15L);
    Ending[] endings = Ending.values();
    Ending ending = endings[seed % endings.length];
    // The how manieth it is of those that end so.
    int turn = seed / endings.length;
    int[] versions = VERSIONS[seed % VERSIONS.length];
    List<PlannedFault> faults = new ArrayList<>();
    faults.add(early(seed, random));
    faults.add(late(seed, ending, turn, random));
    if (either(turn, "between")) {
      faults.add(between(seed, ending, faults, random));
    }
    faults.sort(Comparator.comparing(PlannedFault::moment));
    return new DrillPlan(
        seed,
        ending,
        versions[0],
        versions[1],
        either(turn / 2, "replica role") && versions[1] >= FIRST_WITH_REPLICA_ROLE,
        either(turn, "state"),
        (turn + seed) % 4 == 0,
        either(turn / 2, "keeper"),
        either(turn / 2, "live"),
        List.copyOf(faults));
  }

  /** At an entry before the switch: nineteen in turn, which goes with no other cycle. */
  private static PlannedFault early(int seed, SplittableRandom random) {
    int places = JournalPoint.FORWARD.size() + 1 + TABLE_SLOTS;
    int place = seed % places;
    int lap = seed / places;
    Moment moment;
    boolean durable = (place + lap) % 2 == 0;
    if (place < JournalPoint.FORWARD.size()) {
      moment = new Moment(JournalPoint.FORWARD.get(place), 1, durable);
    } else {
      int table = place - JournalPoint.FORWARD.size() + TABLE_SLOTS * lap;
      moment = new Moment(JournalPoint.COPY_TABLE, 1 + table % TABLES, durable);
    }
    return fault(victim(seed + 2 * (seed / 20)), seed / VICTIMS.size(), moment, 0, random);
  }

  /** At an entry from the switch on, or of the way in which the migration ends. */
  private static PlannedFault late(int seed, Ending ending, int turn, SplittableRandom random) {
    List<JournalPoint> points = Objects.requireNonNull(LATE.get(ending));
    JournalPoint point = points.get(turn % points.size());
    int first = seed + 2 * (seed / 20);
    int other = 1 + (seed / 100) % 4;
    Victim victim = victim(first + other);
    while (KILLS_ONLY.contains(point) && (victim.isLink() || other % 5 == 0)) {
      other++;
      victim = victim(first + other);
    }
    boolean durable = turn % 2 == 0;
    return fault(victim, seed / VICTIMS.size() + 1, new Moment(point, 1, durable), 0, random);
  }

  /** At a random time after a random entry; of a migration that is to be undone, before that. */
  private static PlannedFault between(
      int seed, Ending ending, List<PlannedFault> others, SplittableRandom random) {
    List<JournalPoint> points =
        List.of(JournalPoint.values()).stream().filter(point -> comesBy(ending, point)).toList();
    Moment moment = new Moment(points.get(random.nextInt(points.size())), 1, true);
    // Where no link could be hit, one is hit now.
    boolean killed = others.stream().anyMatch(f -> KILLS_ONLY.contains(f.moment().point()));
    int number =
        killed ? FIRST_LINK + random.nextInt(2) : seed + 2 * (seed / 20) + 2 + (seed / 100) % 4;
    while (isHit(victim(number), others)) {
      number++;
    }
    return fault(victim(number), random.nextInt(3), moment, 1 + random.nextInt(900), random);
  }

  private static boolean comesBy(Ending ending, JournalPoint point) {
    boolean reversing =
        point == JournalPoint.WAY_BACK
            || (point.compareTo(JournalPoint.REVERSE_STARTED) >= 0
                && point.compareTo(JournalPoint.REVERSE_FINISHED) <= 0);
    return switch (ending) {
      case COMPLETED -> !reversing && point.compareTo(JournalPoint.CLEANUP_STARTED) <= 0;
      case ABORTED -> point.compareTo(JournalPoint.CUTOVER_STARTED) <= 0;
      case FINISHED ->
          point != JournalPoint.RETURN_DECIDED
              && point.compareTo(JournalPoint.CLEANUP_STARTED) <= 0;
      case TAKEN_BACK -> point.compareTo(JournalPoint.CLEANUP_STARTED) <= 0;
    };
  }

  /** By turns, but not in step with anything else that goes by turns. */
  private static boolean either(int turn, String what) {
    return (turn + new SplittableRandom(31L * (turn / 10) + what.hashCode()).nextInt(2)) % 2 == 0;
  }

  private static boolean isHit(Victim victim, List<PlannedFault> faults) {
    return faults.stream().anyMatch(fault -> fault.victim() == victim);
  }

  private static Victim victim(int number) {
    return VICTIMS.get(number % VICTIMS.size());
  }

  private static PlannedFault fault(
      Victim victim, int number, Moment moment, int delay, SplittableRandom random) {
    FaultyLink.Fault[] all = FaultyLink.Fault.values();
    FaultyLink.@Nullable Fault fault = victim.isLink() ? all[number % all.length] : null;
    return new PlannedFault(victim, fault, moment, delay, 100 + random.nextInt(1100));
  }
}
