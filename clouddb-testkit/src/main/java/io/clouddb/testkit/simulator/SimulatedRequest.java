/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request as it arrived, with its secrets. The server keeps a {@link RecordedRequest} of it. */
public final class SimulatedRequest {
  private final String method;
  private final String path;
  private final String rawQuery;
  private final Map<String, List<String>> headers;
  private final String body;

  SimulatedRequest(
      String method, String path, String rawQuery, Map<String, List<String>> headers, String body) {
    this.method = method;
    this.path = path;
    this.rawQuery = rawQuery;
    this.headers = new LinkedHashMap<>();
    headers.forEach(
        (name, values) -> this.headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    this.body = body;
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
   * The body as an HTML form, as the Query protocol of AWS has it.
   *
   * @return names to values, in order; the first value of a name
   */
  public Map<String, String> form() {
    return parse(body);
  }

  /**
   * A header.
   *
   * @param name its name, in any case
   * @return its first value
   */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  Map<String, List<String>> headers() {
    return headers;
  }

  /**
   * The body, unpacked and read as UTF-8.
   *
   * @return empty when there is none
   */
  public String body() {
    return body;
  }

  private static Map<String, String> parse(String form) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : form.split("&", -1)) {
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
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Method and path. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
