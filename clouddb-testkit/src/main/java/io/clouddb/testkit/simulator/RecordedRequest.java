/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A request as it is kept for a test to look at, without secrets.
 *
 * @param operation its operation, {@code ?} when it is not simulated
 * @param method HTTP method
 * @param path the path, decoded
 * @param rawQuery the query as it arrived
 * @param headers names in lower case; those that hold a secret have the value {@code ***}
 * @param body the text, with {@code ***} in place of each password
 * @param status the answer's HTTP status, 0 when the connection was dropped
 * @param responseBody the answer, with {@code ***} in place of each password
 */
public record RecordedRequest(
    String operation,
    String method,
    String path,
    String rawQuery,
    Map<String, List<String>> headers,
    String body,
    int status,
    String responseBody) {
  private static final String HIDDEN = "***";
  private static final Set<String> SECRET_HEADERS =
      Set.of("authorization", "x-amz-security-token", "cookie", "x-ms-authorization-auxiliary");

  // "administratorLoginPassword": "...", <MasterUserPassword>...<, MasterUserPassword=...
  private static final Pattern JSON_SECRET =
      Pattern.compile("(?i)(\"(?:\\w*password|SecretString)\"\\s*:\\s*\")(?:[^\"\\\\]|\\\\.)*(\")");
  private static final Pattern FORM_SECRET =
      Pattern.compile("(?i)(\\b[\\w.]*password=)[^&\\s\"<]*");
  private static final Pattern XML_SECRET = Pattern.compile("(?i)(<\\w*password>)[^<]*(<)");

  static RecordedRequest of(
      String operation, SimulatedRequest request, int status, String responseBody) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    request
        .headers()
        .forEach(
            (name, values) ->
                headers.put(name, SECRET_HEADERS.contains(name) ? List.of(HIDDEN) : values));
    return new RecordedRequest(
        operation,
        request.method(),
        request.path(),
        hide(request.rawQuery()),
        headers,
        hide(request.body()),
        status,
        hide(responseBody));
  }

  private static String hide(String text) {
    String json = JSON_SECRET.matcher(text).replaceAll("$1***$2");
    String xml = XML_SECRET.matcher(json).replaceAll("$1***$2");
    return FORM_SECRET.matcher(xml).replaceAll("$1***");
  }
}
