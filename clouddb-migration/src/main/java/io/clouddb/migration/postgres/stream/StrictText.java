/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Text of the stream in UTF-8. A server hands on what its files hold without looking, and bytes
 * that are no text would become others in silence.
 */
final class StrictText {
  /** What Java puts in the place of bytes that are no text; a text may have it too. */
  private static final char REPLACEMENT = '\uFFFD';

  private StrictText() {}

  /**
   * The text of some bytes.
   *
   * @throws io.clouddb.error.CloudDbException of category DATA when they are none
   */
  static String of(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
      } catch (CharacterCodingException e) {
        throw ErrorDetails.of(
                ErrorCategory.DATA, "The change stream has bytes that are no text in UTF-8")
            .nextStep(
                "A file of the source's database is damaged, or somebody wrote bytes past its"
                    + " encoding: put the value right on the source, and copy the table again.")
            .toException(e);
      }
    }
    return text;
  }
}
