/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.security;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.text.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a secret's file. Only a regular one: a pipe nobody writes to is waited for for ever, one
 * that somebody writes to is empty when it is read again, and a device may have no end.
 */
final class SecretFile {
  /** As much as the clouds' own stores take: Secrets Manager and Secret Manager 64 KiB each. */
  private static final int LARGEST = 64 << 10;

  private SecretFile() {}

  /**
   * Reads.
   *
   * @param file the file
   * @return its text, without one trailing line break
   * @throws IOException when there is none, or it cannot be read
   */
  static String read(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw refused(file, "is no regular file, and could not be read each time it is needed");
    }
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      // What a file is said to hold is not what it gives: one more than there may be tells.
      content = in.readNBytes(LARGEST + 1);
    }
    if (content.length > LARGEST) {
      throw refused(file, "has more than " + LARGEST + " bytes");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw refused(file, "is not UTF-8");
    }
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  private static CloudDbException refused(Path file, String why) {
    return ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            "The secret's file " + Quoted.of(file.toString()) + " " + why)
        .nextStep(
            "Name a file that holds the secret and nothing else, or use SecretRef.environment.")
        .toException();
  }
}
