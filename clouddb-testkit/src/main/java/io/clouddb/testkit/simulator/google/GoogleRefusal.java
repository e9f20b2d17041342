/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google;

/** What a service refuses, in its own words. */
public final class GoogleRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;
  private final String sentence;

  /**
   * Makes a refusal.
   *
   * @param status HTTP status
   * @param reason the error's reason, for example {@code operationInProgress}
   * @param sentence its message
   */
  public GoogleRefusal(int status, String reason, String sentence) {
    super(sentence);
    this.status = status;
    this.reason = reason;
    this.sentence = sentence;
  }

  /**
   * A request that is not valid.
   *
   * @param sentence what is wrong
   * @return the refusal
   */
  public static GoogleRefusal invalid(String sentence) {
    return new GoogleRefusal(400, "invalid", "Invalid request: " + sentence + ".");
  }

  /**
   * HTTP status.
   *
   * @return for example 409
   */
  public int status() {
    return status;
  }

  /**
   * The error's reason.
   *
   * @return for example {@code invalid}
   */
  public String reason() {
    return reason;
  }

  /**
   * Its message.
   *
   * @return a sentence
   */
  public String sentence() {
    return sentence;
  }
}
