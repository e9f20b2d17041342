/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest requests, and the first things that went wrong: what a test looks at. A test that
 * asserts that {@link #notSimulated()} and {@link #bugs()} are empty cannot pass by accident.
 */
public final class RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

  /** So many requests are kept, with so many characters in all. */
  static final int MOST = 20_000;

  static final long MOST_TEXT = 64L << 20;
  private static final int MOST_COMPLAINTS = 1_000;

  /** A request, whose secrets are taken out when somebody looks at it. */
  private static final class Entry {
    private final Supplier<RecordedRequest> record;
    private final long length;
    private @Nullable RecordedRequest recorded;

    Entry(Supplier<RecordedRequest> record, long length) {
      this.record = record;
      this.length = length;
    }

    synchronized RecordedRequest get() {
      RecordedRequest known = recorded;
      if (known == null) {
        known = record.get();
        recorded = known;
      }
      return known;
    }
  }

  private final Deque<Entry> requests = new ArrayDeque<>();
  private final Deque<Call> accepted = new ArrayDeque<>();
  private final List<String> notSimulated = new ArrayList<>();
  private final List<Throwable> bugs = new ArrayList<>();
  private long text;
  private boolean told;

  RequestLog() {}

  /**
   * Keeps a request.
   *
   * @param length how many characters it has, about
   * @param record makes it, without its secrets; called when somebody looks, once
   */
  public synchronized void add(long length, Supplier<RecordedRequest> record) {
    requests.add(new Entry(record, length));
    text += length;
    while (requests.size() > MOST || (text > MOST_TEXT && requests.size() > 1)) {
      text -= requests.remove().length;
      if (!told) {
        LOG.warn("The simulator forgets its oldest requests: clear() makes room");
        told = true;
      }
    }
  }

  /**
   * Keeps that a request was accepted.
   *
   * @param call what it asked for
   */
  public synchronized void accept(Call call) {
    accepted.add(call);
    if (accepted.size() > MOST) {
      accepted.remove();
    }
  }

  /**
   * Keeps that something is not simulated.
   *
   * @param message what, without secrets
   */
  public synchronized void notSimulated(String message) {
    if (notSimulated.size() < MOST_COMPLAINTS) {
      notSimulated.add(message);
    }
  }

  /**
   * Keeps what a simulator has thrown and should not have.
   *
   * @param bug what was thrown
   */
  public synchronized void bug(Throwable bug) {
    if (bugs.size() < MOST_COMPLAINTS) {
      bugs.add(bug);
    }
  }

  /**
   * The requests so far, without secrets.
   *
   * @return a copy, oldest first
   */
  public List<RecordedRequest> requests() {
    List<Entry> all;
    synchronized (this) {
      all = List.copyOf(requests);
    }
    // Without the lock, which every request needs: there may be a great many.
    return all.stream().map(Entry::get).toList();
  }

  /**
   * What was accepted so far.
   *
   * @return a copy, oldest first
   */
  public synchronized List<Call> accepted() {
    return List.copyOf(accepted);
  }

  /**
   * What was asked for and is not simulated.
   *
   * @return a copy of the messages
   */
  public synchronized List<String> notSimulated() {
    return List.copyOf(notSimulated);
  }

  /**
   * What a simulator has thrown and should not have.
   *
   * @return a copy
   */
  public synchronized List<Throwable> bugs() {
    return List.copyOf(bugs);
  }

  /** Forgets the requests. */
  public synchronized void clear() {
    requests.clear();
    accepted.clear();
    text = 0;
  }
}
