/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What a service keeps of resources that nothing happens in by itself: groups, labels, secrets.
 * Values are immutable, so a change is a new value.
 *
 * @param <T> what is kept
 */
public final class ResourceStore<T> {
  private final Map<ResourceKey, T> values = new ConcurrentHashMap<>();

  /** Makes an empty store. */
  public ResourceStore() {}

  /**
   * Adds a resource.
   *
   * @param key its key
   * @param value its value
   * @throws SimulatorException when there is one of that key
   */
  public void create(ResourceKey key, T value) {
    if (values.putIfAbsent(key, value) != null) {
      throw new SimulatorException(
          SimulatorException.Reason.ALREADY_EXISTS, key + " exists already");
    }
  }

  /**
   * Adds or replaces a resource, as a PUT does.
   *
   * @param key its key
   * @param value its value
   */
  public void put(ResourceKey key, T value) {
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
  public T change(ResourceKey key, UnaryOperator<T> change) {
    T changed = values.computeIfPresent(key, (k, old) -> change.apply(old));
    if (changed == null) {
      throw notFound(key);
    }
    return changed;
  }

  /**
   * Looks for a resource.
   *
   * @param key its key
   * @return empty when there is none
   */
  public Optional<T> find(ResourceKey key) {
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
  public T remove(ResourceKey key) {
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
  public List<ResourceKey> list(String scope) {
    return values.keySet().stream()
        .filter(key -> key.scope().equals(scope))
        .sorted(Comparator.comparing(ResourceKey::name))
        .toList();
  }

  private static SimulatorException notFound(ResourceKey key) {
    return new SimulatorException(SimulatorException.Reason.NOT_FOUND, key + " does not exist");
  }
}
