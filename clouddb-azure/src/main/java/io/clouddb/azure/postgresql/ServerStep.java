/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A step of an operation on a server: it looks at that server, and at no other of its name. */
abstract class ServerStep implements StepAction {
  /** Azure was seen to answer 404 for what it had made for 15 minutes. */
  static final Duration APPEARS = Duration.ofMinutes(30);

  /** Since when the server is hidden that was shown, or has to be there. */
  private static final String HIDDEN = "hidden";

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

  /** The server that an operation is about, or whose backup it is about. */
  static String serverName(StepContext context) {
    return SameServer.name(context.state());
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
      // The name belongs to another server; or somebody has stopped this one, which then tells
      // nothing of what is inside.
      look = Look.failed(e);
    }
    return look instanceof Look.Failed failed
        ? Look.failed(Advice.added(context, failed.why()))
        : shownAgain(context, look);
  }

  /** The next time that it is hidden has the whole limit again. */
  private static Look shownAgain(StepContext context, Look look) {
    if (context.value(HIDDEN).filter(since -> !since.isEmpty()).isEmpty()) {
      return look;
    }
    Map<String, String> over = Map.of(HIDDEN, "");
    if (look instanceof Look.Going going) {
      return going.notes().containsKey(HIDDEN)
          ? look
          : new Look.Going(going.message(), going.pollAfter(), both(over, going.notes()));
    }
    if (look instanceof Look.NotYet notYet) {
      return new Look.Going(notYet.message(), notYet.pollAfter(), over);
    }
    if (look instanceof Look.Missing missing) {
      return Look.missing(missing.message(), both(over, missing.notes()));
    }
    return look instanceof Look.Happened happened
        ? new Look.Happened(both(over, happened.notes()), happened.own())
        : look;
  }

  /** Two sets of notes, of which the second is the newer one. */
  static Map<String, String> both(Map<String, String> one, Map<String, String> other) {
    Map<String, String> all = new HashMap<>(one);
    all.putAll(other);
    return Map.copyOf(all);
  }

  /** Looks how far the step is. */
  abstract Look see(StepContext context);

  /**
   * The operation's server.
   *
   * @throws CloudDbException when another server has its name now
   */
  final Optional<ServerInner> server(StepContext context) {
    return SameServer.of(context.state(), calls.find(serverName(context)));
  }

  static InstanceState state(ServerInner server) {
    return ServerView.state(ServerView.nativeState(server));
  }

  static String is(ServerInner server) {
    return "the server is " + ServerView.nativeState(server);
  }

  /**
   * Azure may answer 404 for a while for what it has made, also after it was shown: waited for with
   * a limit.
   */
  final Look notShown(StepContext context) {
    return notShown(context, serverName(context));
  }

  /** The same of another server that the step looks at. */
  final Look notShown(StepContext context, String server) {
    Instant since = context.value(HIDDEN).flatMap(OperationNote::time).orElseGet(context::now);
    return context.isWithin(APPEARS, since)
        ? new Look.Going(
            "Azure does not show the server " + server + " yet",
            null,
            Map.of(HIDDEN, since.toString()))
        : Look.failed(notThere(context, server));
  }

  /** Whether an answer is that of Azure for a server that it does not show. */
  static boolean isNotShown(NotFoundException e) {
    return e.details().providerCode().filter(ServerCalls.NOT_SHOWN::equals).isPresent();
  }

  final CloudDbException notThere(StepContext context, String server) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "What belongs to %s is not there after the step '%s', looked for during %s"
                .formatted(server, title(context), APPEARS))
        .resource(context.resource().toString())
        .toException();
  }

  /** Of a server that is in a state which it does not leave by itself. */
  static CloudDbException instead(StepContext context, ServerInner server, InstanceState wanted) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            serverName(context) + " is " + ServerView.nativeState(server) + " instead of " + wanted)
        .resource(context.resource().toString())
        .nextStep(
            state(server) == InstanceState.STOPPED
                ? "Start it: instances().start(id)."
                : "Look at it in Azure.")
        .toException();
  }
}
