/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.OutcomeUnknownException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Carries a long operation from step to step. A step without a handle has its request still to be
 * sent, and sending it twice is harmless; with one, the service works on it. Cloud SQL does one
 * operation at a time on an instance: while it does another one, the step waits.
 */
final class OperationSteps {
  static final String INSERT = "insert";
  static final String PATCH = "patch";
  static final String PASSWORD = "password";
  static final String DELETE = "delete";
  private static final String USER = "user";
  private static final String DATABASE = "database";
  private static final String FINISH = "finish";

  /** Value: the database to make. */
  static final String DATABASE_NAME = "database";

  /** Value: the user to make. */
  static final String USER_NAME = "user";

  /** Value: the patch, as JSON. */
  static final String BODY = "patch";

  /** Value: when the instance that is deleted was made; one made later is another one. */
  static final String CREATED = "created";

  /** Secret: the administrator's password. */
  static final String SECRET = "password";

  /** Value: since when the step's operation is looked for in vain; empty when it was seen. */
  private static final String UNSEEN_SINCE = "unseen-since";

  /** Google shows a new operation after some seconds at most; nothing is waited for for ever. */
  static final Duration UNSEEN_LIMIT = Duration.ofMinutes(2);

  /** Value: since when the instance is in a state that this release does not know. */
  private static final String UNKNOWN_SINCE = "unknown-since";

  /** A state of Google's that is new here may pass, as a repair does; nobody knows whether. */
  static final Duration UNKNOWN_STATE_LIMIT = Duration.ofMinutes(30);

  private static final String TRIES = "tries";
  private static final int MOST_TRIES = 5;

  private final SqlAdminCalls calls;
  private final InstanceReader reader;
  private final Function<SecretRef, String> secrets;
  private final String region;
  private final Clock clock;

  OperationSteps(
      SqlAdminCalls calls,
      InstanceReader reader,
      Function<SecretRef, String> secrets,
      String region,
      Clock clock) {
    this.calls = calls;
    this.reader = reader;
    this.secrets = secrets;
    this.region = region;
    this.clock = clock;
  }

  /** Sends the first request of an operation, and says from where to go on. */
  PolledState begin(PolledState state) {
    return send(state) instanceof Step.Running running ? running.state() : state.at(FINISH, null);
  }

  Step poll(PolledState state) {
    try {
      return look(state);
    } catch (CloudDbException e) {
      throw e.retryable() ? e : Unfinished.named(state, e);
    }
  }

  private Step look(PolledState state) {
    String handle = state.handle();
    if (handle == null) {
      return send(state);
    }
    Operation operation;
    try {
      operation = calls.operation(handle);
    } catch (NotFoundException e) {
      return unseen(state, handle, e);
    }
    PolledState seen =
        state.value(UNSEEN_SINCE).isPresent() ? state.with(UNSEEN_SINCE, "") : state;
    if (!"DONE".equals(operation.getStatus())) {
      return new Step.Running(
          seen, null, operation.getOperationType() + " is " + operation.getStatus());
    }
    Optional<CloudDbException> failure = OperationFailures.of(operation, seen);
    if (failure.isPresent()) {
      throw failure.get();
    }
    return after(seen);
  }

  /**
   * An operation that was accepted and is not found: Google may show it late, and may forget that
   * of a deletion when the instance is gone.
   */
  private Step unseen(PolledState state, String handle, NotFoundException e) {
    if (state.step().equals(DELETE) && stillThere(state).isEmpty()) {
      return new Step.Done(null);
    }
    Instant since = since(state, UNSEEN_SINCE);
    if (isWithin(since, UNSEEN_LIMIT)) {
      return new Step.Running(
          state.with(UNSEEN_SINCE, since.toString()),
          null,
          "the operation " + handle + " is not visible yet");
    }
    ErrorDetails.Builder details =
        ErrorDetails.of(
                ErrorCategory.OUTCOME_UNKNOWN,
                "Cloud SQL has accepted the "
                    + state.step()
                    + ", and has not shown its operation "
                    + handle
                    + " since "
                    + since
                    + ": whether it was made is not known")
            // Its token is good: whoever asks again may see it.
            .retryable(true)
            .operation("sqladmin.operations.get")
            .resource(state.resource().toString())
            .providerCode(e.details().providerCode().orElse(null))
            .requestId(handle)
            .nextStep("Look at the instance and its operations in Google's console.");
    if (state.kind().equals(PolledState.CREATE)) {
      details.leftBehind("the instance " + name(state) + ", if it was made");
    }
    throw details.toException(e);
  }

  /** The moment that a value of the state has; now where it has none. */
  private Instant since(PolledState state, String value) {
    return state
        .value(value)
        .filter(text -> !text.isEmpty())
        .map(Instant::parse)
        .orElseGet(clock::instant);
  }

  private boolean isWithin(Instant since, Duration limit) {
    return Duration.between(since, clock.instant()).compareTo(limit) < 0;
  }

  private Step send(PolledState state) {
    try {
      return switch (state.step()) {
        case INSERT -> adopted(state);
        case USER -> sendUser(state);
        case DATABASE -> sendDatabase(state);
        case PATCH -> sendPatch(state);
        case PASSWORD -> sendPassword(state);
        case DELETE -> sendDelete(state);
        default -> finish(state);
      };
    } catch (BusyException e) {
      if (e.details()
          .providerCode()
          .filter(SqlAdminErrors.OPERATION_IN_PROGRESS::equals)
          .isEmpty()) {
        throw e;
      }
      return new Step.Running(state, null, "waits for another operation on the instance");
    } catch (OutcomeUnknownException e) {
      return again(state, e);
    }
  }

  /** Sends the step's request again with the next look: it finds out whether it is needed. */
  private static Step again(PolledState state, CloudDbException reason) {
    int tries = state.value(TRIES).map(Integer::parseInt).orElse(0) + 1;
    if (tries >= MOST_TRIES) {
      throw reason;
    }
    return new Step.Running(
        state.with(TRIES, String.valueOf(tries)),
        null,
        "tries again after: " + reason.getMessage());
  }

  /** Goes on after a step. */
  private Step after(PolledState state) {
    return switch (state.step()) {
      case INSERT ->
          state.value(USER_NAME).isPresent() ? next(state, USER) : databaseOrFinish(state);
      case USER -> databaseOrFinish(state);
      case PATCH -> state.secrets().containsKey(SECRET) ? next(state, PASSWORD) : finish(state);
      case DELETE -> new Step.Done(null);
      default -> finish(state);
    };
  }

  private Step databaseOrFinish(PolledState state) {
    return state.value(DATABASE_NAME).isPresent() ? next(state, DATABASE) : finish(state);
  }

  private static Step next(PolledState state, String step) {
    return new Step.Running(state.at(step, null), Duration.ZERO, "goes on with the " + step);
  }

  private static Step sent(PolledState state, Operation operation) {
    return new Step.Running(
        state.at(state.step(), operation.getName()),
        null,
        operation.getOperationType() + " is " + operation.getStatus());
  }

  /** A lost attempt's instance, whose operation was not found when it was adopted. */
  private Step adopted(PolledState state) {
    Optional<Operation> operation = calls.newest(name(state), "CREATE");
    if (operation.isPresent()) {
      return sent(state, operation.get());
    }
    DatabaseInstance found = get(name(state));
    if (InstanceReader.RUNNABLE.equals(found.getState())) {
      return after(state);
    }
    return passing(found, state);
  }

  private Step sendUser(PolledState state) {
    String instance = name(state);
    String user = state.value(USER_NAME).orElseThrow();
    String password = secret(state);
    Operation operation =
        calls.hasUser(instance, user)
            ? calls.updateUser(instance, user, password)
            : calls.insertUser(instance, user, password);
    return sent(state.withoutSecrets(), operation);
  }

  private Step sendDatabase(PolledState state) {
    String database = state.value(DATABASE_NAME).orElseThrow();
    if (calls.hasDatabase(name(state), database)) {
      return finish(state);
    }
    return sent(state, calls.insertDatabase(name(state), database));
  }

  private Step sendPatch(PolledState state) {
    DatabaseInstance current = get(name(state));
    DatabaseInstance patch;
    if (state.kind().equals(PolledState.MODIFY)) {
      patch = InstanceBodies.fromJson(state.value(BODY).orElseThrow());
    } else {
      String wanted =
          state.kind().equals(PolledState.STOP) ? InstanceReader.NEVER : InstanceReader.ALWAYS;
      if (current.getSettings() != null
          && wanted.equals(current.getSettings().getActivationPolicy())) {
        return finish(state);
      }
      patch = new DatabaseInstance().setSettings(new Settings().setActivationPolicy(wanted));
    }
    try {
      return sent(state, calls.patch(name(state), InstanceBodies.merge(patch, current)));
    } catch (ConditionFailedException e) {
      // The settings changed between the two requests: merge again with what there is now.
      if (!e.details().providerCode().filter("staleData"::equals).isPresent()) {
        throw e;
      }
      return again(state, e);
    }
  }

  private Step sendPassword(PolledState state) {
    DatabaseInstance current = get(name(state));
    String user =
        Labels.admin(InstanceReader.labels(current.getSettings()))
            .orElse(CloudSqlInstances.DEFAULT_ADMIN);
    return sent(state.withoutSecrets(), calls.updateUser(name(state), user, secret(state)));
  }

  private Step sendDelete(PolledState state) {
    Optional<DatabaseInstance> found = stillThere(state);
    if (found.isEmpty()) {
      return new Step.Done(null);
    }
    DatabaseInstance instance = found.get();
    if (InstanceReader.PENDING_DELETE.equals(instance.getState())) {
      return new Step.Running(state, null, "the instance is PENDING_DELETE");
    }
    StateChecks.requireUnprotected(instance, state);
    try {
      return sent(state, calls.delete(name(state)));
    } catch (NotFoundException e) {
      // It was there a moment ago: the HTTP client has sent this request twice, or someone else
      // was faster.
      return new Step.Done(null);
    }
  }

  /** The instance that is to be deleted; one of its name that was made later is another one. */
  private Optional<DatabaseInstance> stillThere(PolledState state) {
    return calls
        .find(name(state))
        .filter(this::isHere)
        .filter(
            instance -> {
              String created = instance.getCreateTime();
              return created == null || created.equals(state.value(CREATED).orElse(created));
            });
  }

  /** Looks whether the instance is there as the operation wants it. */
  private Step finish(PolledState state) {
    DatabaseInstance found = get(name(state));
    InstanceState now = InstanceReader.state(found);
    if (now == InstanceState.STOPPED && state.kind().equals(PolledState.START)) {
      // ensure() has found a stopped instance.
      return next(state, PATCH);
    }
    if (now == InstanceState.AVAILABLE || now == InstanceState.STOPPED) {
      Instance instance = reader.read(found);
      return new Step.Done(
          instance.database().isPresent()
              ? instance
              : instance.toBuilder().database(state.value(DATABASE_NAME).orElse(null)).build());
    }
    return passing(found, state.at(FINISH, null));
  }

  /** Waits for a state that passes; one that is not known here may pass, and has a limit. */
  private Step passing(DatabaseInstance found, PolledState state) {
    StateChecks.requireNotFailed(found, state);
    String progress = "the instance is " + found.getState();
    if (InstanceReader.state(found) != InstanceState.OTHER) {
      return new Step.Running(state.with(UNKNOWN_SINCE, ""), null, progress);
    }
    Instant since = since(state, UNKNOWN_SINCE);
    if (!isWithin(since, UNKNOWN_STATE_LIMIT)) {
      throw StateChecks.unknown(found, state, since);
    }
    return new Step.Running(state.with(UNKNOWN_SINCE, since.toString()), null, progress);
  }

  /** The instance, which has to be in this region: names are unique in the whole project. */
  DatabaseInstance get(String name) {
    DatabaseInstance found = calls.get(name);
    if (!isHere(found)) {
      throw ErrorDetails.of(
              ErrorCategory.NOT_FOUND,
              name + " is in the region " + found.getRegion() + ", not in " + region)
          .nextStep("Open that region.")
          .toException();
    }
    return found;
  }

  boolean isHere(DatabaseInstance found) {
    return region.equals(found.getRegion());
  }

  private String secret(PolledState state) {
    SecretRef reference = state.secrets().get(SECRET);
    if (reference == null) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "The password is missing in " + state.kind())
          .resource(state.resource().toString())
          .toException();
    }
    return secrets.apply(reference);
  }

  private static String name(PolledState state) {
    return state.resource().name();
  }
}
