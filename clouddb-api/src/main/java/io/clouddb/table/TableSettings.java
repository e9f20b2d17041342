/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.json.Json;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the spec of a table, a change of one and the spec of one that is restored set alike. What it
 * means that something is unset, each of them says.
 *
 * @param <F> the fields that a plan speaks about
 */
abstract sealed class TableSettings<F extends Enum<F> & Field> implements Specification
    permits GlobalTableSpec, TableChange, TableRestoreSpec {
  private final @Nullable Throughput throughput;
  private final @Nullable TimeToLive timeToLive;
  private final @Nullable ChangeImages changeFeed;
  private final @Nullable Boolean deletionProtection;
  private final @Nullable Integer pointInTimeRecoveryDays;
  private final Map<String, String> tags;
  private final Set<F> preferring;

  TableSettings(
      @Nullable Throughput throughput,
      @Nullable TimeToLive timeToLive,
      @Nullable ChangeImages changeFeed,
      @Nullable Boolean deletionProtection,
      @Nullable Integer pointInTimeRecoveryDays,
      @Nullable Map<String, String> tags,
      @Nullable List<F> preferring) {
    this.throughput = throughput;
    this.timeToLive = timeToLive;
    this.changeFeed = changeFeed;
    this.deletionProtection = deletionProtection;
    this.pointInTimeRecoveryDays = pointInTimeRecoveryDays;
    this.tags = Collections.unmodifiableMap(new TreeMap<>(tags == null ? Map.of() : tags));
    this.preferring =
        Collections.unmodifiableSet(new TreeSet<>(preferring == null ? List.of() : preferring));
  }

  /**
   * Writes it.
   *
   * @return JSON with a schema version
   */
  public String toJson() {
    return Json.write(this);
  }

  /**
   * How much it can do in a second; that of each region.
   *
   * @return the value; empty when it is unset
   */
  public Optional<Throughput> throughput() {
    return Optional.ofNullable(throughput);
  }

  /**
   * When items expire by themselves.
   *
   * @return the value; empty when it is unset
   */
  public Optional<TimeToLive> timeToLive() {
    return Optional.ofNullable(timeToLive);
  }

  /**
   * What the change feed has of an item that changes.
   *
   * @return the value; empty when it is unset
   */
  public Optional<ChangeImages> changeFeed() {
    return Optional.ofNullable(changeFeed);
  }

  /**
   * Whether it cannot be deleted before this is taken back.
   *
   * @return the value; empty when it is unset
   */
  public Optional<Boolean> deletionProtection() {
    return Optional.ofNullable(deletionProtection);
  }

  /**
   * How many days back it can be restored to any moment: 1 to 35; in a {@link TableChange} also 0,
   * for not at all.
   *
   * @return the value; empty when it is unset
   */
  public Optional<Integer> pointInTimeRecoveryDays() {
    return Optional.ofNullable(pointInTimeRecoveryDays);
  }

  /**
   * Its tags.
   *
   * @return key to value
   */
  public Map<String, String> tags() {
    return tags;
  }

  @Override
  public Set<F> preferring() {
    return preferring;
  }

  /** All that makes it equal to another one, but for what stands here. */
  abstract @Nullable Object[] parts();

  private @Nullable Object[] settings() {
    return new @Nullable Object[] {
      throughput,
      timeToLive,
      changeFeed,
      deletionProtection,
      pointInTimeRecoveryDays,
      tags,
      preferring
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableSettings<?> that
        && getClass().equals(that.getClass())
        && Arrays.equals(settings(), that.settings())
        && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(settings()) + Arrays.hashCode(parts());
  }

  /**
   * Sets what they set alike.
   *
   * @param <F> the fields that a plan speaks about
   * @param <B> the builder that is meant
   */
  abstract static sealed class Builder<F extends Enum<F> & Field, B extends Builder<F, B>>
      permits GlobalTableSpec.Builder, TableChange.Builder, TableRestoreSpec.Builder {
    @Nullable Throughput throughput;
    @Nullable TimeToLive timeToLive;
    @Nullable ChangeImages changeFeed;
    @Nullable Boolean deletionProtection;
    @Nullable Integer pointInTimeRecoveryDays;
    final Map<String, String> tags = new TreeMap<>();
    final Set<F> preferring = new TreeSet<>();

    Builder() {}

    abstract B self();

    /** Takes what is set there. */
    B settings(TableSettings<F> from) {
      this.throughput = from.throughput;
      this.timeToLive = from.timeToLive;
      this.changeFeed = from.changeFeed;
      this.deletionProtection = from.deletionProtection;
      this.pointInTimeRecoveryDays = from.pointInTimeRecoveryDays;
      this.tags.putAll(from.tags);
      this.preferring.addAll(from.preferring);
      return self();
    }

    /**
     * Sets how much it can do in a second; that of each region.
     *
     * @param value the value
     * @return this builder
     */
    public B throughput(Throughput value) {
      this.throughput = value;
      return self();
    }

    /**
     * Sets when items expire by themselves.
     *
     * @param value the value
     * @return this builder
     */
    public B timeToLive(TimeToLive value) {
      this.timeToLive = value;
      return self();
    }

    /**
     * Sets what the change feed has of an item that changes.
     *
     * @param value the value
     * @return this builder
     */
    public B changeFeed(ChangeImages value) {
      this.changeFeed = value;
      return self();
    }

    /**
     * Sets whether it cannot be deleted before this is taken back.
     *
     * @param value the value
     * @return this builder
     */
    public B deletionProtection(boolean value) {
      this.deletionProtection = value;
      return self();
    }

    /**
     * Sets how many days back it can be restored to any moment: 1 to 35; in a {@link TableChange}
     * also 0, for not at all.
     *
     * @param value the value
     * @return this builder
     */
    public B pointInTimeRecoveryDays(int value) {
      this.pointInTimeRecoveryDays = value;
      return self();
    }

    /**
     * Sets a tag.
     *
     * @param tagKey its key
     * @param value its value
     * @return this builder
     */
    public B tag(String tagKey, String value) {
      tags.put(tagKey, value);
      return self();
    }

    /**
     * Adds fields that may be adjusted where the cloud cannot honour them.
     *
     * @param fields the fields
     * @return this builder
     */
    @SafeVarargs
    public final B preferring(F... fields) {
      for (F field : fields) {
        preferring.add(field);
      }
      return self();
    }
  }
}
