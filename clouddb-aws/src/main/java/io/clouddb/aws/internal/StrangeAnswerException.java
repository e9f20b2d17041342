/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.internal;

/**
 * A request was answered with success, and not by the service: the SDK makes an empty response of
 * any XML, a page of a proxy's for example.
 */
public final class StrangeAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param what what is missing in the answer
   */
  public StrangeAnswerException(String what) {
    super("The answer is none of the service's: " + what);
  }
}
