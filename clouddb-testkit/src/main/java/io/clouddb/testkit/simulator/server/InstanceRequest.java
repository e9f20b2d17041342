/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a skin has understood of a request to create an instance. */
public final class InstanceRequest {
  private final ResourceKey key;
  private final int version;
  private final String adminName;
  private final SecretRef adminPassword;
  private final @Nullable String database;
  private final @Nullable Boolean tlsOnly;
  private final Map<String, String> parameters;
  private final Map<String, Object> attributes;

  private InstanceRequest(Builder builder) {
    this.key = builder.key;
    this.version = builder.version;
    this.adminName = builder.adminName;
    this.adminPassword = builder.adminPassword;
    this.database = builder.database;
    this.tlsOnly = builder.tlsOnly;
    this.parameters = new LinkedHashMap<>(builder.parameters);
    this.attributes = new LinkedHashMap<>(builder.attributes);
  }

  /**
   * Starts a request.
   *
   * @param key scope and name of the instance
   * @param version PostgreSQL's major version
   * @param adminName the admin's name
   * @param adminPassword the admin's password; a literal one is fine here
   * @return a builder
   */
  public static Builder of(
      ResourceKey key, int version, String adminName, SecretRef adminPassword) {
    return new Builder(key, version, adminName, adminPassword);
  }

  ResourceKey key() {
    return key;
  }

  int version() {
    return version;
  }

  String adminName() {
    return adminName;
  }

  SecretRef adminPassword() {
    return adminPassword;
  }

  Optional<String> database() {
    return Optional.ofNullable(database);
  }

  Optional<Boolean> tlsOnly() {
    return Optional.ofNullable(tlsOnly);
  }

  Map<String, String> parameters() {
    return parameters;
  }

  Map<String, Object> attributes() {
    return attributes;
  }

  /** Builds {@link InstanceRequest}. */
  public static final class Builder {
    private final ResourceKey key;
    private final int version;
    private final String adminName;
    private final SecretRef adminPassword;
    private @Nullable String database;
    private @Nullable Boolean tlsOnly;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    private Builder(ResourceKey key, int version, String adminName, SecretRef adminPassword) {
      this.key = Objects.requireNonNull(key, "key");
      this.version = version;
      this.adminName = Objects.requireNonNull(adminName, "adminName");
      this.adminPassword = Objects.requireNonNull(adminPassword, "adminPassword");
    }

    /**
     * Names the database that is made with the instance, and belongs to the admin.
     *
     * @param name its name, beside {@code postgres}, which is always there
     * @return this builder
     */
    public Builder database(String name) {
      this.database = Objects.requireNonNull(name, "database");
      return this;
    }

    /**
     * Says whether connections without TLS are refused; else it is as the cloud's default.
     *
     * @param value true to refuse them
     * @return this builder
     */
    public Builder tlsOnly(boolean value) {
      this.tlsOnly = value;
      return this;
    }

    /**
     * Sets parameters, in the cloud's own names.
     *
     * @param values name to value
     * @return this builder
     */
    public Builder parameters(Map<String, String> values) {
      parameters.putAll(values);
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
    public InstanceRequest build() {
      return new InstanceRequest(this);
    }
  }
}
