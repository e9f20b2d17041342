/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.internal.text.Quoted;
import io.clouddb.spi.PolledState;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text form of an operation's state: versioned, opaque to callers, without secrets. */
public final class PolledToken {
  /** By which it is told from the tokens of workflows. */
  public static final String PREFIX = "clouddb-op-1.";

  private static final Pattern OTHER_VERSION = Pattern.compile("clouddb-op-[0-9]+\\..*");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9_-]*");

  private PolledToken() {}

  /** What is missing in the text is null. */
  @SchemaVersion(1)
  private record Document(
      @Nullable String provider, @Nullable String location, @Nullable PolledState state) {}

  static String write(String provider, String location, PolledState state) {
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
  public static PolledState parse(String token, String provider, String location) {
    Document document = read(token.strip());
    String itsProvider = required(document.provider(), "provider");
    String itsLocation = required(document.location(), "location");
    if (!itsProvider.equals(provider) || !itsLocation.equals(location)) {
      String its = itsProvider + ":" + itsLocation;
      throw details(
              "The token is for " + Quoted.of(its) + ", this cloud is " + provider + ":" + location)
          .nextStep("Open the cloud that it is for, and resume it there.")
          .toException();
    }
    return required(document.state(), "state");
  }

  private static Document read(String token) {
    if (!token.startsWith(PREFIX)) {
      if (PREFIX.startsWith(token)) {
        throw cutOff();
      }
      throw details(
              OTHER_VERSION.matcher(token).matches()
                  ? "The operation token was made by a newer release of clouddb"
                  : "This is no operation token that this release reads")
          .toException();
    }
    String body = token.substring(PREFIX.length());
    if (!BASE64.matcher(body).matches()) {
      throw details("The operation token is damaged: it has a character that none has")
          .nextStep("Take it as it was given.")
          .toException();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      // All its characters are right, so one is missing at its end.
      throw cutOff();
    }
    String json;
    try {
      json = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw details("The operation token is damaged: what it holds is no text")
          .nextStep("Take it as it was given.")
          .toException();
    }
    if (json.isEmpty()) {
      throw cutOff();
    }
    return Json.read(json, Document.class, "The operation token");
  }

  private static <T> T required(@Nullable T part, String what) {
    if (part == null) {
      throw details("The operation token has no " + what)
          .nextStep("Take it as it was given.")
          .toException();
    }
    return part;
  }

  private static CloudDbException cutOff() {
    return details("The operation token was cut off: it ends in the middle")
        .nextStep("Take the whole of it, as it was given.")
        .toException();
  }

  private static ErrorDetails.Builder details(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message);
  }
}
