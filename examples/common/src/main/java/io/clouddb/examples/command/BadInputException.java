/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.command;

/** What was asked for cannot be done, and nothing has been changed. */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Refuses.
   *
   * @param message what is wrong, and what would be right
   */
  public BadInputException(String message) {
    super(message);
  }
}
