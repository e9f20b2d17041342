/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Amazon DynamoDB (2012-08-10): tables and their items. What a table keeps and how it is read is
 * {@link io.clouddb.testkit.simulator.tables}; here is what the service says of it.
 */
@NullMarked
package io.clouddb.testkit.simulator.aws.dynamodb;

import org.jspecify.annotations.NullMarked;
