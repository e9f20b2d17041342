/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.drill.PlannedFault.Victim;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Any twenty seeds in a row hit everybody, at every entry, and end in every way. */
class DrillPlanTest {
  private static final int SEEDS = 2000;

  private static List<DrillPlan> plans(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(DrillPlan::of).toList();
  }

  private static Stream<PlannedFault> faults(Collection<DrillPlan> plans) {
    return plans.stream().flatMap(plan -> plan.faults().stream());
  }

  private static <T, K> Map<K, Long> count(Stream<T> things, Function<T, K> key) {
    return things.collect(Collectors.groupingBy(key, Collectors.counting()));
  }

  @Test
  void twentySeedsInARowHaveAllOfItEvenly() {
    for (int first = 0; first < SEEDS; first++) {
      List<DrillPlan> plans = plans(first, 20);
      assertThat(count(plans.stream(), DrillPlan::ending))
          .as("endings from seed %d on", first)
          .hasSize(DrillPlan.Ending.values().length)
          .allSatisfy((ending, times) -> assertThat(times).isEqualTo(5));
      assertThat(count(faults(plans), PlannedFault::victim))
          .as("victims from seed %d on", first)
          .hasSize(Victim.values().length)
          .allSatisfy((victim, times) -> assertThat(times).isBetween(6L, 16L));
      assertThat(count(faults(plans), fault -> fault.victim() + " " + fault.what()))
          .as("faults from seed %d on", first)
          .hasSize(3 + 2 * FaultyLink.Fault.values().length)
          .allSatisfy((fault, times) -> assertThat(times).isPositive());
      assertThat(
              faults(plans)
                  .filter(PlannedFault::isAtEntry)
                  .map(fault -> fault.moment().point())
                  .collect(Collectors.toSet()))
          .as("entries from seed %d on", first)
          .containsExactlyInAnyOrder(JournalPoint.values());
      assertThat(count(faults(plans), PlannedFault::isAtEntry).getOrDefault(false, 0L))
          .as("random moments from seed %d on", first)
          .isBetween(8L, 12L);
      for (DrillPlan.Ending ending : DrillPlan.Ending.values()) {
        List<DrillPlan> same = plans.stream().filter(plan -> plan.ending() == ending).toList();
        assertBoth(same, DrillPlan::stateInDatabase, "state", first);
        assertBoth(same, DrillPlan::live, "live", first);
      }
      assertBoth(plans, DrillPlan::replicaRole, "replica role", first);
      assertBoth(plans, DrillPlan::routeInDatabase, "route", first);
      assertBoth(plans, DrillPlan::keeperOnTarget, "keeper", first);
      assertThat(
              plans.stream()
                  .flatMap(plan -> Stream.of(plan.sourceVersion(), plan.targetVersion()))
                  .collect(Collectors.toSet()))
          .containsExactlyInAnyOrder(14, 15, 16, 17, 18);
    }
  }

  private static void assertBoth(
      List<DrillPlan> plans, Function<DrillPlan, Boolean> what, String name, int first) {
    assertThat(plans.stream().map(what).collect(Collectors.toSet()))
        .as("%s from seed %d on", name, first)
        .containsExactlyInAnyOrder(true, false);
  }

  @Test
  void everyVictimMeetsEveryEntryBeforeAndAfterItIsDurable() {
    Map<JournalPoint, Set<Victim>> victims =
        faults(plans(0, 400))
            .filter(PlannedFault::isAtEntry)
            .collect(
                Collectors.groupingBy(
                    fault -> fault.moment().point(),
                    Collectors.mapping(PlannedFault::victim, Collectors.toSet())));
    for (JournalPoint point : JournalPoint.values()) {
      boolean afterLinks = point == JournalPoint.CLEANUP_FINISHED || point == JournalPoint.ENDED;
      assertThat(victims.get(point))
          .as("victims at %s", point)
          .contains(Victim.MIGRATOR, Victim.SOURCE, Victim.TARGET)
          .hasSize(afterLinks ? 3 : Victim.values().length);
    }
    assertThat(
            faults(plans(0, 400))
                .filter(PlannedFault::isAtEntry)
                .map(fault -> fault.moment().toString())
                .collect(Collectors.toSet()))
        .as("sides of %d entries and of the %d tables", JournalPoint.values().length, 7)
        .hasSize(2 * (JournalPoint.values().length - 1 + DrillPlan.TABLES));
  }

  @Test
  void hitsNobodyTwiceAndInTheOrderOfTheMoments() {
    for (DrillPlan plan : plans(0, SEEDS)) {
      Set<Victim> victims = new HashSet<>();
      assertThat(plan.faults()).isNotEmpty().allMatch(fault -> victims.add(fault.victim()));
      assertThat(plan.faults().stream().map(PlannedFault::moment).toList()).isSorted();
      assertThat(DrillPlan.of(plan.seed())).isEqualTo(plan);
    }
  }
}
