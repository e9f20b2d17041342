/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.internal;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.ErrorTranslator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What the exceptions of the AWS SDK mean. For a read, a failure on the way is transient. For a
 * change it leaves open whether the change was made, unless the connection was never there.
 */
public final class AwsErrors implements ErrorTranslator {
  private static final int NOT_IMPLEMENTED = 501;
  private static final int SERVICE_UNAVAILABLE = 503;
  private static final int SERVER_ERROR = 500;

  /** By their names, since an HTTP client that is handed in brings its own. */
  private static final Set<String> WITHOUT_CONNECTION =
      Set.of("ConnectTimeoutException", "ConnectionRequestTimeoutException");

  private static final String ON_THE_WAY =
      "Look for a proxy or a gateway on the way to AWS, and at the endpoint that is configured.";

  private final boolean changes;

  private AwsErrors(boolean changes) {
    this.changes = changes;
  }

  /**
   * For requests that change nothing.
   *
   * @return the translator
   */
  public static AwsErrors ofReads() {
    return new AwsErrors(false);
  }

  /**
   * For requests that change something.
   *
   * @return the translator
   */
  public static AwsErrors ofChanges() {
    return new AwsErrors(true);
  }

  @Override
  public Optional<ErrorDetails.Builder> translate(RuntimeException failure) {
    if (failure instanceof AwsServiceException refused) {
      return Optional.of(refused(refused));
    }
    if (failure instanceof SdkClientException client) {
      return Optional.of(failed(client));
    }
    return failure instanceof StrangeAnswerException
        ? Optional.of(lost(String.valueOf(failure.getMessage())).nextStep(ON_THE_WAY))
        : Optional.empty();
  }

  private ErrorDetails.Builder refused(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    String message =
        details == null || details.errorMessage() == null ? "" : details.errorMessage();
    if (code.isEmpty() && !e.isThrottlingException()) {
      return notTheServices(e);
    }
    ErrorCategory category =
        e.isThrottlingException()
            ? ErrorCategory.THROTTLED
            : AwsErrorCodes.category(code, message).orElseGet(() -> byStatus(e.statusCode()));
    ErrorDetails.Builder builder =
        ErrorDetails.of(category, message.isEmpty() ? "AWS answered " + e.statusCode() : message)
            .providerCode(code.isEmpty() ? "HTTP " + e.statusCode() : code)
            .requestId(e.requestId())
            .retryAfter(retryAfter(details))
            .nextStep(AwsErrorCodes.nextStep(category, code, message));
    if (changes && e.statusCode() >= SERVER_ERROR && category == ErrorCategory.UNAVAILABLE) {
      // A service that is not there has done nothing; one that broke down may have.
      builder.outcomeKnown(e.statusCode() == SERVICE_UNAVAILABLE);
    }
    return builder;
  }

  /**
   * An error without a code: the service's own have one. What its status would mean of an instance,
   * that it does not exist above all, it does not mean here.
   */
  private ErrorDetails.Builder notTheServices(AwsServiceException e) {
    int status = e.statusCode();
    ErrorDetails.Builder builder;
    String message = "HTTP " + status + ", with a body that is none of the service's";
    if (status < SERVER_ERROR) {
      builder = ErrorDetails.of(ErrorCategory.OTHER, message);
    } else if (status == SERVICE_UNAVAILABLE) {
      builder = ErrorDetails.of(ErrorCategory.UNAVAILABLE, message);
    } else {
      builder = lost(message);
    }
    return builder
        .providerCode("HTTP " + status)
        .retryAfter(retryAfter(e.awsErrorDetails()))
        .nextStep(ON_THE_WAY);
  }

  private static ErrorCategory byStatus(int status) {
    return switch (status) {
      case 401 -> ErrorCategory.AUTHENTICATION;
      case 403 -> ErrorCategory.PERMISSION;
      case 404 -> ErrorCategory.NOT_FOUND;
      case 429 -> ErrorCategory.THROTTLED;
      case NOT_IMPLEMENTED -> ErrorCategory.UNSUPPORTED_FEATURE;
      default -> status >= SERVER_ERROR ? ErrorCategory.UNAVAILABLE : ErrorCategory.OTHER;
    };
  }

  /**
   * How long the service asks to wait.
   *
   * @param details what it answered
   * @return the pause, null when it names none
   */
  public static @Nullable Duration retryAfter(@Nullable AwsErrorDetails details) {
    if (details == null || details.sdkHttpResponse() == null) {
      return null;
    }
    return details
        .sdkHttpResponse()
        .firstMatchingHeader("Retry-After")
        .filter(text -> text.matches("[0-9]{1,6}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
        .orElse(null);
  }

  private ErrorDetails.Builder failed(SdkClientException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("Unable to load credentials")) {
      return ErrorDetails.of(ErrorCategory.AUTHENTICATION, message)
          .nextStep(AwsErrorCodes.nextStep(ErrorCategory.AUTHENTICATION));
    }
    if (e instanceof AbortedException) {
      return lost("Interrupted: " + message);
    }
    if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
      return lost(message);
    }
    if (e instanceof Crc32MismatchException) {
      // The request has been answered, and nobody knows what: its effect may be there.
      return lost("The answer has not arrived as it was sent: " + message);
    }
    IOException io = ioException(e);
    if (io == null && message.contains("parse")) {
      // The SDK's word for an answer that is no XML, or no JSON.
      return lost("The answer is none of the service's: " + message).nextStep(ON_THE_WAY);
    }
    if (io == null) {
      return ErrorDetails.of(ErrorCategory.OTHER, message);
    }
    if (wasNotSent(io)) {
      return ErrorDetails.of(ErrorCategory.UNAVAILABLE, "AWS cannot be reached: " + io);
    }
    return lost("The connection to AWS broke: " + io);
  }

  /** There was no connection over which anything could have been sent. */
  private static boolean wasNotSent(IOException io) {
    return io instanceof ConnectException
        || io instanceof UnknownHostException
        || io instanceof NoRouteToHostException
        || io instanceof SSLHandshakeException
        || WITHOUT_CONNECTION.contains(io.getClass().getSimpleName())
        || String.valueOf(io.getMessage()).toLowerCase(Locale.ROOT).contains("connect timed out");
  }

  private ErrorDetails.Builder lost(String message) {
    return changes
        ? ErrorDetails.of(ErrorCategory.OUTCOME_UNKNOWN, message)
            .nextStep("Look whether the change was made before making it again.")
        : ErrorDetails.of(ErrorCategory.UNAVAILABLE, message);
  }

  private static @Nullable IOException ioException(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return io;
      }
    }
    return null;
  }
}
