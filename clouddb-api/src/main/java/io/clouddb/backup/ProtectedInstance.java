/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.instance.Instance;
import io.clouddb.instance.WithInstance;
import io.clouddb.plan.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came of {@link Backups#protect}. Immutable. */
public final class ProtectedInstance implements WithInstance<ProtectedInstance> {
  /**
   * A part of the policy that the cloud has taken and that is not in force yet.
   *
   * @param field the part
   * @param value what it will be, in the vendor's words
   * @param when when that is, in a sentence
   */
  public record Pending(Field field, String value, String when) {
    /** Nothing may be missing. */
    public Pending {
      Objects.requireNonNull(field, "field");
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(when, "when");
    }
  }

  private final Instance instance;
  private final Backup backup;
  private final List<Pending> pending;

  /**
   * What came of it. Called by providers.
   *
   * @param instance the instance, with its new policy
   * @param backup the backup that was taken
   * @param pending what of the policy is not in force yet
   */
  public ProtectedInstance(Instance instance, Backup backup, List<Pending> pending) {
    this.instance = Objects.requireNonNull(instance, "instance");
    this.backup = Objects.requireNonNull(backup, "backup");
    this.pending = List.copyOf(pending);
  }

  @Override
  public Instance instance() {
    return instance;
  }

  /**
   * The backup that was taken.
   *
   * @return the backup
   */
  public Backup backup() {
    return backup;
  }

  /**
   * What of the policy is not in force yet, field by field.
   *
   * @return the parts; empty when all of it is
   */
  public List<Pending> pending() {
    return pending;
  }

  @Override
  public ProtectedInstance with(Instance other) {
    return new ProtectedInstance(other, backup, pending);
  }

  private Object[] parts() {
    return new Object[] {instance, backup, pending};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProtectedInstance that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "ProtectedInstance "
        + instance.id()
        + " by "
        + backup.name()
        + (pending.isEmpty() ? "" : ", pending " + pending);
  }
}
