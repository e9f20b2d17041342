/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Holds every request that the driver sends, and every answer that the simulator gives, against the
 * service's own published definition, so that the two cannot agree on a fiction.
 *
 * <p>The file {@code rds-2014-10-31.txt} is the part of Amazon's definition that the driver uses,
 * in a form of its own. To make it anew, for a newer definition or another action, run {@link
 * io.clouddb.aws.rds.wire.ExtractDefinition} with botocore's {@code rds/2014-10-31/service-2.json}.
 */
@NullMarked
package io.clouddb.aws.rds.wire;

import org.jspecify.annotations.NullMarked;
