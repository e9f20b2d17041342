/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import java.util.Arrays;

/**
 * A pattern for names, by code points. A mismatch behind a run of any characters moves that run on
 * by one and never one before it, so a match takes at most the name's length times the pattern's,
 * whatever either holds.
 */
final class NamePattern {
  /** No code point: stands for any run of characters. */
  private static final int ANY = -1;

  private final int[] parts;

  private NamePattern(int[] parts) {
    this.parts = parts;
  }

  boolean matches(String name) {
    int[] points = name.codePoints().toArray();
    int part = 0;
    int at = 0;
    int lastAny = -1;
    int runEnds = 0;
    while (at < points.length) {
      if (part < parts.length && parts[part] == ANY) {
        lastAny = part++;
        runEnds = at;
      } else if (part < parts.length && parts[part] == points[at]) {
        part++;
        at++;
      } else if (lastAny >= 0) {
        part = lastAny + 1;
        at = ++runEnds;
      } else {
        return false;
      }
    }
    while (part < parts.length && parts[part] == ANY) {
      part++;
    }
    return part == parts.length;
  }

  boolean matchesEverything() {
    return parts.length > 0 && Arrays.stream(parts).allMatch(part -> part == ANY);
  }

  static final class Builder {
    private int[] parts = new int[16];
    private int size;

    Builder any() {
      return add(ANY);
    }

    Builder literal(int codePoint) {
      return add(codePoint);
    }

    private Builder add(int part) {
      if (size == parts.length) {
        parts = Arrays.copyOf(parts, 2 * size);
      }
      parts[size++] = part;
      return this;
    }

    boolean isEmpty() {
      return size == 0;
    }

    NamePattern build() {
      return new NamePattern(Arrays.copyOf(parts, size));
    }
  }
}
