/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.json.Json;
import io.clouddb.spi.OperationState;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The text form of an operation's state: versioned, opaque to callers, without secrets. */
public final class OperationToken {
  private static final String PREFIX = "clouddb-op-1.";

  private OperationToken() {}

  private record Document(String provider, String location, OperationState state) {}

  static String write(String provider, String location, OperationState state) {
    String json = Json.write(new Document(provider, location, state));
    return PREFIX
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a token.
   *
   * @param token the text
   * @param provider the provider that is open
   * @param location the location that is open
   * @return the state to go on from
   * @throws io.clouddb.error.InvalidArgumentException when it is malformed or for another cloud
   */
  public static OperationState parse(String token, String provider, String location) {
    if (!token.startsWith(PREFIX)) {
      throw invalid("This is no operation token that this release reads");
    }
    Document document;
    try {
      byte[] json = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
      document = Json.read(new String(json, StandardCharsets.UTF_8), Document.class);
    } catch (IllegalArgumentException e) {
      throw invalid("The operation token is damaged");
    }
    if (!document.provider().equals(provider) || !document.location().equals(location)) {
      throw invalid(
          "The token is for "
              + document.provider()
              + ":"
              + document.location()
              + ", this cloud is "
              + provider
              + ":"
              + location);
    }
    return document.state();
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }
}
