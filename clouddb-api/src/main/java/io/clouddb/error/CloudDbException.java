/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one root of everything that the library throws. The vendor's own exception is the {@linkplain
 * #getCause() cause}; {@link #details()} has what is known about the error in portable terms.
 *
 * <p>It can be serialized, with its details. A cause that cannot be is replaced by its text and
 * stack trace.
 */
public class CloudDbException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorDetails details;

  /**
   * Makes an exception.
   *
   * @param details what is known about the error
   * @param cause the vendor's own exception, null when there is none
   */
  public CloudDbException(ErrorDetails details, @Nullable Throwable cause) {
    super(details.describe(), cause);
    this.details = details;
  }

  /**
   * Makes the exception whose class fits the category.
   *
   * @param details what is known about the error
   * @param cause the vendor's own exception, null when there is none
   * @return an exception to throw
   */
  public static CloudDbException of(ErrorDetails details, @Nullable Throwable cause) {
    return switch (details.category()) {
      case NOT_FOUND -> new NotFoundException(details, cause);
      case ALREADY_EXISTS -> new AlreadyExistsException(details, cause);
      case BUSY -> new BusyException(details, cause);
      case CONDITION_FAILED -> new ConditionFailedException(details, cause);
      case INVALID_ARGUMENT -> new InvalidArgumentException(details, cause);
      case UNSUPPORTED_FEATURE -> new UnsupportedFeatureException(details, cause);
      case AUTHENTICATION -> new AuthenticationException(details, cause);
      case PERMISSION -> new PermissionException(details, cause);
      case QUOTA -> new QuotaException(details, cause);
      case THROTTLED -> new ThrottledException(details, cause);
      case UNAVAILABLE -> new UnavailableException(details, cause);
      case OUTCOME_UNKNOWN -> new OutcomeUnknownException(details, cause);
      case INSUFFICIENT_FUNDS -> new InsufficientFundsException(details, cause);
      case DEADLINE -> new DeadlineException(details, cause);
      case DATA, OTHER -> new CloudDbException(details, cause);
    };
  }

  /**
   * Gives what is serialized: this exception, or a copy of it whose causes can be.
   *
   * @return an exception of the same category
   */
  protected Object writeReplace() {
    if (CarriedException.canBeCarried(getCause(), getSuppressed())) {
      return this;
    }
    CloudDbException copy = of(details, CarriedException.of(getCause()));
    copy.setStackTrace(getStackTrace());
    for (Throwable beside : getSuppressed()) {
      copy.addSuppressed(CarriedException.of(beside));
    }
    return copy;
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    if (details == null) {
      throw new InvalidObjectException(
          "An exception without its details: it was written by another release of clouddb");
    }
  }

  /**
   * What is known about the error.
   *
   * @return the details
   */
  public ErrorDetails details() {
    return details;
  }

  /**
   * What went wrong.
   *
   * @return the category
   */
  public ErrorCategory category() {
    return details.category();
  }

  /**
   * Tells whether the same call may succeed when it is made again.
   *
   * @return true when it may
   */
  public boolean retryable() {
    return details.retryable();
  }

  /**
   * What to do next, in a sentence for a person.
   *
   * @return the sentence
   */
  public Optional<String> nextStep() {
    return details.nextStep();
  }
}
