/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import io.clouddb.testkit.simulator.engine.SimulatorException.Reason;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The resources of one kind, by their keys, and no more of them in a scope than a quota allows. For
 * any thread: what is kept is immutable, so that a change is a new value, or is safe by itself.
 *
 * @param <T> what is kept
 */
public final class ResourceStore<T> {
  private final String kind;
  private final int quota;
  private final Map<ResourceKey, T> values = new LinkedHashMap<>();

  /**
   * Makes an empty store without a quota.
   *
   * @param kind what a refusal calls a resource, for example {@code secret}
   */
  public ResourceStore(String kind) {
    this(kind, Integer.MAX_VALUE);
  }

  /**
   * Makes an empty store.
   *
   * @param kind what a refusal calls a resource, for example {@code instance}
   * @param quota how many a scope may have
   */
  public ResourceStore(String kind, int quota) {
    this.kind = Objects.requireNonNull(kind, "kind");
    this.quota = quota;
  }

  /**
   * Adds a resource.
   *
   * @param key its key
   * @param value its value
   * @throws SimulatorException when there is one of that key, or the scope has all it may have
   */
  public synchronized void create(ResourceKey key, T value) {
    if (values.containsKey(key)) {
      throw new SimulatorException(
          Reason.ALREADY_EXISTS, "The " + kind + " " + key + " exists already");
    }
    if (list(key.scope()).size() >= quota) {
      throw new SimulatorException(
          Reason.QUOTA,
          key.scope() + " may have " + quota + " resources of the kind " + kind + ", and has them");
    }
    values.put(key, value);
  }

  /**
   * Adds or replaces a resource, as a PUT does, whatever the quota.
   *
   * @param key its key
   * @param value its value
   */
  public synchronized void put(ResourceKey key, T value) {
    values.put(key, value);
  }

  /**
   * Replaces a resource by what becomes of it.
   *
   * @param key its key
   * @param change from the old value to the new one
   * @return the new value
   * @throws SimulatorException when there is none of that key
   */
  public synchronized T change(ResourceKey key, UnaryOperator<T> change) {
    T changed = change.apply(get(key));
    values.put(key, changed);
    return changed;
  }

  /**
   * Looks for a resource.
   *
   * @param key its key
   * @return empty when there is none
   */
  public synchronized Optional<T> find(ResourceKey key) {
    return Optional.ofNullable(values.get(key));
  }

  /**
   * Gets a resource.
   *
   * @param key its key
   * @return the value
   * @throws SimulatorException when there is none
   */
  public T get(ResourceKey key) {
    return find(key).orElseThrow(() -> notFound(key));
  }

  /**
   * Removes a resource.
   *
   * @param key its key
   * @return what it was
   * @throws SimulatorException when there is none
   */
  public synchronized T remove(ResourceKey key) {
    T removed = values.remove(key);
    if (removed == null) {
      throw notFound(key);
    }
    return removed;
  }

  /**
   * The keys of a scope.
   *
   * @param scope the scope
   * @return sorted by name
   */
  public synchronized List<ResourceKey> list(String scope) {
    return values.keySet().stream()
        .filter(key -> key.scope().equals(scope))
        .sorted(Comparator.comparing(ResourceKey::name))
        .toList();
  }

  /**
   * All of them.
   *
   * @return a copy, in the order in which they were made
   */
  public synchronized List<T> all() {
    return List.copyOf(values.values());
  }

  private SimulatorException notFound(ResourceKey key) {
    return new SimulatorException(Reason.NOT_FOUND, "The " + kind + " " + key + " does not exist");
  }
}
