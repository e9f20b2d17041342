/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Application Auto Scaling, for the provisioned throughput of DynamoDB's tables and indexes. What
 * is registered outlives its table, as in the service, and nothing scales by what a table is used.
 */
@NullMarked
package io.clouddb.testkit.simulator.aws.autoscaling;

import org.jspecify.annotations.NullMarked;
