/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a skin has understood of a request to back an instance up. */
public final class BackupRequest {
  private final ResourceKey key;
  private final ResourceKey instance;
  private final boolean holdsInstance;
  private final Set<InstanceState> from;
  private final Map<String, Object> attributes;

  private BackupRequest(Builder builder) {
    this.key = builder.key;
    this.instance = builder.instance;
    this.holdsInstance = builder.holdsInstance;
    this.from = EnumSet.copyOf(builder.from);
    this.attributes = new LinkedHashMap<>(builder.attributes);
  }

  /**
   * Starts a request.
   *
   * @param key scope and name of the backup; the scope is the skin's choice: the region's on AWS,
   *     the server's on Azure, the instance's on Google Cloud
   * @param instance what is backed up
   * @return a builder
   */
  public static Builder of(ResourceKey key, ResourceKey instance) {
    return new Builder(key, instance);
  }

  ResourceKey key() {
    return key;
  }

  ResourceKey instance() {
    return instance;
  }

  boolean holdsInstance() {
    return holdsInstance;
  }

  /** The states in which an instance is backed up. */
  Set<InstanceState> from() {
    return from;
  }

  Map<String, Object> attributes() {
    return attributes;
  }

  /** Builds {@link BackupRequest}. */
  public static final class Builder {
    private final ResourceKey key;
    private final ResourceKey instance;
    private boolean holdsInstance;
    private final Set<InstanceState> from = EnumSet.of(InstanceState.AVAILABLE);
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    private Builder(ResourceKey key, ResourceKey instance) {
      this.key = Objects.requireNonNull(key, "key");
      this.instance = Objects.requireNonNull(instance, "instance");
    }

    /**
     * Has the instance be {@link InstanceState#BACKING_UP} meanwhile and take no changes, as on
     * RDS; one that is stopped stays so. Without this it takes changes, and further backups.
     *
     * @return this builder
     */
    public Builder holdInstance() {
      this.holdsInstance = true;
      return this;
    }

    /**
     * Allows an instance that is stopped, as RDS does.
     *
     * @return this builder
     */
    public Builder stoppedToo() {
      from.add(InstanceState.STOPPED);
      return this;
    }

    /**
     * Keeps something that the engine does not look at: whatever the skin answers with later, for
     * example tags.
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
    public BackupRequest build() {
      return new BackupRequest(this);
    }
  }
}
