/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.json.Part;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which attributes of an item an index has. Immutable. */
public final class IndexProjection {
  /** Which kind of choice it is. */
  public enum Kind {
    /** All attributes. */
    ALL,
    /** Those of the table's key and of the index's. */
    KEYS_ONLY,
    /** Those, and named ones. */
    INCLUDE
  }

  private final Kind kind;
  private final Set<String> attributes;

  private IndexProjection(
      @Part("kind") Kind kind, @Part("attributes") @Nullable List<String> attributes) {
    this.kind = Objects.requireNonNull(kind, "kind");
    this.attributes =
        Collections.unmodifiableSet(new TreeSet<>(attributes == null ? List.of() : attributes));
    if ((kind == Kind.INCLUDE) == this.attributes.isEmpty()) {
      throw Values.invalid(
          kind == Kind.INCLUDE
              ? "A projection that includes nothing is keysOnly()"
              : "Only a projection that includes attributes names some");
    }
  }

  /**
   * All attributes.
   *
   * @return the projection
   */
  public static IndexProjection all() {
    return new IndexProjection(Kind.ALL, List.of());
  }

  /**
   * Those of the keys.
   *
   * @return the projection
   */
  public static IndexProjection keysOnly() {
    return new IndexProjection(Kind.KEYS_ONLY, List.of());
  }

  /**
   * Those of the keys, and these.
   *
   * @param attributes their names, at least one
   * @return the projection
   */
  public static IndexProjection include(String... attributes) {
    return new IndexProjection(Kind.INCLUDE, List.of(attributes));
  }

  /**
   * Which kind of choice it is.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The named ones.
   *
   * @return their names; none but for {@link Kind#INCLUDE}
   */
  public Set<String> attributes() {
    return attributes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IndexProjection that
        && kind == that.kind
        && attributes.equals(that.attributes);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + attributes.hashCode();
  }

  @Override
  public String toString() {
    return kind == Kind.INCLUDE ? "keys and " + attributes : kind.name();
  }
}
