/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

/**
 * Why the signature of a request is none that opens the door. Each protocol has codes of its own.
 *
 * @param verdict what is wrong
 * @param message the sentence that says why
 */
public record SignatureRefusal(Verdict verdict, String message) {
  /** What can be wrong with a signature. */
  public enum Verdict {
    /** There is no signature. */
    MISSING,
    /** A part of it is missing or is not what it should be. */
    INCOMPLETE,
    /** Nobody has this access key, or this session. */
    UNKNOWN_USER,
    /** It is not this request's, or too old. */
    MISMATCH,
    /** It was good until a moment ago. */
    EXPIRED
  }
}
