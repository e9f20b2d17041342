/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.progress;

/** The steps of a migration, in their order. */
public enum MigrationStep {
  /** Both databases are looked at; nothing is changed. */
  PREFLIGHT,
  /** The bare tables, the publication and the slot are made. */
  REPLICATE,
  /**
   * The rows are copied as they were when the slot was made; keys, indexes and constraints follow.
   */
  SYNC,
  /** The changes since then are applied, until the target is close behind. */
  CDC,
  /** Both sides are compared at one position, while the application writes. */
  VALIDATE,
  /** The application is paused, the source fenced, the rest applied and the route switched. */
  CUTOVER,
  /**
   * The old source is kept current from the target, so that the application can go back to it. Only
   * with reverse replication.
   */
  REVERSE,
  /** What the migration made for itself is removed. */
  CLEANUP
}
