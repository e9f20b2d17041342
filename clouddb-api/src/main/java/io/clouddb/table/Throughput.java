/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.json.Part;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much a table can do in a second, and how that is paid. Immutable. */
public final class Throughput {
  private final @Nullable Capacity reads;
  private final @Nullable Capacity writes;

  private Throughput(
      @Part("reads") @Nullable Capacity reads, @Part("writes") @Nullable Capacity writes) {
    if ((reads == null) != (writes == null)) {
      throw Values.invalid("A provisioned throughput has reads and writes, one on demand neither");
    }
    this.reads = reads;
    this.writes = writes;
  }

  /** Takes the other half of a provisioned throughput. */
  public static final class Reads {
    private final Capacity reads;

    private Reads(Capacity reads) {
      this.reads = Objects.requireNonNull(reads, "reads");
    }

    /**
     * With so much for writes.
     *
     * @param writes how much
     * @return the throughput
     */
    public Throughput writes(Capacity writes) {
      return new Throughput(reads, Objects.requireNonNull(writes, "writes"));
    }
  }

  /**
   * As much as is asked for, paid by request.
   *
   * @return the throughput
   */
  public static Throughput onDemand() {
    return new Throughput(null, null);
  }

  /**
   * So much for reads, and then for writes.
   *
   * @param reads how much
   * @return what takes that for writes
   */
  public static Reads reads(Capacity reads) {
    return new Reads(reads);
  }

  /**
   * Whether it is paid by request.
   *
   * @return false when it is provisioned
   */
  public boolean isOnDemand() {
    return reads == null;
  }

  /**
   * How much for reads.
   *
   * @return the capacity; empty on demand
   */
  public Optional<Capacity> reads() {
    return Optional.ofNullable(reads);
  }

  /**
   * How much for writes.
   *
   * @return the capacity; empty on demand
   */
  public Optional<Capacity> writes() {
    return Optional.ofNullable(writes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Throughput that
        && Objects.equals(reads, that.reads)
        && Objects.equals(writes, that.writes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(reads, writes);
  }

  @Override
  public String toString() {
    return reads == null ? "on demand" : "reads " + reads + ", writes " + writes;
  }
}
