/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a table and its global indexes may read and write: as much as there is when it is paid on
 * demand, else the provisioned units by the clock. May be used from any thread.
 */
public final class TableCapacity {
  private static final String TABLE = "";

  /**
   * Provisioned units.
   *
   * @param read of 4 KB in a second, consistent
   * @param write of 1 KB in a second
   */
  public record Units(long read, long write) {}

  private record Buckets(Units units, TokenBucket read, TokenBucket write) {}

  private final Clock clock;

  /** Those of the table by {@link #TABLE}; what has none is paid on demand. */
  private final Map<String, Buckets> provisioned = new ConcurrentHashMap<>();

  /**
   * Makes one that is paid on demand.
   *
   * @param clock the simulated clock
   */
  public TableCapacity(Clock clock) {
    this.clock = clock;
  }

  /**
   * Provisions units.
   *
   * @param index for which global index; null for the table
   * @param units how many
   */
  public void provision(@Nullable String index, Units units) {
    provisioned.compute(
        key(index),
        (name, before) -> {
          if (before == null) {
            return new Buckets(
                units, new TokenBucket(clock, units.read()), new TokenBucket(clock, units.write()));
          }
          before.read().setRate(units.read());
          before.write().setRate(units.write());
          return new Buckets(units, before.read(), before.write());
        });
  }

  /**
   * Forgets the units of an index.
   *
   * @param index its name
   */
  public void forget(String index) {
    provisioned.remove(index);
  }

  /**
   * Tells whether nothing is provisioned.
   *
   * @return true when the table and all indexes are paid on demand
   */
  public boolean onDemand() {
    return provisioned.isEmpty();
  }

  /** Has the table and all indexes paid on demand. */
  public void payOnDemand() {
    provisioned.clear();
  }

  /**
   * The provisioned units.
   *
   * @param index of which global index; null for the table
   * @return null when it is paid on demand
   */
  public @Nullable Units units(@Nullable String index) {
    Buckets buckets = provisioned.get(key(index));
    return buckets == null ? null : buckets.units();
  }

  private static String key(@Nullable String index) {
    return index == null ? TABLE : index;
  }

  /**
   * To be called before something is read.
   *
   * @param index of which global index; null for the table
   * @throws AwsError when there are no units left
   */
  public void beforeRead(@Nullable String index) {
    Buckets buckets = provisioned.get(key(index));
    if (buckets != null && !buckets.read().has()) {
      throw exceeded(index);
    }
  }

  /**
   * To be called before something is written: to the table, and then to each global index that
   * changes with it.
   *
   * @param index to which global index; null for the table
   * @throws AwsError when there are no units left
   */
  public void beforeWrite(@Nullable String index) {
    Buckets buckets = provisioned.get(key(index));
    if (buckets != null && !buckets.write().has()) {
      throw exceeded(index);
    }
  }

  /**
   * Takes the units of a read.
   *
   * @param index of which global index; null for the table
   * @param used how many
   */
  public void read(@Nullable String index, double used) {
    Buckets buckets = provisioned.get(key(index));
    if (buckets != null) {
      buckets.read().take(used);
    }
  }

  /**
   * Takes the units of a write.
   *
   * @param index of which global index; null for the table
   * @param used how many
   */
  public void write(@Nullable String index, double used) {
    Buckets buckets = provisioned.get(key(index));
    if (buckets != null) {
      buckets.write().take(used);
    }
  }

  private static AwsError exceeded(@Nullable String index) {
    return AwsError.badRequest(
        "ProvisionedThroughputExceededException",
        "The level of configured provisioned throughput for "
            + (index == null ? "the table" : "one or more global secondary indexes of the table")
            + " was exceeded. Consider increasing your provisioning level"
            + (index == null
                ? " with the UpdateTable API."
                : " for the under-provisioned global secondary indexes with the UpdateTable API"));
  }
}
