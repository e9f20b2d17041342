/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest requests, and the first things that went wrong: what a test looks at. */
final class RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

  /** So many requests are kept, with so many characters in all. */
  static final int MOST = 20_000;

  static final long MOST_TEXT = 64L << 20;
  private static final int MOST_COMPLAINTS = 1_000;

  private final Deque<RecordedRequest> requests = new ArrayDeque<>();
  private final List<String> notSimulated = new ArrayList<>();
  private final List<Throwable> bugs = new ArrayList<>();
  private long text;
  private boolean told;

  synchronized void add(RecordedRequest request) {
    requests.add(request);
    text += request.length();
    while (requests.size() > MOST || (text > MOST_TEXT && requests.size() > 1)) {
      text -= requests.remove().length();
      if (!told) {
        LOG.warn("The simulator forgets its oldest requests: clearRequests() makes room");
        told = true;
      }
    }
  }

  synchronized void notSimulated(String message) {
    if (notSimulated.size() < MOST_COMPLAINTS) {
      notSimulated.add(message);
    }
  }

  synchronized void bug(Throwable bug) {
    if (bugs.size() < MOST_COMPLAINTS) {
      bugs.add(bug);
    }
  }

  synchronized List<RecordedRequest> requests() {
    return List.copyOf(requests);
  }

  synchronized List<String> notSimulated() {
    return List.copyOf(notSimulated);
  }

  synchronized List<Throwable> bugs() {
    return List.copyOf(bugs);
  }

  synchronized void clear() {
    requests.clear();
    text = 0;
  }
}
