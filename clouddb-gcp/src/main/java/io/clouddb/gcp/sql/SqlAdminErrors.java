/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.auth.Retryable;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.ErrorTranslator;
import io.clouddb.spi.RemoteCalls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * What the errors of the Cloud SQL Admin API mean. The HTTP status alone is ambiguous (409 is an
 * existing name as well as a running operation), so the reason in the body decides first.
 */
final class SqlAdminErrors implements ErrorTranslator {
  static final String OPERATION_IN_PROGRESS = "operationInProgress";
  static final String STALE_DATA = "staleData";
  private static final String ON_THE_WAY =
      "Look for a proxy or a gateway on the way to sqladmin.googleapis.com, and at the endpoint that"
          + " is configured.";
  private static final int UNAUTHENTICATED = 401;
  private static final int CLIENT_TIME_OUT = 408;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int UNAVAILABLE = 503;

  private static final Map<String, ErrorCategory> BY_REASON =
      Map.ofEntries(
          Map.entry(OPERATION_IN_PROGRESS, ErrorCategory.BUSY),
          Map.entry("invalidState", ErrorCategory.BUSY),
          Map.entry("aborted", ErrorCategory.BUSY),
          Map.entry("alreadyExists", ErrorCategory.ALREADY_EXISTS),
          Map.entry("instanceAlreadyExists", ErrorCategory.ALREADY_EXISTS),
          Map.entry("databaseAlreadyExists", ErrorCategory.ALREADY_EXISTS),
          Map.entry("notFound", ErrorCategory.NOT_FOUND),
          Map.entry("instanceDoesNotExist", ErrorCategory.NOT_FOUND),
          Map.entry("operationDoesNotExist", ErrorCategory.NOT_FOUND),
          Map.entry("rateLimitExceeded", ErrorCategory.THROTTLED),
          Map.entry("userRateLimitExceeded", ErrorCategory.THROTTLED),
          Map.entry("quotaExceeded", ErrorCategory.QUOTA),
          Map.entry("limitExceeded", ErrorCategory.QUOTA),
          Map.entry("dailyLimitExceeded", ErrorCategory.QUOTA),
          Map.entry("instanceLimitExceeded", ErrorCategory.QUOTA),
          Map.entry(STALE_DATA, ErrorCategory.CONDITION_FAILED),
          Map.entry("conditionNotMet", ErrorCategory.CONDITION_FAILED),
          Map.entry("failedPrecondition", ErrorCategory.CONDITION_FAILED),
          Map.entry("invalidOperation", ErrorCategory.CONDITION_FAILED),
          Map.entry("errorReplicationMasterInvalidOperation", ErrorCategory.CONDITION_FAILED),
          Map.entry("errorReadReplicaInvalidOperation", ErrorCategory.CONDITION_FAILED),
          Map.entry("authError", ErrorCategory.AUTHENTICATION),
          Map.entry("notAuthorized", ErrorCategory.PERMISSION),
          Map.entry("forbidden", ErrorCategory.PERMISSION),
          Map.entry("insufficientPermissions", ErrorCategory.PERMISSION),
          Map.entry("accessNotConfigured", ErrorCategory.PERMISSION),
          Map.entry("notImplemented", ErrorCategory.UNSUPPORTED_FEATURE));

  private static final Map<Integer, ErrorCategory> BY_STATUS =
      Map.ofEntries(
          Map.entry(400, ErrorCategory.INVALID_ARGUMENT),
          Map.entry(401, ErrorCategory.AUTHENTICATION),
          Map.entry(403, ErrorCategory.PERMISSION),
          Map.entry(404, ErrorCategory.NOT_FOUND),
          Map.entry(412, ErrorCategory.CONDITION_FAILED),
          Map.entry(413, ErrorCategory.INVALID_ARGUMENT),
          Map.entry(429, ErrorCategory.THROTTLED),
          Map.entry(NOT_IMPLEMENTED, ErrorCategory.UNSUPPORTED_FEATURE),
          Map.entry(UNAVAILABLE, ErrorCategory.UNAVAILABLE));

  private final boolean change;

  private SqlAdminErrors(boolean change) {
    this.change = change;
  }

  /** For requests that change nothing. */
  static SqlAdminErrors ofReads() {
    return new SqlAdminErrors(false);
  }

  /** For requests that change something, of which it matters whether they took effect. */
  static SqlAdminErrors ofChanges() {
    return new SqlAdminErrors(true);
  }

  @Override
  public Optional<ErrorDetails.Builder> translate(RuntimeException failure) {
    if (!(failure instanceof RemoteCalls.CheckedFailure)) {
      return Optional.empty();
    }
    Throwable cause = failure.getCause();
    if (cause instanceof HttpResponseException response) {
      return Optional.of(translate(response));
    }
    return cause instanceof IOException io ? Optional.of(translate(io)) : Optional.empty();
  }

  private ErrorDetails.Builder translate(HttpResponseException response) {
    int status = response.getStatusCode();
    GoogleJsonError error =
        response instanceof GoogleJsonResponseException json ? json.getDetails() : null;
    if (error == null && status != UNAUTHENTICATED) {
      return notGoogles(response);
    }
    String reason = reason(error);
    String message =
        error == null || error.getMessage() == null ? status(response) : error.getMessage();
    ErrorCategory category = category(status, reason, message);
    ErrorDetails.Builder details =
        details(category, message.strip())
            .providerCode(reason == null ? String.valueOf(status) : reason)
            .retryAfter(retryAfter(response.getHeaders()));
    return switch (category) {
      case PERMISSION ->
          details.nextStep(
              "Grant the caller the role Cloud SQL Admin, and enable the Cloud SQL Admin API in"
                  + " the project.");
      case ALREADY_EXISTS -> details.nextStep("Choose another name.");
      case CONDITION_FAILED ->
          isNotRunning(message) ? details.nextStep("Start the instance first.") : details;
      default -> details;
    };
  }

  private static String status(HttpResponseException response) {
    return "HTTP "
        + response.getStatusCode()
        + " "
        + Optional.ofNullable(response.getStatusMessage()).orElse("");
  }

  /**
   * An error whose body is none of Google's. What its status would mean of an instance, that it
   * does not exist above all, it does not mean here. (The body of a 401 reaches no one: the JDK's
   * HTTP client keeps it from a streamed request.)
   */
  private ErrorDetails.Builder notGoogles(HttpResponseException response) {
    int status = response.getStatusCode();
    HttpHeaders headers = response.getHeaders();
    String type = headers == null ? null : headers.getContentType();
    ErrorCategory category =
        switch (status) {
          case TOO_MANY -> ErrorCategory.THROTTLED;
          case UNAVAILABLE -> ErrorCategory.UNAVAILABLE;
          default ->
              status >= SERVER_ERROR || status == CLIENT_TIME_OUT ? unsure() : ErrorCategory.OTHER;
        };
    return details(
            category,
            status(response).strip()
                + ", with a body that is none of the Cloud SQL Admin API's ("
                + (type == null ? "no content type" : type)
                + ")")
        .providerCode(String.valueOf(status))
        .retryAfter(retryAfter(headers))
        .nextStep(ON_THE_WAY);
  }

  private ErrorCategory category(int status, @Nullable String reason, String message) {
    // Plain 400 "invalid" otherwise: the message alone tells them apart.
    String lower = message.toLowerCase(Locale.ROOT);
    if (status < SERVER_ERROR && (lower.contains("deletion protection") || isNotRunning(message))) {
      return ErrorCategory.CONDITION_FAILED;
    }
    ErrorCategory known = reason == null ? null : BY_REASON.get(reason);
    if (known != null) {
      return known;
    }
    known = BY_STATUS.get(status);
    if (known != null) {
      return known;
    }
    if (status >= SERVER_ERROR || status == CLIENT_TIME_OUT) {
      return unsure();
    }
    return ErrorCategory.OTHER;
  }

  /** Users and databases of a stopped instance: "Invalid request since instance is not running." */
  private static boolean isNotRunning(String message) {
    return message.contains("instance is not running");
  }

  private ErrorDetails.Builder translate(IOException failure) {
    if (failure instanceof MissingCredentialsException) {
      return details(ErrorCategory.AUTHENTICATION, "No credentials: " + failure.getMessage())
          .nextStep(
              "Run 'gcloud auth application-default login', set GOOGLE_APPLICATION_CREDENTIALS, or"
                  + " hand in com.google.auth.Credentials by CloudConfig.using.");
    }
    if (failure instanceof Retryable auth) {
      // Google's library could not get an access token, so the request was never sent.
      return details(
          auth.isRetryable() ? ErrorCategory.UNAVAILABLE : ErrorCategory.AUTHENTICATION,
          String.valueOf(failure.getMessage()));
    }
    if (failure instanceof UnreadableAnswerException) {
      return details(unsure(), String.valueOf(failure.getMessage())).nextStep(ON_THE_WAY);
    }
    return details(
        isUnsent(failure) ? ErrorCategory.UNAVAILABLE : unsure(), String.valueOf(failure));
  }

  /** Whether no connection was made, so that no request went over it. */
  private static boolean isUnsent(IOException failure) {
    return failure instanceof ConnectException
        || failure instanceof UnknownHostException
        || failure instanceof NoRouteToHostException
        || failure instanceof SSLHandshakeException
        // The JDK's words: the same class says that an answer did not come in time.
        || (failure instanceof SocketTimeoutException
            && String.valueOf(failure.getMessage())
                .toLowerCase(Locale.ROOT)
                .contains("connect timed out"));
  }

  private ErrorCategory unsure() {
    return change ? ErrorCategory.OUTCOME_UNKNOWN : ErrorCategory.UNAVAILABLE;
  }

  private static ErrorDetails.Builder details(ErrorCategory category, String message) {
    return ErrorDetails.of(category, message)
        .outcomeKnown(category != ErrorCategory.OUTCOME_UNKNOWN);
  }

  private static @Nullable String reason(@Nullable GoogleJsonError error) {
    if (error == null || error.getErrors() == null || error.getErrors().isEmpty()) {
      return null;
    }
    GoogleJsonError.ErrorInfo first = error.getErrors().get(0);
    return first == null ? null : first.getReason();
  }

  private static @Nullable Duration retryAfter(@Nullable HttpHeaders headers) {
    String value = headers == null ? null : headers.getRetryAfter();
    // The other form, a date, is not what this service sends.
    return value != null && value.matches("[0-9]{1,6}")
        ? Duration.ofSeconds(Long.parseLong(value))
        : null;
  }
}
