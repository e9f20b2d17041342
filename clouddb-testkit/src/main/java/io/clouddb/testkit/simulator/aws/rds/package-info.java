/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Amazon RDS for PostgreSQL, in the Query protocol (version 2014-10-31).
 *
 * <p>What it does not simulate it refuses, naming the action or the member. Where it is simpler
 * than the service: a new parameter group's dynamic parameters take effect at once, not at the
 * restart that it asks for all the same.
 */
@NullMarked
package io.clouddb.testkit.simulator.aws.rds;

import org.jspecify.annotations.NullMarked;
