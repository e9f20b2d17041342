/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceLogin;
import io.clouddb.internal.json.Part;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a replica becomes one that takes writes: on its own, or in the place of its source, which
 * becomes its replica; while the source is there, or by force without it. Immutable.
 */
@SchemaVersion(1)
public final class Promotion implements Specification, InstanceLogin {
  /** What becomes of the source. */
  public enum Form {
    /** The replica leaves its source, which goes on as it was. */
    STANDALONE,
    /** The replica takes its source's place, and the source becomes its replica. */
    SWITCHOVER
  }

  private final Form form;
  private final boolean forced;
  private final @Nullable AdminLogin login;
  private final @Nullable Instant lastReplayed;

  private Promotion(
      @Part("form") Form form,
      @Part("forced") boolean forced,
      @Part("login") @Nullable AdminLogin login,
      @Part("lastReplayed") @Nullable Instant lastReplayed) {
    this.form = Objects.requireNonNull(form, "form");
    this.forced = forced;
    this.login = login;
    this.lastReplayed = lastReplayed;
  }

  /**
   * The replica leaves its source. What the source took and the replica has not received is not in
   * it: stop writing first, and wait until {@link Replicas#lag} says that all is replayed.
   *
   * @return the promotion
   */
  public static Promotion standalone() {
    return new Promotion(Form.STANDALONE, false, null, null);
  }

  /**
   * The replica takes its source's place without a loss; the source becomes its replica.
   *
   * @return the promotion
   */
  public static Promotion switchingRoles() {
    return new Promotion(Form.SWITCHOVER, false, null, null);
  }

  /**
   * The replica leaves its source, whose region may be gone. What it has not replayed is lost.
   *
   * @return the promotion
   */
  public static Promotion forced() {
    return standalone().byForce();
  }

  /**
   * Without waiting for the source, whose region may be gone. What the replica has not replayed is
   * lost.
   *
   * @return a new value
   */
  public Promotion byForce() {
    return new Promotion(form, true, login, lastReplayed);
  }

  /**
   * With a login of the replica, by which it is asked how far it has replayed before it is
   * promoted, {@link Promoted#lastReplayed()}, and which what is promoted has: {@link
   * Promoted#connection()} knows it, unless the cloud reports an administrator of another name. Who
   * goes on by the operation log or a token knows it, too, but for a literal password, and by a
   * token only where tokens are sealed or trusted: {@code CloudConfig.tokenKey}, {@code
   * trustTokens}. Otherwise only the role is known.
   *
   * @param value the role and where its password is: those of the source
   * @return a new value
   */
  public Promotion login(AdminLogin value) {
    return new Promotion(form, forced, value, lastReplayed);
  }

  /** With what the replica had replayed. */
  Promotion measured(@Nullable Instant replayed) {
    return new Promotion(form, forced, login, replayed);
  }

  /**
   * What becomes of the source.
   *
   * @return the form
   */
  public Form form() {
    return form;
  }

  /**
   * Whether it does not wait for the source.
   *
   * @return true when it does not
   */
  public boolean isForced() {
    return forced;
  }

  /**
   * The login by which the replica is asked how far it has replayed, and which what is promoted
   * has.
   *
   * @return the login, empty when it is not asked
   */
  @Override
  public Optional<AdminLogin> login() {
    return Optional.ofNullable(login);
  }

  /**
   * How far the replica had replayed when it was asked.
   *
   * @return a time, empty when it was not asked, did not answer, or has replayed nothing
   */
  public Optional<Instant> lastReplayed() {
    return Optional.ofNullable(lastReplayed);
  }

  /**
   * The field that it asks for.
   *
   * @return what a plan speaks about
   */
  public ReplicaField field() {
    return switch (form) {
      case STANDALONE -> forced ? ReplicaField.STANDALONE_FORCED : ReplicaField.STANDALONE;
      case SWITCHOVER -> forced ? ReplicaField.SWITCHOVER_FORCED : ReplicaField.SWITCHOVER;
    };
  }

  @Override
  public Map<Field, Object> values() {
    return Map.of(field(), form);
  }

  @Override
  public Set<ReplicaField> preferring() {
    return Set.of();
  }

  @Override
  public Promotion withoutSecrets() {
    return login == null
            || login.password().filter(secret -> secret.kind() == SecretRef.Kind.LITERAL).isEmpty()
        ? this
        : login(AdminLogin.of(login.user(), SecretRef.environment(FORGOTTEN_SECRET)));
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {form, forced, login, lastReplayed};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Promotion that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "Promotion " + field().id();
  }
}
