/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

/** The cloud or a database is not as it has to be by then. */
final class UnexpectedStateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnexpectedStateException(String message) {
    super(message);
  }
}
