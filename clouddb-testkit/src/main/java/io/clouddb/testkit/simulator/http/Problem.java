/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

/**
 * Why a request is not handled. A {@link WireProtocol} puts it into its cloud's own error.
 *
 * @param kind what kind of problem
 * @param status HTTP status of a refusal; 0 for other kinds, whose status is the cloud's own
 * @param code code of a refusal in the cloud's words; empty for other kinds
 * @param message a sentence; empty when the cloud has its own
 */
public record Problem(Kind kind, int status, String code, String message) {
  /** Kinds of problems. */
  public enum Kind {
    /** There are too many requests. */
    THROTTLED,
    /** Something went wrong inside. */
    UNAVAILABLE,
    /** The caller's credentials have expired. */
    CREDENTIALS_EXPIRED,
    /** It is refused by an error that a test gives. */
    REFUSED,
    /** It is not simulated: to be said in a way that the vendor's SDK neither retries nor hides. */
    NOT_SIMULATED
  }

  static Problem of(Kind kind) {
    return new Problem(kind, 0, "", "");
  }

  static Problem unavailable(String message) {
    return new Problem(Kind.UNAVAILABLE, 0, "", message);
  }

  static Problem notSimulated(String message) {
    return new Problem(Kind.NOT_SIMULATED, 0, "", message);
  }
}
