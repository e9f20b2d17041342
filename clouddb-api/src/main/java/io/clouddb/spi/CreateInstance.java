/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.instance.InstanceSpec;

/**
 * A request to create an instance.
 *
 * @param spec what it has to be
 * @param attempt tag value that names this request, unique among all requests; the driver stores it
 *     under {@link #ATTEMPT_TAG}, and by it knows its own lost attempt again
 * @param customizations the caller's changes to the vendor's requests
 */
public record CreateInstance(InstanceSpec spec, String attempt, Customizations customizations) {
  /** The key of the tag that holds {@link #attempt()}. */
  public static final String ATTEMPT_TAG = "clouddb-attempt";
}
