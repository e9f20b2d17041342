/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

/** What became of something that is to be removed after a failure. */
public sealed interface Undone {
  /** It is gone, or was never made. */
  record Gone() implements Undone {}

  /**
   * It is being removed.
   *
   * @param message what goes on
   */
  record Going(String message) implements Undone {}

  /**
   * It stays.
   *
   * @param what names it
   */
  record Stays(String what) implements Undone {}

  /**
   * It is gone, or was never made.
   *
   * @return what became of it
   */
  static Undone gone() {
    return new Gone();
  }

  /**
   * It is being removed.
   *
   * @param message what goes on
   * @return what became of it
   */
  static Undone going(String message) {
    return new Going(message);
  }

  /**
   * It stays.
   *
   * @param what names it
   * @return what became of it
   */
  static Undone stays(String what) {
    return new Stays(what);
  }
}
