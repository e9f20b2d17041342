/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a skin has understood of a request to restore an instance. Version, databases, roles and
 * passwords are those of the backup, or of the moment, whatever is asked.
 */
public final class RestoreRequest {
  private final ResourceKey key;
  private final @Nullable SimulatedBackup backup;
  private final @Nullable InstanceBackups history;
  private final @Nullable Instant moment;
  private final @Nullable Map<String, String> parameters;
  private final @Nullable Boolean tlsOnly;
  private final boolean replacing;
  private final Map<String, Object> attributes;

  private RestoreRequest(Builder builder) {
    this.key = builder.key;
    this.backup = builder.backup;
    this.history = builder.history;
    this.moment = builder.moment;
    this.parameters = builder.parameters;
    this.tlsOnly = builder.tlsOnly;
    this.replacing = builder.replacing;
    this.attributes = new LinkedHashMap<>(builder.attributes);
  }

  /**
   * Starts a request to restore a backup, by hand or not.
   *
   * @param key scope and name of the instance
   * @param backup the backup
   * @return a builder
   */
  public static Builder of(ResourceKey key, SimulatedBackup backup) {
    return new Builder(key, Objects.requireNonNull(backup, "backup"), null, null);
  }

  /**
   * Starts a request to restore what an instance was at a moment.
   *
   * @param key scope and name of the new instance
   * @param history of the instance that was, which may be deleted
   * @param moment the moment, in simulated time, within {@link InstanceBackups#window()}
   * @return a builder
   */
  public static Builder of(ResourceKey key, InstanceBackups history, Instant moment) {
    return new Builder(
        key,
        null,
        Objects.requireNonNull(history, "history"),
        Objects.requireNonNull(moment, "moment"));
  }

  /**
   * Starts a request to restore the latest that there is of an instance: what it has now, whether
   * or not it has a window; of one that was deleted, the end of its window.
   *
   * @param key scope and name of the new instance
   * @param history of the instance that was, which may be deleted
   * @return a builder
   */
  public static Builder latest(ResourceKey key, InstanceBackups history) {
    return new Builder(key, null, Objects.requireNonNull(history, "history"), null);
  }

  ResourceKey key() {
    return key;
  }

  /** What is restored, if it is a backup. */
  Optional<SimulatedBackup> backup() {
    return Optional.ofNullable(backup);
  }

  /** Of what a moment is restored, if it is no backup. */
  Optional<InstanceBackups> history() {
    return Optional.ofNullable(history);
  }

  /** The moment of that; empty for the latest. */
  Optional<Instant> moment() {
    return Optional.ofNullable(moment);
  }

  Optional<Map<String, String>> parameters() {
    return Optional.ofNullable(parameters);
  }

  Optional<Boolean> tlsOnly() {
    return Optional.ofNullable(tlsOnly);
  }

  boolean replacing() {
    return replacing;
  }

  Map<String, Object> attributes() {
    return attributes;
  }

  /** Builds {@link RestoreRequest}. */
  public static final class Builder {
    private final ResourceKey key;
    private final @Nullable SimulatedBackup backup;
    private final @Nullable InstanceBackups history;
    private final @Nullable Instant moment;
    private @Nullable Map<String, String> parameters;
    private @Nullable Boolean tlsOnly;
    private boolean replacing;
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    private Builder(
        ResourceKey key,
        @Nullable SimulatedBackup backup,
        @Nullable InstanceBackups history,
        @Nullable Instant moment) {
      this.key = Objects.requireNonNull(key, "key");
      this.backup = backup;
      this.history = history;
      this.moment = moment;
    }

    /**
     * Gives it parameters, in the cloud's own names, and its defaults for all others; without this
     * call it has what the source had when it was backed up, or, for a moment, what it has now. One
     * that is replaced has its own, unless this is called.
     *
     * @param values name to value
     * @return this builder
     */
    public Builder parameters(Map<String, String> values) {
      this.parameters = new LinkedHashMap<>(values);
      return this;
    }

    /**
     * Says whether connections without TLS are refused; else it is as the parameters say, or the
     * cloud's default is.
     *
     * @param value true to refuse them
     * @return this builder
     */
    public Builder tlsOnly(boolean value) {
      this.tlsOnly = value;
      return this;
    }

    /**
     * Puts the data into an instance that is there and available, in place of what it has, as Cloud
     * SQL does with a backup. Its address stays, and all that its skin keeps; it is {@link
     * InstanceState#MODIFYING} meanwhile.
     *
     * @return this builder
     */
    public Builder replacing() {
      this.replacing = true;
      return this;
    }

    /**
     * Keeps something that the engine does not look at: whatever the skin answers with later.
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
     * Finishes the request.
     *
     * @return the request
     */
    public RestoreRequest build() {
      return new RestoreRequest(this);
    }
  }
}
