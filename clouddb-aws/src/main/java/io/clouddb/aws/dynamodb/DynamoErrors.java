/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.aws.internal.AwsErrors;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.ErrorTranslator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * What DynamoDB's own errors mean ("Error handling with DynamoDB" in its Developer Guide, and the
 * errors that its API Reference lists for each action); the others mean what they mean on all of
 * AWS.
 */
public final class DynamoErrors implements ErrorTranslator {
  private static final int SERVER_ERROR = 500;
  private static final int SERVICE_UNAVAILABLE = 503;

  /** By their codes, without {@code Exception} and {@code Error} at the end. */
  private static final Map<String, ErrorCategory> CODES =
      Map.ofEntries(
          Map.entry("ConditionalCheckFailed", ErrorCategory.CONDITION_FAILED),
          Map.entry("ResourceNotFound", ErrorCategory.NOT_FOUND),
          Map.entry("ResourceInUse", ErrorCategory.BUSY),
          Map.entry("TransactionConflict", ErrorCategory.BUSY),
          Map.entry("TransactionInProgress", ErrorCategory.BUSY),
          Map.entry("ReplicatedWriteConflict", ErrorCategory.BUSY),
          Map.entry("ProvisionedThroughputExceeded", ErrorCategory.THROTTLED),
          Map.entry("RequestLimitExceeded", ErrorCategory.THROTTLED),
          Map.entry("Throttling", ErrorCategory.THROTTLED),
          Map.entry("ItemCollectionSizeLimitExceeded", ErrorCategory.QUOTA),
          Map.entry("IdempotentParameterMismatch", ErrorCategory.INVALID_ARGUMENT),
          Map.entry("Validation", ErrorCategory.INVALID_ARGUMENT),
          Map.entry("Serialization", ErrorCategory.INVALID_ARGUMENT),
          Map.entry("DuplicateItem", ErrorCategory.CONDITION_FAILED),
          Map.entry("AccessDenied", ErrorCategory.PERMISSION));

  /** The service quotes operands in some of its words: from here on they are somebody's data. */
  private static final Pattern DATA =
      Pattern.compile(
          "(AttributeValue: ?|Input collection |numeric value: ?|operand: ?)[\\[{].*",
          Pattern.DOTALL);

  private final AwsErrors common;
  private final boolean changes;

  private DynamoErrors(boolean changes) {
    this.changes = changes;
    this.common = changes ? AwsErrors.ofChanges() : AwsErrors.ofReads();
  }

  /**
   * For requests that change nothing.
   *
   * @return the translator
   */
  public static DynamoErrors ofReads() {
    return new DynamoErrors(false);
  }

  /**
   * For requests that change something.
   *
   * @return the translator
   */
  public static DynamoErrors ofChanges() {
    return new DynamoErrors(true);
  }

  @Override
  public Optional<ErrorDetails.Builder> translate(RuntimeException failure) {
    if (failure instanceof TransactionCanceledException cancelled
        && !cancelled.cancellationReasons().isEmpty()) {
      return Optional.of(cancelled(cancelled));
    }
    if (failure instanceof DynamoDbException refused) {
      ErrorDetails.Builder own = refused(refused);
      return own == null ? common.translate(failure) : Optional.of(own);
    }
    if (failure instanceof SdkClientException && waitedForAConnection(failure)) {
      return Optional.of(
          ErrorDetails.of(
                  ErrorCategory.UNAVAILABLE,
                  "All connections to DynamoDB are in use, and none became free in time")
              .nextStep("Make fewer calls at a time."));
    }
    return common.translate(failure);
  }

  private ErrorDetails.@Nullable Builder refused(DynamoDbException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    ErrorCategory category = category(code);
    if (category == null) {
      if (changes && e.statusCode() >= SERVER_ERROR && e.statusCode() != SERVICE_UNAVAILABLE) {
        // One that broke down may have written what it was asked to.
        category = ErrorCategory.OUTCOME_UNKNOWN;
      } else {
        return null;
      }
    }
    String message =
        details == null || details.errorMessage() == null ? "" : details.errorMessage();
    return ErrorDetails.of(
            category, message.isEmpty() ? "DynamoDB answered " + e.statusCode() : plain(message))
        .providerCode(code.isEmpty() ? "HTTP " + e.statusCode() : code)
        .requestId(e.requestId())
        .retryAfter(AwsErrors.retryAfter(details))
        .nextStep(nextStep(category));
  }

  /** What decides about all is what one action met, the most lasting of it: nothing is written. */
  private static ErrorDetails.Builder cancelled(TransactionCanceledException e) {
    ErrorCategory category = ErrorCategory.OTHER;
    String code = "TransactionCanceledException";
    String what = "Transaction cancelled, nothing is written";
    int weight = 0;
    int action = 0;
    for (CancellationReason reason : e.cancellationReasons()) {
      ErrorCategory its = reason.code() == null ? null : category(reason.code());
      if (its != null && weight(its) > weight) {
        weight = weight(its);
        category = its;
        code = reason.code();
        what = "Transaction cancelled, nothing is written: action " + action + " met " + code;
        if (its == ErrorCategory.INVALID_ARGUMENT && reason.message() != null) {
          what += ": " + plain(reason.message());
        }
      }
      action++;
    }
    return ErrorDetails.of(category, what)
        .providerCode(code)
        .requestId(e.requestId())
        .retryAfter(AwsErrors.retryAfter(e.awsErrorDetails()))
        .nextStep(nextStep(category));
  }

  private static int weight(ErrorCategory category) {
    if (category == ErrorCategory.CONDITION_FAILED) {
      return 3;
    }
    return category.retryable() ? 1 : 2;
  }

  private static @Nullable ErrorCategory category(String code) {
    String name = code;
    if (name.endsWith("Exception")) {
      name = name.substring(0, name.length() - "Exception".length());
    } else if (name.endsWith("Error")) {
      name = name.substring(0, name.length() - "Error".length());
    }
    return CODES.get(name);
  }

  /** The same failure, without what the service quotes of somebody's data. */
  static Throwable withoutData(Throwable failure) {
    if (!(failure instanceof DynamoDbException e) || e.awsErrorDetails() == null) {
      return failure;
    }
    String message = e.awsErrorDetails().errorMessage();
    if (message == null || !DATA.matcher(message).find()) {
      return failure;
    }
    AwsErrorDetails plain =
        e.awsErrorDetails().toBuilder().errorMessage(plain(message)).rawResponse(null).build();
    return e.toBuilder().message(plain.errorMessage()).awsErrorDetails(plain).build();
  }

  private static String plain(String message) {
    return DATA.matcher(message).replaceFirst("$1(not shown)");
  }

  private static @Nullable String nextStep(ErrorCategory category) {
    return switch (category) {
      case OUTCOME_UNKNOWN -> "Look whether the change was made before making it again.";
      case QUOTA ->
          "The items of one partition are too many for its local indexes: divide the partition.";
      case PERMISSION -> "Allow the action to the caller in IAM, or the use of the KMS key.";
      default -> null;
    };
  }

  /** The words of the SDK's transport for a request that never had a connection. */
  private static boolean waitedForAConnection(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("Acquire operation took longer than")
          || message.contains("Maximum pending connection acquisitions exceeded")
          || message.contains("Too many outstanding acquire operations")) {
        return true;
      }
    }
    return false;
  }
}
