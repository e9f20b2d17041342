/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

/** Hears of each object of the schema that was made. */
@FunctionalInterface
public interface SchemaProgress {
  /**
   * An object was made, and is committed.
   *
   * @param phase the phase that it was made in
   * @param object kind and name, for people
   * @param done how many objects this phase has made
   * @param total how many objects this phase makes; what was there already does not count
   */
  void made(Phase phase, String object, int done, int total);
}
