/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

/**
 * Something that preflight found.
 *
 * @param severity how bad it is
 * @param code what kind of finding it is; stays the same between versions, for example {@code
 *     source.wal-level}
 * @param object what it is about: a side, a setting, or an object's name as SQL wants it
 * @param message what was found, in a sentence; never a secret and never the data of a row
 * @param remedy what to do about it, in the words of the place where the database is
 */
public record Finding(
    Severity severity, String code, String object, String message, String remedy) {
  /** One line for people. */
  @Override
  public String toString() {
    return severity + " " + code + " " + object + ": " + message + " " + remedy;
  }
}
