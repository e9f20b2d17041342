/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.spi.OperationState;

/**
 * An operation as it was found in the log.
 *
 * @param state where it stands
 * @param token the same as it is written there
 */
public record LoggedOperation(OperationState state, String token) {}
