/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A step of an operation on a server: it looks at that server, and at no other of its name. */
abstract class ServerStep implements StepAction {
  /** Azure was seen to answer 404 for what it had made for 15 minutes. */
  static final Duration APPEARS = Duration.ofMinutes(30);

  private final String name;
  private final ServerCalls calls;

  ServerStep(String name, ServerCalls calls) {
    this.name = name;
    this.calls = calls;
  }

  @Override
  public final String name() {
    return name;
  }

  final ServerCalls calls() {
    return calls;
  }

  /** The step, and which of its items. */
  final String title(StepContext context) {
    return context.item().isEmpty() ? name : name + " " + context.item();
  }

  @Override
  public final Look look(StepContext context) {
    Look look;
    try {
      look = see(context);
    } catch (ConditionFailedException | AlreadyExistsException e) {
      // No read is answered so: the name belongs to another server.
      look = Look.failed(e);
    }
    return look instanceof Look.Failed failed
        ? Look.failed(Advice.added(context, failed.why()))
        : look;
  }

  /** Looks how far the step is. */
  abstract Look see(StepContext context);

  /**
   * The operation's server.
   *
   * @throws CloudDbException when another server has its name now
   */
  final Optional<Server> server(StepContext context) {
    return SameServer.of(context.state(), calls.find(context.name()));
  }

  static InstanceState state(Server server) {
    return ServerView.state(ServerView.nativeState(server.innerModel()));
  }

  static String is(Server server) {
    return "the server is " + ServerView.nativeState(server.innerModel());
  }

  /** Azure may answer 404 for a while for what it has made. */
  final Look notShown(StepContext context, Instant since) {
    return Duration.between(since, context.now()).compareTo(APPEARS) < 0
        ? Look.going("Azure does not show the server yet")
        : Look.failed(notThere(context));
  }

  final CloudDbException notThere(StepContext context) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "What belongs to %s is not there after the step '%s', looked for during %s"
                .formatted(context.name(), title(context), APPEARS))
        .resource(context.resource().toString())
        .toException();
  }

  /** Of a server that is in a state which it does not leave by itself. */
  static CloudDbException instead(StepContext context, Server server, InstanceState wanted) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            context.name()
                + " is "
                + ServerView.nativeState(server.innerModel())
                + " instead of "
                + wanted)
        .resource(context.resource().toString())
        .nextStep(
            state(server) == InstanceState.STOPPED
                ? "Start it: instances().start(id)."
                : "Look at it in Azure.")
        .toException();
  }
}
