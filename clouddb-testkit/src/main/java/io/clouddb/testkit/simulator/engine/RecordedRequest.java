/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.util.List;
import java.util.Map;

/**
 * A request as it is kept for a test to look at, without secrets.
 *
 * @param operation its operation, {@code ?} when it is not simulated
 * @param method HTTP method
 * @param path the path, decoded
 * @param rawQuery the query as it arrived
 * @param headers names in lower case; those that hold a secret have the value {@code ***}
 * @param body the text, and of what is no text its size, with {@code ***} in place of each secret;
 *     empty when the request did not show the credentials of the run
 * @param status the answer's HTTP status, 0 when the connection was dropped
 * @param responseBody the answer, likewise, with {@code ***} in place of each secret
 */
public record RecordedRequest(
    String operation,
    String method,
    String path,
    String rawQuery,
    Map<String, List<String>> headers,
    String body,
    int status,
    String responseBody) {}
