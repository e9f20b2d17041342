/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a skin has understood of a request to create a replica. Version, databases, roles and
 * passwords are the source's, whatever is asked.
 */
public final class ReplicaRequest {
  private final ResourceKey key;
  private final ResourceKey source;
  private final @Nullable Map<String, String> parameters;
  private final @Nullable Boolean tlsOnly;
  private final boolean holdsSource;
  private final boolean holdsSourceToTheEnd;
  private final Map<String, Object> attributes;

  private ReplicaRequest(Builder builder) {
    this.key = builder.key;
    this.source = builder.source;
    this.parameters = builder.parameters;
    this.tlsOnly = builder.tlsOnly;
    this.holdsSource = builder.holdsSource;
    this.holdsSourceToTheEnd = builder.holdsSourceToTheEnd;
    this.attributes = new LinkedHashMap<>(builder.attributes);
  }

  /**
   * Starts a request.
   *
   * @param key scope and name of the replica
   * @param source the instance that it follows, in whichever scope
   * @return a builder
   */
  public static Builder of(ResourceKey key, ResourceKey source) {
    return new Builder(key, source);
  }

  ResourceKey key() {
    return key;
  }

  ResourceKey source() {
    return source;
  }

  Optional<Map<String, String>> parameters() {
    return Optional.ofNullable(parameters);
  }

  Optional<Boolean> tlsOnly() {
    return Optional.ofNullable(tlsOnly);
  }

  boolean holdsSource() {
    return holdsSource;
  }

  boolean holdsSourceToTheEnd() {
    return holdsSourceToTheEnd;
  }

  Map<String, Object> attributes() {
    return attributes;
  }

  /** Builds {@link ReplicaRequest}. */
  public static final class Builder {
    private final ResourceKey key;
    private final ResourceKey source;
    private @Nullable Map<String, String> parameters;
    private @Nullable Boolean tlsOnly;
    private boolean holdsSource;
    private boolean holdsSourceToTheEnd;
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    private Builder(ResourceKey key, ResourceKey source) {
      this.key = Objects.requireNonNull(key, "key");
      this.source = Objects.requireNonNull(source, "source");
    }

    /**
     * Gives it parameters of its own, in the cloud's own names, and its defaults for all others;
     * without this call it has what the source has now.
     *
     * @param values name to value
     * @return this builder
     */
    public Builder parameters(Map<String, String> values) {
      this.parameters = new LinkedHashMap<>(values);
      return this;
    }

    /**
     * Says whether connections without TLS are refused; else it is as at the source, or, with
     * parameters of its own, as these say.
     *
     * @param value true to refuse them
     * @return this builder
     */
    public Builder tlsOnly(boolean value) {
      this.tlsOnly = value;
      return this;
    }

    /**
     * Has the source be {@link InstanceState#MODIFYING} for as long as a change takes, since a
     * snapshot is taken of it. Without this it takes changes, and further replicas, meanwhile.
     *
     * @return this builder
     */
    public Builder holdSource() {
      this.holdsSource = true;
      return this;
    }

    /**
     * Has the source be {@link InstanceState#MODIFYING} until the replica is there, or has failed,
     * as on Azure.
     *
     * @return this builder
     */
    public Builder holdSourceToTheEnd() {
      this.holdsSourceToTheEnd = true;
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
    public ReplicaRequest build() {
      return new ReplicaRequest(this);
    }
  }
}
