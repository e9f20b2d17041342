/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What the machine's processors have done since it started, as Linux counts it (proc(5),
 * /proc/stat). Who leaves none of it idle is as fast as the processors are; who leaves some waits
 * for one of his own steps, and does not feel it when something else takes a part of them.
 */
final class ProcessorTime {
  private static final Path STAT = Path.of("/proc/stat");
  private static final int IDLE = 3;
  private static final int WAITING = 4;
  private static final int STOLEN = 7;
  private static final int COUNTED = 8;

  /** User, nice, system, idle, waiting for disks, interrupts twice, stolen; null elsewhere. */
  private final long[] ticks;

  private ProcessorTime(long[] ticks) {
    this.ticks = ticks;
  }

  static ProcessorTime now() {
    try {
      String line = Files.readAllLines(STAT).get(0);
      return new ProcessorTime(
          Arrays.stream(line.trim().split(" +"))
              .skip(1)
              .limit(COUNTED)
              .mapToLong(Long::parseLong)
              .toArray());
    } catch (IOException | NumberFormatException e) {
      return new ProcessorTime(new long[0]);
    }
  }

  /** What they have done since. */
  ProcessorTime since(ProcessorTime before) {
    return combined(before, -1);
  }

  /** What they have done in both of two times. */
  ProcessorTime plus(ProcessorTime other) {
    return combined(other, 1);
  }

  private ProcessorTime combined(ProcessorTime other, int sign) {
    long[] all = new long[Math.min(ticks.length, other.ticks.length)];
    Arrays.setAll(all, i -> ticks[i] + sign * other.ticks[i]);
    return new ProcessorTime(all);
  }

  /** The part that was busy, between 0 and 1, with what another machine took; NaN unknown. */
  double busy() {
    long all = Arrays.stream(ticks).sum();
    return all == 0 ? Double.NaN : (all - ticks[IDLE] - ticks[WAITING]) / (double) all;
  }

  /** The part that another machine on the same processors had; NaN unknown. */
  double stolen() {
    long all = Arrays.stream(ticks).sum();
    return all == 0 || ticks.length <= STOLEN ? Double.NaN : ticks[STOLEN] / (double) all;
  }

  /** As percent, or a dash where it is not known. */
  static String percent(double part) {
    return Double.isNaN(part) ? "-" : String.format(Locale.ROOT, "%.0f %%", part * 100);
  }
}
