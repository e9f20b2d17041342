/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of a server's log: a segment, or what tells of a way which ones it goes on.
 *
 * @param path where it is
 * @param way the number of its way ("timeline")
 * @param number of a segment, by which they follow each other
 * @param isHistory whether it is no segment
 */
record LogFile(Path path, int way, long number, boolean isHistory) {
  private static final Pattern SEGMENT = Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})");
  private static final Pattern HISTORY = Pattern.compile("([0-9A-F]{8})[.]history");
  private static final int HEXADECIMAL = 16;

  /** With segments of 16 MiB, as initdb makes them. */
  private static final long SEGMENTS_OF_A_NUMBER = 256;

  /** The bytes of one of them. */
  static final long SEGMENT_SIZE = 16L << 20;

  /** What a file is by its name; null for another one, and for what is no file. */
  static @Nullable LogFile of(Path path) {
    String name = path.getFileName().toString();
    Matcher segment = SEGMENT.matcher(name);
    Matcher history = HISTORY.matcher(name);
    boolean isSegment = segment.matches();
    if ((!isSegment && !history.matches())
        || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    return isSegment
        ? new LogFile(
            path,
            Integer.parseInt(segment.group(1), HEXADECIMAL),
            Long.parseLong(segment.group(2), HEXADECIMAL) * SEGMENTS_OF_A_NUMBER
                + Long.parseLong(segment.group(3), HEXADECIMAL),
            false)
        : new LogFile(path, Integer.parseInt(history.group(1), HEXADECIMAL), 0, true);
  }

  void copyTo(Path folder) throws IOException {
    Files.copy(
        path,
        folder.resolve(path.getFileName()),
        StandardCopyOption.REPLACE_EXISTING,
        LinkOption.NOFOLLOW_LINKS);
  }
}
