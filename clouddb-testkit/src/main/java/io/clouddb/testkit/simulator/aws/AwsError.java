/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a service refuses, by its own code. */
public final class AwsError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private final int status;
  private final String code;
  private final String text;
  private final transient Map<String, JsonNode> members;

  /**
   * Makes an error.
   *
   * @param status HTTP status
   * @param code the service's code
   * @param text a sentence
   */
  public AwsError(int status, String code, String text) {
    this(status, code, text, Map.of());
  }

  private AwsError(int status, String code, String text, Map<String, JsonNode> members) {
    super(code + ": " + text);
    this.status = status;
    this.code = code;
    this.text = text;
    this.members = members;
  }

  /**
   * The same with one more member of the error's own, as protocols in JSON have it.
   *
   * @param name its name
   * @param value its value
   * @return a new error
   */
  public AwsError with(String name, JsonNode value) {
    Map<String, JsonNode> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new AwsError(status, code, text, more);
  }

  /**
   * The error's own members.
   *
   * @return by name; empty for most errors
   */
  public Map<String, JsonNode> members() {
    return members;
  }

  /**
   * An error with status 400.
   *
   * @param code the service's code
   * @param text a sentence
   * @return the error
   */
  public static AwsError badRequest(String code, String text) {
    return new AwsError(BAD_REQUEST, code, text);
  }

  /**
   * An error with status 404.
   *
   * @param code the service's code
   * @param text a sentence
   * @return the error
   */
  public static AwsError notFound(String code, String text) {
    return new AwsError(NOT_FOUND, code, text);
  }

  /**
   * {@code InvalidParameterValue}, as services of the Query protocol say it.
   *
   * @param text a sentence
   * @return the error
   */
  public static AwsError value(String text) {
    return badRequest("InvalidParameterValue", text);
  }

  /**
   * {@code InvalidParameterCombination}, as services of the Query protocol say it.
   *
   * @param text a sentence
   * @return the error
   */
  public static AwsError combination(String text) {
    return badRequest("InvalidParameterCombination", text);
  }

  /**
   * HTTP status.
   *
   * @return for example 400
   */
  public int status() {
    return status;
  }

  /**
   * The service's code.
   *
   * @return for example {@code InvalidParameterValue}
   */
  public String code() {
    return code;
  }

  /**
   * The sentence.
   *
   * @return never null
   */
  public String text() {
    return text;
  }
}
