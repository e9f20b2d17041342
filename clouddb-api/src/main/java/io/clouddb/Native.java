/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * A way out of the portable types: a function that changes the vendor's own request before it is
 * sent. It is passed beside a spec, since a lambda is no part of a value. What it does is outside
 * the compatibility promise of this library.
 *
 * <pre>{@code
 * cloud.instances().create(spec,
 *     Native.customize(CreateDbInstanceRequest.Builder.class, b -> b.monitoringInterval(60)));
 * }</pre>
 */
public final class Native {
  private final Class<?> type;
  private final Consumer<Object> function;

  private Native(Class<?> type, Consumer<Object> function) {
    this.type = type;
    this.function = function;
  }

  /**
   * Changes the vendor's request. The provider refuses a type that it does not build, and lists
   * those that it does.
   *
   * @param type the vendor's class of the request or of its builder
   * @param function changes it in place
   * @param <B> the vendor's class
   * @return the customization
   */
  public static <B> Native customize(Class<B> type, Consumer<? super B> function) {
    Objects.requireNonNull(function, "function");
    return new Native(type, object -> function.accept(type.cast(object)));
  }

  /**
   * The vendor's class.
   *
   * @return the class
   */
  public Class<?> type() {
    return type;
  }

  /**
   * Changes the vendor's request. Called by the provider.
   *
   * @param request an object of {@link #type()}
   */
  public void apply(Object request) {
    function.accept(request);
  }
}
