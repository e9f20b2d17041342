/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong, on demand. What serves requests asks before each of them; a rule takes effect
 * for the requests it was made for and is then forgotten.
 *
 * <pre>{@code
 * faults.on(Verb.CREATE, Call.INSTANCE).named("orders").connectionResetAfter();   // on any cloud
 * faults.on("CreateDBInstance").connectionResetAfter();  // the same in one cloud's own words
 * faults.onAny().after(2).times(3).throttled();          // the third to the fifth call
 * faults.onAny().slow(Duration.ofSeconds(2));
 * faults.on(Verb.MODIFY, Call.INSTANCE).operationFails();
 * faults.failStarts(1);
 * }</pre>
 *
 * <p>May be used from any thread.
 */
public final class Faults {
  private static final class Rule {
    private final Predicate<Call> aim;
    private final Fault fault;
    private int skip;
    private int times;

    Rule(Predicate<Call> aim, Fault fault, int skip, int times) {
      this.aim = aim;
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
   * Starts a rule for what all clouds have.
   *
   * @param verb what is done
   * @param kind with what kind of resource, for example {@link Call#INSTANCE}
   * @return a rule to be finished
   */
  public RuleBuilder on(Verb verb, String kind) {
    Objects.requireNonNull(verb, "verb");
    Objects.requireNonNull(kind, "kind");
    return new RuleBuilder(call -> call.verb() == verb && call.kind().equals(kind));
  }

  /**
   * Starts a rule for one operation of one cloud.
   *
   * @param operation its name, as the cloud's protocol has it
   * @return a rule to be finished
   */
  public RuleBuilder on(String operation) {
    Objects.requireNonNull(operation, "operation");
    return new RuleBuilder(call -> call.operation().equals(operation));
  }

  /**
   * Starts a rule for all operations.
   *
   * @return a rule to be finished
   */
  public RuleBuilder onAny() {
    return new RuleBuilder(call -> true);
  }

  /**
   * Has the next starts of what is behind a resource fail, as a database's whose parameter is
   * incompatible.
   *
   * @param count how many
   */
  public synchronized void failStarts(int count) {
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
   * @param call what it asks for
   * @return empty for nothing
   */
  public synchronized Optional<Fault> next(Call call) {
    Optional<Fault> result = Optional.empty();
    Iterator<Rule> all = rules.iterator();
    while (all.hasNext()) {
      Rule rule = all.next();
      if (!rule.aim.test(call)) {
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

  /**
   * To be called before what is behind a resource is started.
   *
   * @throws SimulatorException when a test asked for it
   */
  public synchronized void beforeStart() {
    if (failingStarts > 0) {
      failingStarts--;
      throw new SimulatorException(
          SimulatorException.Reason.START_FAILED,
          "It did not start, since a test asked for that failure");
    }
  }

  private synchronized void add(Rule rule) {
    rules.add(rule);
  }

  /** A rule that is being made. Its last call says what happens. */
  public final class RuleBuilder {
    private Predicate<Call> aim;
    private int skip;
    private int times = 1;

    private RuleBuilder(Predicate<Call> aim) {
      this.aim = aim;
    }

    /**
     * Leaves out what is done with other resources.
     *
     * @param resource the resource's name, as requests have it
     * @return this rule
     */
    public RuleBuilder named(String resource) {
      Objects.requireNonNull(resource, "resource");
      aim = aim.and(call -> call.resource().equals(resource));
      return this;
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
    public void throttled() {
      finish(new Fault.Throttled());
    }

    /** Answers by an internal error of the service (HTTP 500), without effect. */
    public void unavailable() {
      finish(new Fault.Unavailable());
    }

    /** Closes the connection before the request has an effect. */
    public void connectionResetBefore() {
      finish(new Fault.ConnectionResetBefore());
    }

    /** Closes the connection after the request has had its effect. */
    public void connectionResetAfter() {
      finish(new Fault.ConnectionResetAfter());
    }

    /** Closes the connection in the middle of the answer, after the request has had its effect. */
    public void answerCut() {
      finish(new Fault.AnswerCut());
    }

    /**
     * Has the second half of the answer arrive as zeros, after the request has had its effect. A
     * client has to see by its form or its checksum that it is none.
     */
    public void answerGarbled() {
      finish(new Fault.AnswerGarbled());
    }

    /** Refuses as a service does whose caller's credentials have just expired. */
    public void credentialsExpire() {
      finish(new Fault.CredentialsExpired());
    }

    /**
     * Waits before the request is handled.
     *
     * @param realTime how long
     */
    public void slow(Duration realTime) {
      finish(new Fault.Slow(Objects.requireNonNull(realTime, "realTime")));
    }

    /**
     * Waits before the request is handled, until the test has seen what it wanted to see.
     *
     * @param released reaches zero when the request may go on
     */
    public void heldUntil(CountDownLatch released) {
      finish(new Fault.Held(Objects.requireNonNull(released, "released")));
    }

    /**
     * Refuses by an error of the service's own, without effect.
     *
     * @param status HTTP status
     * @param code the error's code, in the cloud's words
     * @param message its message
     */
    public void refused(int status, String code, String message) {
      finish(new Fault.Refused(status, code, message));
    }

    /**
     * Answers in the place of the service, without effect: a proxy's page in HTML, for example.
     *
     * @param status HTTP status
     * @param contentType for example {@code text/html}
     * @param text the body, sent as UTF-8
     */
    public void intercepted(int status, String contentType, String text) {
      finish(new Fault.Intercepted(status, contentType, text));
    }

    /**
     * Accepts the request, and ends the operation that it begins with an error, without effect. A
     * cloud without visible operations shows what becomes of the resource: a creation leaves one
     * that failed, another change one that is as before.
     */
    public void operationFails() {
      operationFails(null, OperationFailure.SENTENCE);
    }

    /**
     * The same with an error of the service's own.
     *
     * @param code the error's code, in the cloud's words; null for an error without
     * @param message a sentence; null for an error without
     */
    public void operationFails(@Nullable String code, @Nullable String message) {
      finish(new Fault.OperationFails(new OperationFailure(code, message)));
    }

    private void finish(Fault fault) {
      add(new Rule(aim, fault, skip, times));
    }
  }
}
