/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.security.SecretRef;
import io.clouddb.spi.OperationState;
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
  static final String FAMILY = "family";
  static final String RESTART = "restart";
  static final String RESOURCE = "dbi-resource-id";
  static final String PASSWORD = "password";
  static final String REQUEST_PREFIX = "request.";
  static final String PARAMETER_PREFIX = "parameter.";
  static final String TAG_PREFIX = "tag.";

  /** Set when {@code ModifyDBInstance} was sent, so that values can be pending. */
  static final String CHANGED = "changed";

  private static final String WAITING_SINCE = "waiting-since";

  private Progress() {}

  static String name(OperationState state) {
    return state.resource().name();
  }

  /** The next step can be taken at once. */
  static Step.Running next(OperationState state, String step, String message) {
    return new Step.Running(
        state.at(step, null).with(WAITING_SINCE, ""), Duration.ZERO, name(state) + ": " + message);
  }

  /** The same step is to be looked at again after the usual pause, however long it takes. */
  static Step.Running wait(OperationState state, String message) {
    return again(since(state).isPresent() ? state.with(WAITING_SINCE, "") : state, message);
  }

  /** The same, and notes since when, for {@link #waited}: since the last wait of the other kind. */
  static Step.Running waitFrom(OperationState state, Instant now, String message) {
    return again(
        since(state).isPresent() ? state : state.with(WAITING_SINCE, now.toString()), message);
  }

  private static Step.Running again(OperationState state, String message) {
    return new Step.Running(state, null, name(state) + ": " + message);
  }

  /** How long {@link #waitFrom} has been waiting, in whatever process; zero when it has not. */
  static Duration waited(OperationState state, Instant now) {
    return since(state).map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
  }

  private static Optional<Instant> since(OperationState state) {
    return state.value(WAITING_SINCE).filter(text -> !text.isEmpty()).map(Instant::parse);
  }

  static OperationState with(OperationState state, String prefix, Map<String, String> values) {
    OperationState all = state;
    for (Map.Entry<String, String> entry : values.entrySet()) {
      all = all.with(prefix + entry.getKey(), entry.getValue());
    }
    return all;
  }

  /** The values under a prefix, without it. */
  static Map<String, String> values(OperationState state, String prefix) {
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
  static OperationState settling(OperationState state) {
    Map<String, String> rest = new TreeMap<>(state.values());
    rest.keySet()
        .removeIf(
            key ->
                key.startsWith(REQUEST_PREFIX)
                    || key.startsWith(PARAMETER_PREFIX)
                    || key.startsWith(TAG_PREFIX));
    return new OperationState(
        state.kind(), state.resource(), SETTLE, null, rest, Map.<String, SecretRef>of());
  }
}
