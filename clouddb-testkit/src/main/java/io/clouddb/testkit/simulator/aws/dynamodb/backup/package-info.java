/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Backups of DynamoDB's tables: on demand, by the service when a table goes, and to any moment of
 * the last days, out of the changes since.
 */
@NullMarked
package io.clouddb.testkit.simulator.aws.dynamodb.backup;

import org.jspecify.annotations.NullMarked;
