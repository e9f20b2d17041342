/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

/** What went wrong, in terms that are the same on every cloud. A caller can switch on it. */
public enum ErrorCategory {
  /** The resource does not exist. */
  NOT_FOUND(false),
  /** A resource of that name exists already. */
  ALREADY_EXISTS(false),
  /** The resource is in the middle of another change; the same call can succeed later. */
  BUSY(true),
  /** A condition that the caller set does not hold; the same call cannot succeed. */
  CONDITION_FAILED(false),
  /** The request itself is wrong. */
  INVALID_ARGUMENT(false),
  /** The provider does not have what was asked for. */
  UNSUPPORTED_FEATURE(false),
  /** The caller could not be identified: credentials are missing, wrong or expired. */
  AUTHENTICATION(false),
  /** The caller is known and may not do this. */
  PERMISSION(false),
  /** A limit of the account or subscription is reached. */
  QUOTA(false),
  /** Too many requests; the same call can succeed after a pause. */
  THROTTLED(true),
  /** The service, or the way to it, failed for a moment. */
  UNAVAILABLE(true),
  /** The call may or may not have taken effect. */
  OUTCOME_UNKNOWN(false),
  /** A transfer exceeds the balance of the account it comes from. */
  INSUFFICIENT_FUNDS(false),
  /** A value or a row is not what it has to be: it does not fit, or two sides differ. */
  DATA(false),
  /** A limit in time that the caller set has passed; remote work may go on. */
  DEADLINE(false),
  /** The vendor reported an error that none of the other categories describes. */
  OTHER(false);

  private final boolean retryable;

  ErrorCategory(boolean retryable) {
    this.retryable = retryable;
  }

  /**
   * Tells whether errors of this category usually go away by themselves.
   *
   * @return true when the same single request may be sent again
   */
  public boolean retryable() {
    return retryable;
  }
}
