/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.PermissionException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.Promotion;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The promotion itself. It is seen by what the replica follows and not by its role, for which Azure
 * has two words: when it follows nobody it is promoted, and a request is sent only while it follows
 * the source that was noted.
 */
final class PromoteStep extends OperationStep {
  private final ReplicaCalls replicas;

  PromoteStep(ServerCalls calls, ReplicaCalls replicas, Duration interval) {
    super("promote", calls, interval);
    this.replicas = replicas;
  }

  /** What replicates it cannot be had back. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  @Override
  Accepted send(StepContext context) {
    return replicas.promote(context.name(), context.specification(Promotion.class));
  }

  @Override
  Look unsent(StepContext context) {
    Optional<ServerInner> server = server(context);
    if (server.isEmpty()) {
      return notShown(context);
    }
    if (ServerView.isPassing(state(server.get()))) {
      // Nothing is to be waited for but what somebody else does with it.
      return Look.notYet(is(server.get()));
    }
    if (!followsItsSource(context, server.get())) {
      return isBlank(server.get().sourceServerResourceId())
          ? already(context, server.get())
          : Look.failed(another(context, server.get()));
    }
    return state(server.get()) == InstanceState.AVAILABLE
        ? Look.missing()
        : Look.failed(instead(context, server.get(), InstanceState.AVAILABLE));
  }

  /**
   * It takes writes already, as it was asked to: by this operation, where its token is older than
   * its request, or by somebody else. Places have been exchanged only where its source follows it,
   * which a forced promotion does not ask: the region of its source may be gone.
   */
  private Look already(StepContext context, ServerInner server) {
    if (!PromotionNotes.isSwitchover(context)) {
      return Look.happened(PromotionNotes.already());
    }
    if (context.specification(Promotion.class).isForced()) {
      return Look.happened(
          both(
              PromotionNotes.already(),
              PromotionNotes.former(
                  "was not asked whether it follows " + context.name() + ", as it was forced")));
    }
    return former(
        context, PromotionNotes.already(), instead -> Look.failed(another(context, server)));
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    Optional<ServerInner> server = server(context);
    if (server.isEmpty()) {
      return succeeded ? Look.missing() : notShown(context);
    }
    InstanceState now = state(server.get());
    if (ServerView.isPassing(now)) {
      return Look.going(is(server.get()));
    }
    if (followsItsSource(context, server.get())) {
      return now == InstanceState.AVAILABLE
          ? Look.missing("it still follows " + PromotionNotes.source(context).name())
          : Look.failed(instead(context, server.get(), InstanceState.AVAILABLE));
    }
    // It is promoted, whatever somebody has done with it since.
    return isBlank(server.get().sourceServerResourceId())
        ? promoted(context)
        : Look.failed(another(context, server.get()));
  }

  private static boolean followsItsSource(StepContext context, ServerInner server) {
    return PromotionNotes.source(context).isSame(server.sourceServerResourceId());
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  private static CloudDbException another(StepContext context, ServerInner server) {
    String source = server.sourceServerResourceId();
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            context.name()
                + " follows "
                + (isBlank(source) ? "nobody any more" : source)
                + ", and not "
                + PromotionNotes.source(context).name()
                + ": somebody else has promoted it or its source meanwhile")
        .resource(context.resource().toString())
        .nextStep(
            "Look at both in Azure. "
                + (isBlank(source)
                    ? context.name() + " takes writes already."
                    : "Promote " + context.name() + " again, if it is still to be."))
        .toException();
  }

  /**
   * Looks whether the former source follows it, which a forced promotion does not ask. It is
   * promoted in any case, so that a source that is gone by now is not waited for.
   */
  private Look promoted(StepContext context) {
    return PromotionNotes.isSwitchover(context)
            && !context.specification(Promotion.class).isForced()
        ? former(context, Map.of(), instead -> Look.happened(PromotionNotes.former(instead)))
        : Look.happened();
  }

  /**
   * Looks whether the former source follows it, and waits for that with a limit: Azure shows the
   * two one after the other.
   *
   * @param notes what is noted when it follows
   * @param never what is seen where it does not follow in the end, by what is there instead
   */
  private Look former(
      StepContext context, Map<String, String> notes, Function<String, Look> never) {
    ServerArmId source = PromotionNotes.source(context);
    Optional<ServerInner> there;
    try {
      there = calls().at(source).find(source.name());
    } catch (NotFoundException e) {
      // Its whole resource group, for example.
      there = Optional.empty();
    } catch (UnavailableException | DeadlineException e) {
      return waitForFormer(context, "does not answer", never);
    } catch (PermissionException e) {
      String hidden =
          "could not be looked at, as the right to read it is missing ("
              + e.details().providerCode().orElse("403")
              + ")";
      return isRead(context, source)
          ? Look.happened(both(notes, PromotionNotes.former(hidden)))
          : waitForFormer(context, hidden, never);
    }
    if (there.isEmpty()) {
      return waitForFormer(context, "is not there", never);
    }
    InstanceState now = state(there.get());
    if (ServerView.isPassing(now)) {
      return Look.going(source.name() + " does not follow it yet");
    }
    String word = ServerView.nativeState(there.get());
    if (!ServerArmId.of(context.resource()).isSame(there.get().sourceServerResourceId())) {
      return waitForFormer(context, "does not follow it, and is " + word, never);
    }
    return now == InstanceState.AVAILABLE
        ? Look.happened(notes)
        : waitForFormer(
            context,
            "is " + word,
            instead -> Look.happened(both(notes, PromotionNotes.former(instead))));
  }

  /**
   * Whether a virtual endpoint of the promoted server reads from the former source, without which
   * Azure exchanges no servers: it tells that the two have changed places.
   */
  private boolean isRead(StepContext context, ServerArmId source) {
    try {
      return replicas.endpoints(context.name()).stream()
          .anyMatch(endpoint -> endpoint.reads(source.name()));
    } catch (PermissionException e) {
      return false;
    }
  }

  private static Look waitForFormer(
      StepContext context, String instead, Function<String, Look> never) {
    return PromotionNotes.stillWaits(context, instead, APPEARS)
        .orElseGet(() -> never.apply(instead));
  }
}
