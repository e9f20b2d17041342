/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** When each table was copied: the longest ones as bars over time, in the order of their starts. */
final class CopyTimeline {
  private static final int WIDTH = 960;
  private static final int LEFT = 210;
  private static final int RIGHT = 840;
  private static final int ROW = 22;
  private static final int MOST = 30;
  private static final int LABEL = 30;

  private record Bar(String table, CopyReport copy) {}

  private CopyTimeline() {}

  /** Empty when nothing was copied. */
  static String draw(MigrationReport report) {
    List<Bar> all =
        report.tables().stream()
            .flatMap(table -> table.copy().map(copy -> new Bar(table.table(), copy)).stream())
            .toList();
    if (all.isEmpty()) {
      return "";
    }
    List<Bar> bars =
        all.stream()
            .sorted(Comparator.comparing((Bar bar) -> bar.copy.duration()).reversed())
            .limit(MOST)
            .sorted(Comparator.comparing((Bar bar) -> bar.copy.start()).thenComparing(Bar::table))
            .toList();
    Instant from = bars.get(0).copy.start();
    Instant to = bars.stream().map(bar -> bar.copy.end()).max(Comparator.naturalOrder()).get();
    TimeAxis axis = new TimeAxis(from, to, LEFT, RIGHT);
    int bottom = 8 + bars.size() * ROW;
    StringBuilder svg = new StringBuilder();
    svg.append(
        Html.fill(
            "<svg viewBox='0 0 %d %d' role='img'><title>When each table was copied</title>",
            WIDTH, bottom + 24));
    svg.append(axis.draw(4, bottom));
    int y = 8;
    for (Bar bar : bars) {
      double start = axis.x(bar.copy.start());
      double width = Math.max(3, axis.x(bar.copy.end()) - start);
      svg.append(
          Html.fill(
              "<text class='label' x='%d' y='%d' text-anchor='end'>%s</text>",
              LEFT - 12, y + 14, Html.escape(shorten(bar.table))));
      svg.append(
          Html.fill(
              "<rect class='bar' x='%s' y='%d' width='%s' height='%d' rx='3'><title>%s</title></rect>",
              Html.coordinate(start),
              y + 3,
              Html.coordinate(width),
              ROW - 8,
              Html.escape(bar.table)));
      svg.append(
          Html.fill(
              "<text class='took' x='%s' y='%d'>%s</text>",
              Html.coordinate(start + width + 7), y + 14, Html.duration(bar.copy.duration())));
      y += ROW;
    }
    svg.append("</svg>");
    if (all.size() > bars.size()) {
      svg.append(
          Html.fill(
              "<p class='when'>The %d tables that took longest, of %d.</p>",
              bars.size(), all.size()));
    }
    return svg.toString();
  }

  /** The end of a name tells more than its beginning. */
  private static String shorten(String name) {
    return name.length() <= LABEL ? name : "\u2026" + name.substring(name.length() - LABEL + 1);
  }
}
