/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.application;

/**
 * What the application has seen so far.
 *
 * @param acknowledged writes whose commit returned
 * @param errors exceptions that it got from its data source
 * @param longestGapMillis the longest time that one of its connections could not write
 */
public record ApplicationStatus(long acknowledged, long errors, long longestGapMillis) {
  /** The state of an application that has not begun. */
  public static final ApplicationStatus NONE = new ApplicationStatus(0, 0, 0);

  String toLine() {
    return acknowledged + " " + errors + " " + longestGapMillis;
  }

  static ApplicationStatus ofLine(String line) {
    String[] part = line.split(" ");
    return new ApplicationStatus(
        Long.parseLong(part[0]), Long.parseLong(part[1]), Long.parseLong(part[2]));
  }
}
