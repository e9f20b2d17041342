/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.json.Part;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A region in which a table is. Immutable; each method gives a new value. */
public final class TableRegion {
  private final String name;
  private final @Nullable String key;

  private TableRegion(@Part("name") String name, @Part("key") @Nullable String key) {
    this.name = Objects.requireNonNull(name, "name");
    this.key = key;
  }

  /**
   * A region.
   *
   * @param name the vendor's name, for example {@code us-east-1}
   * @return the region
   */
  public static TableRegion of(String name) {
    return new TableRegion(name, null);
  }

  /**
   * With the key that encrypts the table there.
   *
   * @param id the vendor's name of a key of that region
   * @return a new value
   */
  public TableRegion key(String id) {
    return new TableRegion(name, Objects.requireNonNull(id, "id"));
  }

  /**
   * Its name.
   *
   * @return the vendor's name
   */
  public String name() {
    return name;
  }

  /**
   * The key that encrypts the table there.
   *
   * @return the vendor's name of the key; empty for the vendor's own key
   */
  public Optional<String> key() {
    return Optional.ofNullable(key);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableRegion that
        && name.equals(that.name)
        && Objects.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, key);
  }

  @Override
  public String toString() {
    return key == null ? name : name + " with a key of its own";
  }
}
