/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.plan;

/**
 * A part of a specification that a plan speaks about. An open value: each feature has its own
 * fields, an option of one service has those that only it knows, and a provider refuses the ones
 * that it does not know.
 */
public interface Field {
  /**
   * The name that messages and feature ids use.
   *
   * @return lower case words with hyphens, for example {@code storage-size}
   */
  String id();

  /**
   * A field that belongs to no list of this library.
   *
   * @param id its name
   * @return the field
   */
  static Field of(String id) {
    return new NamedField(id);
  }
}
