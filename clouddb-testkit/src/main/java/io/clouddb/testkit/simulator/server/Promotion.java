/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a replica takes over, and what changes with it when its operation ends. */
public final class Promotion {
  /** Of real time. */
  static final Duration USUAL_LIMIT = Duration.ofSeconds(30);

  private final @Nullable Duration catchUpLimit;
  private final boolean restart;
  private final boolean holdsSource;
  private final boolean backup;
  private final Map<String, Object> attributes;
  private final Map<String, Object> formerAttributes;

  private Promotion(Builder builder) {
    this.catchUpLimit = builder.catchUpLimit;
    this.restart = builder.restart;
    this.holdsSource = builder.holdsSource;
    this.backup = builder.backup;
    this.attributes = new LinkedHashMap<>(builder.attributes);
    this.formerAttributes = new LinkedHashMap<>(builder.formerAttributes);
  }

  /**
   * Starts a description.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  Optional<Duration> catchUpLimit() {
    return Optional.ofNullable(catchUpLimit);
  }

  boolean restart() {
    return restart;
  }

  boolean holdsSource() {
    return holdsSource;
  }

  boolean backup() {
    return backup;
  }

  Map<String, Object> attributes() {
    return attributes;
  }

  Map<String, Object> formerAttributes() {
    return formerAttributes;
  }

  /** Builds {@link Promotion}. */
  public static final class Builder {
    private @Nullable Duration catchUpLimit;
    private boolean restart;
    private boolean holdsSource;
    private boolean backup;
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final Map<String, Object> formerAttributes = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Waits first until the replica shows all that its source has committed, or fails and changes
     * nothing. Without this it takes over with what it has received. A switchover always waits.
     *
     * @param limit how long, in real time: the databases are real
     * @return this builder
     */
    public Builder afterCatchingUp(Duration limit) {
      this.catchUpLimit = Objects.requireNonNull(limit, "limit");
      return this;
    }

    /**
     * Restarts the database afterwards, during which the instance is {@link
     * InstanceState#REBOOTING}.
     *
     * @return this builder
     */
    public Builder restart() {
      this.restart = true;
      return this;
    }

    /**
     * Has the source, which is available, take no changes meanwhile: it is {@link
     * InstanceState#MODIFYING}, as on Azure. At a switchover it is so in any case.
     *
     * @return this builder
     */
    public Builder holdSource() {
      this.holdsSource = true;
      return this;
    }

    /**
     * Takes a first backup at the end, where {@link Timings#firstBackup} says so; not of a
     * switchover.
     *
     * @return this builder
     */
    public Builder backup() {
      this.backup = true;
      return this;
    }

    /**
     * Replaces what the skin keeps of the replica under a name.
     *
     * @param name the skin's own name
     * @param value an immutable value
     * @return this builder
     */
    public Builder attribute(String name, Object value) {
      attributes.put(name, Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Replaces what the skin keeps of the former primary under a name; for a switchover.
     *
     * @param name the skin's own name
     * @param value an immutable value
     * @return this builder
     */
    public Builder formerAttribute(String name, Object value) {
      formerAttributes.put(name, Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Finishes the description.
     *
     * @return the description
     */
    public Promotion build() {
      return new Promotion(this);
    }
  }
}
