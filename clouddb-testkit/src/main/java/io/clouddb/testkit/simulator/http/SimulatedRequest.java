/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/** A request as it arrived, with its secrets. The server keeps a {@link RecordedRequest} of it. */
public final class SimulatedRequest {
  private final String method;
  private final String path;
  private final String rawPath;
  private final String rawQuery;
  private final Map<String, List<String>> headers;
  private final byte[] payload;
  private final byte[] body;
  private final Map<Class<?>, Object> read;

  SimulatedRequest(
      String method, URI uri, Map<String, List<String>> headers, byte[] payload, byte[] body) {
    this.method = method;
    this.path = Objects.requireNonNullElse(uri.getPath(), "");
    this.rawPath = Objects.requireNonNullElse(uri.getRawPath(), "");
    this.rawQuery = Objects.requireNonNullElse(uri.getRawQuery(), "");
    this.headers = new LinkedHashMap<>();
    headers.forEach(
        (name, values) -> this.headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    this.payload = payload;
    this.body = body;
    this.read = new HashMap<>(2);
  }

  private SimulatedRequest(SimulatedRequest head, byte[] payload, byte[] body) {
    this.method = head.method;
    this.path = head.path;
    this.rawPath = head.rawPath;
    this.rawQuery = head.rawQuery;
    this.headers = head.headers;
    this.payload = payload;
    this.body = body;
    // What was made of the head, such as where it goes, is the same.
    this.read = head.read;
  }

  /** The same with its body, which it had not before. */
  SimulatedRequest with(byte[] sent, byte[] unpacked) {
    return new SimulatedRequest(this, sent, unpacked);
  }

  /**
   * The method.
   *
   * @return in capitals
   */
  public String method() {
    return method;
  }

  /**
   * The path, decoded, without the query.
   *
   * @return for example {@code /v1/projects/p/instances}
   */
  public String path() {
    return path;
  }

  /**
   * The path as it was sent, without the query.
   *
   * @return with its percent signs
   */
  public String rawPath() {
    return rawPath;
  }

  /**
   * The parts of the path between the slashes.
   *
   * @return without empty ones
   */
  public List<String> segments() {
    return List.of(path.split("/")).stream().filter(part -> !part.isEmpty()).toList();
  }

  /**
   * A parameter of the query.
   *
   * @param name its name
   * @return its first value, decoded
   */
  public Optional<String> query(String name) {
    return Optional.ofNullable(parse(rawQuery).get(name));
  }

  /**
   * The whole query.
   *
   * @return as it arrived, empty when there is none
   */
  public String rawQuery() {
    return rawQuery;
  }

  /**
   * The body as an HTML form in UTF-8, as the Query protocol of AWS has it.
   *
   * @return names to values, in order; the first value of a name
   */
  public Map<String, String> form() {
    return parse(text(StandardCharsets.UTF_8));
  }

  /**
   * A header.
   *
   * @param name its name, in any case
   * @return its first value
   */
  public Optional<String> header(String name) {
    List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  /**
   * All headers.
   *
   * @return by their names in lower case
   */
  public Map<String, List<String>> headers() {
    return Collections.unmodifiableMap(headers);
  }

  /**
   * The body as it was sent, packed if it was, for a signature to be checked.
   *
   * @return a copy
   */
  public byte[] payload() {
    return payload.clone();
  }

  /**
   * The body, unpacked when it was packed as a whole ({@code Content-Encoding: gzip}).
   *
   * @return a copy; empty when there is none
   */
  public byte[] body() {
    return body.clone();
  }

  /**
   * The body as a text.
   *
   * @param charset what it is written in, as the protocol that reads it says
   * @return empty when there is none
   */
  public String text(Charset charset) {
    String text = new String(body, charset);
    RequestLimits.checkDepth(text);
    return text;
  }

  /**
   * What a protocol makes of the request, once, whoever asks for it: where it goes, what it asks
   * for, and what is done, are several questions. Asked by the thread that serves it.
   *
   * @param type what is made of it
   * @param reader makes it of the request and of its body, which it must not change, and whose
   *     depth is the reader's to limit
   * @param <T> what is made of it
   * @return what was made of it the first time
   */
  public <T> T readAs(Class<T> type, BiFunction<SimulatedRequest, byte[], T> reader) {
    Object known = read.get(type);
    if (known == null) {
      known = reader.apply(this, body);
      read.put(type, known);
    }
    return type.cast(known);
  }

  /** Forgets what was made of it, once it is answered. */
  void forget() {
    read.clear();
  }

  /** The bytes that are kept of the body: as it was sent, and unpacked. */
  int size() {
    return payload == body ? body.length : payload.length + body.length;
  }

  /** The body for a log, which refuses nothing. */
  String shown() {
    return BodyText.of(body, header("Content-Type"));
  }

  private static Map<String, String> parse(String form) {
    Map<String, String> values = new LinkedHashMap<>();
    String[] pairs = form.split("&", RequestLimits.PAIRS + 1);
    if (pairs.length > RequestLimits.PAIRS) {
      throw RequestLimits.malformed("There are more than " + RequestLimits.PAIRS + " fields");
    }
    for (String pair : pairs) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        values.putIfAbsent(decode(name), decode(value));
      }
    }
    return values;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Not repeated: it may hold a password.
      throw RequestLimits.malformed("A field is not encoded as those of a form are");
    }
  }

  /** Method and path. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
