/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.ResourceId;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceLogin;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Instances;
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
import io.clouddb.security.SecretRef;
import java.time.Instant;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a new instance that is made of a backup, or of an instance at a moment, has to be. What is
 * left unset is as the cloud has it of the source, or by default: {@link Backups#plan(RestoreSpec)}
 * says which. Its data, logins and engine are always the source's. Immutable; each method gives a
 * new value.
 */
@SchemaVersion(1)
public final class RestoreSpec implements Specification, InstanceLogin {
  private final @Nullable String name;
  private final ResourceId source;
  private final @Nullable Instant moment;
  private final boolean latest;
  private final @Nullable String location;
  private final @Nullable InstanceSize size;
  private final @Nullable Availability availability;
  private final @Nullable Network network;
  private final @Nullable String encryptionKey;
  private final @Nullable Boolean deletionProtection;
  private final @Nullable AdminLogin login;
  private final Map<String, String> parameters;
  private final Map<String, String> tags;
  private final Set<RestoreField> preferring;

  private RestoreSpec(
      @Part("name") @Nullable String name,
      @Part("source") ResourceId source,
      @Part("moment") @Nullable Instant moment,
      @Part("latest") @Nullable Boolean latest,
      @Part("location") @Nullable String location,
      @Part("size") @Nullable InstanceSize size,
      @Part("availability") @Nullable Availability availability,
      @Part("network") @Nullable Network network,
      @Part("encryptionKey") @Nullable String encryptionKey,
      @Part("deletionProtection") @Nullable Boolean deletionProtection,
      @Part("login") @Nullable AdminLogin login,
      @Part("parameters") @Nullable Map<String, String> parameters,
      @Part("tags") @Nullable Map<String, String> tags,
      @Part("preferring") @Nullable List<RestoreField> preferring) {
    this.name = name;
    this.source = Objects.requireNonNull(source, "source");
    this.moment = moment;
    this.latest = Boolean.TRUE.equals(latest);
    this.location = location;
    this.size = size;
    this.availability = availability;
    this.network = network;
    this.encryptionKey = encryptionKey;
    this.deletionProtection = deletionProtection;
    this.login = login;
    this.parameters =
        Collections.unmodifiableMap(new TreeMap<>(parameters == null ? Map.of() : parameters));
    this.tags = Collections.unmodifiableMap(new TreeMap<>(tags == null ? Map.of() : tags));
    this.preferring =
        Collections.unmodifiableSet(new TreeSet<>(preferring == null ? Set.of() : preferring));
  }

  /** The parts of a spec, while another one is made of it. */
  private static final class Parts {
    private @Nullable String name;
    private final ResourceId source;
    private @Nullable Instant moment;
    private boolean latest;
    private @Nullable String location;
    private @Nullable InstanceSize size;
    private @Nullable Availability availability;
    private @Nullable Network network;
    private @Nullable String encryptionKey;
    private @Nullable Boolean deletionProtection;
    private @Nullable AdminLogin login;
    private Map<String, String> parameters = new TreeMap<>();
    private Map<String, String> tags = new TreeMap<>();
    private List<RestoreField> preferring = List.of();

    private Parts(ResourceId source) {
      this.source = source;
    }

    private RestoreSpec spec() {
      return new RestoreSpec(
          name,
          source,
          moment,
          latest,
          location,
          size,
          availability,
          network,
          encryptionKey,
          deletionProtection,
          login,
          parameters,
          tags,
          preferring);
    }
  }

  private RestoreSpec with(Consumer<Parts> change) {
    Parts parts = new Parts(source);
    parts.name = name;
    parts.moment = moment;
    parts.latest = latest;
    parts.location = location;
    parts.size = size;
    parts.availability = availability;
    parts.network = network;
    parts.encryptionKey = encryptionKey;
    parts.deletionProtection = deletionProtection;
    parts.login = login;
    parts.parameters = new TreeMap<>(parameters);
    parts.tags = new TreeMap<>(tags);
    parts.preferring = List.copyOf(preferring);
    change.accept(parts);
    return parts.spec();
  }

  /**
   * From a backup.
   *
   * @param backup the backup
   * @return the spec, which needs a name
   */
  public static RestoreSpec from(Backup backup) {
    return from(backup.id());
  }

  /**
   * From a backup.
   *
   * @param backup its id
   * @return the spec, which needs a name
   */
  public static RestoreSpec from(ResourceId backup) {
    return new Parts(backup).spec();
  }

  /**
   * From an instance as it was, which stays as it is, or may be gone where its cloud keeps what it
   * left.
   *
   * @param instance its id
   * @return the spec, which needs a name, and a moment or {@link #latest()}
   */
  public static RestoreSpec of(ResourceId instance) {
    return new Parts(instance).spec();
  }

  /**
   * Reads a spec.
   *
   * @param json what {@link #toJson()} wrote
   * @return the spec
   * @throws io.clouddb.error.InvalidArgumentException when it is malformed, or has a field that
   *     this release does not know
   */
  public static RestoreSpec fromJson(String json) {
    return Json.read(json, RestoreSpec.class);
  }

  /**
   * Writes the spec.
   *
   * @return JSON with a schema version
   * @throws io.clouddb.error.InvalidArgumentException when the login has a literal password
   */
  public String toJson() {
    return Json.write(this);
  }

  /**
   * As the instance was at a moment: with all that was committed until then, and nothing later.
   *
   * @param value the moment, in the {@link Backups#window(ResourceId) window}
   * @return a new value
   */
  public RestoreSpec at(Instant value) {
    return with(parts -> parts.moment = Objects.requireNonNull(value, "moment"));
  }

  /**
   * As the instance was as lately as the cloud can tell. Azure is asked for a moment only where the
   * instance is there, in its own region: for the time of this machine's clock when the restore is
   * begun, so that one which is slow loses what was committed since.
   *
   * @return a new value
   */
  public RestoreSpec latest() {
    return with(parts -> parts.latest = true);
  }

  /**
   * With the new instance's name.
   *
   * @param value what portable names of instances are: 3 to 63 lower case letters, digits and
   *     single hyphens
   * @return a new value
   */
  public RestoreSpec named(String value) {
    return with(parts -> parts.name = Objects.requireNonNull(value, "name"));
  }

  /**
   * With where the new instance is to be, which {@link Backups#restore} sets.
   *
   * @param region the region
   * @return a new value
   */
  public RestoreSpec in(String region) {
    return with(parts -> parts.location = region);
  }

  /**
   * With compute of its own.
   *
   * @param value the size
   * @return a new value
   */
  public RestoreSpec size(InstanceSize value) {
    return with(parts -> parts.size = value);
  }

  /**
   * With a stand-by of its own, or none.
   *
   * @param value the availability
   * @return a new value
   */
  public RestoreSpec availability(Availability value) {
    return with(parts -> parts.availability = value);
  }

  /**
   * With a network of its own.
   *
   * @param value the network
   * @return a new value
   */
  public RestoreSpec network(Network value) {
    return with(parts -> parts.network = value);
  }

  /**
   * With the key that encrypts it.
   *
   * @param id the vendor's name of a key of the new instance's region
   * @return a new value
   */
  public RestoreSpec encryptionKey(String id) {
    return with(parts -> parts.encryptionKey = id);
  }

  /**
   * With or without protection from deletion.
   *
   * @param value true when the cloud shall refuse to delete it
   * @return a new value
   */
  public RestoreSpec deletionProtection(boolean value) {
    return with(parts -> parts.deletionProtection = value);
  }

  /**
   * With the login that its source had, which is the new instance's, too: so that {@link
   * io.clouddb.instance.Instance#connection()} knows it. It is not changed, and a password that was
   * changed after the moment is the former one again. Where the cloud reports an administrator of
   * another name, that one stays, and a role connects by {@link
   * io.clouddb.instance.Instance#connection(AdminLogin)}. Who goes on by the operation log or a
   * token knows it, too, but for a literal password, and by a token only where tokens are sealed or
   * trusted: {@code CloudConfig.tokenKey}, {@code trustTokens}. Otherwise only the role is known.
   *
   * @param value the role and where its password is
   * @return a new value
   */
  public RestoreSpec login(AdminLogin value) {
    return with(parts -> parts.login = value);
  }

  /**
   * With a parameter of the engine.
   *
   * @param parameter its name
   * @param value its value
   * @return a new value
   */
  public RestoreSpec parameter(String parameter, String value) {
    return with(parts -> parts.parameters.put(parameter, value));
  }

  /**
   * With a tag.
   *
   * @param key its key
   * @param value its value
   * @return a new value
   */
  public RestoreSpec tag(String key, String value) {
    return with(parts -> parts.tags.put(key, value));
  }

  /**
   * With fields that may be adjusted where the cloud cannot honour them, beside those that may be
   * already.
   *
   * @param fields the fields
   * @return a new value
   */
  public RestoreSpec preferring(RestoreField... fields) {
    Set<RestoreField> all = new TreeSet<>(preferring);
    all.addAll(Arrays.asList(fields));
    return with(parts -> parts.preferring = List.copyOf(all));
  }

  /**
   * The new instance's name.
   *
   * @return the name; an empty text before it is set
   */
  public String name() {
    return name == null ? "" : name;
  }

  /**
   * What it is made of.
   *
   * @return the id of a backup or of an instance
   */
  public ResourceId source() {
    return source;
  }

  /**
   * The backup of which it is made.
   *
   * @return its id; empty when it is made of an instance at a moment
   */
  public Optional<ResourceId> backup() {
    return Optional.of(source).filter(id -> id.kind().equals(Backups.KIND));
  }

  /**
   * The moment.
   *
   * @return the time; empty when it is that of a backup, or the latest
   */
  public Optional<Instant> moment() {
    return Optional.ofNullable(moment);
  }

  /**
   * Whether it is made of an instance as it was as lately as the cloud can tell.
   *
   * @return true when it is
   */
  public boolean isLatest() {
    return latest;
  }

  /**
   * Where the new instance is to be.
   *
   * @return the region; empty before it is set
   */
  public Optional<String> location() {
    return Optional.ofNullable(location);
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
   * Whether it has a stand-by.
   *
   * @return the availability; empty for what the plan says is taken from the source
   */
  public Optional<Availability> availability() {
    return Optional.ofNullable(availability);
  }

  /**
   * From where it can be reached.
   *
   * @return the network; empty for what the plan says is taken from the source
   */
  public Optional<Network> network() {
    return Optional.ofNullable(network);
  }

  /**
   * The key that encrypts it.
   *
   * @return the vendor's name of the key
   */
  public Optional<String> encryptionKey() {
    return Optional.ofNullable(encryptionKey);
  }

  /**
   * Whether the cloud shall refuse to delete it.
   *
   * @return empty for what the plan says is taken from the source
   */
  public Optional<Boolean> deletionProtection() {
    return Optional.ofNullable(deletionProtection);
  }

  /**
   * The login that its source had.
   *
   * @return the login; empty when the caller does not tell
   */
  @Override
  public Optional<AdminLogin> login() {
    return Optional.ofNullable(login);
  }

  /**
   * The engine's parameters.
   *
   * @return name to value
   */
  public Map<String, String> parameters() {
    return parameters;
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
  public Set<RestoreField> preferring() {
    return preferring;
  }

  @Override
  public Map<Field, Object> values() {
    Map<RestoreField, Object> all = new EnumMap<>(RestoreField.class);
    put(all, RestoreField.NAME, name);
    put(all, RestoreField.BACKUP, backup().orElse(null));
    put(all, RestoreField.MOMENT, moment);
    put(all, RestoreField.LATEST, latest ? true : null);
    put(
        all,
        RestoreField.OTHER_REGION,
        location == null || source.location().equals(location) ? null : source.location());
    put(all, RestoreField.SIZE, size);
    put(all, RestoreField.AVAILABILITY, availability);
    put(
        all,
        network != null && network.isPublic()
            ? RestoreField.PUBLIC_ACCESS
            : RestoreField.PRIVATE_NETWORK,
        network);
    put(all, RestoreField.ENCRYPTION_KEY, encryptionKey);
    put(all, RestoreField.DELETION_PROTECTION, deletionProtection);
    put(all, RestoreField.PARAMETERS, parameters.isEmpty() ? null : parameters);
    put(all, RestoreField.TAGS, tags.isEmpty() ? null : tags);
    return Collections.unmodifiableMap(new LinkedHashMap<>(all));
  }

  private static void put(
      Map<RestoreField, Object> all, RestoreField field, @Nullable Object value) {
    if (value != null) {
      all.put(field, value);
    }
  }

  @Override
  public RestoreSpec withoutSecrets() {
    return login == null
            || login.password().filter(secret -> secret.kind() == SecretRef.Kind.LITERAL).isEmpty()
        ? this
        : login(AdminLogin.of(login.user(), SecretRef.environment(FORGOTTEN_SECRET)));
  }

  /** All that is wrong, at once. */
  RestoreSpec checked() {
    Problems problems = new Problems("RestoreSpec " + Quoted.of(name()));
    PortableNames.instance(name(), problems);
    boolean ofInstance = source.kind().equals(Instances.KIND);
    problems.require(
        ofInstance || source.kind().equals(Backups.KIND), source + " is no backup and no instance");
    problems.require(
        !ofInstance || latest != (moment != null),
        "an instance is restored to a moment, at(...), or to the latest(), one of the two");
    problems.require(
        ofInstance || (!latest && moment == null), "a backup has its own moment, and no other");
    if (size != null) {
      FieldChecks.size(size, problems);
    }
    if (network != null) {
      FieldChecks.network(network, problems);
    }
    FieldChecks.plain(encryptionKey, "the key", problems);
    problems.require(encryptionKey == null || !encryptionKey.isBlank(), "the key is empty");
    FieldChecks.parameters(parameters, problems);
    PortableNames.tags(tags, problems);
    problems.orThrow();
    return this;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      name,
      source,
      moment,
      latest,
      location,
      size,
      availability,
      network,
      encryptionKey,
      deletionProtection,
      login,
      parameters,
      tags,
      preferring
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RestoreSpec that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "RestoreSpec '" + name() + "'";
  }
}
