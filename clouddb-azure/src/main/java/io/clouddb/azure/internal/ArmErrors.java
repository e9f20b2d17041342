/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.internal;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.management.exception.ManagementError;
import com.azure.core.management.exception.ManagementException;
import com.azure.identity.CredentialUnavailableException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.ErrorTranslator;
import io.clouddb.spi.RemoteCalls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * What the errors of Azure Resource Manager mean: by their code where they have one, else by their
 * HTTP status.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors">Common
 *     errors</a>
 */
public final class ArmErrors implements ErrorTranslator {
  private static final HttpHeaderName REQUEST_ID = HttpHeaderName.fromString("x-ms-request-id");

  /** Makes a translator. */
  public ArmErrors() {}

  @Override
  public Optional<ErrorDetails.Builder> translate(RuntimeException failure) {
    if (failure instanceof CredentialUnavailableException) {
      return Optional.of(
          ErrorDetails.of(
                  ErrorCategory.AUTHENTICATION,
                  "No Azure credential was found: " + failure.getMessage())
              .nextStep("Log in by 'az login', or hand in a TokenCredential by using()."));
    }
    if (failure instanceof HttpResponseException http) {
      return Optional.of(http(http));
    }
    Throwable cause = failure;
    // reactor and the SDK wrap what is thrown below them.
    for (int depth = 0; cause != null && depth < 10; depth++) {
      if (cause instanceof HttpResponseException http && cause != failure) {
        return Optional.of(http(http));
      }
      if (cause instanceof InterruptedException) {
        // Whoever retries has to see that it shall stop.
        Thread.currentThread().interrupt();
        return Optional.of(
            ErrorDetails.of(ErrorCategory.UNAVAILABLE, "The request was interrupted")
                .outcomeKnown(false));
      }
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return Optional.of(transport(cause));
      }
      cause = cause.getCause();
    }
    return failure instanceof RemoteCalls.CheckedFailure
        ? Optional.of(ErrorDetails.of(ErrorCategory.OTHER, String.valueOf(failure.getCause())))
        : Optional.empty();
  }

  private static ErrorDetails.Builder transport(Throwable failure) {
    boolean neverSent = false;
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 10; depth++) {
      // Whatever wraps it: without a connection nothing has arrived.
      neverSent |=
          cause instanceof ConnectException
              || cause instanceof NoRouteToHostException
              || cause instanceof HttpConnectTimeoutException
              || cause instanceof UnknownHostException
              || cause instanceof SSLHandshakeException;
      cause = cause.getCause();
    }
    return ErrorDetails.of(ErrorCategory.UNAVAILABLE, "Azure cannot be reached: " + failure)
        .outcomeKnown(neverSent);
  }

  private static ErrorDetails.Builder http(HttpResponseException failure) {
    HttpResponse response = failure.getResponse();
    int status = response == null ? 0 : response.getStatusCode();
    ManagementError error =
        failure instanceof ManagementException management ? management.getValue() : null;
    String code = error == null ? null : blankToNull(error.getCode());
    String message = error == null ? null : blankToNull(error.getMessage());
    ErrorCategory category =
        failure instanceof ClientAuthenticationException && code == null
            ? ErrorCategory.AUTHENTICATION
            : category(status, code, message);
    boolean known = outcomeKnown(status, category);
    if (!known && isRead(response)) {
      // A read has no effect that could be unknown.
      category = ErrorCategory.UNAVAILABLE;
      known = true;
    }
    return ErrorDetails.of(category, message == null ? withoutBody(failure, status) : message)
        .providerCode(code)
        .requestId(header(response, REQUEST_ID))
        .retryAfter(seconds(header(response, HttpHeaderName.RETRY_AFTER)))
        .outcomeKnown(known)
        .nextStep(nextStep(code));
  }

  private static boolean isRead(@Nullable HttpResponse response) {
    HttpRequest request = response == null ? null : response.getRequest();
    return request != null && request.getHttpMethod() == HttpMethod.GET;
  }

  /** Some of Azure's errors have an empty code, and say all in their message. */
  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }

  private static String withoutBody(HttpResponseException failure, int status) {
    // Without an answer the SDK's own sentence is all that there is, as of a failed login.
    if (status == 0) {
      return String.valueOf(failure.getMessage());
    }
    return "HTTP "
        + status
        + " was answered without an error of Azure's, so perhaps by a gateway or proxy before it";
  }

  /**
   * What an error of a long operation means, which has a code and no HTTP status.
   *
   * @param code the error's code
   * @param message the error's message
   * @return the details; not to be repeated, since the operation is over
   */
  public static ErrorDetails.Builder ofOperation(@Nullable String code, @Nullable String message) {
    String known = blankToNull(code);
    String sentence = blankToNull(message);
    return ErrorDetails.of(
            category(0, known, sentence),
            sentence == null ? "The operation failed without a reason" : sentence)
        .providerCode(known)
        .retryable(false)
        .outcomeKnown(true)
        .nextStep(nextStep(known));
  }

  private static boolean outcomeKnown(int status, ErrorCategory category) {
    // Azure may have done what a request asked for and failed while it answered.
    return category != ErrorCategory.OUTCOME_UNKNOWN
        && (status < 200 || status >= 300)
        && status != 500
        && status != 502
        && status != 408;
  }

  private static ErrorCategory category(
      int status, @Nullable String code, @Nullable String message) {
    ErrorCategory byCode = code == null ? null : byCode(code.toLowerCase(Locale.ROOT));
    if (byCode != null) {
      return byCode;
    }
    if (code == null && message != null && isBusy(message.toLowerCase(Locale.ROOT))) {
      return ErrorCategory.BUSY;
    }
    return switch (status) {
      case 400, 413, 422 -> ErrorCategory.INVALID_ARGUMENT;
      case 401 -> ErrorCategory.AUTHENTICATION;
      case 403 -> ErrorCategory.PERMISSION;
      case 404, 410 -> ErrorCategory.NOT_FOUND;
      case 405 -> ErrorCategory.UNSUPPORTED_FEATURE;
      case 409, 412 -> ErrorCategory.CONDITION_FAILED;
      case 429 -> ErrorCategory.THROTTLED;
      // A success that could not be read is none of Azure's.
      case 200, 201, 202, 408, 500, 502, 503 -> ErrorCategory.UNAVAILABLE;
      case 504 -> ErrorCategory.OUTCOME_UNKNOWN;
      default -> ErrorCategory.OTHER;
    };
  }

  /** Of recorded and documented failures whose code is empty. */
  private static boolean isBusy(String message) {
    return message.contains("is busy with other operations")
        || message.contains("is busy with another operation")
        || message.contains("should be in ready state");
  }

  private static @Nullable ErrorCategory byCode(String code) {
    if (code.endsWith("alreadyexists")
        || code.equals("remotedatabaseexists")
        || code.equals("readreplicaalreadyexistwithgivenname")) {
      return ErrorCategory.ALREADY_EXISTS;
    }
    if (code.endsWith("notfound") || code.equals("resourcegroupbeingdeleted")) {
      return ErrorCategory.NOT_FOUND;
    }
    if (code.contains("quotaexceeded")) {
      return ErrorCategory.QUOTA;
    }
    if (code.equals("toomanyrequests")
        || code.endsWith("requeststhrottled")
        || code.equals("operationthrottled")) {
      return ErrorCategory.THROTTLED;
    }
    if ((code.startsWith("conflicting") && code.endsWith("operation"))
        || code.equals("updatesloinprogress")
        // ServerBusy, ProvisioningServerBusy
        || code.endsWith("serverbusy")
        || code.equals("serverisbusy")
        // While it is "Updating"; also of a stopped server, which whoever repeats has to look for.
        || code.equals("serverisnotready")
        || code.equals("anotheroperationinprogress")) {
      return ErrorCategory.BUSY;
    }
    return switch (code) {
      case "scopelocked",
          "serverstateconflict",
          // Of a read of what is inside, too.
          "serverstoppederror",
          "readreplicaserversexistforsourceserver" ->
          ErrorCategory.CONDITION_FAILED;
      case "authorizationfailed", "linkedauthorizationfailed", "requestdisallowedbypolicy" ->
          ErrorCategory.PERMISSION;
      case "authenticationfailed", "expiredauthenticationtoken", "invalidauthenticationtoken" ->
          ErrorCategory.AUTHENTICATION;
      case "regiondoesnotallowprovisioning",
          "locationnotavailableforresourcetype",
          "locationisofferrestricted",
          "regionisofferrestricted",
          "featurenotsupported",
          "noregisteredproviderfound",
          "skunotavailable" ->
          ErrorCategory.UNSUPPORTED_FEATURE;
      case "operationtimedout", "internalservererror", "serviceunavailable" ->
          ErrorCategory.UNAVAILABLE;
      case "gatewaytimeout" -> ErrorCategory.OUTCOME_UNKNOWN;
      default ->
          code.startsWith("invalid")
                  || code.endsWith("outofrange")
                  || code.equals("servereditionincompatiblewithskusize")
                  || code.startsWith("hanotsupported")
                  // ...NameNotValid, ...HasWrongZoneSuffix
                  || code.startsWith("privatednszone")
              ? ErrorCategory.INVALID_ARGUMENT
              : null;
    };
  }

  private static @Nullable String nextStep(@Nullable String code) {
    if (code == null) {
      return null;
    }
    return switch (code) {
      case "ResourceGroupNotFound" ->
          "Create the resource group, or name another one: clouddb uses it and never makes it.";
      case "ServerStoppedError" -> "Start the server: instances().start(id).";
      case "ScopeLocked" -> "Remove the management lock, if it is meant to be removed.";
      case "ReadReplicaServersExistForSourceServer" ->
          "Delete its replicas first, or promote them: replicas().list(id) names them.";
      case "MissingSubscriptionRegistration" ->
          "Register the resource provider: az provider register -n Microsoft.DBforPostgreSQL.";
      case "NoRegisteredProviderFound" ->
          "This region or cloud does not offer flexible servers in the API version that clouddb"
              + " speaks: choose another region.";
      default -> null;
    };
  }

  private static @Nullable String header(@Nullable HttpResponse response, HttpHeaderName name) {
    return response == null ? null : response.getHeaderValue(name);
  }

  /**
   * Reads a {@code Retry-After} header.
   *
   * @param value seconds; zero, and a date (which Azure does not send), count as absent
   * @return the pause, null when there is none
   */
  public static @Nullable Duration seconds(@Nullable String value) {
    return value == null || !value.matches("[1-9][0-9]{0,5}")
        ? null
        : Duration.ofSeconds(Long.parseLong(value));
  }
}
