/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tables on Amazon DynamoDB. Follows the Amazon DynamoDB API Reference, version 2012-08-10.
 * Internal to the provider, but for what its messages and plans name.
 */
@NullMarked
package io.clouddb.aws.dynamodb;

import org.jspecify.annotations.NullMarked;
