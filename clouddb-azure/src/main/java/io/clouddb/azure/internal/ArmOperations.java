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
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.RemoteCalls;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
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
    /** Azure has forgotten it, as it does after some time; the resource tells how it ended. */
    FORGOTTEN
  }

  /**
   * How far an operation is.
   *
   * @param progress how far it is
   * @param pollAfter when Azure wants to be asked again; null when it does not say
   */
  public record Status(Progress progress, @Nullable Duration pollAfter) {}

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
                            .thenReturn(response.getHeaders()))
                .block());
    String url = headers.getValue(ASYNC);
    return new Accepted(
        url == null ? null : relative(url),
        ArmErrors.seconds(headers.getValue(HttpHeaderName.RETRY_AFTER)));
  }

  /** Path and query of a URL of Azure Resource Manager. */
  public static String relative(String url) {
    URI uri = URI.create(url);
    String query = uri.getRawQuery();
    return uri.getRawPath() + (query == null ? "" : "?" + query);
  }

  /**
   * The URL of what {@link #relative} shortened. Host and scheme always are those that the cloud
   * was opened with, so that no forged token sends the credential elsewhere.
   *
   * @param endpoint the resource manager's URL
   * @param relative path and query
   * @return the URL
   * @throws io.clouddb.error.InvalidArgumentException when it is no absolute path
   */
  public static String absolute(String endpoint, String relative) {
    if (!relative.startsWith("/subscriptions/")) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "The token names nothing of Azure Resource Manager")
          .toException();
    }
    return endpoint.replaceAll("/+$", "") + relative;
  }

  /**
   * Asks how far an operation is.
   *
   * @param pipeline the client's
   * @param endpoint the resource manager's URL
   * @param handle path and query of the operation's URL
   * @param resource what the operation is about, for errors
   * @return how far it is
   * @throws io.clouddb.error.CloudDbException when the operation failed, with Azure's reason
   */
  public Status poll(HttpPipeline pipeline, String endpoint, String handle, String resource) {
    String url = absolute(endpoint, handle);
    Answer answer;
    try {
      answer = calls.repeatable("arm.GetOperation", resource, () -> get(pipeline, url));
    } catch (NotFoundException e) {
      return new Status(Progress.FORGOTTEN, null);
    }
    Map<String, Object> document = answer.document();
    String status = text(document.get("status")).orElse("");
    switch (status.toLowerCase(Locale.ROOT)) {
      case "succeeded" -> {
        return new Status(Progress.SUCCEEDED, null);
      }
      case "failed", "canceled", "cancelled" -> {
        Map<?, ?> error = document.get("error") instanceof Map<?, ?> map ? map : Map.of();
        throw ArmErrors.ofOperation(
                text(error.get("code")).orElse(null),
                text(error.get("message")).orElse("The operation ended as " + status))
            .operation("arm.GetOperation")
            .resource(resource)
            .requestId(text(document.get("name")).orElse(null))
            .toException();
      }
      default -> {
        return new Status(Progress.RUNNING, answer.pollAfter());
      }
    }
  }

  private record Answer(Map<String, Object> document, @Nullable Duration pollAfter) {}

  private static Answer get(HttpPipeline pipeline, String url) throws IOException {
    try (HttpResponse response =
        pipeline.sendSync(new HttpRequest(HttpMethod.GET, url), Context.NONE)) {
      Map<String, Object> document = parse(response.getBodyAsBinaryData().toBytes());
      int status = response.getStatusCode();
      if (status != OK && status != ACCEPTED) {
        throw failure(response, document);
      }
      return new Answer(
          document, ArmErrors.seconds(response.getHeaderValue(HttpHeaderName.RETRY_AFTER)));
    }
  }

  private static ManagementException failure(HttpResponse response, Map<String, Object> document) {
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

  private static Map<String, Object> parse(byte @Nullable [] body) throws IOException {
    if (body == null || body.length == 0) {
      return Map.of();
    }
    try (JsonReader reader = JsonProviders.createReader(body)) {
      return reader.readUntyped() instanceof Map<?, ?> map ? strings(map) : Map.of();
    } catch (IllegalStateException e) {
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
