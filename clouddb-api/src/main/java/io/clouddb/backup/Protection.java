/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.instance.InstanceChange;
import io.clouddb.internal.json.Part;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link Backups#protect} asks for: a policy, and a backup by hand after it. Immutable. */
@SchemaVersion(1)
public final class Protection implements Specification {
  private final BackupPolicy policy;
  private final BackupSpec backup;

  /**
   * A policy and a backup.
   *
   * @param policy when backups are taken from now on, and how long they are kept
   * @param backup the one that is taken by hand, with the instance as its source
   */
  public Protection(@Part("policy") BackupPolicy policy, @Part("backup") BackupSpec backup) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.backup = Objects.requireNonNull(backup, "backup");
  }

  /**
   * When backups are taken from now on.
   *
   * @return the policy
   */
  public BackupPolicy policy() {
    return policy;
  }

  /**
   * The policy as a change of the instance.
   *
   * @return the change, of nothing else
   */
  public InstanceChange change() {
    return InstanceChange.builder().backups(policy).build();
  }

  /**
   * The backup that is taken by hand.
   *
   * @return the spec
   */
  public BackupSpec backup() {
    return backup;
  }

  @Override
  public Map<Field, Object> values() {
    Map<Field, Object> all = new LinkedHashMap<>(change().values());
    all.putAll(backup.values());
    return Collections.unmodifiableMap(all);
  }

  @Override
  public Set<? extends Field> preferring() {
    return backup.preferring();
  }

  @Override
  public Protection withoutSecrets() {
    return this;
  }

  private Object[] parts() {
    return new Object[] {policy, backup};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Protection that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "Protection of " + policy + " with " + backup;
  }
}
