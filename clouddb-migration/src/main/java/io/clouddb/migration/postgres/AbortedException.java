/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

/** Unwinds a run that was stopped from outside; never leaves this package. */
final class AbortedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AbortedException() {
    super("The migration was stopped");
  }
}
