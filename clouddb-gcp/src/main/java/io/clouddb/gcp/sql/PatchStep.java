/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Network;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Changes the instance's settings by one patch. The patch names the version of the settings that it
 * builds on, so one that was sent twice takes effect once, and a change of somebody else's in
 * between is merged anew.
 */
final class PatchStep implements StepAction {
  /** Value: the change has settings, and not a password alone. */
  static final String PATCHED = "patched";

  private static final String RETAIN = "retain";
  private static final String RELEASE = "release";

  private static final String RETAINS =
      "the setting retainBackupsOnDelete of %s, by which its backups stay when it is deleted, and"
          + " which is %s now";

  private final String name;
  private final SqlAdminCalls calls;
  private final OwnOperation operations;
  private final TheInstance instance;
  private final BiFunction<StepContext, DatabaseInstance, DatabaseInstance> request;
  private final Predicate<StepContext> applies;
  private final Predicate<StepContext> guarded;

  private final Function<StepContext, String> makes;

  /** Whether it starts or stops it, which is never taken of one that has failed. */
  private final boolean powers;

  private PatchStep(
      String name,
      SqlAdminCalls calls,
      TheInstance instance,
      BiFunction<StepContext, DatabaseInstance, DatabaseInstance> request,
      Predicate<StepContext> applies,
      Predicate<StepContext> guarded,
      Function<StepContext, String> makes,
      boolean powers) {
    this.name = name;
    this.calls = calls;
    this.operations = new OwnOperation(calls);
    this.instance = instance;
    this.request = request;
    this.applies = applies;
    this.guarded = guarded;
    this.makes = makes;
    this.powers = powers;
  }

  /** The settings of a change. */
  static PatchStep settings(SqlAdminCalls calls, TheInstance instance) {
    return new PatchStep(
        "patch",
        calls,
        instance,
        PatchRequest::settings,
        context -> context.value(PATCHED).isPresent(),
        TakenAway::by,
        PatchStep::policy,
        false);
  }

  private static String nothing(StepContext context) {
    return "";
  }

  /** A policy stays in force where what was to come after it has failed. */
  private static String policy(StepContext context) {
    return context.state().specification().orElseThrow() instanceof Protection
        ? "the backup policy that was asked for, which is in force on " + context.name()
        : "";
  }

  /** What a clone has of its own. */
  static PatchStep ofClone(SqlAdminCalls calls, TheInstance instance) {
    return new PatchStep(
        "settings",
        calls,
        instance,
        CloneRequest::settings,
        CloneRequest::isClone,
        context ->
            context.value(CloneRequest.SETTINGS).isPresent()
                || context
                    .specification(RestoreSpec.class)
                    .network()
                    .filter(Network::isPublic)
                    .isPresent(),
        PatchStep::nothing,
        false);
  }

  /** The backup policy, which an instance loses when a backup is restored into it. */
  static PatchStep ofLoaded(SqlAdminCalls calls, TheInstance instance) {
    return new PatchStep(
        "policy",
        calls,
        instance,
        RestoreRequest::policy,
        context -> context.value(RestoreRequest.POLICY).isPresent(),
        context -> true,
        PatchStep::nothing,
        false);
  }

  /** That backups stay when the instance is deleted. */
  static PatchStep retaining(SqlAdminCalls calls, TheInstance instance) {
    return new PatchStep(
        RETAIN,
        calls,
        instance,
        (context, current) -> KeptBackups.patch(true, current),
        context -> true,
        context -> false,
        context -> RETAINS.formatted(context.name(), "on"),
        false);
  }

  /** That backups go when the instance is deleted, which was to keep them. */
  static PatchStep releasing(SqlAdminCalls calls, TheInstance instance) {
    return new PatchStep(
        RELEASE,
        calls,
        instance,
        (context, current) -> KeptBackups.patch(false, current),
        context -> context.value(KeptBackups.RETAINING).isPresent(),
        context -> true,
        context -> RETAINS.formatted(context.name(), "off"),
        false);
  }

  static PatchStep start(SqlAdminCalls calls, TheInstance instance) {
    return new PatchStep(
        "start",
        calls,
        instance,
        (context, current) -> PatchRequest.activation(InstanceReader.ALWAYS, current),
        context -> true,
        context -> false,
        PatchStep::nothing,
        true);
  }

  static PatchStep stop(SqlAdminCalls calls, TheInstance instance) {
    return new PatchStep(
        "stop",
        calls,
        instance,
        (context, current) -> PatchRequest.activation(InstanceReader.NEVER, current),
        context -> true,
        context -> true,
        PatchStep::nothing,
        true);
  }

  @Override
  public String name() {
    return name;
  }

  /** It is not taken back: what was there before may be gone by it. */
  @Override
  public String makes(StepContext context) {
    return makes.apply(context);
  }

  @Override
  public boolean applies(StepContext context) {
    return applies.test(context);
  }

  @Override
  public boolean guarded(StepContext context) {
    return guarded.test(context);
  }

  @Override
  public Duration shownWithin() {
    return OwnOperation.HARMLESS;
  }

  @Override
  public Look look(StepContext context) {
    Optional<Look> seen = operations.look(context).or(() -> operations.mayShow(context));
    if (seen.isPresent()) {
      return seen.get();
    }
    Optional<DatabaseInstance> there = find(context);
    if (there.isEmpty()) {
      return Look.happened();
    }
    DatabaseInstance current = there.get();
    if (!context.asked() && powers && InstanceReader.FAILED.equals(current.getState())) {
      return StateChecks.passing(current, context);
    }
    boolean shown = PatchRequest.isShown(request.apply(context, current), current);
    if (!shown && !context.asked()) {
      return Look.missing();
    }
    // Settings are shown while the operation that makes them still goes on.
    Optional<Look> running = operations.running(context, "UPDATE");
    if (running.isPresent()) {
      return running.get();
    }
    return shown ? Look.happened() : OwnOperation.missing(context);
  }

  /** The instance; none where a deletion has come so far already, whose last step tells of it. */
  private Optional<DatabaseInstance> find(StepContext context) {
    boolean deletes = name.equals(RETAIN) || name.equals(RELEASE);
    return deletes ? instance.find(context) : Optional.of(instance.get(context));
  }

  @Override
  public Begun begin(StepContext context) {
    Optional<DatabaseInstance> there = find(context);
    if (there.isEmpty()) {
      return Begun.done("the instance is gone");
    }
    DatabaseInstance current = there.get();
    DatabaseInstance body = request.apply(context, current);
    if (PatchRequest.isShown(body, current)) {
      // It was sent from an older state of this operation, and has come into effect meanwhile.
      return Begun.done("the settings are as they are asked for");
    }
    try {
      return OwnOperation.begun(
          DoubtfulRefusal.send(
              context, calls, context.name(), () -> calls.patch(context.name(), body)));
    } catch (ConditionFailedException e) {
      if (e.details().providerCode().filter(SqlAdminErrors.STALE_DATA::equals).isEmpty()) {
        throw e;
      }
      // The settings changed between the two requests: merged again with what there is now.
      throw CloudDbException.of(e.details().toBuilder().retryable(true).build(), e);
    }
  }

  /** It is not taken back, but what has not come into force is not left behind either. */
  @Override
  public Undone undo(StepContext context) {
    boolean shown =
        instance
            .find(context)
            .filter(current -> PatchRequest.isShown(request.apply(context, current), current))
            .isPresent();
    boolean known =
        context.state().failure().filter(failure -> failure.details().outcomeKnown()).isPresent();
    if (shown) {
      return Undone.stays(makes(context));
    }
    return known
        ? Undone.gone()
        : Undone.stays(makes(context) + ", if a request whose answer was lost has set it");
  }
}
