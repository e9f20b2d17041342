/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.error.ErrorDetails;
import java.util.Optional;

/** Says in portable terms what a vendor's exception means. */
@FunctionalInterface
public interface ErrorTranslator {
  /**
   * Translates an exception.
   *
   * @param failure what the vendor's SDK threw
   * @return what is known about it; empty when it is not the vendor's, so that it is thrown as it
   *     is
   */
  Optional<ErrorDetails.Builder> translate(RuntimeException failure);
}
