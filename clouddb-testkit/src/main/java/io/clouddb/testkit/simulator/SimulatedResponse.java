/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer. Immutable.
 *
 * @param status HTTP status
 * @param headers names to values
 * @param body the text, sent as UTF-8; empty for none
 */
public record SimulatedResponse(int status, Map<String, String> headers, String body) {
  /** Copies the headers. */
  public SimulatedResponse {
    headers = Map.copyOf(headers);
  }

  /**
   * An answer with a body.
   *
   * @param status HTTP status
   * @param contentType for example {@code application/json; charset=utf-8}
   * @param body the text
   * @return the answer
   */
  public static SimulatedResponse of(int status, String contentType, String body) {
    return new SimulatedResponse(status, Map.of("Content-Type", contentType), body);
  }

  /**
   * An answer without a body.
   *
   * @param status HTTP status
   * @return the answer
   */
  public static SimulatedResponse empty(int status) {
    return new SimulatedResponse(status, Map.of(), "");
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
    return new SimulatedResponse(status, more, body);
  }
}
