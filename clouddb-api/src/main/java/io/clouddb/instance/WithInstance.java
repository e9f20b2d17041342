/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

/**
 * What comes of an operation and has an instance in it, such as what was promoted. Before a caller
 * gets it, its instance learns what only this process knows: how to read passwords out of the
 * cloud's store, and which root certificate to trust.
 *
 * @param <T> the class itself
 */
public interface WithInstance<T> {
  /**
   * The instance.
   *
   * @return the instance
   */
  Instance instance();

  /**
   * The same with another form of its instance.
   *
   * @param other the instance
   * @return a new value
   */
  T with(Instance other);
}
