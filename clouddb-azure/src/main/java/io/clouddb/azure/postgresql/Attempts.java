/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.spi.PolledState;
import java.time.Duration;

/**
 * How often the current step was tried and looked for, kept in the operation's state so that it is
 * bounded across processes, too. Every step begins anew.
 *
 * @param repeated how often the step's request was sent again after Azure had ended it as failed
 * @param due true when it is to be sent once more
 * @param unseen how often Azure did not show the operation that it had accepted; {@link #SEEN} once
 *     it did
 * @param missing how often what has to be there was not shown
 */
record Attempts(int repeated, boolean due, int unseen, int missing) {
  /** With the default poll interval of 10 s and its back-off about 25 minutes. */
  static final int MOST_REPEATED = 15;

  /** Azure was seen to answer 404 for what it had made 87 times in a row. */
  static final int MOST_MISSING = 180;

  private static final int MOST_UNSEEN = 6;
  private static final int SEEN = -1;
  private static final int LONGEST_PAUSE = 12;
  private static final String KEY = "attempts";
  private static final Attempts NONE = new Attempts(0, false, 0, 0);

  static Attempts of(PolledState state) {
    String[] parts = state.value(KEY).orElse("").split(" ", 5);
    if (parts.length < 5 || !parts[4].equals(state.step())) {
      return NONE;
    }
    return new Attempts(
        Integer.parseInt(parts[0]),
        parts[1].equals("due"),
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]));
  }

  PolledState in(PolledState state) {
    if (equals(NONE) && of(state).equals(NONE)) {
      return state;
    }
    return state.with(
        KEY,
        repeated
            + " "
            + (due ? "due" : "sent")
            + " "
            + unseen
            + " "
            + missing
            + " "
            + state.step());
  }

  /** The operation failed; its request is to be sent once more. */
  Attempts failed() {
    return new Attempts(repeated + 1, true, 0, missing);
  }

  /** The request was sent once more. */
  Attempts sent() {
    return new Attempts(repeated, false, 0, missing);
  }

  Attempts seen() {
    return new Attempts(repeated, due, SEEN, missing);
  }

  Attempts notSeen() {
    return new Attempts(repeated, due, unseen + 1, missing);
  }

  Attempts notThere() {
    return new Attempts(repeated, due, unseen, missing + 1);
  }

  boolean mayBeRepeated() {
    return repeated < MOST_REPEATED;
  }

  /** An operation that was never shown may come; one that was is forgotten. */
  boolean mayBeShown() {
    return unseen != SEEN && unseen < MOST_UNSEEN;
  }

  boolean mayAppear() {
    return missing < MOST_MISSING;
  }

  /** The pause before the next try, twice as long each time. */
  Duration pause(Duration interval) {
    return interval.multipliedBy(Math.min(LONGEST_PAUSE, 1L << Math.min(repeated, 10)));
  }
}
