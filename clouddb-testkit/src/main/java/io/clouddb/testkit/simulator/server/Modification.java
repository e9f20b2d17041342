/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.security.SecretRef;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A change of an instance, which takes effect at the end of its operation. */
public final class Modification {
  private final Map<String, Object> attributes;
  private final Map<String, String> parameters;
  private final Set<String> reset;
  private final @Nullable SecretRef adminPassword;
  private final @Nullable Boolean tlsOnly;
  private final boolean restartIfNeeded;

  private Modification(Builder builder) {
    this.attributes = new LinkedHashMap<>(builder.attributes);
    this.parameters = new LinkedHashMap<>(builder.parameters);
    this.reset = new LinkedHashSet<>(builder.reset);
    this.adminPassword = builder.adminPassword;
    this.tlsOnly = builder.tlsOnly;
    this.restartIfNeeded = builder.restartIfNeeded;
  }

  /**
   * Starts a change.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  Map<String, Object> attributes() {
    return attributes;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  Set<String> reset() {
    return reset;
  }

  Optional<SecretRef> adminPassword() {
    return Optional.ofNullable(adminPassword);
  }

  Optional<Boolean> tlsOnly() {
    return Optional.ofNullable(tlsOnly);
  }

  boolean restartIfNeeded() {
    return restartIfNeeded;
  }

  /** Builds {@link Modification}. */
  public static final class Builder {
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Set<String> reset = new LinkedHashSet<>();
    private @Nullable SecretRef adminPassword;
    private @Nullable Boolean tlsOnly;
    private boolean restartIfNeeded;

    private Builder() {}

    /**
     * Replaces what the skin keeps under a name.
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
     * Sets parameters, in the cloud's own names. Static ones take effect at the next reboot.
     *
     * @param values name to value
     * @return this builder
     */
    public Builder parameters(Map<String, String> values) {
      parameters.putAll(values);
      return this;
    }

    /**
     * Gives parameters their defaults back.
     *
     * @param names in the cloud's own names
     * @return this builder
     */
    public Builder resetParameters(Set<String> names) {
      reset.addAll(names);
      return this;
    }

    /**
     * Gives the admin another password.
     *
     * @param password where it is; a literal one is fine here
     * @return this builder
     */
    public Builder adminPassword(SecretRef password) {
      this.adminPassword = Objects.requireNonNull(password, "adminPassword");
      return this;
    }

    /**
     * Says whether connections without TLS are refused.
     *
     * @param value true to refuse them
     * @return this builder
     */
    public Builder tlsOnly(boolean value) {
      this.tlsOnly = value;
      return this;
    }

    /**
     * Restarts the database when a static parameter has changed, as Cloud SQL does by itself.
     *
     * @return this builder
     */
    public Builder restartIfNeeded() {
      this.restartIfNeeded = true;
      return this;
    }

    /**
     * Finishes the change.
     *
     * @return the change
     */
    public Modification build() {
      return new Modification(this);
    }
  }
}
