/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about an error, in one immutable value. Nothing in it is secret: no password,
 * no token and no row data may be put here.
 */
public final class ErrorDetails implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ErrorCategory category;
  private final String message;
  private final boolean retryable;
  private final @Nullable Duration retryAfter;
  private final boolean outcomeKnown;
  private final @Nullable String operation;
  private final @Nullable String resource;
  private final @Nullable String providerCode;
  private final @Nullable String requestId;
  private final @Nullable String nextStep;
  private final @Nullable String leftBehind;
  private final @Nullable String operationToken;

  private ErrorDetails(Builder builder) {
    this.category = builder.category;
    this.message = builder.message;
    this.retryable = builder.retryable;
    this.retryAfter = builder.retryAfter;
    this.outcomeKnown = builder.outcomeKnown;
    this.operation = builder.operation;
    this.resource = builder.resource;
    this.providerCode = builder.providerCode;
    this.requestId = builder.requestId;
    this.nextStep = builder.nextStep;
    this.leftBehind = builder.leftBehind;
    this.operationToken = builder.operationToken;
  }

  /**
   * Starts the details of an error.
   *
   * @param category what went wrong
   * @param message what went wrong, in a sentence for a person
   * @return a builder
   */
  public static Builder of(ErrorCategory category, String message) {
    return new Builder(category, message);
  }

  /**
   * What went wrong.
   *
   * @return the category
   */
  public ErrorCategory category() {
    return category;
  }

  /**
   * What went wrong, in a sentence for a person.
   *
   * @return the sentence
   */
  public String message() {
    return message;
  }

  /**
   * Tells whether the same call may succeed when it is made again.
   *
   * @return true when it may
   */
  public boolean retryable() {
    return retryable;
  }

  /**
   * How long the service asked to wait before the next try.
   *
   * @return the pause, empty when the service named none
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /**
   * Tells whether it is known that the call had no effect.
   *
   * @return false when the call may have taken effect
   */
  public boolean outcomeKnown() {
    return outcomeKnown;
  }

  /**
   * The operation that failed, for example {@code rds.CreateDBInstance}.
   *
   * @return its name
   */
  public Optional<String> operation() {
    return Optional.ofNullable(operation);
  }

  /**
   * The resource that the operation was about.
   *
   * @return its id or name
   */
  public Optional<String> resource() {
    return Optional.ofNullable(resource);
  }

  /**
   * The vendor's own error code.
   *
   * @return the code, as the vendor spells it
   */
  public Optional<String> providerCode() {
    return Optional.ofNullable(providerCode);
  }

  /**
   * The vendor's id of the failed request, for a support case.
   *
   * @return the id
   */
  public Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }

  /**
   * What to do next, in a sentence for a person.
   *
   * @return the sentence
   */
  public Optional<String> nextStep() {
    return Optional.ofNullable(nextStep);
  }

  /**
   * What the failed operation left behind and somebody has to look after.
   *
   * @return a sentence that names it
   */
  public Optional<String> leftBehind() {
    return Optional.ofNullable(leftBehind);
  }

  /**
   * The token by which a long operation can be resumed.
   *
   * @return the token
   */
  public Optional<String> operationToken() {
    return Optional.ofNullable(operationToken);
  }

  /**
   * A builder that starts with these details.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder copy = new Builder(category, message);
    copy.retryable = retryable;
    copy.retryAfter = retryAfter;
    copy.outcomeKnown = outcomeKnown;
    copy.operation = operation;
    copy.resource = resource;
    copy.providerCode = providerCode;
    copy.requestId = requestId;
    copy.nextStep = nextStep;
    copy.leftBehind = leftBehind;
    copy.operationToken = operationToken;
    return copy;
  }

  /** The message with everything a person needs to act on it, in one line. */
  String describe() {
    StringBuilder text = new StringBuilder(message);
    if (operation != null || resource != null || providerCode != null || requestId != null) {
      text.append(" [").append(category);
      append(text, "operation", operation);
      append(text, "resource", resource);
      append(text, "code", providerCode);
      append(text, "request", requestId);
      text.append(']');
    }
    if (leftBehind != null) {
      text.append(" Left behind: ").append(leftBehind);
    }
    if (nextStep != null) {
      text.append(" Next: ").append(nextStep);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String name, @Nullable String value) {
    if (value != null) {
      text.append(", ").append(name).append(' ').append(value);
    }
  }

  @Override
  public String toString() {
    return describe();
  }

  /** Builds {@link ErrorDetails}. */
  public static final class Builder {
    private final ErrorCategory category;
    private final String message;
    private boolean retryable;
    private @Nullable Duration retryAfter;
    private boolean outcomeKnown;
    private @Nullable String operation;
    private @Nullable String resource;
    private @Nullable String providerCode;
    private @Nullable String requestId;
    private @Nullable String nextStep;
    private @Nullable String leftBehind;
    private @Nullable String operationToken;

    private Builder(ErrorCategory category, String message) {
      this.category = Objects.requireNonNull(category, "category");
      this.message = Objects.requireNonNull(message, "message");
      this.retryable = category.retryable();
      this.outcomeKnown = category != ErrorCategory.OUTCOME_UNKNOWN;
    }

    /**
     * Says whether the same call may be made again; the category's default otherwise.
     *
     * @param value true when it may
     * @return this builder
     */
    public Builder retryable(boolean value) {
      this.retryable = value;
      return this;
    }

    /**
     * Says how long to wait before the next try.
     *
     * @param value the pause, null when the service named none
     * @return this builder
     */
    public Builder retryAfter(@Nullable Duration value) {
      this.retryAfter = value;
      return this;
    }

    /**
     * Says whether it is known that the call had no effect.
     *
     * @param value false when the call may have taken effect
     * @return this builder
     */
    public Builder outcomeKnown(boolean value) {
      this.outcomeKnown = value;
      return this;
    }

    /**
     * Names the operation.
     *
     * @param value for example {@code rds.CreateDBInstance}
     * @return this builder
     */
    public Builder operation(@Nullable String value) {
      this.operation = value;
      return this;
    }

    /**
     * Names the resource.
     *
     * @param value its id or name
     * @return this builder
     */
    public Builder resource(@Nullable String value) {
      this.resource = value;
      return this;
    }

    /**
     * Gives the vendor's own error code.
     *
     * @param value the code
     * @return this builder
     */
    public Builder providerCode(@Nullable String value) {
      this.providerCode = value;
      return this;
    }

    /**
     * Gives the vendor's id of the failed request.
     *
     * @param value the id
     * @return this builder
     */
    public Builder requestId(@Nullable String value) {
      this.requestId = value;
      return this;
    }

    /**
     * Says what to do next.
     *
     * @param value a sentence
     * @return this builder
     */
    public Builder nextStep(@Nullable String value) {
      this.nextStep = value;
      return this;
    }

    /**
     * Names what was left behind.
     *
     * @param value a sentence
     * @return this builder
     */
    public Builder leftBehind(@Nullable String value) {
      this.leftBehind = value;
      return this;
    }

    /**
     * Gives the token by which the operation can be resumed.
     *
     * @param value the token
     * @return this builder
     */
    public Builder operationToken(@Nullable String value) {
      this.operationToken = value;
      return this;
    }

    /**
     * Finishes the details.
     *
     * @return the details
     */
    public ErrorDetails build() {
      return new ErrorDetails(this);
    }

    /**
     * Makes the exception that fits the category.
     *
     * @param cause the vendor's own exception, null when there is none
     * @return an exception to throw
     */
    public CloudDbException toException(@Nullable Throwable cause) {
      return CloudDbException.of(build(), cause);
    }

    /**
     * Makes the exception that fits the category, without a cause.
     *
     * @return an exception to throw
     */
    public CloudDbException toException() {
      return toException(null);
    }
  }
}
