/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.plan;

/** A field that is nothing but its name. */
record NamedField(String id) implements Field {
  @Override
  public String toString() {
    return id;
  }
}
