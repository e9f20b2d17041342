/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What happens to one request. What serves requests looks for each of these. */
public sealed interface Fault {
  /** It is refused because of too many requests. */
  record Throttled() implements Fault {}

  /** It is answered by an internal error, without effect. */
  record Unavailable() implements Fault {}

  /** The connection is closed before the request has an effect. */
  record ConnectionResetBefore() implements Fault {}

  /** The request takes effect, and the connection is closed instead of an answer. */
  record ConnectionResetAfter() implements Fault {}

  /**
   * The request takes effect, and the connection is closed in the middle of the answer; before it,
   * where that has no body.
   */
  record AnswerCut() implements Fault {}

  /**
   * The request takes effect, and the second half of the answer arrives as zeros: as many bytes as
   * it has, and no answer, which a client has to see by its form or its checksum.
   */
  record AnswerGarbled() implements Fault {}

  /** It is refused as one whose credentials were good until a moment ago. */
  record CredentialsExpired() implements Fault {}

  /**
   * It is handled later.
   *
   * @param realTime by how much
   */
  record Slow(Duration realTime) implements Fault {}

  /**
   * It is handled when the test lets it go.
   *
   * @param released reaches zero then
   */
  record Held(CountDownLatch released) implements Fault {}

  /**
   * It is refused by an error of the service's own, without effect.
   *
   * @param status HTTP status
   * @param code the error's code, in the cloud's words
   * @param message its message
   */
  record Refused(int status, String code, String message) implements Fault {}

  /**
   * It never reaches the service: something on the way answers, such as a proxy.
   *
   * @param status HTTP status
   * @param contentType for example {@code text/html}
   * @param text the body, sent as UTF-8
   */
  record Intercepted(int status, String contentType, String text) implements Fault {}

  /**
   * It is accepted, and the operation that it begins ends with an error, without effect.
   *
   * @param failure which
   */
  record OperationFails(OperationFailure failure) implements Fault {}
}
