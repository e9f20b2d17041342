/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A simulator of Amazon RDS for PostgreSQL on a loopback address, for the AWS SDK or anything else
 * that speaks the Query protocol (version 2014-10-31): {@link
 * io.clouddb.testkit.simulator.rds.RdsSimulator}. Also {@code GetSecretValue} of Secrets Manager,
 * for the passwords that RDS manages.
 *
 * <p>What it does not simulate it refuses, naming the action or the member. Where it is simpler
 * than the service: signatures are not verified; a new parameter group's dynamic parameters take
 * effect at once, not at the restart that it asks for all the same.
 */
@NullMarked
package io.clouddb.testkit.simulator.rds;

import org.jspecify.annotations.NullMarked;
