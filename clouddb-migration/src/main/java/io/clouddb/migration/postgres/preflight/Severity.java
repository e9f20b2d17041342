/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

/** How bad a finding is. */
public enum Severity {
  /** The migration would fail, or leave something behind: it is not begun. */
  ERROR,
  /** Somebody should know before the migration begins. */
  WARNING,
  /** How the migration will go about it. */
  INFO
}
