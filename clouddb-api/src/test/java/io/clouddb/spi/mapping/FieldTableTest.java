/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FieldTableTest {
  private static final Field SIZE = Field.of("size");
  private static final Field ZONE = Field.of("zone");
  private static final Field TAGS = Field.of("tags");
  private static final Field LOCK = Field.of("lock");
  private static final Field WINDOW = Field.of("window");

  /** What the vendor has. */
  private record Thing(Map<String, Object> members) {}

  private static final class Request {
    private final Map<String, Object> members = new LinkedHashMap<>();
  }

  /** What is asked for, in a test. */
  private record Wish(Map<Field, Object> values, Set<Field> preferring) implements Specification {
    static Wish of(Field field, Object value) {
      return new Wish(Map.of(field, value), Set.of());
    }

    Wish preferringAll() {
      return new Wish(values, values.keySet());
    }

    @Override
    public Specification withoutSecrets() {
      return this;
    }

    @Override
    public String toString() {
      return "the wish";
    }
  }

  private static FieldRow.Builder<Integer, Thing> size() {
    return FieldRow.<Integer, Thing>of(SIZE, Integer.class, "SizeInGiB")
        .only(
            "10 to 99 GiB",
            (gib, asked) ->
                gib >= 10 && gib <= 99 ? Optional.empty() : Optional.of(gib + " is out of range"),
            "10 to 99")
        .only(
            new Condition<>(
                "even in the large edition",
                context -> context.edition().filter("large"::equals).isPresent(),
                (gib, asked) ->
                    asked.facts(String.class).equals("large") && gib % 2 == 1
                        ? Optional.of("the large edition takes even numbers only")
                        : Optional.empty(),
                "an even number"))
        .limit("size.gib.max", 99)
        .limit("size.gib.min", context -> context.edition().isPresent() ? 20 : 10)
        .to(Request.class, (request, gib, asked) -> request.members.put("SizeInGiB", gib))
        .from((thing, asked) -> Optional.ofNullable(thing.members().get("SizeInGiB")));
  }

  private final FieldTable<Thing> table =
      FieldTable.of(
          "cloud",
          "Things",
          List.of(
              size().build(),
              FieldRow.<String, Thing>of(ZONE, String.class, "Zone")
                  .vendorField(asked -> asked.has(SIZE) ? "SizedZone" : "Zone")
                  .shown((zone, asked) -> zone.toUpperCase(java.util.Locale.ROOT))
                  .to(
                      Request.class,
                      (request, zone, asked) ->
                          request.members.put("Zone", zone.toUpperCase(java.util.Locale.ROOT)))
                  .from((thing, asked) -> Optional.ofNullable(thing.members().get("Zone")))
                  .build(),
              FieldRow.<String, Thing>of(TAGS, String.class, "Tags")
                  .from((thing, asked) -> Optional.ofNullable(thing.members().get("Tags")))
                  .same((wanted, actual, asked) -> String.valueOf(actual).contains(wanted))
                  .build(),
              FieldRow.<Boolean, Thing>of(LOCK, Boolean.class, "")
                  .lacking("it has no locks", "a policy"),
              FieldRow.<String, Thing>of(WINDOW, String.class, "Window")
                  .adjusted("the service chooses it", "any")));

  private static Asked asked(Wish wish) {
    return new Asked(wish, "small");
  }

  @Test
  void honoursWhatItsConditionsLet() {
    Plan plan = table.plan(asked(Wish.of(SIZE, 20)));
    assertThat(plan.feasible()).isTrue();
    assertThat(plan).hasToString("cloud plan for the wish\n  size: SizeInGiB = 20");
    assertThat(plan.entries(Plan.Outcome.HONOURED)).hasSize(1);
    assertThat(plan.orThrow()).isSameAs(plan);
  }

  @Test
  void refusesByTheFirstConditionThatIsNotFulfilledWithItsAlternative() {
    Plan plan = table.plan(asked(Wish.of(SIZE, 5)));
    assertThatThrownBy(plan::orThrow)
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("size: 5 is out of range; instead: 10 to 99");
    assertThat(table.plan(new Asked(Wish.of(SIZE, 21), "large")).toString())
        .contains("even numbers only; instead: an even number");
    assertThat(table.plan(asked(Wish.of(SIZE, 21))).feasible()).isTrue();
  }

  @Test
  void whatIsLackingIsRefusedEvenWhenItIsPreferred() {
    assertThat(table.plan(asked(Wish.of(LOCK, true).preferringAll())).toString())
        .contains("lock: it has no locks; instead: a policy");
  }

  @Test
  void whatCanBeAdjustedIsWhenItIsPreferredOnly() {
    assertThat(table.plan(asked(Wish.of(WINDOW, "night"))).toString())
        .contains(
            "window: the service chooses it; instead: preferring(window) accepts Window = any");
    Plan plan = table.plan(asked(Wish.of(WINDOW, "night").preferringAll()));
    assertThat(plan.toString()).contains("window adjusted: Window = any (the service chooses it)");
    assertThat(plan.feasible()).isTrue();
  }

  @Test
  void aFieldWithoutARowIsRefused() {
    Field other = Field.of("other");
    assertThat(table.plan(asked(Wish.of(other, 1))).toString())
        .contains("other: this release knows no other of Things");
    assertThat(table.support(other, FeatureContext.any()))
        .isEqualTo(Support.no("This release knows no other of Things"));
  }

  @Test
  void theCapabilitiesSayWhatThePlanGoesBy() {
    assertThat(table.support(SIZE, FeatureContext.any()))
        .isEqualTo(
            Support.conditional("10 to 99 GiB")
                .limit("size.gib.max", 99)
                .limit("size.gib.min", 10));
    assertThat(table.support(SIZE, FeatureContext.any().withEdition("large")))
        .isEqualTo(
            Support.conditional("10 to 99 GiB; even in the large edition")
                .limit("size.gib.max", 99)
                .limit("size.gib.min", 20));
    assertThat(table.support(ZONE, FeatureContext.any())).isEqualTo(Support.yes());
    assertThat(table.support(LOCK, FeatureContext.any())).isEqualTo(Support.no("it has no locks"));
    assertThat(table.support(WINDOW, FeatureContext.any()))
        .isEqualTo(Support.conditional("Only preferred: the service chooses it"));
  }

  @Test
  void writesWhatIsAskedForAndNothingElse() {
    Wish wish = new Wish(Map.of(SIZE, 20, ZONE, "a", WINDOW, "night"), Set.of(WINDOW));
    Request request = table.write(Request.class, new Request(), asked(wish));
    assertThat(request.members).containsOnly(Map.entry("SizeInGiB", 20), Map.entry("Zone", "A"));
    assertThat(table.write(StringBuilder.class, new StringBuilder(), asked(wish))).isEmpty();
    assertThat(table.plan(asked(wish)).toString()).contains("zone: SizedZone = A");
  }

  @Test
  void comparesWhatIsAskedForOnly() {
    Thing thing = new Thing(Map.of("SizeInGiB", 20, "Zone", "B", "Tags", "a, b"));
    assertThat(table.drift(thing, asked(Wish.of(SIZE, 20))).isEmpty()).isTrue();
    assertThat(table.drift(thing, asked(Wish.of(SIZE, 20))))
        .hasToString("the wish is as its spec says");
    Drift drift =
        table.drift(thing, asked(new Wish(Map.of(SIZE, 30, ZONE, "b", TAGS, "b"), Set.of())));
    assertThat(drift.differences())
        .containsExactly(
            new Drift.Difference(SIZE, Drift.State.DIFFERENT, "SizeInGiB", "30", "20"));
    assertThat(drift).hasToString("the wish\n  size: SizeInGiB is 20, wanted is 30");
  }

  @Test
  void whatTheCloudDoesNotTellIsNoDifferenceAndIsNamed() {
    Drift drift = table.drift(new Thing(Map.of()), asked(Wish.of(SIZE, 30)));
    assertThat(drift.isEmpty()).isTrue();
    assertThat(drift.unknown())
        .containsExactly(new Drift.Difference(SIZE, Drift.State.UNKNOWN, "SizeInGiB", "30", ""));
    assertThat(drift)
        .hasToString("the wish\n  size: SizeInGiB is not shown by the cloud, wanted is 30");
    assertThat(table.drift(new Thing(Map.of()), asked(Wish.of(LOCK, true))).unknown()).isEmpty();
  }

  private static FieldTable<Thing> oneRow(FieldRow<?, Thing> row) {
    return FieldTable.of("cloud", "Things", List.of(row));
  }

  @Test
  void whatIsNearestIsTakenWhenItIsPreferredOnlyAndIsNoDriftThen() {
    FieldTable<Thing> nearest =
        oneRow(
            size()
                .nearest(
                    "whole tens",
                    (gib, asked) ->
                        gib % 10 == 0 ? Optional.empty() : Optional.of("disks have whole tens"))
                .shown((gib, asked) -> (gib + 9) / 10 * 10)
                .build());
    assertThat(nearest.plan(asked(Wish.of(SIZE, 20))).toString()).contains("size: SizeInGiB = 20");
    assertThat(nearest.plan(asked(Wish.of(SIZE, 21))).toString())
        .contains("disks have whole tens; instead: preferring(size) accepts SizeInGiB = 30");
    Asked preferred = asked(Wish.of(SIZE, 21).preferringAll());
    assertThat(nearest.plan(preferred).toString())
        .contains("size adjusted: SizeInGiB = 30 (disks have whole tens)");
    assertThat(nearest.plan(asked(Wish.of(SIZE, 5).preferringAll())).feasible())
        .as("the other conditions come first")
        .isFalse();
    assertThat(nearest.support(SIZE, FeatureContext.any()).reason())
        .isEqualTo("10 to 99 GiB; whole tens");
    assertThat(nearest.drift(new Thing(Map.of("SizeInGiB", 30)), preferred).isEmpty()).isTrue();
    assertThat(nearest.drift(new Thing(Map.of("SizeInGiB", 20)), preferred).isEmpty()).isFalse();
  }

  @Test
  void anAlternativeCanDependOnWhatIsAskedFor() {
    FieldTable<Thing> table =
        oneRow(
            size()
                .only(
                    "not 13",
                    (gib, asked) -> gib == 13 ? Optional.of("13 is unlucky") : Optional.empty(),
                    (gib, asked) -> (gib - 1) + " or " + (gib + 1))
                .build());
    assertThat(table.plan(asked(Wish.of(SIZE, 13))).toString())
        .contains("13 is unlucky")
        .contains("12 or 14");
    assertThat(table.plan(asked(Wish.of(SIZE, 14))).feasible()).isTrue();
  }

  @Test
  void whatIsFulfilledByItsLackIsHonoured() {
    FieldTable<Thing> lock =
        oneRow(
            FieldRow.<Boolean, Thing>of(LOCK, Boolean.class, "nothing")
                .without(false)
                .lacking("it has no locks", "a policy"));
    assertThat(lock.plan(asked(Wish.of(LOCK, true))).feasible()).isFalse();
    assertThat(lock.plan(asked(Wish.of(LOCK, false))).toString()).contains("lock: nothing = false");
    assertThat(lock.support(LOCK, FeatureContext.any())).isEqualTo(Support.no("it has no locks"));
    assertThat(lock.drift(new Thing(Map.of()), asked(Wish.of(LOCK, false))).unknown()).isEmpty();
  }

  @Test
  void aFieldHasOneRow() {
    assertThatThrownBy(
            () -> FieldTable.of("cloud", "Things", List.of(size().build(), size().build())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Things has two rows for size");
  }
}
