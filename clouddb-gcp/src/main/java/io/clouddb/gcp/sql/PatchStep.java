/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.time.Duration;
import java.util.Optional;

/**
 * Changes the instance's settings by one patch. The patch names the version of the settings that it
 * builds on, so one that was sent twice takes effect once, and a change of somebody else's in
 * between is merged anew.
 */
abstract class PatchStep implements StepAction {
  final TheInstance instance;
  private final String name;
  private final SqlAdminCalls calls;
  private final OwnOperation operations;

  PatchStep(String name, SqlAdminCalls calls, TheInstance instance) {
    this.instance = instance;
    this.name = name;
    this.calls = calls;
    this.operations = new OwnOperation(calls);
  }

  /**
   * What is sent.
   *
   * @param context the operation
   * @param current the instance as it is
   * @return the body, with what stays
   */
  abstract DatabaseInstance patch(StepContext context, DatabaseInstance current);

  /** The instance; none where the operation ends well without it. */
  Optional<DatabaseInstance> find(StepContext context) {
    return Optional.of(instance.get(context));
  }

  /** What there is to see instead of the patch before it is sent. */
  Optional<Look> hindrance(StepContext context, DatabaseInstance current) {
    return Optional.empty();
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Duration shownWithin() {
    return OwnOperation.HARMLESS;
  }

  @Override
  public final Look look(StepContext context) {
    Optional<Look> seen = operations.look(context).or(() -> operations.mayShow(context));
    if (seen.isPresent()) {
      return seen.get();
    }
    Optional<DatabaseInstance> there = find(context);
    if (there.isEmpty()) {
      return Look.happened();
    }
    DatabaseInstance current = there.get();
    if (!context.asked()) {
      Optional<Look> hindrance = hindrance(context, current);
      if (hindrance.isPresent()) {
        return hindrance.get();
      }
    }
    if (!context.asked() && !PatchRequest.isShown(patch(context, current), current)) {
      return Look.missing();
    }
    // Settings are shown while the operation that makes them still goes on.
    Optional<Look> running = operations.running(context, "UPDATE");
    if (running.isPresent()) {
      return running.get();
    }
    return isInForce(context, current) ? Look.happened() : OwnOperation.missing(context);
  }

  private boolean isInForce(StepContext context, DatabaseInstance current) {
    return PatchRequest.isInForce(patch(context, current), current);
  }

  @Override
  public final Begun begin(StepContext context) {
    Optional<DatabaseInstance> there = find(context);
    if (there.isEmpty()) {
      return Begun.done("the instance is gone");
    }
    DatabaseInstance current = there.get();
    DatabaseInstance body = patch(context, current);
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

  /**
   * It is not taken back: what was there before may be gone by it. But what has not come into force
   * is not left behind either.
   */
  @Override
  public final Undone undo(StepContext context) {
    boolean inForce =
        instance.find(context).filter(current -> isInForce(context, current)).isPresent();
    boolean known =
        context.state().failure().filter(failure -> failure.details().outcomeKnown()).isPresent();
    if (inForce) {
      return Undone.stays(makes(context));
    }
    return known
        ? Undone.gone()
        : Undone.stays(makes(context) + ", if a request whose answer was lost has set it");
  }
}
