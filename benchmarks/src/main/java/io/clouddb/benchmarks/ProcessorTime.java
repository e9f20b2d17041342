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

  /** The part that was busy since, between 0 and 1, with what another machine took; NaN unknown. */
  double busySince(ProcessorTime before) {
    double all = 0;
    double busy = 0;
    for (int i = 0; i < Math.min(ticks.length, before.ticks.length); i++) {
      long spent = ticks[i] - before.ticks[i];
      all += spent;
      busy += i == IDLE || i == WAITING ? 0 : spent;
    }
    return all == 0 ? Double.NaN : busy / all;
  }

  /** The part that another machine on the same processors had since. */
  double stolenSince(ProcessorTime before) {
    double all = 0;
    for (int i = 0; i < Math.min(ticks.length, before.ticks.length); i++) {
      all += ticks[i] - before.ticks[i];
    }
    return all == 0 || ticks.length <= STOLEN
        ? Double.NaN
        : (ticks[STOLEN] - before.ticks[STOLEN]) / all;
  }

  /** As percent, or a dash where it is not known. */
  static String percent(double part) {
    return Double.isNaN(part) ? "-" : String.format(Locale.ROOT, "%.0f %%", part * 100);
  }
}
