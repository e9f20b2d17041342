/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The control plane of DynamoDB: tables with their indexes, replicas, streams, encryption and
 * throughput, each change in the states and for the time that the service takes, and refused in its
 * words.
 */
@NullMarked
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import org.jspecify.annotations.NullMarked;
