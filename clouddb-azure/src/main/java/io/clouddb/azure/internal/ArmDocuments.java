/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.internal;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.management.serializer.SerializerFactory;
import com.azure.core.util.Context;
import com.azure.core.util.serializer.SerializerEncoding;
import com.azure.json.JsonProviders;
import com.azure.json.JsonWriter;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Requests for which the SDK has no model, with documents of maps and lists: its last stable
 * release knows less of the service than the API version that is spoken. To be called within {@link
 * io.clouddb.spi.RemoteCalls}.
 */
public final class ArmDocuments {
  private static final int LEAST_ERROR = 300;

  private ArmDocuments() {}

  /**
   * Reads a document.
   *
   * @param pipeline the client's
   * @param url where it is
   * @return its members
   * @throws com.azure.core.management.exception.ManagementException when Azure refuses
   */
  public static Map<String, Object> get(HttpPipeline pipeline, String url) {
    try (HttpResponse response =
        pipeline.sendSync(new HttpRequest(HttpMethod.GET, url), Context.NONE)) {
      byte[] body = response.getBodyAsBinaryData().toBytes();
      Map<String, Object> document = ArmOperations.parse(body);
      if (response.getStatusCode() >= LEAST_ERROR) {
        throw ArmOperations.failure(response, document);
      }
      if (document.isEmpty()) {
        throw ArmOperations.notOfArm();
      }
      return document;
    }
  }

  /**
   * Sends a request that takes long, and takes note of the operation that it began.
   *
   * @param pipeline the client's
   * @param method for example PATCH
   * @param url to what
   * @param body what is asked for; null for nothing
   * @return the operation
   * @throws com.azure.core.management.exception.ManagementException when Azure refuses
   */
  public static Accepted send(
      HttpPipeline pipeline, HttpMethod method, String url, @Nullable Map<String, Object> body) {
    HttpRequest request = new HttpRequest(method, url);
    if (body != null) {
      request.setHeader(HttpHeaderName.CONTENT_TYPE, "application/json").setBody(written(body));
    }
    try (HttpResponse response = pipeline.sendSync(request, Context.NONE)) {
      byte[] answer = response.getBodyAsBinaryData().toBytes();
      if (response.getStatusCode() >= LEAST_ERROR) {
        throw ArmOperations.failure(response, ArmOperations.parse(answer));
      }
      return ArmOperations.accepted(answer, response.getHeaders());
    }
  }

  /**
   * A model of the SDK's as a document.
   *
   * @param model the model
   * @return its members
   */
  public static Map<String, Object> of(Object model) {
    try {
      return ArmOperations.parse(
          SerializerFactory.createDefaultManagementSerializerAdapter()
              .serialize(model, SerializerEncoding.JSON)
              .getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A document with a further member, which no model of the SDK's has.
   *
   * @param document the document; it stays as it is
   * @param path the members that lead to it
   * @param member what it is called
   * @param value what it is
   * @return the new document
   */
  public static Map<String, Object> with(
      Map<?, ?> document, List<String> path, String member, String value) {
    Map<String, Object> all = new LinkedHashMap<>();
    document.forEach((name, there) -> all.put(String.valueOf(name), there));
    if (path.isEmpty()) {
      all.put(member, value);
    } else {
      Object child = all.get(path.get(0));
      all.put(
          path.get(0),
          with(
              child instanceof Map<?, ?> map ? map : Map.of(),
              path.subList(1, path.size()),
              member,
              value));
    }
    return all;
  }

  /**
   * A document as a model of the SDK's, the other way round.
   *
   * @param <T> the model
   * @param model the model's class
   * @param document its members
   * @return the model
   * @throws IOException when it cannot be read as one
   */
  public static <T> T as(Class<T> model, Map<?, ?> document) throws IOException {
    return Objects.requireNonNull(
        SerializerFactory.createDefaultManagementSerializerAdapter()
            .deserialize(written(document), model, SerializerEncoding.JSON));
  }

  private static String written(Map<?, ?> body) {
    StringWriter text = new StringWriter();
    try (JsonWriter writer = JsonProviders.createWriter(text)) {
      writer.writeUntyped(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
