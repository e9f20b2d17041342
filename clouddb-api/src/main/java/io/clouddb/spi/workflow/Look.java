/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import io.clouddb.error.CloudDbException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a look at a step has seen. */
public sealed interface Look {
  /**
   * Nothing of it: its request is to be sent, or has not shown its effect yet.
   *
   * @param message what is there instead, for those who wait
   * @param notes what the request, or later looks, need to know of what was seen
   */
  record Missing(String message, Map<String, String> notes) implements Look {}

  /**
   * Something is in the way that passes: its request cannot be sent yet.
   *
   * @param message what is waited for
   * @param pollAfter when to look again, null for the cloud's own pause
   */
  record NotYet(String message, @Nullable Duration pollAfter) implements Look {}

  /**
   * It goes on.
   *
   * @param message what goes on
   * @param pollAfter when to look again, null for the cloud's own pause
   * @param notes what later looks need
   */
  record Going(String message, @Nullable Duration pollAfter, Map<String, String> notes)
      implements Look {}

  /**
   * It is over, and had its effect.
   *
   * @param notes what later steps need
   * @param own whether what the step makes is there, and is this very operation's own, also when
   *     its request was sent by a process of which nothing else is known here
   */
  record Happened(Map<String, String> notes, boolean own) implements Look {}

  /**
   * Its request was accepted and ended without effect, for a reason that may pass: it is to be sent
   * again.
   *
   * @param why what the service said
   * @param pause how long to wait before, null for the cloud's own pause
   */
  record Again(CloudDbException why, @Nullable Duration pause) implements Look {}

  /**
   * It failed for good.
   *
   * @param why what the service said
   */
  record Failed(CloudDbException why) implements Look {}

  /**
   * Nothing of it.
   *
   * @return what was seen
   */
  static Look missing() {
    return new Missing("", Map.of());
  }

  /**
   * Nothing of it.
   *
   * @param message what is there instead
   * @return what was seen
   */
  static Look missing(String message) {
    return new Missing(message, Map.of());
  }

  /**
   * Nothing of it.
   *
   * @param message what is there instead
   * @param notes what the request, or later looks, need to know of what was seen
   * @return what was seen
   */
  static Look missing(String message, Map<String, String> notes) {
    return new Missing(message, Map.copyOf(notes));
  }

  /**
   * Its request cannot be sent yet.
   *
   * @param message what is waited for
   * @return what was seen
   */
  static Look notYet(String message) {
    return new NotYet(message, null);
  }

  /**
   * It goes on.
   *
   * @param message what goes on
   * @return what was seen
   */
  static Look going(String message) {
    return new Going(message, null, Map.of());
  }

  /**
   * It goes on.
   *
   * @param message what goes on
   * @param pollAfter when to look again, null for the cloud's own pause
   * @return what was seen
   */
  static Look going(String message, @Nullable Duration pollAfter) {
    return new Going(message, pollAfter, Map.of());
  }

  /**
   * It is over, and had its effect.
   *
   * @return what was seen
   */
  static Look happened() {
    return new Happened(Map.of(), false);
  }

  /**
   * It is over, and had its effect.
   *
   * @param notes what later steps need
   * @return what was seen
   */
  static Look happened(Map<String, String> notes) {
    return new Happened(Map.copyOf(notes), false);
  }

  /**
   * It is over, and what it makes bears this very operation's id: it is removed or named when the
   * operation fails, whoever sent the request.
   *
   * @param notes what later steps need
   * @return what was seen
   */
  static Look found(Map<String, String> notes) {
    return new Happened(Map.copyOf(notes), true);
  }

  /**
   * Its request ended without effect, and is to be sent again.
   *
   * @param why what the service said
   * @return what was seen
   */
  static Look again(CloudDbException why) {
    return new Again(why, null);
  }

  /**
   * It failed for good.
   *
   * @param why what the service said
   * @return what was seen
   */
  static Look failed(CloudDbException why) {
    return new Failed(why);
  }
}
