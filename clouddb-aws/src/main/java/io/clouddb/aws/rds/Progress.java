/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The names in an operation's state, and how it moves on. */
final class Progress {
  /** The step from which {@link Settling} goes on. */
  static final String SETTLE = "settle";

  static final String ATTEMPT = "attempt";
  static final String GROUP = "group";

  /** Whether a change of parameters restarts the instance: {@link #NEEDED}, {@link #IF_MARKED}. */
  static final String RESTART = "restart";

  static final String NEEDED = "needed";
  static final String IF_MARKED = "if-marked";

  /** The failed state out of which a change is to bring the instance. */
  static final String MENDS = "mends";

  static final String RESOURCE = "dbi-resource-id";
  static final String PASSWORD = "password";
  static final String REQUEST_PREFIX = "request.";
  static final String PARAMETER_PREFIX = "parameter.";
  static final String STATIC_PREFIX = "differs.static.";
  static final String DYNAMIC_PREFIX = "differs.dynamic.";
  static final String TAG_PREFIX = "tag.";

  /** The members that {@code ModifyDBInstance} was sent with, so that they can be pending. */
  static final String CHANGED = "changed";

  static final String SEPARATOR = ",";

  private static final String WAITING_SINCE = "waiting-since";
  private static final Duration REFUSED_LIMIT = Duration.ofMinutes(15);

  private Progress() {}

  static String name(PolledState state) {
    return state.resource().name();
  }

  /** The next step can be taken at once. */
  static Step.Running next(PolledState state, String step, String message) {
    return new Step.Running(
        state.at(step, null).with(WAITING_SINCE, ""), Duration.ZERO, name(state) + ": " + message);
  }

  /** The same step is to be looked at again after the usual pause, however long it takes. */
  static Step.Running wait(PolledState state, String message) {
    return again(since(state).isPresent() ? state.with(WAITING_SINCE, "") : state, message);
  }

  /** The same, and notes since when, for {@link #waited}: since the last wait of the other kind. */
  static Step.Running waitFrom(PolledState state, Instant now, String message) {
    return again(
        since(state).isPresent() ? state : state.with(WAITING_SINCE, now.toString()), message);
  }

  /**
   * Looks again after a refusal of the kind "not in this state". RDS says so for what passes and
   * for what never will, a stop of an instance with replicas for one. So an instance that is not on
   * its way to another state is waited for only some minutes; then the refusal is the outcome.
   */
  static Step.Running refused(
      PolledState state, Instant now, String status, BusyException refusal) {
    if (!RdsStates.resting(status)) {
      return wait(state, status + ", busy");
    }
    if (waited(state, now).compareTo(REFUSED_LIMIT) < 0) {
      return waitFrom(state, now, status + ", busy");
    }
    throw CloudDbException.of(
        refusal.details().toBuilder()
            .retryable(false)
            .nextStep(
                "RDS has refused this for "
                    + REFUSED_LIMIT.toMinutes()
                    + " minutes while the instance was "
                    + status
                    + ": mend what its message says, and ask again.")
            .build(),
        refusal);
  }

  private static Step.Running again(PolledState state, String message) {
    return new Step.Running(state, null, name(state) + ": " + message);
  }

  /** How long {@link #waitFrom} has been waiting, in whatever process; zero when it has not. */
  static Duration waited(PolledState state, Instant now) {
    return since(state).map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
  }

  private static Optional<Instant> since(PolledState state) {
    return state.value(WAITING_SINCE).filter(text -> !text.isEmpty()).map(Instant::parse);
  }

  static PolledState with(PolledState state, String prefix, Map<String, String> values) {
    PolledState all = state;
    for (Map.Entry<String, String> entry : values.entrySet()) {
      all = all.with(prefix + entry.getKey(), entry.getValue());
    }
    return all;
  }

  /** The values under a prefix, without it. */
  static Map<String, String> values(PolledState state, String prefix) {
    return state.values().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().substring(prefix.length()),
                Map.Entry::getValue,
                (a, b) -> b,
                TreeMap::new));
  }

  /** What is left to know once the requests are made. */
  static PolledState settling(PolledState state) {
    Map<String, String> rest = new TreeMap<>(state.values());
    rest.keySet()
        .removeIf(
            key ->
                key.startsWith(REQUEST_PREFIX)
                    || key.startsWith(PARAMETER_PREFIX)
                    || key.startsWith(STATIC_PREFIX)
                    || key.startsWith(DYNAMIC_PREFIX)
                    || key.startsWith(TAG_PREFIX));
    return new PolledState(
        state.kind(), state.resource(), SETTLE, null, rest, Map.<String, SecretRef>of());
  }
}
