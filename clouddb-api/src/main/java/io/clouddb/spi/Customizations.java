/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.Native;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.Collection;
import java.util.List;

/**
 * The caller's changes to the vendor's requests.
 *
 * @param all in the order in which they are applied
 */
public record Customizations(List<Native> all) {
  /** No change. */
  public static final Customizations NONE = new Customizations(List.of());

  /** Keeps the list unmodifiable. */
  public Customizations {
    all = List.copyOf(all);
  }

  /**
   * Takes the caller's changes, after a look at their types.
   *
   * @param all the changes
   * @param accepted the classes that the driver builds
   * @return the changes
   * @throws io.clouddb.error.InvalidArgumentException when one is for another class
   */
  public static Customizations of(List<Native> all, Collection<Class<?>> accepted) {
    for (Native customization : all) {
      if (!accepted.contains(customization.type())) {
        throw ErrorDetails.of(
                ErrorCategory.INVALID_ARGUMENT,
                "Native.customize of "
                    + customization.type().getName()
                    + " is not possible here; accepted are "
                    + accepted.stream().map(Class::getName).sorted().toList())
            .toException();
      }
    }
    return new Customizations(all);
  }

  /**
   * Lets the caller change a request.
   *
   * @param type the vendor's class
   * @param request the request or its builder
   * @param <B> the vendor's class
   * @return the request
   */
  public <B> B apply(Class<B> type, B request) {
    for (Native customization : all) {
      if (customization.type() == type) {
        customization.apply(request);
      }
    }
    return request;
  }
}
