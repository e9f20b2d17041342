/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** How long each contestant took in each round. */
final class Standings {
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private final Map<String, List<Double>> busy = new LinkedHashMap<>();

  /**
   * Adds a round.
   *
   * @param processors the part of the machine's processors that was busy meanwhile
   */
  void add(String contestant, double taken, double processors) {
    seconds.computeIfAbsent(contestant, name -> new ArrayList<>()).add(taken);
    busy.computeIfAbsent(contestant, name -> new ArrayList<>()).add(processors);
  }

  /** The part of the machine's processors that was busy meanwhile, median. */
  String busy(String contestant) {
    return ProcessorTime.percent(
        quantile(Objects.requireNonNull(busy.get(contestant), contestant), 0.5));
  }

  Set<String> contestants() {
    return seconds.keySet();
  }

  /** The first one, which is compared with each of the others. */
  String reference() {
    return seconds.keySet().iterator().next();
  }

  double median(String contestant) {
    return quantile(times(contestant), 0.5);
  }

  /** Median and extremes, in seconds. */
  String seconds(String contestant) {
    return spread(times(contestant));
  }

  /** How many times as fast as another, by rounds: median and extremes. */
  String ratios(String contestant, String other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < times(contestant).size(); i++) {
      ratios.add(times(other).get(i) / times(contestant).get(i));
    }
    return spread(ratios);
  }

  private List<Double> times(String contestant) {
    return Objects.requireNonNull(seconds.get(contestant), contestant);
  }

  static String spread(List<Double> values) {
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f-%.2f)",
        quantile(values, 0.5),
        quantile(values, 0),
        quantile(values, 1));
  }

  private static double quantile(List<Double> values, double part) {
    List<Double> sorted = values.stream().sorted().toList();
    double place = part * (sorted.size() - 1);
    double below = sorted.get((int) Math.floor(place));
    double above = sorted.get((int) Math.ceil(place));
    return below + (above - below) * (place - Math.floor(place));
  }
}
