/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

/** What was asked for cannot be done, and nothing has been changed. */
final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadInputException(String message) {
    super(message);
  }
}
