/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.StepRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A step whose request begins an operation of Azure's. Azure accepts almost everything with 202,
 * ends it as failed afterwards, also for a reason that passes, and forgets after some time how it
 * ended; then what the server shows has to tell.
 */
abstract class OperationStep extends ServerStep {
  /** With the default poll interval of 10 s and its back-off about 25 minutes. */
  static final int MOST_TRIES = 16;

  private static final int LONGEST_PAUSE = 12;

  /** An operation that was just accepted may not be shown yet. */
  private static final Duration SHOWN = Duration.ofMinutes(1);

  private final Duration interval;

  OperationStep(String name, ServerCalls calls, Duration interval) {
    super(name, calls);
    this.interval = interval;
  }

  /** Sends the step's request. */
  abstract Accepted send(StepContext context);

  /**
   * Looks whether the request has had its effect.
   *
   * @param succeeded whether Azure said that its operation ended well; false when that is not known
   * @return missing when the effect is not shown, with what is shown instead
   */
  abstract Look effect(StepContext context, boolean succeeded);

  /** Looks whether the request can be sent. */
  Look unsent(StepContext context) {
    Optional<ServerInner> server = server(context);
    if (server.isEmpty()) {
      // A request would meet a 404.
      return notShown(context);
    }
    return ServerView.isPassing(state(server.get()))
        ? Look.notYet(is(server.get()))
        : Look.missing();
  }

  @Override
  public int mostTries() {
    return MOST_TRIES;
  }

  @Override
  final Look see(StepContext context) {
    if (!context.asked()) {
      return unsent(context);
    }
    Optional<String> handle = context.handle();
    if (handle.isEmpty()) {
      return effect(context, false);
    }
    OperationNote note = OperationNote.of(context);
    if (note.over() != null) {
      return over(context, note.over());
    }
    ArmOperations.Status status =
        calls().operation(handle.get(), serverName(context) + "/" + title(context));
    return switch (status.progress()) {
      case RUNNING ->
          new Look.Going(
              title(context) + " goes on", status.pollAfter(), OperationNote.seen(context));
      case SUCCEEDED -> over(context, context.now());
      case FAILED -> failed(context, Objects.requireNonNull(status.failure()), status.pollAfter());
      case NOT_SHOWN ->
          !note.seen() && isFresh(context)
              ? Look.going("Azure does not show the operation yet")
              : effect(context, false);
    };
  }

  private static boolean isFresh(StepContext context) {
    Instant asked = context.state().asked().orElse(Instant.MIN);
    return context.now().isBefore(asked.plus(SHOWN));
  }

  /** Azure may show a change late; one that it never shows was dropped in silence. */
  private Look over(StepContext context, Instant since) {
    Look look = effect(context, true);
    Map<String, String> notes = OperationNote.over(context, since);
    if (look instanceof Look.Missing missing) {
      String instead = missing.message();
      return context.isWithin(APPEARS, since)
          ? new Look.Going(
              instead.isEmpty()
                  ? "Azure does not show what the step '" + title(context) + "' made yet"
                  : "the operation is over, but " + instead,
              null,
              both(missing.notes(), notes))
          : Look.failed(
              instead.isEmpty()
                  ? notThere(context, serverName(context))
                  : leftOut(context, instead));
    }
    return look instanceof Look.Going going
        ? new Look.Going(going.message(), going.pollAfter(), both(going.notes(), notes))
        : look;
  }

  private CloudDbException leftOut(StepContext context, String instead) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "Azure did not do all of the step '%s' of %s, whose operation is over, or somebody has"
                    .formatted(title(context), serverName(context))
                + " changed it since: "
                + instead)
        .resource(context.resource().toString())
        .toException();
  }

  /** Azure ended the operation as failed: the request is sent again where that may help. */
  Look failed(StepContext context, ErrorDetails failure, @Nullable Duration asked) {
    if (!Refusals.pass(failure)) {
      return Look.failed(CloudDbException.of(failure, null));
    }
    if (context.state().tries() >= mostTries()) {
      return Look.failed(Refusals.exhausted(failure, context.state().tries()));
    }
    Optional<CloudDbException> never =
        server(context).flatMap(server -> Refusals.forEver(context, failure, server));
    return never.isPresent() ? Look.failed(never.get()) : again(context, failure, asked);
  }

  final Look again(StepContext context, ErrorDetails failure, @Nullable Duration asked) {
    Duration pause = pause(context);
    return new Look.Again(
        CloudDbException.of(failure, null),
        asked != null && asked.compareTo(pause) > 0 ? asked : pause);
  }

  /** The pause before the next try, twice as long each time. */
  Duration pause(StepContext context) {
    int repeated = Math.max(0, context.state().tries() - 1);
    return interval.multipliedBy(Math.min(LONGEST_PAUSE, 1L << Math.min(repeated, 10)));
  }

  @Override
  public final Begun begin(StepContext context) {
    try {
      Accepted accepted = send(context);
      return new Begun(
          accepted.handle(), accepted.pollAfter(), title(context) + " began", Map.of());
    } catch (BusyException e) {
      throw meaning(context, e);
    } catch (NotFoundException e) {
      throw isHidden(context, e) ? hidden(context, e) : Advice.added(context, e);
    } catch (CloudDbException e) {
      throw StepRun.canGoOn(e) || !e.details().outcomeKnown() ? e : Advice.added(context, e);
    }
  }

  /** Whether Azure hides the server again, which the look before has seen. */
  boolean isHidden(StepContext context, NotFoundException e) {
    if (!isNotShown(e) || context.isWithin(APPEARS)) {
      return isNotShown(e);
    }
    try {
      return server(context).isEmpty();
    } catch (CloudDbException other) {
      // The next look tells.
      e.addSuppressed(other);
      return true;
    }
  }

  /** Nothing has happened; the looks wait for the server, and have the limit. */
  private static CloudDbException hidden(StepContext context, NotFoundException e) {
    return CloudDbException.of(
        ErrorDetails.of(
                ErrorCategory.BUSY,
                "Azure does not show the server " + serverName(context) + " now")
            .resource(context.resource().toString())
            .providerCode(e.details().providerCode().orElse(null))
            .build(),
        e);
  }

  /** Azure calls a server busy also while it is stopped, which no repetition changes. */
  private CloudDbException meaning(StepContext context, BusyException busy) {
    try {
      return server(context)
          .flatMap(server -> Refusals.forEver(context, busy.details(), server))
          .map(never -> Advice.added(context, never))
          .orElse(busy);
    } catch (CloudDbException e) {
      // The next look tells.
      busy.addSuppressed(e);
      return busy;
    }
  }
}
