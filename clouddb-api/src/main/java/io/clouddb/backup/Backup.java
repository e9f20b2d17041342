/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Engine;
import io.clouddb.table.Tables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A backup, as its cloud shows it. Immutable. */
public final class Backup {
  /** Where it comes from. */
  public enum Origin {
    /** Somebody took it. It stays until it is deleted, but where {@link #expiresAt()} says when. */
    MANUAL,
    /** The cloud took it by the instance's policy, and deletes it by that. */
    AUTOMATIC,
    /** Somebody copied another one. */
    COPY
  }

  /** Whether it can be restored. */
  public enum State {
    /** It is being made, and cannot yet. */
    CREATING,
    /** It can. */
    AVAILABLE,
    /** It is going. */
    DELETING,
    /** It cannot, and never will. */
    FAILED,
    /** The cloud says something that this release does not know: {@link #nativeState()}. */
    UNKNOWN
  }

  private final ResourceId id;
  private final String name;
  private final Origin origin;
  private final State state;
  private final String nativeState;
  private final @Nullable ResourceId source;
  private final @Nullable Instant takenAt;
  private final @Nullable Instant expiresAt;
  private final @Nullable DataSize size;
  private final @Nullable Engine engine;
  private final @Nullable String engineVersion;
  private final @Nullable Boolean encrypted;
  private final @Nullable String encryptionKey;
  private final @Nullable String storageLocation;
  private final Map<String, String> tags;
  private final List<Object> natives;

  private Backup(Builder builder) {
    this.id = builder.id;
    this.name = builder.name;
    this.origin = builder.origin;
    this.state = builder.state;
    this.nativeState = builder.nativeState;
    this.source = builder.source;
    this.takenAt = builder.takenAt;
    this.expiresAt = builder.expiresAt;
    this.size = builder.size;
    this.engine = builder.engine;
    this.engineVersion = builder.engineVersion;
    this.encrypted = builder.encrypted;
    this.encryptionKey = builder.encryptionKey;
    this.storageLocation = builder.storageLocation;
    this.tags = Collections.unmodifiableMap(new TreeMap<>(builder.tags));
    this.natives = List.copyOf(builder.natives);
  }

  /**
   * Starts a backup. Called by providers.
   *
   * @param id of kind {@link Backups#KIND}, or {@link Backups#TABLE_KIND}
   * @param name what the caller or the cloud named it
   * @param origin where it comes from
   * @param state whether it can be restored
   * @param nativeState the vendor's word for the state
   * @return a builder
   */
  public static Builder builder(
      ResourceId id, String name, Origin origin, State state, String nativeState) {
    return new Builder(id, name, origin, state, nativeState);
  }

  /**
   * Its id, by which it is found, restored, copied and deleted. Which name is in it is the
   * provider's: {@link #name()} is what it is called.
   *
   * @return the id, of the region in which it is found
   */
  public ResourceId id() {
    return id;
  }

  /**
   * What it is called.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Where it comes from.
   *
   * @return the origin
   */
  public Origin origin() {
    return origin;
  }

  /**
   * Whether it can be restored.
   *
   * @return the state
   */
  public State state() {
    return state;
  }

  /**
   * The vendor's word for the state.
   *
   * @return the word; empty when it has none
   */
  public String nativeState() {
    return nativeState;
  }

  /**
   * Of what it is, which may be gone.
   *
   * @return the id of an instance or of a table; empty when the cloud does not tell
   */
  public Optional<ResourceId> source() {
    return Optional.ofNullable(source);
  }

  /**
   * Of which instance it is, which may be gone.
   *
   * @return the instance's id; empty when it is of a table, or the cloud does not tell
   */
  public Optional<ResourceId> instance() {
    return source().filter(id -> !id.kind().equals(Tables.KIND));
  }

  /**
   * The moment whose data is in it.
   *
   * @return the time; empty while it is being made, or when the cloud does not tell
   */
  public Optional<Instant> takenAt() {
    return Optional.ofNullable(takenAt);
  }

  /**
   * When the cloud deletes it.
   *
   * @return the time; empty when it stays, or the cloud does not tell
   */
  public Optional<Instant> expiresAt() {
    return Optional.ofNullable(expiresAt);
  }

  /**
   * How large it is, as the vendor counts: on RDS the size of the disk that it is of, on Cloud SQL
   * what is billed.
   *
   * @return the size; empty when the cloud does not tell
   */
  public Optional<DataSize> size() {
    return Optional.ofNullable(size);
  }

  /**
   * The engine whose data it has.
   *
   * @return the engine; empty when the cloud does not tell
   */
  public Optional<Engine> engine() {
    return Optional.ofNullable(engine);
  }

  /**
   * The engine's version.
   *
   * @return the vendor's version; empty when the cloud does not tell
   */
  public Optional<String> engineVersion() {
    return Optional.ofNullable(engineVersion);
  }

  /**
   * Whether it is encrypted where it is stored.
   *
   * @return empty when the cloud does not tell
   */
  public Optional<Boolean> encrypted() {
    return Optional.ofNullable(encrypted);
  }

  /**
   * The customer's key that encrypts it.
   *
   * @return the vendor's name of the key; empty when it is the vendor's own key, or none
   */
  public Optional<String> encryptionKey() {
    return Optional.ofNullable(encryptionKey);
  }

  /**
   * Where it is stored, which may be a group of regions.
   *
   * @return the vendor's name of the place; empty when the cloud does not tell
   */
  public Optional<String> storageLocation() {
    return Optional.ofNullable(storageLocation);
  }

  /**
   * Its tags.
   *
   * @return key to value, without those that this library keeps for itself
   */
  public Map<String, String> tags() {
    return tags;
  }

  /**
   * Gives the vendor's own object. Outside the compatibility promise of this library.
   *
   * @param type the vendor's class, for example {@code
   *     software.amazon.awssdk.services.rds.model.DBSnapshot}
   * @param <T> the vendor's class
   * @return the object
   * @throws io.clouddb.error.UnsupportedFeatureException when there is none of that class; the
   *     message lists those that there are
   */
  public <T> T unwrap(Class<T> type) {
    for (Object candidate : natives) {
      if (type.isInstance(candidate)) {
        return type.cast(candidate);
      }
    }
    throw ErrorDetails.of(
            ErrorCategory.UNSUPPORTED_FEATURE,
            name
                + " unwraps to "
                + natives.stream().map(object -> object.getClass().getName()).toList()
                + ", not to "
                + type.getName())
        .toException();
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      id,
      name,
      origin,
      state,
      nativeState,
      source,
      takenAt,
      expiresAt,
      size,
      engine,
      engineVersion,
      encrypted,
      encryptionKey,
      storageLocation,
      tags
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Backup that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "Backup " + id + ", " + state + takenAt().map(time -> ", of " + time).orElse("");
  }

  /** Builds a {@link Backup}. */
  public static final class Builder {
    private final ResourceId id;
    private final String name;
    private final Origin origin;
    private final State state;
    private final String nativeState;
    private @Nullable ResourceId source;
    private @Nullable Instant takenAt;
    private @Nullable Instant expiresAt;
    private @Nullable DataSize size;
    private @Nullable Engine engine;
    private @Nullable String engineVersion;
    private @Nullable Boolean encrypted;
    private @Nullable String encryptionKey;
    private @Nullable String storageLocation;
    private final Map<String, String> tags = new TreeMap<>();
    private final List<Object> natives = new ArrayList<>();

    private Builder(ResourceId id, String name, Origin origin, State state, String nativeState) {
      this.id = Objects.requireNonNull(id, "id");
      this.name = Objects.requireNonNull(name, "name");
      this.origin = Objects.requireNonNull(origin, "origin");
      this.state = Objects.requireNonNull(state, "state");
      this.nativeState = Objects.requireNonNull(nativeState, "nativeState");
    }

    /**
     * Sets of which instance it is.
     *
     * @param value the instance's id, null when the cloud does not tell
     * @return this builder
     */
    public Builder instance(@Nullable ResourceId value) {
      return source(value);
    }

    /**
     * Sets of what it is.
     *
     * @param value the id of an instance or of a table, null when the cloud does not tell
     * @return this builder
     */
    public Builder source(@Nullable ResourceId value) {
      this.source = value;
      return this;
    }

    /**
     * Sets the moment whose data is in it.
     *
     * @param value the time, null while it is being made
     * @return this builder
     */
    public Builder takenAt(@Nullable Instant value) {
      this.takenAt = value;
      return this;
    }

    /**
     * Sets when the cloud deletes it.
     *
     * @param value the time, null when it stays or the cloud does not tell
     * @return this builder
     */
    public Builder expiresAt(@Nullable Instant value) {
      this.expiresAt = value;
      return this;
    }

    /**
     * Sets how large it is.
     *
     * @param value the size, null when the cloud does not tell
     * @return this builder
     */
    public Builder size(@Nullable DataSize value) {
      this.size = value;
      return this;
    }

    /**
     * Sets whose data it has.
     *
     * @param value the engine, null when the cloud does not tell
     * @param version the vendor's version, null when the cloud does not tell
     * @return this builder
     */
    public Builder engine(@Nullable Engine value, @Nullable String version) {
      this.engine = value;
      this.engineVersion = version;
      return this;
    }

    /**
     * Sets whether it is encrypted.
     *
     * @param value whether it is, null when the cloud does not tell
     * @param key the customer's key, null when it has none or the cloud does not tell
     * @return this builder
     */
    public Builder encrypted(@Nullable Boolean value, @Nullable String key) {
      this.encrypted = value;
      this.encryptionKey = key;
      return this;
    }

    /**
     * Sets where it is stored.
     *
     * @param value the vendor's name of the place, null when the cloud does not tell
     * @return this builder
     */
    public Builder storageLocation(@Nullable String value) {
      this.storageLocation = value;
      return this;
    }

    /**
     * Sets its tags.
     *
     * @param values key to value
     * @return this builder
     */
    public Builder tags(Map<String, String> values) {
      tags.clear();
      tags.putAll(values);
      return this;
    }

    /**
     * Adds one of the vendor's own objects, for {@link Backup#unwrap(Class)}.
     *
     * @param object the object
     * @return this builder
     */
    public Builder nativeObject(Object object) {
      natives.add(Objects.requireNonNull(object, "object"));
      return this;
    }

    /**
     * Finishes the backup.
     *
     * @return the backup
     */
    public Backup build() {
      return new Backup(this);
    }
  }
}
