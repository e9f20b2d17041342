/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.internal;

import io.clouddb.error.ErrorCategory;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the error codes of RDS and of AWS in general mean: the errors that the Amazon RDS API
 * Reference lists for the actions used here, and its <em>Common Errors</em>.
 */
final class AwsErrorCodes {
  private record Rule(Pattern code, ErrorCategory category) {}

  /** The first that matches decides, so the exceptions stand before the rule. */
  private static final List<Rule> RULES =
      List.of(
          rule(".*AlreadyExists(Fault|Exception)?", ErrorCategory.ALREADY_EXISTS),
          rule(".*NotFound(Fault|Exception)?", ErrorCategory.NOT_FOUND),
          rule(".*QuotaExceeded.*|LimitExceeded.*", ErrorCategory.QUOTA),
          rule("Throttling.*|RequestLimitExceeded|TooManyRequests.*", ErrorCategory.THROTTLED),
          // The caller's network or security group has to be mended first: waiting does not help.
          rule(
              "InvalidVPCNetworkState(Fault)?|InvalidDBSecurityGroupState(Fault)?",
              ErrorCategory.CONDITION_FAILED),
          rule("PointInTimeRestoreNotEnabled(Fault)?", ErrorCategory.CONDITION_FAILED),
          rule("Invalid.*State(Fault|Exception)?", ErrorCategory.BUSY),
          rule("ConcurrentUpdate.*|.*ConflictException", ErrorCategory.BUSY),
          rule("Insufficient.*Capacity(Fault)?", ErrorCategory.UNAVAILABLE),
          rule("ServiceUnavailable|InternalFailure|InternalError", ErrorCategory.UNAVAILABLE),
          rule(
              "InvalidClientTokenId|UnrecognizedClientException|MissingAuthenticationToken.*"
                  + "|IncompleteSignature|SignatureDoesNotMatch|InvalidSignatureException"
                  + "|ExpiredToken.*|RequestExpired",
              ErrorCategory.AUTHENTICATION),
          rule(
              "AccessDenied.*|NotAuthorized|UnauthorizedOperation|OptInRequired"
                  + "|KMSKeyNotAccessible(Fault)?",
              ErrorCategory.PERMISSION),
          rule(
              "StorageTypeNotSupported(Fault)?|Unsupported.*|ProvisionedIopsNotAvailableInAZ.*"
                  + "|NetworkTypeNotSupported|InvalidAction",
              ErrorCategory.UNSUPPORTED_FEATURE),
          rule(
              "InvalidParameter.*|InvalidRestore(Fault)?|Validation.*|Missing(Parameter|Action)|Malformed.*"
                  + "|InvalidQueryParameter|InvalidSubnet|DBSubnetGroupDoesNotCoverEnoughAZs"
                  + "|InvalidRequestException",
              ErrorCategory.INVALID_ARGUMENT));

  private AwsErrorCodes() {}

  private static Rule rule(String code, ErrorCategory category) {
    return new Rule(Pattern.compile(code), category);
  }

  static Optional<ErrorCategory> category(String code, String message) {
    if (code.equals("InvalidParameterCombination")
        && message.contains("Cannot delete protected DB")) {
      return Optional.of(ErrorCategory.CONDITION_FAILED);
    }
    if (isOptimizing(message)) {
      return Optional.of(ErrorCategory.CONDITION_FAILED);
    }
    return RULES.stream()
        .filter(rule -> rule.code().matcher(code).matches())
        .map(Rule::category)
        .findFirst();
  }

  /** The same code as for what is wrong in itself, but this becomes right after hours. */
  private static boolean isOptimizing(String message) {
    return message.startsWith("You can't currently modify the storage of this DB instance");
  }

  static @Nullable String nextStep(ErrorCategory category, String code, String message) {
    if (isOptimizing(message)) {
      return "RDS rearranges a disk for hours after a change of it: try again later.";
    }
    if (message.startsWith("Cannot copy more than")) {
      return "RDS copies so many at a time: begin again when others are made.";
    }
    if (code.startsWith("DBInstanceAutomatedBackupQuotaExceeded")) {
      // RDS answers so to a deletion and to a replication: what else helps, the step knows.
      return "Delete retained automated backups that are of no use, by RDS'"
          + " DeleteDBInstanceAutomatedBackup and unwrap(RdsClient.class), or ask for more in Service"
          + " Quotas.";
    }
    return nextStep(category);
  }

  static @Nullable String nextStep(ErrorCategory category) {
    return switch (category) {
      case AUTHENTICATION ->
          "Configure credentials for the SDK's default chain (environment, profile, role), or hand"
              + " in an AwsCredentialsProvider.";
      case PERMISSION -> "Allow the action to the caller in IAM, or the use of the KMS key.";
      case QUOTA -> "Delete what is not needed, or ask for more in Service Quotas.";
      default -> null;
    };
  }
}
