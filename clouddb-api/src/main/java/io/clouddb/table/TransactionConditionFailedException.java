/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorDetails;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of a transaction do not hold; nothing was written. The items are no part of the
 * message, nor of the exception's serialized form.
 */
public final class TransactionConditionFailedException extends ConditionFailedException {
  private static final long serialVersionUID = 1L;

  /**
   * An action whose condition does not hold.
   *
   * @param action its place in {@link Transaction#actions()}, from 0
   * @param item the item that is there; null when there is none
   */
  public record Failure(int action, @Nullable Item item) {
    /**
     * The item that is there.
     *
     * @return the item; empty when there is none
     */
    public Optional<Item> found() {
      return Optional.ofNullable(item);
    }
  }

  private final transient @Nullable List<Failure> failures;

  /**
   * Made by drivers.
   *
   * @param details what is known about the error
   * @param failures the actions whose conditions do not hold, at least one
   * @param cause the vendor's own exception
   */
  public TransactionConditionFailedException(
      ErrorDetails details, List<Failure> failures, @Nullable Throwable cause) {
    super(details, cause);
    this.failures = List.copyOf(failures);
  }

  /**
   * The actions whose conditions do not hold, as far as the cloud tells them.
   *
   * @return at least one; none after the exception was serialized
   */
  public List<Failure> failures() {
    return failures == null ? List.of() : failures;
  }
}
