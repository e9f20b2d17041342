/* SPDX-License-Identifier: Apache-2.0 */
/**
 * DynamoDB Streams: what a table with a stream tells of its changes, in shards that are read by
 * iterators, for a day.
 */
@NullMarked
package io.clouddb.testkit.simulator.aws.dynamodb.streams;

import org.jspecify.annotations.NullMarked;
