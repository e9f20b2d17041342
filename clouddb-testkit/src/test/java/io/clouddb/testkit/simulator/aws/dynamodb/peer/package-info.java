/* SPDX-License-Identifier: Apache-2.0 */

/** Random programs of requests, here and against emulators of DynamoDB by others. */
@NullMarked
package io.clouddb.testkit.simulator.aws.dynamodb.peer;

import org.jspecify.annotations.NullMarked;
