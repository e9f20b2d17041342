/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer. Immutable. */
public final class SimulatedResponse {
  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final int arriving;

  private SimulatedResponse(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, body.length);
  }

  private SimulatedResponse(int status, Map<String, String> headers, byte[] body, int arriving) {
    this.status = status;
    this.headers = Collections.unmodifiableMap(headers);
    this.body = body;
    this.arriving = arriving;
  }

  /**
   * An answer with a body of any kind.
   *
   * @param status HTTP status
   * @param contentType for example {@code application/cbor}
   * @param body the bytes, which are sent as they are
   * @return the answer
   */
  public static SimulatedResponse of(int status, String contentType, byte[] body) {
    return new SimulatedResponse(status, Map.of("Content-Type", contentType), body.clone());
  }

  /**
   * An answer with a text in UTF-8.
   *
   * @param status HTTP status
   * @param contentType for example {@code application/json; charset=utf-8}
   * @param text the text
   * @return the answer
   */
  public static SimulatedResponse utf8(int status, String contentType, String text) {
    return of(status, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * An answer without a body.
   *
   * @param status HTTP status
   * @return the answer
   */
  public static SimulatedResponse empty(int status) {
    return new SimulatedResponse(status, Map.of(), new byte[0]);
  }

  /**
   * The same with one more header.
   *
   * @param name its name
   * @param value its value
   * @return a new answer
   */
  public SimulatedResponse withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new SimulatedResponse(status, more, body, arriving);
  }

  /** The same, which announces its whole body, and of which the first half arrives. */
  SimulatedResponse cut() {
    return new SimulatedResponse(status, headers, body, body.length / 2);
  }

  /** The same with zeros for the second half of its body. */
  SimulatedResponse garbled() {
    byte[] other = Arrays.copyOf(Arrays.copyOf(body, body.length / 2), body.length);
    return new SimulatedResponse(status, headers, other);
  }

  /**
   * The HTTP status.
   *
   * @return for example 200
   */
  public int status() {
    return status;
  }

  /**
   * The headers.
   *
   * @return names to values
   */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * The body.
   *
   * @return a copy; empty for none
   */
  public byte[] body() {
    return body.clone();
  }

  /** The bytes of the body. */
  int size() {
    return body.length;
  }

  /** How many bytes of the body arrive before the connection is closed. */
  int arriving() {
    return arriving;
  }

  @Override
  public String toString() {
    return status + " with " + body.length + " bytes";
  }
}
