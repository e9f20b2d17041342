/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The expression language of simulated DynamoDB and its older parameters: conditions, key
 * conditions, projections and updates, with the service's refusals in its words. It works on values
 * of tables and knows no wire.
 *
 * <p>A request's expressions share one {@link
 * io.clouddb.testkit.simulator.aws.dynamodb.expression.Placeholders}: it is made first, then the
 * expressions are parsed in the service's order, and {@code requireAllUsed} comes last.
 */
@NullMarked
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import org.jspecify.annotations.NullMarked;
