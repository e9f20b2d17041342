/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.ResourceId;
import io.clouddb.instance.Instances;
import io.clouddb.internal.FieldChecks;
import io.clouddb.internal.PortableNames;
import io.clouddb.internal.Problems;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.Part;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.internal.text.Quoted;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import io.clouddb.table.Tables;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
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
 * What a backup that somebody takes, or a copy of one, has to be. Immutable; each method gives a
 * new value.
 */
@SchemaVersion(1)
public final class BackupSpec implements Specification {
  private static final DateTimeFormatter IN_NAMES =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final String name;
  private final @Nullable ResourceId source;
  private final @Nullable String location;
  private final @Nullable String encryptionKey;
  private final @Nullable String sharedWith;
  private final @Nullable String exportedTo;
  private final Map<String, String> tags;
  private final Set<BackupField> preferring;

  private BackupSpec(
      @Part("name") String name,
      @Part("source") @Nullable ResourceId source,
      @Part("location") @Nullable String location,
      @Part("encryptionKey") @Nullable String encryptionKey,
      @Part("sharedWith") @Nullable String sharedWith,
      @Part("exportedTo") @Nullable String exportedTo,
      @Part("tags") @Nullable Map<String, String> tags,
      @Part("preferring") @Nullable List<BackupField> preferring) {
    this.name = Objects.requireNonNull(name, "name");
    this.source = source;
    this.location = location;
    this.encryptionKey = encryptionKey;
    this.sharedWith = sharedWith;
    this.exportedTo = exportedTo;
    this.tags = Collections.unmodifiableMap(new TreeMap<>(tags == null ? Map.of() : tags));
    this.preferring =
        Collections.unmodifiableSet(new TreeSet<>(preferring == null ? Set.of() : preferring));
  }

  /** The parts of a spec, while another one is made of it. */
  private static final class Parts {
    private @Nullable ResourceId source;
    private @Nullable String location;
    private @Nullable String encryptionKey;
    private @Nullable String sharedWith;
    private @Nullable String exportedTo;
    private Map<String, String> tags = Map.of();
    private List<BackupField> preferring = List.of();
  }

  private BackupSpec with(Consumer<Parts> change) {
    Parts parts = new Parts();
    parts.source = source;
    parts.location = location;
    parts.encryptionKey = encryptionKey;
    parts.sharedWith = sharedWith;
    parts.exportedTo = exportedTo;
    parts.tags = new TreeMap<>(tags);
    parts.preferring = List.copyOf(preferring);
    change.accept(parts);
    return new BackupSpec(
        name,
        parts.source,
        parts.location,
        parts.encryptionKey,
        parts.sharedWith,
        parts.exportedTo,
        parts.tags,
        parts.preferring);
  }

  /**
   * A backup of a name.
   *
   * @param name 3 to 100 lower case letters, digits and single hyphens, a letter first; one
   *     instance has no two backups of the same name, and on RDS no region has
   * @return the spec
   */
  public static BackupSpec named(String name) {
    return new BackupSpec(name, null, null, null, null, null, Map.of(), List.of());
  }

  /**
   * A backup that is taken by hand, as teams often name and tag it: {@code
   * <instance>-manual-<time>} with the tags {@code Type=Manual} and {@code CreatedDate=<time>}.
   *
   * @param instance the instance's name
   * @param now the time, in whose seconds no other one is taken
   * @return the spec
   */
  public static BackupSpec manual(String instance, Instant now) {
    return named(instance + "-manual-" + IN_NAMES.format(now))
        .tag("Type", "Manual")
        .tag("CreatedDate", now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /**
   * Reads a spec.
   *
   * @param json what {@link #toJson()} wrote
   * @return the spec
   * @throws io.clouddb.error.InvalidArgumentException when it is malformed, or has a field that
   *     this release does not know
   */
  public static BackupSpec fromJson(String json) {
    return Json.read(json, BackupSpec.class);
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
   * With what it is made of and where, which {@link Backups#take}, {@link Backups#protect} and
   * {@link Backups#copy} set.
   *
   * @param id an instance or a table, of which a backup is taken; or a backup, which is copied
   * @param region where the backup is to be
   * @return a new value
   */
  public BackupSpec of(ResourceId id, String region) {
    return with(
        parts -> {
          parts.source = id;
          parts.location = region;
        });
  }

  /**
   * With the key that encrypts a copy.
   *
   * @param id the vendor's name of a key of the copy's region
   * @return a new value
   */
  public BackupSpec encryptionKey(String id) {
    return with(parts -> parts.encryptionKey = id);
  }

  /**
   * With another account that may restore it.
   *
   * @param account the vendor's name of the account
   * @return a new value
   */
  public BackupSpec sharedWith(String account) {
    return with(parts -> parts.sharedWith = account);
  }

  /**
   * With a place outside of the database service to which its content is written.
   *
   * @param uri the vendor's name of the place
   * @return a new value
   */
  public BackupSpec exportedTo(String uri) {
    return with(parts -> parts.exportedTo = uri);
  }

  /**
   * With a tag.
   *
   * @param key its key
   * @param value its value
   * @return a new value
   */
  public BackupSpec tag(String key, String value) {
    Map<String, String> all = new TreeMap<>(tags);
    all.put(key, value);
    return with(parts -> parts.tags = all);
  }

  /**
   * With fields that may be adjusted where the cloud cannot honour them, beside those that may be
   * already.
   *
   * @param fields the fields
   * @return a new value
   */
  public BackupSpec preferring(BackupField... fields) {
    Set<BackupField> all = new TreeSet<>(preferring);
    all.addAll(Arrays.asList(fields));
    return with(parts -> parts.preferring = List.copyOf(all));
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
   * What it is made of.
   *
   * @return the id of an instance, of a table or of a backup; empty before it is set
   */
  public Optional<ResourceId> source() {
    return Optional.ofNullable(source);
  }

  /**
   * Where it is to be.
   *
   * @return the region; empty before it is set
   */
  public Optional<String> location() {
    return Optional.ofNullable(location);
  }

  /**
   * The key that encrypts a copy.
   *
   * @return the vendor's name of the key
   */
  public Optional<String> encryptionKey() {
    return Optional.ofNullable(encryptionKey);
  }

  /**
   * Who else may restore it.
   *
   * @return the vendor's name of an account
   */
  public Optional<String> sharedWith() {
    return Optional.ofNullable(sharedWith);
  }

  /**
   * Where its content is written to.
   *
   * @return the vendor's name of a place
   */
  public Optional<String> exportedTo() {
    return Optional.ofNullable(exportedTo);
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
  public Set<BackupField> preferring() {
    return preferring;
  }

  @Override
  public Map<Field, Object> values() {
    Map<BackupField, Object> all = new EnumMap<>(BackupField.class);
    put(all, BackupField.NAME, name);
    if (source != null) {
      put(all, isCopy(source) ? BackupField.COPY : BackupField.TAKE, source);
      put(
          all,
          BackupField.OTHER_REGION,
          location == null
                  || source.location().equals(location)
                  || source.location().equals(ResourceId.GLOBAL)
              ? null
              : source.location());
    }
    put(all, BackupField.ENCRYPTION_KEY, encryptionKey);
    put(all, BackupField.SHARING, sharedWith);
    put(all, BackupField.EXPORT, exportedTo);
    put(all, BackupField.TAGS, tags.isEmpty() ? null : tags);
    return Collections.unmodifiableMap(new LinkedHashMap<>(all));
  }

  private static boolean isCopy(ResourceId source) {
    return !source.kind().equals(Instances.KIND) && !source.kind().equals(Tables.KIND);
  }

  private static void put(Map<BackupField, Object> all, BackupField field, @Nullable Object value) {
    if (value != null) {
      all.put(field, value);
    }
  }

  @Override
  public BackupSpec withoutSecrets() {
    return this;
  }

  /** All that is wrong, at once. */
  BackupSpec checked() {
    Problems problems = new Problems("BackupSpec " + Quoted.of(name));
    PortableNames.backup(name, problems);
    given(encryptionKey, "the key", problems);
    given(sharedWith, "the account to share with", problems);
    given(exportedTo, "the place of the export", problems);
    PortableNames.tags(tags, problems);
    problems.orThrow();
    return this;
  }

  private static void given(@Nullable String text, String what, Problems problems) {
    FieldChecks.plain(text, what, problems);
    problems.require(text == null || !text.isBlank(), what + " is empty");
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      name, source, location, encryptionKey, sharedWith, exportedTo, tags, preferring
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BackupSpec that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "BackupSpec '" + name + "'";
  }
}
