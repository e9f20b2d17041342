/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.aws.internal.AwsErrors;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.ErrorTranslator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * What the errors of DynamoDB's control actions mean where AWS' general words leave it open: one
 * code stands for "come back later" and for "never", and the message tells which.
 */
final class ControlErrors implements ErrorTranslator {
  /** What to do about a table that is protected from its deletion. */
  static final String UNPROTECT =
      "Switch the protection off by modify(...).deletionProtection(false) first.";

  /** Of a key that is being changed, and of one that is disabled, which stays so. */
  private static final String ENCRYPTING = "server-side encryption status is in UPDATING state";

  private final AwsErrors general;

  private ControlErrors(AwsErrors general) {
    this.general = general;
  }

  static ControlErrors ofReads() {
    return new ControlErrors(AwsErrors.ofReads());
  }

  static ControlErrors ofChanges() {
    return new ControlErrors(AwsErrors.ofChanges());
  }

  /** Whether a change was refused since a replica's key is being changed, or cannot be used. */
  static boolean isOfEncryption(CloudDbException refusal) {
    return refusal.details().message().contains(ENCRYPTING);
  }

  /**
   * A meaning.
   *
   * @param category what it is
   * @param nextStep what to do; null for nothing more than the category says
   */
  private record Meaning(ErrorCategory category, @Nullable String nextStep) {}

  @Override
  public Optional<ErrorDetails.Builder> translate(RuntimeException failure) {
    Optional<ErrorDetails.Builder> known = general.translate(failure);
    if (!(failure instanceof AwsServiceException refused) || known.isEmpty()) {
      return known;
    }
    AwsErrorDetails details = refused.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    String message =
        details == null || details.errorMessage() == null ? "" : details.errorMessage();
    Meaning meaning = meaning(code, message);
    if (meaning == null) {
      return known;
    }
    return Optional.of(
        ErrorDetails.of(meaning.category(), message.isEmpty() ? code : message)
            .providerCode(code)
            .requestId(refused.requestId())
            .nextStep(meaning.nextStep()));
  }

  private static @Nullable Meaning meaning(String code, String message) {
    return switch (code) {
      case "ResourceInUseException", "TableInUseException", "ReplicaInUseException" ->
          new Meaning(
              message.contains("already exists")
                  ? ErrorCategory.ALREADY_EXISTS
                  : ErrorCategory.BUSY,
              null);
      case "BackupInUseException", "ContinuousBackupsUnavailableException" ->
          new Meaning(ErrorCategory.BUSY, null);
      case "PointInTimeRecoveryUnavailableException" ->
          new Meaning(
              ErrorCategory.CONDITION_FAILED,
              "Switch it on by modify(...).pointInTimeRecoveryDays(...).");
      case "InvalidRestoreTimeException", "InvalidNextTokenException" ->
          new Meaning(ErrorCategory.INVALID_ARGUMENT, null);
      case "FailedResourceAccessException" -> new Meaning(ErrorCategory.PERMISSION, null);
      case "LimitExceededException" -> limit(message);
      case "ValidationException" -> validation(message);
      default -> null;
    };
  }

  /** Of limits, those that other operations fill pass with them; a day's do not. */
  private static Meaning limit(String message) {
    if (message.contains("simultaneous")
        || message.contains("concurrent")
        || message.contains("being updated")) {
      return new Meaning(ErrorCategory.BUSY, null);
    }
    if (message.contains("day") || message.contains("decreases")) {
      return new Meaning(
          ErrorCategory.QUOTA,
          "DynamoDB allows so many of these changes in the time that it names: try again after it.");
    }
    return new Meaning(
        ErrorCategory.QUOTA, "Delete what is not needed, or ask for more in Service Quotas.");
  }

  private static @Nullable Meaning validation(String message) {
    if (message.contains("modified multiple times within a fixed interval")
        || message.contains("while the replica is being added")) {
      return new Meaning(ErrorCategory.BUSY, null);
    }
    if (message.contains("protected against deletion")
        || message.contains("has deletion protection enabled")) {
      return new Meaning(ErrorCategory.CONDITION_FAILED, UNPROTECT);
    }
    if (message.contains(ENCRYPTING)) {
      return new Meaning(
          ErrorCategory.CONDITION_FAILED,
          "Look whether the key of each region is enabled; if so, try again in some minutes.");
    }
    if (message.contains("acted as a source region")) {
      return new Meaning(
          ErrorCategory.CONDITION_FAILED,
          "Remove it a day after the last region was added, or remove the others from here.");
    }
    return null;
  }
}
