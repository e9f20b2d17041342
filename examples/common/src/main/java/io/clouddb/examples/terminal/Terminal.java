/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.terminal;

import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the output goes to.
 *
 * @param out where it goes
 * @param interactive whether a line can be drawn again over itself
 * @param colours whether to colour
 * @param width columns of a line
 */
public record Terminal(PrintStream out, boolean interactive, boolean colours, int width) {
  /**
   * Environment variable of the start script: {@code true} when its output is a terminal, as Java
   * alone cannot tell.
   */
  public static final String IS_TERMINAL = "CLOUDDB_EXAMPLE_TERMINAL";

  private static final int USUAL_WIDTH = 100;
  private static final int LEAST_WIDTH = 40;

  /**
   * Finds out what the standard output is.
   *
   * @param environment the process' environment
   * @param out the standard output
   * @return what it is
   */
  public static Terminal of(Map<String, String> environment, PrintStream out) {
    boolean interactive =
        "true".equals(environment.get(IS_TERMINAL)) && !"dumb".equals(environment.get("TERM"));
    boolean colours = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(out, interactive, colours, width(environment.get("COLUMNS")));
  }

  private static int width(@Nullable String columns) {
    if (columns == null || !columns.matches("[0-9]{1,4}")) {
      return USUAL_WIDTH;
    }
    int number = Integer.parseInt(columns);
    return number == 0 ? USUAL_WIDTH : Math.max(LEAST_WIDTH, number);
  }
}
