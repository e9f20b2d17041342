/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.internal;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.rest.Response;
import com.azure.core.management.exception.ManagementError;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.util.Context;
import com.azure.core.util.FluxUtil;
import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.RemoteCalls;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Azure's asynchronous operations, followed by their {@code Azure-AsyncOperation} URL. The SDK's
 * own pollers end with their process, and say nothing when the operation failed.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations">Track
 *     asynchronous operations</a>
 */
public final class ArmOperations {
  private static final HttpHeaderName ASYNC = HttpHeaderName.fromString("Azure-AsyncOperation");
  private static final int NOT_FOUND = 404;

  /** The last character of ASCII, and those that stand in no URL as they are. */
  private static final int DELETE = 0x7f;

  private static final String FORBIDDEN = "\"<>\\^`{|}";
  private static final int OK = 200;
  private static final int ACCEPTED = 202;

  private final RemoteCalls calls;

  /**
   * What Azure answered to a request that takes long.
   *
   * @param handle path and query of the operation's URL; null when Azure named none
   * @param pollAfter when Azure wants to be asked; null when it does not say
   */
  public record Accepted(@Nullable String handle, @Nullable Duration pollAfter) {
    /** What is there without an operation of its own, for example after a lost answer. */
    public static final Accepted UNKNOWN = new Accepted(null, null);
  }

  /** How far an operation is. */
  public enum Progress {
    /** It goes on. */
    RUNNING,
    /** It ended well. */
    SUCCEEDED,
    /** It ended, and not well. */
    FAILED,
    /**
     * Azure does not show it: not yet, right after it was accepted, or not any more after some
     * time; the resource tells how it ended.
     */
    NOT_SHOWN
  }

  /**
   * How far an operation is.
   *
   * @param progress how far it is
   * @param pollAfter when Azure wants to be asked again; null when it does not say
   * @param failure Azure's reason, of a failed one only
   */
  public record Status(
      Progress progress, @Nullable Duration pollAfter, @Nullable ErrorDetails failure) {}

  /**
   * Makes an observer.
   *
   * @param calls makes the requests
   */
  public ArmOperations(RemoteCalls calls) {
    this.calls = calls;
  }

  /**
   * Sends one request and takes note of the operation that it began. To be called within {@link
   * RemoteCalls}.
   *
   * @param request one request of the SDK's, which does not wait for the operation's end
   * @return the operation
   */
  public static Accepted send(Mono<Response<Flux<ByteBuffer>>> request) {
    HttpHeaders headers =
        Objects.requireNonNull(
            request
                .flatMap(
                    response ->
                        // An unread body would keep the connection.
                        FluxUtil.collectBytesInByteBufferStream(response.getValue())
                            .map(body -> ofArm(body, response.getHeaders())))
                .block());
    return accepted(headers);
  }

  /** The same of an answer that was read. */
  static Accepted accepted(byte[] body, HttpHeaders headers) {
    return accepted(ofArm(body, headers));
  }

  private static Accepted accepted(HttpHeaders headers) {
    String url = headers.getValue(ASYNC);
    return new Accepted(
        url == null ? null : relative(url),
        ArmErrors.seconds(headers.getValue(HttpHeaderName.RETRY_AFTER)));
  }

  /** A page of a proxy's, sent with status 200, has changed nothing. */
  private static HttpHeaders ofArm(byte[] body, HttpHeaders headers) {
    if (body.length > 0 && headers.getValue(ASYNC) == null && !isObject(body)) {
      throw notOfArm();
    }
    return headers;
  }

  private static boolean isObject(byte[] body) {
    return new String(body, StandardCharsets.UTF_8).stripLeading().startsWith("{");
  }

  static CloudDbException notOfArm() {
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE,
            "The answer is none of Azure Resource Manager's, so perhaps a gateway's or proxy's")
        .outcomeKnown(false)
        .toException();
  }

  /**
   * Path and query of a URL of Azure Resource Manager. Its URLs are not always valid ones: those of
   * a deletion may hold the region's display name with a raw space ({@code locations/East US/}).
   *
   * @param url an absolute URL
   * @return path and query, in which nothing is left that a URL must not hold
   * @throws io.clouddb.error.CloudDbException when it is no absolute URL
   */
  public static String relative(String url) {
    int scheme = url.indexOf("://");
    int path = scheme < 0 ? -1 : url.indexOf('/', scheme + 3);
    if (path < 0) {
      throw ErrorDetails.of(ErrorCategory.OTHER, "Azure names an operation by '" + url + "'")
          .outcomeKnown(false)
          .toException();
    }
    int fragment = url.indexOf('#', path);
    StringBuilder result = new StringBuilder();
    url.substring(path, fragment < 0 ? url.length() : fragment)
        .codePoints()
        .forEach(
            point -> {
              String text = Character.toString(point);
              boolean allowed = point > ' ' && point < DELETE && FORBIDDEN.indexOf(point) < 0;
              result.append(
                  allowed
                      ? text
                      : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"));
            });
    return result.toString();
  }

  /**
   * The URL of what {@link #relative} shortened. Host and scheme always are those that the cloud
   * was opened with, so that no forged token sends the credential elsewhere.
   *
   * @param endpoint the resource manager's URL
   * @param relative path and query
   * @return the URL
   * @throws io.clouddb.error.InvalidArgumentException when it is no path of the resource manager's
   */
  public static String absolute(String endpoint, String relative) {
    String url = endpoint.replaceAll("/+$", "") + relative;
    if (!relative.startsWith("/subscriptions/") || !isUrl(url)) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "The token names nothing of Azure Resource Manager")
          .toException();
    }
    return url;
  }

  private static boolean isUrl(String text) {
    try {
      return new URI(text).getHost() != null;
    } catch (URISyntaxException e) {
      // The HTTP client would throw it from within, as a defect.
      return false;
    }
  }

  /**
   * Asks how far an operation is.
   *
   * @param pipeline the client's
   * @param endpoint the resource manager's URL
   * @param handle path and query of the operation's URL
   * @param resource what the operation is about, for errors
   * @return how far it is, with Azure's reason when it failed
   * @throws io.clouddb.error.CloudDbException when it cannot be asked
   */
  public Status poll(HttpPipeline pipeline, String endpoint, String handle, String resource) {
    String url = absolute(endpoint, handle);
    Answer answer;
    try {
      answer = calls.repeatable("arm.GetOperation", resource, () -> get(pipeline, url));
    } catch (NotFoundException e) {
      return new Status(Progress.NOT_SHOWN, null, null);
    }
    Map<String, Object> document = answer.document();
    String status = text(document.get("status")).orElse("");
    return switch (status.toLowerCase(Locale.ROOT)) {
      case "succeeded" -> new Status(Progress.SUCCEEDED, null, null);
      case "failed", "canceled", "cancelled" -> {
        Map<?, ?> error = document.get("error") instanceof Map<?, ?> map ? map : Map.of();
        yield new Status(
            Progress.FAILED,
            answer.pollAfter(),
            ArmErrors.ofOperation(
                    text(error.get("code")).orElse(null),
                    text(error.get("message")).orElse("The operation ended as " + status))
                .operation("arm.GetOperation")
                .resource(resource)
                .requestId(text(document.get("name")).orElse(null))
                .build());
      }
      default -> new Status(Progress.RUNNING, answer.pollAfter(), null);
    };
  }

  private record Answer(Map<String, Object> document, @Nullable Duration pollAfter) {}

  private static Answer get(HttpPipeline pipeline, String url) {
    try (HttpResponse response =
        pipeline.sendSync(new HttpRequest(HttpMethod.GET, url), Context.NONE)) {
      Map<String, Object> document = parse(response.getBodyAsBinaryData().toBytes());
      int status = response.getStatusCode();
      if (status != OK && status != ACCEPTED) {
        throw failure(response, document);
      }
      if (status == OK && !document.containsKey("status")) {
        // It would be polled for ever.
        throw notOfArm();
      }
      return new Answer(
          document, ArmErrors.seconds(response.getHeaderValue(HttpHeaderName.RETRY_AFTER)));
    }
  }

  static ManagementException failure(HttpResponse response, Map<String, Object> document) {
    Map<?, ?> error = document.get("error") instanceof Map<?, ?> map ? map : document;
    String code = text(error.get("code")).orElse(null);
    String message = text(error.get("message")).orElse(null);
    return new ManagementException(
        "Status code " + response.getStatusCode(),
        response,
        code == null && response.getStatusCode() != NOT_FOUND
            ? null
            : new ManagementError(
                code == null ? "NotFound" : code, message == null ? "Not found" : message));
  }

  static Map<String, Object> parse(byte @Nullable [] body) {
    if (body == null || body.length == 0) {
      return Map.of();
    }
    try (JsonReader reader = JsonProviders.createReader(body)) {
      return reader.readUntyped() instanceof Map<?, ?> map ? strings(map) : Map.of();
    } catch (IOException | IllegalStateException e) {
      // A gateway's page in HTML: the status says all that there is to know.
      return Map.of();
    }
  }

  private static Map<String, Object> strings(Map<?, ?> map) {
    Map<String, Object> result = new java.util.TreeMap<>();
    map.forEach(
        (key, value) -> {
          if (value != null) {
            result.put(String.valueOf(key), value);
          }
        });
    return result;
  }

  private static Optional<String> text(@Nullable Object value) {
    return value == null ? Optional.empty() : Optional.of(String.valueOf(value));
  }
}
