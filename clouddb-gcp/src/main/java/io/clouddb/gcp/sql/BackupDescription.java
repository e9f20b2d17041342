/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name and the tags of a backup, as they stand in its description: a backup of Cloud SQL has
 * neither. Written so that a person reads them in Google's console: {@code before-release;
 * team=shop; clouddb-attempt=1f0c...}. The last part is the operation that took it, by which its
 * own backup is known again, and which tells a description of this library from any other. A {@code
 * %}, {@code ;}, {@code =} or control character of a tag, and a space at its end, is written as
 * {@code %3B}.
 *
 * @param name the name
 * @param tags the tags
 * @param attempt the id of the operation that took it
 */
record BackupDescription(String name, Map<String, String> tags, String attempt) {
  private static final String BETWEEN = "; ";
  private static final Pattern WRITTEN = Pattern.compile("[%;=\\p{Cntrl}]|^ | $");
  private static final Pattern READ = Pattern.compile("%([0-9A-F]{2})");

  BackupDescription {
    tags = Map.copyOf(tags);
  }

  /**
   * Reads a description.
   *
   * @param text what the service tells; null when it tells nothing
   * @return what is in it; empty when this library has not written it
   */
  static Optional<BackupDescription> read(@Nullable String text) {
    String[] parts = text == null ? new String[0] : text.split(BETWEEN, -1);
    if (parts.length < 2) {
      return Optional.empty();
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals < 1) {
        return Optional.empty();
      }
      pairs.put(decoded(parts[i].substring(0, equals)), decoded(parts[i].substring(equals + 1)));
    }
    String attempt = pairs.remove(Labels.ATTEMPT);
    return attempt != null && parts[parts.length - 1].startsWith(Labels.ATTEMPT + "=")
        ? Optional.of(new BackupDescription(decoded(parts[0]), pairs, attempt))
        : Optional.empty();
  }

  /**
   * As it is written.
   *
   * @return the text
   */
  String text() {
    StringBuilder text = new StringBuilder(encoded(name));
    new TreeMap<>(tags)
        .forEach(
            (key, value) ->
                text.append(BETWEEN).append(encoded(key)).append('=').append(encoded(value)));
    return text.append(BETWEEN).append(Labels.ATTEMPT).append('=').append(attempt).toString();
  }

  private static String encoded(String part) {
    return WRITTEN
        .matcher(part)
        .replaceAll(found -> "%%%02X".formatted((int) found.group().charAt(0)));
  }

  private static String decoded(String part) {
    return READ.matcher(part)
        .replaceAll(
            found -> {
              byte[] one = {(byte) Integer.parseInt(found.group(1), 16)};
              String character = new String(one, StandardCharsets.ISO_8859_1);
              return character.equals("\\") || character.equals("$") ? "\\" + character : character;
            });
  }
}
