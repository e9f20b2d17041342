/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a server says about one of its parameters, or a profile about one of the cloud's own. */
public final class ParameterDescription {
  private final String name;
  private final boolean restartNeeded;
  private final String type;
  private final @Nullable String defaultValue;
  private final @Nullable String minimum;
  private final @Nullable String maximum;
  private final List<String> allowed;

  ParameterDescription(
      String name,
      boolean restartNeeded,
      String type,
      @Nullable String defaultValue,
      @Nullable String minimum,
      @Nullable String maximum,
      List<String> allowed) {
    this.name = name;
    this.restartNeeded = restartNeeded;
    this.type = type;
    this.defaultValue = defaultValue;
    this.minimum = minimum;
    this.maximum = maximum;
    this.allowed = List.copyOf(allowed);
  }

  /**
   * The parameter's name.
   *
   * @return in lower case
   */
  public String name() {
    return name;
  }

  /**
   * Tells whether it takes effect at a restart only: what RDS calls static.
   *
   * @return true when it needs a restart
   */
  public boolean restartNeeded() {
    return restartNeeded;
  }

  /**
   * Its type.
   *
   * @return {@code bool}, {@code integer}, {@code real}, {@code string} or {@code enum}
   */
  public String type() {
    return type;
  }

  /**
   * Its value when nobody sets it.
   *
   * @return in the server's base unit
   */
  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /**
   * The least value.
   *
   * @return in the server's base unit; empty for what is no number
   */
  public Optional<String> minimum() {
    return Optional.ofNullable(minimum);
  }

  /**
   * The greatest value.
   *
   * @return in the server's base unit; empty for what is no number
   */
  public Optional<String> maximum() {
    return Optional.ofNullable(maximum);
  }

  /**
   * The values of an enum.
   *
   * @return empty for other types
   */
  public List<String> allowed() {
    return allowed;
  }

  @Override
  public String toString() {
    return name + " (" + type + (restartNeeded ? ", static)" : ", dynamic)");
  }
}
