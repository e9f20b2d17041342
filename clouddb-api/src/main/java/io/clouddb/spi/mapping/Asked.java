/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.mapping;

import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import java.util.Optional;

/**
 * What is asked for, with what is known beside it.
 *
 * @param specification what the caller asks for
 * @param facts what the driver knows of the place or of the resource, for rows that go by it; of a
 *     class that only the driver knows
 */
public record Asked(Specification specification, Object facts) {
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
