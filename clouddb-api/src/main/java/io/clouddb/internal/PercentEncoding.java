/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Reads percent-encoded text, RFC 3986. The JDK's decoder is one of forms: it makes a space of a
 * plus sign, and a replacement character of bytes that are no UTF-8, without a word.
 */
public final class PercentEncoding {
  private static final int ESCAPE_LENGTH = 3;

  private PercentEncoding() {}

  /**
   * Decodes.
   *
   * @param text what may hold {@code %41} and the like
   * @return the text that it stands for; empty when an escape is cut off, has other digits than
   *     hexadecimal ones, or stands for bytes that are no UTF-8; and when the text itself has half
   *     a character
   */
  public static Optional<String> decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); ) {
      if (text.charAt(i) == '%') {
        if (i + ESCAPE_LENGTH > text.length()
            || !HexFormat.isHexDigit(text.charAt(i + 1))
            || !HexFormat.isHexDigit(text.charAt(i + 2))) {
          return Optional.empty();
        }
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + ESCAPE_LENGTH));
        i += ESCAPE_LENGTH;
      } else {
        int next = text.offsetByCodePoints(i, 1);
        if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
          return Optional.empty();
        }
        bytes.writeBytes(text.substring(i, next).getBytes(StandardCharsets.UTF_8));
        i = next;
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
