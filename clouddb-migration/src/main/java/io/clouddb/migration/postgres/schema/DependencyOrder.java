/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts objects into an order in which each can be made: after all that it needs, and otherwise by
 * kind and as they were read. An object is made in its kind's phase, but earlier when something of
 * an earlier phase needs it (a view that a column's default reads through a function), and later
 * when it needs something of a later one (a function that returns rows of a view).
 */
final class DependencyOrder {
  // These can wait for what they need; everything else is wanted in its phase.
  private static final Set<ObjectKind> CAN_WAIT =
      EnumSet.of(
          ObjectKind.ROUTINE,
          ObjectKind.COMPOSITE,
          ObjectKind.COMMENT,
          ObjectKind.OWNER,
          ObjectKind.PRIVILEGES);

  private final List<SchemaObject> objects;
  private final Map<SchemaObject, Integer> read = new HashMap<>();
  private final Map<SchemaObject, Set<SchemaObject>> needs;

  /**
   * Takes what is to be ordered.
   *
   * @param objects as they were read
   * @param needs for each object those that it needs; only objects of the list
   */
  DependencyOrder(Collection<SchemaObject> objects, Map<SchemaObject, Set<SchemaObject>> needs) {
    this.objects = List.copyOf(objects);
    this.needs = needs;
    for (SchemaObject object : this.objects) {
      read.put(object, read.size());
    }
  }

  /** An object and the phase in which it is made. */
  record Placed(SchemaObject object, Phase phase) {}

  List<Placed> place() {
    List<SchemaObject> ordered = sort();
    Map<SchemaObject, Phase> limits = limits(ordered);
    Map<SchemaObject, Phase> phases = new HashMap<>();
    List<Placed> placed = new ArrayList<>();
    for (SchemaObject object : ordered) {
      Phase phase = object.kind().phase();
      for (SchemaObject need : needs(object)) {
        phase = later(phase, phases.getOrDefault(need, phase));
      }
      phase = earlier(phase, limits.getOrDefault(object, phase));
      phases.put(object, phase);
      placed.add(new Placed(object, phase));
    }
    return placed;
  }

  /** The latest phase in which each object can be made, for those that something waits for. */
  private Map<SchemaObject, Phase> limits(List<SchemaObject> ordered) {
    Map<SchemaObject, Phase> limits = new HashMap<>();
    for (int i = ordered.size() - 1; i >= 0; i--) {
      SchemaObject object = ordered.get(i);
      if (!CAN_WAIT.contains(object.kind())) {
        limits.merge(object, object.kind().phase(), DependencyOrder::earlier);
      }
      Phase limit = limits.get(object);
      if (limit != null) {
        for (SchemaObject need : needs(object)) {
          limits.merge(need, limit, DependencyOrder::earlier);
        }
      }
    }
    return limits;
  }

  private List<SchemaObject> sort() {
    Map<SchemaObject, Integer> missing = new HashMap<>();
    Map<SchemaObject, List<SchemaObject>> dependents = new HashMap<>();
    PriorityQueue<SchemaObject> ready =
        new PriorityQueue<>(
            Comparator.comparing(SchemaObject::kind)
                .thenComparing(object -> read.getOrDefault(object, 0)));
    for (SchemaObject object : objects) {
      Set<SchemaObject> needed = needs(object);
      missing.put(object, needed.size());
      needed.forEach(need -> dependents.computeIfAbsent(need, n -> new ArrayList<>()).add(object));
      if (needed.isEmpty()) {
        ready.add(object);
      }
    }
    List<SchemaObject> ordered = new ArrayList<>(objects.size());
    for (SchemaObject next = ready.poll(); next != null; next = ready.poll()) {
      ordered.add(next);
      for (SchemaObject dependent : dependents.getOrDefault(next, List.of())) {
        if (missing.merge(dependent, -1, Integer::sum) == 0) {
          ready.add(dependent);
        }
      }
    }
    if (ordered.size() < objects.size()) {
      Set<SchemaObject> circle = new HashSet<>(objects);
      ordered.forEach(circle::remove);
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "These objects need each other, or something that does, and cannot be made one after"
                  + " the other: "
                  + circle.stream()
                      .map(SchemaObject::toString)
                      .sorted()
                      .limit(20)
                      .collect(Collectors.joining(", ")))
          .toException();
    }
    return ordered;
  }

  private Set<SchemaObject> needs(SchemaObject object) {
    return needs.getOrDefault(object, Set.of());
  }

  private static Phase earlier(Phase one, Phase other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Phase later(Phase one, Phase other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
