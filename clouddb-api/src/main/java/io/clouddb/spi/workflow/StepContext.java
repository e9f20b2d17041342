/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import io.clouddb.ResourceId;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a step works with. Made by whoever follows the operation.
 *
 * @param state where the operation stands
 * @param customizations the caller's changes to the vendor's requests
 * @param secrets reads a secret, also one in the cloud's own store
 * @param now the time
 * @param resumed whether somebody may have followed the operation before, and may have sent
 *     requests that its state knows nothing of, since a token can be older than they are
 */
public record StepContext(
    OperationState state,
    Customizations customizations,
    Function<SecretRef, String> secrets,
    Instant now,
    boolean resumed) {
  /**
   * Of an operation that nobody else has followed.
   *
   * @param state where the operation stands
   * @param customizations the caller's changes to the vendor's requests
   * @param secrets reads a secret, also one in the cloud's own store
   * @param now the time
   */
  public StepContext(
      OperationState state,
      Customizations customizations,
      Function<SecretRef, String> secrets,
      Instant now) {
    this(state, customizations, secrets, now, false);
  }

  /**
   * The same elsewhere in the operation.
   *
   * @param other where it stands
   * @return a new context
   */
  public StepContext with(OperationState other) {
    return new StepContext(other, customizations, secrets, now, resumed);
  }

  /**
   * To what it is done.
   *
   * @return the resource
   */
  public ResourceId resource() {
    return state.resource();
  }

  /**
   * The resource's name.
   *
   * @return the name
   */
  public String name() {
    return state.resource().name();
  }

  /**
   * What is asked for.
   *
   * @param type its class
   * @param <S> its class
   * @return the caller's spec or change
   */
  public <S extends Specification> S specification(Class<S> type) {
    return state.specification(type);
  }

  /**
   * Which of the step's items is the turn's.
   *
   * @return the item
   */
  public String item() {
    return state.item();
  }

  /**
   * The vendor's id of the step's own operation.
   *
   * @return the id; empty when there is none
   */
  public Optional<String> handle() {
    return state.handle();
  }

  /**
   * Whether the step's request was sent, and may have had its effect.
   *
   * @return false when it is still to be sent
   */
  public boolean asked() {
    return state.asked().isPresent();
  }

  /**
   * Since when the operation is at this step, or at this item of it.
   *
   * @return the time; now when it has only come here
   */
  public Instant since() {
    return state.since().orElse(now);
  }

  /**
   * Whether a wait that began with this step may go on.
   *
   * @param limit how long it may last
   * @return false once that time is over
   */
  public boolean isWithin(Duration limit) {
    return isWithin(limit, since());
  }

  /**
   * Whether a wait may go on.
   *
   * @param limit how long it may last
   * @param since when it began
   * @return false once that time is over
   */
  public boolean isWithin(Duration limit, Instant since) {
    return Duration.between(since, now).compareTo(limit) < 0;
  }

  /**
   * What a step noted.
   *
   * @param name its name
   * @return the value, empty when there is none
   */
  public Optional<String> value(String name) {
    return state.value(name);
  }

  /**
   * Reads a secret.
   *
   * @param reference where it is
   * @return the secret
   */
  public String secret(SecretRef reference) {
    return secrets.apply(reference);
  }
}
