/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * What goes wrong, on demand. {@link SimulatorServer} asks before each request; a rule takes effect
 * for the requests it was made for and is then forgotten.
 *
 * <pre>{@code
 * faults.on("CreateDBInstance").dropAfterEffect();      // the caller never hears of its success
 * faults.onAny().after(2).times(3).throttle();          // the third to the fifth call
 * faults.onAny().latency(Duration.ofSeconds(2));
 * faults.failDatabaseStarts(1);
 * }</pre>
 */
public final class Faults {
  /** What happens to a request. */
  public enum Kind {
    /** It is refused because of too many requests. */
    THROTTLE,
    /** It is answered by an internal error, without effect. */
    FAIL,
    /** The connection is closed before the request has an effect. */
    DROP_BEFORE_EFFECT,
    /** The request takes effect, and the connection is closed instead of an answer. */
    DROP_AFTER_EFFECT,
    /** It is handled later, in real time. */
    LATENCY,
    /** It is handled when the test lets it go. */
    HOLD,
    /** It never reaches the service: something on the way answers, such as a proxy. */
    INTERCEPT
  }

  /**
   * What happens to one request.
   *
   * @param kind what
   * @param latency how long it waits, zero for other kinds
   * @param released reaches zero when a held request goes on; at zero for other kinds
   * @param answer what answers an intercepted request; empty for other kinds
   */
  public record Fault(
      Kind kind, Duration latency, CountDownLatch released, Optional<SimulatedResponse> answer) {}

  private static final CountDownLatch NOTHING = new CountDownLatch(0);

  private static final class Rule {
    private final Optional<String> operation;
    private final Fault fault;
    private int skip;
    private int times;

    Rule(Optional<String> operation, Fault fault, int skip, int times) {
      this.operation = operation;
      this.fault = fault;
      this.skip = skip;
      this.times = times;
    }
  }

  private final List<Rule> rules = new ArrayList<>();
  private int failingStarts;

  /** Makes faults of which none is set. */
  public Faults() {}

  /**
   * Starts a rule for one operation.
   *
   * @param operation its name, as the skin's protocol has it
   * @return a rule to be finished
   */
  public RuleBuilder on(String operation) {
    return new RuleBuilder(Optional.of(operation));
  }

  /**
   * Starts a rule for all operations.
   *
   * @return a rule to be finished
   */
  public RuleBuilder onAny() {
    return new RuleBuilder(Optional.empty());
  }

  /**
   * Has the next starts of a database fail, as when a parameter is incompatible.
   *
   * @param count how many
   */
  public synchronized void failDatabaseStarts(int count) {
    failingStarts = count;
  }

  /** Forgets all rules. */
  public synchronized void clear() {
    rules.clear();
    failingStarts = 0;
  }

  /**
   * The number of rules that have not taken effect in full, so that a test can tell that what it
   * arranged has happened.
   *
   * @return zero when all has happened
   */
  public synchronized int pending() {
    return rules.size() + failingStarts;
  }

  /**
   * Says what happens to a request, and counts it. The first rule that applies is taken.
   *
   * @param operation the name of its operation
   * @return empty for nothing
   */
  public synchronized Optional<Fault> next(String operation) {
    Optional<Fault> result = Optional.empty();
    Iterator<Rule> all = rules.iterator();
    while (all.hasNext()) {
      Rule rule = all.next();
      if (rule.operation.isPresent() && !rule.operation.get().equals(operation)) {
        continue;
      }
      if (rule.skip > 0) {
        rule.skip--;
      } else if (result.isEmpty()) {
        result = Optional.of(rule.fault);
        rule.times--;
        if (rule.times == 0) {
          all.remove();
        }
      }
    }
    return result;
  }

  synchronized void beforeDatabaseStart() {
    if (failingStarts > 0) {
      failingStarts--;
      throw new SimulatorException(
          SimulatorException.Reason.START_FAILED,
          "The database did not start, since a test asked for that");
    }
  }

  private synchronized void add(Rule rule) {
    rules.add(rule);
  }

  /** A rule to be finished by what happens. */
  public final class RuleBuilder {
    private final Optional<String> operation;
    private int skip;
    private int times = 1;

    private RuleBuilder(Optional<String> operation) {
      this.operation = operation;
    }

    /**
     * Lets some requests through first.
     *
     * @param calls how many
     * @return this rule
     */
    public RuleBuilder after(int calls) {
      this.skip = calls;
      return this;
    }

    /**
     * Says for how many requests the rule holds; one by default.
     *
     * @param calls how many, at least one
     * @return this rule
     */
    public RuleBuilder times(int calls) {
      if (calls < 1) {
        throw new IllegalArgumentException("A rule holds for one call or more, not " + calls);
      }
      this.times = calls;
      return this;
    }

    /** Refuses because of too many requests. */
    public void throttle() {
      finish(Kind.THROTTLE, Duration.ZERO, NOTHING);
    }

    /** Answers by an internal error, without effect. */
    public void fail() {
      finish(Kind.FAIL, Duration.ZERO, NOTHING);
    }

    /** Closes the connection before the request has an effect. */
    public void dropBeforeEffect() {
      finish(Kind.DROP_BEFORE_EFFECT, Duration.ZERO, NOTHING);
    }

    /** Closes the connection after the request has had its effect. */
    public void dropAfterEffect() {
      finish(Kind.DROP_AFTER_EFFECT, Duration.ZERO, NOTHING);
    }

    /**
     * Waits before the request is handled.
     *
     * @param realTime how long
     */
    public void latency(Duration realTime) {
      finish(Kind.LATENCY, Objects.requireNonNull(realTime, "latency"), NOTHING);
    }

    /**
     * Waits before the request is handled, until the test has seen what it wanted to see.
     *
     * @param released reaches zero when the request may go on
     */
    public void holdUntil(CountDownLatch released) {
      finish(Kind.HOLD, Duration.ZERO, Objects.requireNonNull(released, "released"));
    }

    /**
     * Answers in the place of the service, without effect: a proxy's page in HTML, for example.
     *
     * @param answer the whole answer
     */
    public void intercept(SimulatedResponse answer) {
      Fault fault =
          new Fault(
              Kind.INTERCEPT,
              Duration.ZERO,
              NOTHING,
              Optional.of(Objects.requireNonNull(answer, "answer")));
      add(new Rule(operation, fault, skip, times));
    }

    private void finish(Kind kind, Duration latency, CountDownLatch released) {
      add(new Rule(operation, new Fault(kind, latency, released, Optional.empty()), skip, times));
    }
  }
}
