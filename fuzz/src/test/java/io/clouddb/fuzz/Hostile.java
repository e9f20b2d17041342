/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import java.time.Duration;
import java.util.List;

/** What readers forget. */
final class Hostile {
  static final List<Long> NUMBERS =
      List.of(
          0L,
          1L,
          -1L,
          255L,
          256L,
          32_767L,
          65_535L,
          65_536L,
          99_999L,
          (long) Integer.MAX_VALUE,
          (long) Integer.MIN_VALUE,
          Integer.MAX_VALUE + 1L,
          0xFFFF_FFFFL,
          1L << 53,
          Long.MAX_VALUE / 1_000_000,
          Long.MAX_VALUE / 1000,
          Long.MAX_VALUE - 1,
          Long.MAX_VALUE,
          Long.MIN_VALUE);

  static final List<Duration> DURATIONS =
      List.of(
          Duration.ZERO,
          Duration.ofNanos(1),
          Duration.ofNanos(-1),
          Duration.ofMillis(Integer.MAX_VALUE + 1L),
          Duration.ofNanos(Long.MAX_VALUE),
          Duration.ofMillis(Long.MAX_VALUE),
          Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
          Duration.ofSeconds(Long.MIN_VALUE));

  static final List<Character> SIGNS =
      List.of(
          '%', ':', '/', '?', '#', '&', '=', '+', '.', '*', '"', '\'', '\\', '{', '}', '[', ']',
          ',', '@', ';', '$', '<', '>', '|', '~', '-', '_', ' ');

  static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\0",
          "a\0b",
          "\n",
          "\r\n",
          "\t",
          "\uD800",
          "\uDC00",
          "a\uD83Db",
          "\uD83D\uDE00",
          "\uFEFF",
          "\u202E",
          "\u0130",
          "\u212A",
          "\u0661\u0662",
          "e\u0301",
          "-0",
          "+1",
          "1e9999",
          "1e-9999",
          "0x10",
          "NaN",
          "Infinity",
          "null",
          "true",
          "99999",
          "99999999999999999999",
          "9".repeat(1000),
          "+1000000000-01-01T00:00:00Z",
          "-1000000000-12-31T23:59:59Z",
          "2999-12-31T00:00:00Z",
          "1970-01-01T00:00:00Z",
          "PT9223372036854775807S",
          "P-1D",
          "24:00",
          "00:00:00.000000001",
          "../../etc/passwd",
          "C:\\con",
          "%",
          "%2",
          "%zz",
          "%00",
          "%FF",
          "%25",
          "%2F",
          "%3A",
          "${jndi:x}",
          "'; DROP TABLE t; --",
          "\"",
          "\\",
          "*a*a*a*a*a*a*a*a*a*b",
          "(a+)+$",
          "[::1]",
          "[fe80::1%25eth0]",
          "::1/128",
          "0.0.0.0/0",
          "1.2.3.4/33",
          "[".repeat(2000),
          "{\"a\":".repeat(2000));

  private Hostile() {}
}
