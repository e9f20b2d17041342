/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How requests are read by the published definition of their service: names, types and constraints,
 * in the service's order and with its words; and how values of items are read and written.
 */
@NullMarked
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import org.jspecify.annotations.NullMarked;
