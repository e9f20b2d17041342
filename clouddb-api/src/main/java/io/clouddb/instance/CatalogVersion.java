/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import java.util.Objects;

/**
 * A version of an engine in a {@link Catalog}.
 *
 * @param version with the minor version where the cloud tells it, for example {@code 16.4}, else
 *     the major one
 * @param status the cloud's own word for how it stands, for example {@code available}; empty where
 *     it tells none
 * @param endOfLife whether the cloud says that its end has come or is near; false also where it
 *     does not tell
 */
public record CatalogVersion(String version, String status, boolean endOfLife) {
  /** Refuses what is missing. */
  public CatalogVersion {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(status, "status");
  }

  /** Whether a version that is asked for is fulfilled by one that there is. */
  static boolean covers(String asked, String there) {
    return there.equals(asked) || there.startsWith(asked + ".");
  }
}
