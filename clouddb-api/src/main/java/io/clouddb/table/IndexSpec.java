/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.json.Part;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A secondary index of a table: its items by other attributes. An item that lacks one of them is
 * not in it. Immutable; each method gives a new value.
 */
public final class IndexSpec {
  private final String name;
  private final Key key;
  private final IndexProjection projection;
  private final boolean local;
  private final @Nullable Throughput throughput;

  private IndexSpec(
      @Part("name") String name,
      @Part("key") Key key,
      @Part("projection") @Nullable IndexProjection projection,
      @Part("local") @Nullable Boolean local,
      @Part("throughput") @Nullable Throughput throughput) {
    this.name = Objects.requireNonNull(name, "name");
    this.key = Objects.requireNonNull(key, "key");
    this.projection = projection == null ? IndexProjection.all() : projection;
    this.local = Boolean.TRUE.equals(local);
    this.throughput = throughput;
  }

  /**
   * An index with all attributes, over all partitions.
   *
   * @param name its name
   * @param key its key
   * @return the index
   */
  public static IndexSpec of(String name, Key key) {
    return new IndexSpec(name, key, IndexProjection.all(), false, null);
  }

  /**
   * With these attributes only.
   *
   * @param attributes which
   * @return a new value
   */
  public IndexSpec projecting(IndexProjection attributes) {
    return new IndexSpec(
        name, key, Objects.requireNonNull(attributes, "attributes"), local, throughput);
  }

  /**
   * Within each partition of the table, whose partition attribute it has; made with the table only,
   * and can be read consistently.
   *
   * @return a new value
   */
  public IndexSpec local() {
    return new IndexSpec(name, key, projection, true, throughput);
  }

  /**
   * With a throughput of its own, where that of the table is provisioned.
   *
   * @param own how much
   * @return a new value
   */
  public IndexSpec throughput(Throughput own) {
    return new IndexSpec(name, key, projection, local, Objects.requireNonNull(own, "own"));
  }

  /**
   * Its name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Its key.
   *
   * @return the key
   */
  public Key key() {
    return key;
  }

  /**
   * Which attributes it has.
   *
   * @return the projection
   */
  public IndexProjection projection() {
    return projection;
  }

  /**
   * Whether it is within each partition of the table.
   *
   * @return true when it is
   */
  public boolean isLocal() {
    return local;
  }

  /**
   * Its own throughput.
   *
   * @return the throughput; empty for that of the table
   */
  public Optional<Throughput> throughput() {
    return Optional.ofNullable(throughput);
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {name, key, projection, local, throughput};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IndexSpec that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return (local ? "local index " : "index ") + name + " (" + key + ")";
  }
}
