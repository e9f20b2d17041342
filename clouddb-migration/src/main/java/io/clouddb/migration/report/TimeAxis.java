/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.time.Duration;
import java.time.Instant;

/** Time from the start of the run, from left to right across a drawing. */
final class TimeAxis {
  private static final long[] TICK_SECONDS = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400
  };
  private static final int MOST_TICKS = 9;

  private final Instant start;
  private final double seconds;
  private final double left;
  private final double right;

  TimeAxis(Instant start, Instant end, double left, double right) {
    this.start = start;
    this.seconds = Math.max(0.5, seconds(start, end));
    this.left = left;
    this.right = right;
  }

  double x(Instant at) {
    return left + Math.max(0, Math.min(1, seconds(start, at) / seconds)) * (right - left);
  }

  /** Of milliseconds one can have more than a long holds. */
  private static double seconds(Instant from, Instant to) {
    Duration between = Duration.between(from, to);
    return between.toSeconds() + between.toNanosPart() / 1e9;
  }

  /** Grid lines from top to bottom, and the times under them. */
  String draw(double top, double bottom) {
    long step = TICK_SECONDS[TICK_SECONDS.length - 1];
    for (long candidate : TICK_SECONDS) {
      if (seconds / candidate <= MOST_TICKS) {
        step = candidate;
        break;
      }
    }
    // However long it says that it took: the drawing has few lines.
    while (seconds / step > MOST_TICKS) {
      step *= 2;
    }
    StringBuilder svg = new StringBuilder();
    for (long tick = 0; tick <= seconds; tick += step) {
      String x = Html.coordinate(left + tick / seconds * (right - left));
      svg.append(
          Html.fill(
              "<line class='grid' x1='%s' x2='%s' y1='%s' y2='%s'/>",
              x, x, Html.coordinate(top), Html.coordinate(bottom)));
      svg.append(
          Html.fill(
              "<text class='tick' x='%s' y='%s' text-anchor='middle'>%s</text>",
              x, Html.coordinate(bottom + 15), label(tick, step)));
    }
    return svg.toString();
  }

  private static String label(long second, long step) {
    if (second == 0) {
      return "0";
    }
    if (step < 60) {
      return second < 60
          ? second + " s"
          : second / 60 + ":" + (second % 60 < 10 ? "0" : "") + second % 60;
    }
    return step < 3600 ? second / 60 + " min" : second / 3600 + " h";
  }
}
