/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import io.clouddb.ResourceId;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.WithInstance;
import io.clouddb.sql.ConnectionDetails;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came of a promotion. Immutable. */
public final class Promoted implements WithInstance<Promoted> {
  private final Instance instance;
  private final @Nullable ResourceId formerSource;
  private final @Nullable Instant lastReplayed;
  private final List<String> changes;

  /**
   * What came of it. Called by providers.
   *
   * @param instance the instance that takes writes now
   * @param formerSource what it followed, null when the cloud does not tell any more
   * @param lastReplayed how far it had replayed when it was asked, null when it was not
   * @param changes what the application has to change, in sentences
   */
  public Promoted(
      Instance instance,
      @Nullable ResourceId formerSource,
      @Nullable Instant lastReplayed,
      List<String> changes) {
    this.instance = Objects.requireNonNull(instance, "instance");
    this.formerSource = formerSource;
    this.lastReplayed = lastReplayed;
    this.changes = List.copyOf(changes);
  }

  /**
   * The instance that takes writes now.
   *
   * @return the instance
   */
  @Override
  public Instance instance() {
    return instance;
  }

  /**
   * How to connect to it, with the login of the promotion.
   *
   * @return the details
   * @throws io.clouddb.error.InvalidArgumentException when the promotion had no login, or that of
   *     another role than the administrator that the cloud reports
   */
  public ConnectionDetails connection() {
    return instance.connection();
  }

  /**
   * How to connect to it.
   *
   * @param login the role and where its password is: those of the former source
   * @return the details
   */
  public ConnectionDetails connection(AdminLogin login) {
    return instance.connection(login);
  }

  /**
   * What it followed.
   *
   * @return the id; empty when the cloud does not tell any more
   */
  public Optional<ResourceId> formerSource() {
    return Optional.ofNullable(formerSource);
  }

  /**
   * When the last transaction that it had replayed, shortly before it was promoted, was committed
   * at its source. What may be missing is what came after it.
   *
   * @return a time; empty when the promotion had no login to ask by, or it did not answer
   */
  public Optional<Instant> lastReplayed() {
    return Optional.ofNullable(lastReplayed);
  }

  /**
   * What the application has to change.
   *
   * @return sentences for a person
   */
  public List<String> changes() {
    return changes;
  }

  /**
   * The same with another form of its instance.
   *
   * @param other the instance
   * @return a new value
   */
  @Override
  public Promoted with(Instance other) {
    return new Promoted(other, formerSource, lastReplayed, changes);
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {instance, formerSource, lastReplayed, changes};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Promoted that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "Promoted " + instance.id() + ", which followed " + formerSource;
  }
}
