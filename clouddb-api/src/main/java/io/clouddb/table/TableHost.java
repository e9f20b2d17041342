/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.json.Part;

/**
 * What tables are in, where a cloud has such a thing: a Cosmos DB account, a Spanner instance.
 * Several tables share one; it is made when it is not there.
 *
 * @param name its name
 */
public record TableHost(@Part("name") String name) {
  /** Refuses an empty name. */
  public TableHost {
    if (name.isBlank()) {
      throw ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "A host of tables needs a name")
          .toException();
    }
  }

  /**
   * A host of a name.
   *
   * @param name its name
   * @return the host
   */
  public static TableHost named(String name) {
    return new TableHost(name);
  }
}
