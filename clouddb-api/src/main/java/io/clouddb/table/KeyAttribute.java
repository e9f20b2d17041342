/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.json.Part;
import java.util.Objects;

/**
 * An attribute of a key.
 *
 * @param name its name
 * @param type its type
 */
public record KeyAttribute(@Part("name") String name, @Part("type") KeyType type) {
  /** Refuses null. */
  public KeyAttribute {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }

  @Override
  public String toString() {
    return name + " " + type;
  }
}
