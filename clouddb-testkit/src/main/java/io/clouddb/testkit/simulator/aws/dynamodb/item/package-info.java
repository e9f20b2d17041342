/* SPDX-License-Identifier: Apache-2.0 */
/** What DynamoDB does with items: one by one, in batches, in transactions, by query and scan. */
@NullMarked
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import org.jspecify.annotations.NullMarked;
