/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.mapping;

import io.clouddb.instance.Catalog;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for, with what is known beside it.
 *
 * @param specification what the caller asks for
 * @param facts what the driver knows of the place or of the resource, for rows that go by it; of a
 *     class that only the driver knows
 * @param catalogOrNull what the cloud has told of sizes and versions; null where it was not asked
 */
public record Asked(Specification specification, Object facts, @Nullable Catalog catalogOrNull) {
  /**
   * What is asked for, of a cloud that was not asked what it has.
   *
   * @param specification what the caller asks for
   * @param facts what the driver knows
   */
  public Asked(Specification specification, Object facts) {
    this(specification, facts, null);
  }

  /**
   * What the cloud has told of sizes and versions.
   *
   * @return empty where it was not asked
   */
  public Optional<Catalog> catalog() {
    return Optional.ofNullable(catalogOrNull);
  }

  /**
   * What is asked of another field.
   *
   * @param field the field
   * @param type the class of its portable value
   * @param <V> the class of its portable value
   * @return the value, empty when it is left unset
   */
  public <V> Optional<V> value(Field field, Class<V> type) {
    return Optional.ofNullable(specification.values().get(field)).map(type::cast);
  }

  /**
   * Tells whether a field is asked for.
   *
   * @param field the field
   * @return false when it is left unset
   */
  public boolean has(Field field) {
    return specification.values().containsKey(field);
  }

  /**
   * Tells whether a field may be adjusted.
   *
   * @param field the field
   * @return true when the caller only prefers it
   */
  public boolean prefers(Field field) {
    return specification.preferring().contains(field);
  }

  /**
   * What is known beside it.
   *
   * @param type its class
   * @param <F> its class
   * @return the facts
   */
  public <F> F facts(Class<F> type) {
    return type.cast(facts);
  }
}
