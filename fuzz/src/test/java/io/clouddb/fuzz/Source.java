/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The random choices of one case. What it gave is kept, so that a failure can show it; the same
 * seed, target and case give the same again.
 */
final class Source {
  private static final int SHOWN = 400;
  private static final int MOST_SHOWN = 8;

  private final SplittableRandom random;
  private final List<String> given = new ArrayList<>();

  Source(SplittableRandom random) {
    this.random = random;
  }

  /** From 0 to below a bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** Any number; often one at which arithmetic breaks. */
  long number() {
    long number =
        switch (random.nextInt(4)) {
          case 0 -> pick(Hostile.NUMBERS);
          case 1 -> random.nextLong();
          case 2 -> 1L << random.nextInt(64);
          default -> random.nextInt(200) - 50L;
        };
    note(String.valueOf(number));
    return number;
  }

  /** Any duration, absurd ones included. */
  Duration duration() {
    Duration duration =
        switch (random.nextInt(4)) {
          case 0 -> Duration.ofSeconds(random.nextLong(), random.nextInt(1_000_000_000));
          case 1 -> pick(Hostile.DURATIONS);
          default -> Duration.ofMillis(random.nextInt(5000) - 1000L);
        };
    note(duration.toString());
    return duration;
  }

  /** Any text; often one that somebody forgot. */
  String text() {
    String text =
        switch (random.nextInt(4)) {
          case 0 -> pick(Hostile.TEXTS);
          case 1 -> pick(Hostile.TEXTS) + pick(Hostile.TEXTS);
          case 2 -> "x".repeat(1 << random.nextInt(17));
          default -> characters(random.nextInt(24));
        };
    note(text);
    return text;
  }

  private String characters(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(character());
    }
    return text.toString();
  }

  /** A UTF-16 unit, which may be half of a character. */
  private char character() {
    return switch (random.nextInt(6)) {
      case 0 -> (char) random.nextInt(0x20);
      case 1 -> (char) (0xD800 + random.nextInt(0x800));
      case 2 -> (char) random.nextInt(0x10000);
      case 3 -> pick(Hostile.SIGNS);
      default -> (char) (0x20 + random.nextInt(0x5F));
    };
  }

  /** One of the samples, as it is or with a few changes. */
  String changed(List<String> samples) {
    StringBuilder text = new StringBuilder(pick(samples));
    for (int changes = random.nextInt(5); changes > 0; changes--) {
      int at = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), at + random.nextInt(12));
      switch (random.nextInt(8)) {
        case 0 -> text.delete(at, to);
        case 1 -> text.insert(at, text.substring(at, to));
        case 2 -> text.insert(at, character());
        case 3 -> text.replace(at, Math.min(text.length(), at + 1), characters(1));
        case 4 -> text.replace(at, to, pick(Hostile.TEXTS));
        case 5 -> text.replace(at, to, String.valueOf(pick(Hostile.NUMBERS)));
        case 6 -> {
          String other = pick(samples);
          text.replace(at, text.length(), other.substring(random.nextInt(other.length() + 1)));
        }
        default -> text.setLength(at);
      }
    }
    note(text.toString());
    return text.toString();
  }

  /** Any bytes, up to some length. */
  byte[] bytes(int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    note(HexText.of(bytes));
    return bytes;
  }

  /** One of the samples, as it is or with a few changes. */
  byte[] changedBytes(List<byte[]> samples) {
    byte[] bytes = pick(samples).clone();
    for (int changes = random.nextInt(5); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, at + random.nextInt(16));
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = join(bytes, at, bytes, to);
        case 3 -> bytes = join(bytes, to, bytes, at);
        case 4 -> bytes = join(bytes, at, new byte[0], 0);
        case 5 -> {
          if (at + Integer.BYTES <= bytes.length) {
            ByteBuffer.wrap(bytes).putInt(at, (int) (long) pick(Hostile.NUMBERS));
          }
        }
        default -> {
          byte[] other = pick(samples);
          bytes = join(bytes, at, other, random.nextInt(other.length + 1));
        }
      }
    }
    note(HexText.of(bytes));
    return bytes;
  }

  /** The head of one with the tail of another. */
  private static byte[] join(byte[] head, int headEnd, byte[] tail, int tailStart) {
    byte[] joined = new byte[headEnd + tail.length - tailStart];
    System.arraycopy(head, 0, joined, 0, headEnd);
    System.arraycopy(tail, tailStart, joined, headEnd, tail.length - tailStart);
    return joined;
  }

  private void note(String what) {
    if (given.size() < MOST_SHOWN) {
      given.add(what.length() <= SHOWN ? what : what.substring(0, SHOWN) + "...");
    }
  }

  /** Notes what a target made of the choices, so that a failure shows it. */
  String noted(String input) {
    given.clear();
    note(input);
    return input;
  }

  /** What was given, with each sign that does not print written as an escape. */
  @Override
  public String toString() {
    StringBuilder shown = new StringBuilder();
    for (String text : given) {
      shown.append("\n    ").append(escaped(text));
    }
    return shown.toString();
  }

  /** Each sign that does not print as an escape: a zero one would end a report. */
  static String escaped(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (c >= 0x20 && c < 0x7F) {
                shown.append((char) c);
              } else {
                shown.append("\\u%04x".formatted(c));
              }
            });
    return shown.toString();
  }
}
