/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The server's own PUT. A PUT changes what exists in silence, so it is sent only where no server
 * is, and taken for done where there is one with the operation's own tag.
 */
final class CreateServerStep extends OperationStep {
  static final String NAME = "server";

  private static final String FAILURE = "failure";
  private static final String FOUND = "found";
  private static final String FAILURE_CODE = "failureCode";
  private static final int LONGEST_NOTE = 2000;

  /** A creation takes minutes, and one that failed may show its server only after a while. */
  private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);

  /** As long as Azure was seen to hide what it had made: a PUT must not meet it. */
  private static final Duration HIDDEN = Duration.ofMinutes(16);

  private final Function<StepContext, Accepted> request;
  private final boolean secret;

  /**
   * Makes the step.
   *
   * @param request sends the request
   * @param secret whether its body holds the specification's password
   */
  CreateServerStep(
      ServerCalls calls,
      Function<StepContext, Accepted> request,
      boolean secret,
      Duration interval) {
    super(NAME, calls, interval);
    this.request = request;
    this.secret = secret;
  }

  @Override
  public String makes(StepContext context) {
    return "the server " + context.name();
  }

  @Override
  public boolean needsSecret(StepContext context) {
    return secret;
  }

  @Override
  public Duration shownWithin() {
    return HIDDEN;
  }

  @Override
  Accepted send(StepContext context) {
    return request.apply(context);
  }

  /** A server that is made need not be there: Azure means something that it is to be made of. */
  @Override
  boolean isHidden(StepContext context, NotFoundException e) {
    return false;
  }

  @Override
  Look unsent(StepContext context) {
    Optional<ServerInner> server = server(context);
    if (server.isEmpty()) {
      return absent(context);
    }
    requireOwn(context);
    Optional<String> failure = noted(context, FAILURE);
    if (failure.isPresent()) {
      // Azure said that the creation failed: what its server lacks is not known.
      return Look.failed(
          ErrorDetails.of(ErrorCategory.UNAVAILABLE, failure.get())
              .retryable(false)
              .providerCode(noted(context, FAILURE_CODE).orElse(null))
              .resource(context.resource().toString())
              .toException());
    }
    return there(context, server.get());
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    Optional<ServerInner> server = server(context);
    if (server.isEmpty()) {
      return succeeded ? Look.missing() : absent(context);
    }
    if (context.handle().isEmpty()) {
      requireOwn(context);
    }
    return there(context, server.get());
  }

  /** Errors repeat it, and a token can have been rewritten. */
  private static Optional<String> noted(StepContext context, String name) {
    return context
        .value(name)
        .filter(text -> !text.isEmpty())
        .map(text -> text.substring(0, Math.min(text.length(), LONGEST_NOTE)));
  }

  /** Azure hides a new server for a while also after it was seen: a PUT would change it. */
  private Look absent(StepContext context) {
    return context
        .value(FOUND)
        .flatMap(OperationNote::time)
        .map(seen -> notShown(context))
        .orElseGet(Look::missing);
  }

  /** Of a request that a customization took the tag from, nobody can tell what it has made. */
  private static void requireOwn(StepContext context) {
    if (!SameServer.isTagged(context.state())) {
      throw SameServer.another(context.state());
    }
  }

  private static Look there(StepContext context, ServerInner server) {
    InstanceState now = state(server);
    if (ServerView.isPassing(now)) {
      return new Look.Going(is(server), null, Map.of(FOUND, context.now().toString()));
    }
    if (now == InstanceState.FAILED) {
      return Look.failed(instead(context, server, InstanceState.AVAILABLE));
    }
    return Look.found(SameServer.notes(server));
  }

  @Override
  Look failed(StepContext context, ErrorDetails failure, @Nullable Duration asked) {
    if (failure.category() != ErrorCategory.UNAVAILABLE || context.state().tries() >= mostTries()) {
      return super.failed(context, failure, asked);
    }
    if (server(context).isPresent()) {
      return Look.failed(CloudDbException.of(failure, null));
    }
    // Kept before it is tried again: its server may be shown later.
    return context.value(FAILURE).isPresent()
        ? again(context, failure, asked)
        : new Look.Going(
            "failed: " + failure.message(),
            Duration.ZERO,
            Map.of(FAILURE, failure.message(), FAILURE_CODE, failure.providerCode().orElse("")));
  }

  @Override
  Duration pause(StepContext context) {
    Duration pause = super.pause(context);
    return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
  }

  /** What runs costs money, and what it holds may be somebody's already: it is named, not taken. */
  @Override
  public Undone undo(StepContext context) {
    OperationState state = context.state();
    if (state.failure().flatMap(failure -> failure.details().leftBehind()).isPresent()) {
      // It names the server already, and what it lacks.
      return Undone.stays("");
    }
    Optional<ServerInner> named = calls().find(context.name());
    if (named.isEmpty()) {
      return Undone.stays("perhaps " + makes(context));
    }
    try {
      SameServer.of(state, named);
    } catch (CloudDbException another) {
      return Undone.gone();
    }
    return Undone.stays(makes(context));
  }
}
