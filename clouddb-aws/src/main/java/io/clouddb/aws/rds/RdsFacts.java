/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.mapping.Asked;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * What is known beside a specification.
 *
 * @param instance the instance with which it is compared; null when nobody has looked
 */
record RdsFacts(@Nullable DBInstance instance) {
  /** Of a specification without a look. */
  static final RdsFacts NONE = new RdsFacts(null);

  static Optional<DBInstance> seen(Asked asked) {
    return Optional.ofNullable(asked.facts(RdsFacts.class).instance());
  }
}
