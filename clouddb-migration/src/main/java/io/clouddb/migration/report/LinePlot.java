/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import io.clouddb.migration.progress.MigrationStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Values over the time of the run, as lines with axes. */
final class LinePlot {
  private static final int LEFT = 70;
  private static final int TOP = 30;
  private static final int MARGIN_RIGHT = 16;
  private static final int MARGIN_BOTTOM = 28;
  private static final int MOST_POINTS = 400;
  private static final int LINES = 4;

  private final MigrationReport report;
  private final String title;
  private final String unit;
  private final int width;
  private final int height;
  private final List<Series> series = new ArrayList<>();

  private record Series(String name, String style, ToDoubleFunction<Sample> value) {}

  LinePlot(MigrationReport report, String title, String unit, int width, int height) {
    this.report = report;
    this.title = title;
    this.unit = unit;
    this.width = width;
    this.height = height;
  }

  LinePlot line(String name, String style, ToDoubleFunction<Sample> value) {
    series.add(new Series(name, style, value));
    return this;
  }

  String draw() {
    int right = width - MARGIN_RIGHT;
    int bottom = height - MARGIN_BOTTOM;
    TimeAxis axis = new TimeAxis(report.startedAt(), report.endedAt(), LEFT, right);
    double highest = 0;
    for (Series each : series) {
      for (Sample sample : report.samples()) {
        highest = Math.max(highest, each.value.applyAsDouble(sample));
      }
    }
    double top = niceAbove(highest);
    StringBuilder svg = new StringBuilder();
    svg.append(
        Html.fill(
            "<svg viewBox='0 0 %d %d' role='img'><title>%s</title>",
            width, height, Html.escape(title)));
    svg.append(
        Html.fill(
            "<text class='axis' x='%d' y='14'>%s, %s</text>",
            LEFT, Html.escape(title), Html.escape(unit)));
    svg.append(axis.draw(TOP, bottom));
    for (int i = 0; i <= LINES; i++) {
      double value = top * i / LINES;
      String y = Html.coordinate(bottom - (bottom - TOP) * (double) i / LINES);
      svg.append(
          Html.fill("<line class='grid' x1='%d' x2='%d' y1='%s' y2='%s'/>", LEFT, right, y, y));
      svg.append(
          Html.fill(
              "<text class='tick' x='%d' y='%s' text-anchor='end' dy='4'>%s</text>",
              LEFT - 8, y, Html.shorten(value)));
    }
    report.steps().stream()
        .filter(step -> step.step() == MigrationStep.CUTOVER)
        .findFirst()
        .ifPresent(step -> svg.append(cutover(axis.x(step.start()), bottom)));
    int legend = right;
    for (int i = series.size() - 1; i >= 0 && series.size() > 1; i--) {
      Series each = series.get(i);
      svg.append(
          Html.fill(
              "<text class='legend' x='%d' y='14' text-anchor='end'>%s</text>",
              legend, Html.escape(each.name)));
      legend -= 8 + each.name.length() * 7;
      svg.append(
          Html.fill(
              "<line class='%s' x1='%d' x2='%d' y1='10' y2='10'/>",
              each.style, legend - 18, legend));
      legend -= 36;
    }
    for (Series each : series) {
      svg.append(
          Html.fill(
              "<polyline class='%s' points='%s'/>", each.style, points(each, axis, top, bottom)));
    }
    return svg.append("</svg>").toString();
  }

  private static String cutover(double x, int bottom) {
    String at = Html.coordinate(x);
    return Html.fill(
        "<line class='cutover' x1='%s' x2='%s' y1='%d' y2='%d'><title>cutover</title></line>",
        at, at, TOP, bottom);
  }

  /** Long runs are thinned out by keeping the highest of each group, so that no peak is lost. */
  private String points(Series each, TimeAxis axis, double top, int bottom) {
    List<Sample> samples = report.samples();
    int group = Math.max(1, (samples.size() + MOST_POINTS - 1) / MOST_POINTS);
    StringBuilder points = new StringBuilder();
    for (int from = 0; from < samples.size(); from += group) {
      double highest = 0;
      Instant at = samples.get(from).at();
      for (Sample sample : samples.subList(from, Math.min(samples.size(), from + group))) {
        highest = Math.max(highest, each.value.applyAsDouble(sample));
      }
      points
          .append(Html.coordinate(axis.x(at)))
          .append(',')
          .append(Html.coordinate(bottom - highest / top * (bottom - TOP)))
          .append(' ');
    }
    return points.toString().strip();
  }

  private static double niceAbove(double highest) {
    if (highest <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(highest)));
    for (double factor : new double[] {1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8}) {
      if (factor * power >= highest) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
