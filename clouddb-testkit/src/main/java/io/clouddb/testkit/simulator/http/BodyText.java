/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A body for a person to look at: only of a text it can be told what in it is a secret. */
final class BodyText {
  private static final Pattern BINARY =
      Pattern.compile("application/(cbor|grpc.*|octet-stream|protobuf|x-protobuf|zip|gzip)(;.*)?");

  private BodyText() {}

  /** The text; of anything else its size. */
  static String of(byte[] body, Optional<String> contentType) {
    if (body.length == 0) {
      return "";
    }
    String type = contentType.orElse("").strip().toLowerCase(Locale.ROOT);
    if (!BINARY.matcher(type).matches()) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      } catch (CharacterCodingException e) {
        // No text, whatever it says it is.
        return size(body);
      }
    }
    return size(body);
  }

  private static String size(byte[] body) {
    return "(" + body.length + " bytes that are no text)";
  }
}
