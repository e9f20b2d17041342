/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.time.Duration;
import java.util.Locale;

/** The steps as bars over time. */
final class StepTimeline {
  private static final int WIDTH = 960;
  private static final int LEFT = 110;
  private static final int RIGHT = 840;
  private static final int ROW = 30;

  private StepTimeline() {}

  static String draw(MigrationReport report) {
    TimeAxis axis = new TimeAxis(report.startedAt(), report.endedAt(), LEFT, RIGHT);
    int bottom = 8 + report.steps().size() * ROW;
    StringBuilder svg = new StringBuilder();
    svg.append(
        Html.fill(
            "<svg viewBox='0 0 %d %d' role='img'><title>Timeline of the steps</title>",
            WIDTH, bottom + 24));
    svg.append(axis.draw(4, bottom));
    int y = 8;
    for (StepReport step : report.steps()) {
      double from = axis.x(step.start());
      double width = Math.max(3, axis.x(step.end()) - from);
      String name = step.step().name().toLowerCase(Locale.ROOT);
      svg.append(
          Html.fill(
              "<text class='label' x='%d' y='%d' text-anchor='end'>%s</text>",
              LEFT - 12, y + 16, name));
      svg.append(
          Html.fill(
              "<rect class='bar %s' x='%s' y='%d' width='%s' height='%d' rx='3'><title>%s</title></rect>",
              step.outcome().name().toLowerCase(Locale.ROOT),
              Html.coordinate(from),
              y + 3,
              Html.coordinate(width),
              ROW - 12,
              Html.escape(step.details())));
      svg.append(
          Html.fill(
              "<text class='took' x='%s' y='%d'>%s</text>",
              Html.coordinate(from + width + 7),
              y + 16,
              Html.duration(Duration.between(step.start(), step.end()))));
      y += ROW;
    }
    return svg.append("</svg>").toString();
  }
}
