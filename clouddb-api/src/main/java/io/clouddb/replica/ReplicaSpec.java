/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import io.clouddb.ResourceId;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.internal.FieldChecks;
import io.clouddb.internal.PortableNames;
import io.clouddb.internal.Problems;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.Part;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.internal.text.Quoted;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a replica has to be. What is left unset is as the cloud has it of the source: its size, its
 * network, and always its data, logins and engine. Immutable; each method gives a new value.
 */
@SchemaVersion(1)
public final class ReplicaSpec implements Specification {
  private final String name;
  private final @Nullable ResourceId source;
  private final @Nullable InstanceSize size;
  private final @Nullable Availability availability;
  private final @Nullable Network network;
  private final @Nullable String encryptionKey;
  private final @Nullable Boolean deletionProtection;
  private final Map<String, String> tags;
  private final Set<ReplicaField> preferring;

  private ReplicaSpec(
      @Part("name") String name,
      @Part("source") @Nullable ResourceId source,
      @Part("size") @Nullable InstanceSize size,
      @Part("availability") @Nullable Availability availability,
      @Part("network") @Nullable Network network,
      @Part("encryptionKey") @Nullable String encryptionKey,
      @Part("deletionProtection") @Nullable Boolean deletionProtection,
      @Part("tags") @Nullable Map<String, String> tags,
      @Part("preferring") @Nullable List<ReplicaField> preferring) {
    this.name = Objects.requireNonNull(name, "name");
    this.source = source;
    this.size = size;
    this.availability = availability;
    this.network = network;
    this.encryptionKey = encryptionKey;
    this.deletionProtection = deletionProtection;
    this.tags = Collections.unmodifiableMap(new TreeMap<>(tags == null ? Map.of() : tags));
    this.preferring =
        Collections.unmodifiableSet(new TreeSet<>(preferring == null ? Set.of() : preferring));
  }

  /**
   * A replica of the same size as its source, in the region of the cloud that creates it.
   *
   * @param name what portable names of instances are: 3 to 63 lower case letters, digits and single
   *     hyphens
   * @return the spec
   */
  public static ReplicaSpec named(String name) {
    return new ReplicaSpec(name, null, null, null, null, null, null, Map.of(), List.of());
  }

  /**
   * Reads a spec.
   *
   * @param json what {@link #toJson()} wrote
   * @return the spec
   * @throws io.clouddb.error.InvalidArgumentException when it is malformed, or has a field that
   *     this release does not know
   */
  public static ReplicaSpec fromJson(String json) {
    return Json.read(json, ReplicaSpec.class);
  }

  /**
   * Writes the spec.
   *
   * @return JSON with a schema version
   */
  public String toJson() {
    return Json.write(this);
  }

  /**
   * With the instance that it follows, which {@link Replicas#create} sets.
   *
   * @param id the source, which may be in another region of the same account
   * @return a new value
   */
  public ReplicaSpec of(ResourceId id) {
    return new ReplicaSpec(
        name, id, size, availability, network, encryptionKey, deletionProtection, tags, list());
  }

  /**
   * With compute of its own; the source's otherwise.
   *
   * @param value the size
   * @return a new value
   */
  public ReplicaSpec size(InstanceSize value) {
    return new ReplicaSpec(
        name,
        source,
        value,
        availability,
        network,
        encryptionKey,
        deletionProtection,
        tags,
        list());
  }

  /**
   * With a stand-by of its own, or none.
   *
   * @param value the availability
   * @return a new value
   */
  public ReplicaSpec availability(Availability value) {
    return new ReplicaSpec(
        name, source, size, value, network, encryptionKey, deletionProtection, tags, list());
  }

  /**
   * With a network of its own; in the source's region that of the source otherwise, in another one
   * what the cloud takes there by default.
   *
   * @param value the network
   * @return a new value
   */
  public ReplicaSpec network(Network value) {
    return new ReplicaSpec(
        name, source, size, availability, value, encryptionKey, deletionProtection, tags, list());
  }

  /**
   * With the key that encrypts it in another region than the source's; there the source's key
   * cannot be used.
   *
   * @param id the vendor's name of a key of the replica's region
   * @return a new value
   */
  public ReplicaSpec encryptionKey(String id) {
    return new ReplicaSpec(
        name, source, size, availability, network, id, deletionProtection, tags, list());
  }

  /**
   * With or without protection from deletion.
   *
   * @param value true when the cloud shall refuse to delete it
   * @return a new value
   */
  public ReplicaSpec deletionProtection(boolean value) {
    return new ReplicaSpec(
        name, source, size, availability, network, encryptionKey, value, tags, list());
  }

  /**
   * With a tag.
   *
   * @param key its key
   * @param value its value
   * @return a new value
   */
  public ReplicaSpec tag(String key, String value) {
    Map<String, String> all = new TreeMap<>(tags);
    all.put(key, value);
    return new ReplicaSpec(
        name, source, size, availability, network, encryptionKey, deletionProtection, all, list());
  }

  /**
   * With fields that may be adjusted where the cloud cannot honour them, beside those that may be
   * already.
   *
   * @param fields the fields
   * @return a new value
   */
  public ReplicaSpec preferring(ReplicaField... fields) {
    Set<ReplicaField> all = new TreeSet<>(preferring);
    all.addAll(Arrays.asList(fields));
    return new ReplicaSpec(
        name,
        source,
        size,
        availability,
        network,
        encryptionKey,
        deletionProtection,
        tags,
        List.copyOf(all));
  }

  private List<ReplicaField> list() {
    return List.copyOf(preferring);
  }

  /**
   * Its name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * The instance that it follows.
   *
   * @return its id; empty before {@link Replicas#create} has set it
   */
  public Optional<ResourceId> source() {
    return Optional.ofNullable(source);
  }

  /**
   * Its compute.
   *
   * @return the size; empty for the source's
   */
  public Optional<InstanceSize> size() {
    return Optional.ofNullable(size);
  }

  /**
   * Whether it has a stand-by of its own.
   *
   * @return the availability; empty for what the cloud has of the source, or by itself
   */
  public Optional<Availability> availability() {
    return Optional.ofNullable(availability);
  }

  /**
   * From where it can be reached.
   *
   * @return the network; empty for what the cloud has of the source, or by itself
   */
  public Optional<Network> network() {
    return Optional.ofNullable(network);
  }

  /**
   * The key that encrypts it in another region.
   *
   * @return the vendor's name of the key
   */
  public Optional<String> encryptionKey() {
    return Optional.ofNullable(encryptionKey);
  }

  /**
   * Whether the cloud shall refuse to delete it.
   *
   * @return empty for what the cloud has of the source, or by itself
   */
  public Optional<Boolean> deletionProtection() {
    return Optional.ofNullable(deletionProtection);
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
  public Set<ReplicaField> preferring() {
    return preferring;
  }

  @Override
  public Map<Field, Object> values() {
    Map<ReplicaField, Object> all = new EnumMap<>(ReplicaField.class);
    put(all, ReplicaField.NAME, name);
    put(all, ReplicaField.SOURCE, source);
    put(all, ReplicaField.SIZE, size);
    put(all, ReplicaField.AVAILABILITY, availability);
    put(
        all,
        network != null && network.isPublic()
            ? ReplicaField.PUBLIC_ACCESS
            : ReplicaField.PRIVATE_NETWORK,
        network);
    put(all, ReplicaField.ENCRYPTION_KEY, encryptionKey);
    put(all, ReplicaField.DELETION_PROTECTION, deletionProtection);
    put(all, ReplicaField.TAGS, tags.isEmpty() ? null : tags);
    return Collections.unmodifiableMap(new LinkedHashMap<>(all));
  }

  private static void put(
      Map<ReplicaField, Object> all, ReplicaField field, @Nullable Object value) {
    if (value != null) {
      all.put(field, value);
    }
  }

  @Override
  public ReplicaSpec withoutSecrets() {
    return this;
  }

  /** All that is wrong, at once. */
  ReplicaSpec checked() {
    Problems problems = new Problems("ReplicaSpec " + Quoted.of(name));
    PortableNames.instance(name, problems);
    if (size != null) {
      FieldChecks.size(size, problems);
    }
    if (network != null) {
      FieldChecks.network(network, problems);
    }
    FieldChecks.plain(encryptionKey, "the key", problems);
    problems.require(encryptionKey == null || !encryptionKey.isBlank(), "the key is empty");
    PortableNames.tags(tags, problems);
    problems.require(
        source == null || !source.name().equals(name), "it has the name of its source");
    problems.orThrow();
    return this;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      name, source, size, availability, network, encryptionKey, deletionProtection, tags, preferring
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReplicaSpec that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "ReplicaSpec '" + name + "'";
  }
}
