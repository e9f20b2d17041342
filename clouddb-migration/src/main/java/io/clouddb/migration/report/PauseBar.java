/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.util.Map;

/** The write pause as one bar of its parts, with each part by name beneath it. */
final class PauseBar {
  private static final int WIDTH = 960;
  private static final int LEFT = 10;
  private static final int RIGHT = 950;
  private static final int COLOURS = 9;
  private static final int COLUMNS = 4;

  private PauseBar() {}

  static String draw(Map<String, Long> parts) {
    long total = Math.max(1, parts.values().stream().mapToLong(Long::longValue).sum());
    int lines = (parts.size() + COLUMNS - 1) / COLUMNS;
    StringBuilder svg = new StringBuilder();
    svg.append(
        Html.fill(
            "<svg viewBox='0 0 %d %d' role='img'><title>Parts of the write pause, %d ms</title>",
            WIDTH, 48 + lines * 22, total));
    double x = LEFT;
    int index = 0;
    for (Map.Entry<String, Long> part : parts.entrySet()) {
      double width = (double) part.getValue() / total * (RIGHT - LEFT);
      String text = Html.escape(part.getKey()) + " " + part.getValue() + " ms";
      svg.append(
          Html.fill(
              "<rect class='part%d' x='%s' y='4' width='%s' height='26'><title>%s</title></rect>",
              index % COLOURS, Html.coordinate(x), Html.coordinate(Math.max(1, width)), text));
      int column = LEFT + index % COLUMNS * (RIGHT - LEFT) / COLUMNS;
      int line = 52 + index / COLUMNS * 22;
      svg.append(
          Html.fill(
              "<rect class='part%d' x='%d' y='%d' width='11' height='11' rx='2'/>",
              index % COLOURS, column, line - 10));
      svg.append(Html.fill("<text class='label' x='%d' y='%d'>%s</text>", column + 18, line, text));
      x += width;
      index++;
    }
    return svg.append("</svg>").toString();
  }
}
