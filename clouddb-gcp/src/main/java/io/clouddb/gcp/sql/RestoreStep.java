/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.CloneContext;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Makes the instance that is restored: one for a backup, whose data a later step puts in, or a
 * clone of a moment. {@code instances.restoreBackup} makes one by itself, too; but nothing says
 * that it refuses one of that name which is there, and does not replace its data.
 *
 * <p>One for a backup carries the operation's id from the beginning. A clone has that of its source
 * at first: {@link OwnClone} tells whether it is this operation's own.
 */
final class RestoreStep extends InsertStep {
  private final BackupCalls backups;
  private final Place place;
  private final OwnClone clones;

  RestoreStep(SqlAdminCalls calls, BackupCalls backups, Place place) {
    super(calls, place.region());
    this.backups = backups;
    this.place = place;
    this.clones = new OwnClone(calls);
  }

  @Override
  public String makes(StepContext context) {
    return "the instance " + context.name();
  }

  /** It is opened to whom its source is open to, unless it is in a private network alone. */
  @Override
  public boolean guarded(StepContext context) {
    return context
        .specification(RestoreSpec.class)
        .network()
        .filter(network -> !network.isPublic())
        .isEmpty();
  }

  @Override
  Supplier<Operation> request(StepContext context) {
    if (CloneRequest.isClone(context)) {
      CloneContext body = CloneRequest.of(context);
      Optional<String> made = context.value(CloneRequest.SOURCE_CREATED);
      if (made.isPresent()) {
        TheInstance.requireMadeAt(made, calls.get(busy(context)), context);
      }
      return () -> backups.clone(busy(context), body);
    }
    String name = context.value(TakeStep.BACKUP).orElseThrow();
    Backup backup =
        backups
            .find(name)
            .orElseThrow(
                () ->
                    ErrorDetails.of(
                            ErrorCategory.NOT_FOUND,
                            "The backup "
                                + name
                                + " is gone, of which "
                                + context.name()
                                + " was to be made")
                        .resource(context.resource().toString())
                        .nextStep("Restore another one.")
                        .toException());
    DatabaseInstance body = RestoreRequest.of(context, place, backup);
    return () -> calls.insert(body);
  }

  /**
   * A clone has its source's settings only where that is runnable when it is cloned: it may not be
   * any more what it was when the operation began.
   */
  @Override
  Map<String, String> unsent(StepContext context) {
    boolean known =
        context.value(CloneRequest.SETTINGS).isPresent()
            || context.value(CloneRequest.DELETED).isPresent();
    return known || !CloneRequest.isClone(context)
        ? Map.of()
        : calls.find(busy(context)).map(CloneRequest::lacking).orElse(Map.of());
  }

  /** A source that is deleted takes no part in it. */
  @Override
  String busy(StepContext context) {
    return CloneRequest.isClone(context)
        ? context.specification(RestoreSpec.class).source().name()
        : context.name();
  }

  @Override
  List<String> types(StepContext context) {
    return CloneRequest.isClone(context) ? OwnClone.types() : List.of("CREATE");
  }

  @Override
  boolean isOwn(DatabaseInstance found, StepContext context) {
    return super.isOwn(found, context)
        || (mayBeOwn(found, context) && (isKnown(found, context) || clones.isOwn(context)));
  }

  /** Whether it is the clone that was found to be this operation's own before. */
  private static boolean isKnown(DatabaseInstance found, StepContext context) {
    return context
        .value(TheInstance.CREATED)
        .filter(created -> created.equals(found.getCreateTime()))
        .isPresent();
  }

  /** Whether a request of this operation may have made what is there. */
  private boolean mayBeOwn(DatabaseInstance found, StepContext context) {
    boolean sent = context.resumed() || context.state().made().contains(name());
    return sent
        && CloneRequest.isClone(context)
        && region.equals(found.getRegion())
        && CloneRequest.mayBeOwn(context, found);
  }

  @Override
  Look another(DatabaseInstance found, StepContext context) {
    if (!mayBeOwn(found, context)) {
      return super.another(found, context);
    }
    return clones.mayShow(context)
        ? Look.going("the operation that has made " + context.name() + " is not visible")
        : Look.failed(clones.doubtful(context));
  }

  /** An instance that costs money is rather named twice than not at all. */
  @Override
  Optional<String> doubt(DatabaseInstance found, StepContext context) {
    String instance = makes(context);
    boolean named =
        context
            .state()
            .failure()
            .flatMap(failure -> failure.details().leftBehind())
            .filter(left -> left.contains(instance))
            .isPresent();
    return mayBeOwn(found, context) && !named
        ? Optional.of(
            instance
                + ", in the state "
                + found.getState()
                + ", which is another one's clone, or this operation's own and costs money until it"
                + " is deleted")
        : Optional.empty();
  }

  /** The HTTP client may have sent this very request twice, and nothing tells that of a clone. */
  @Override
  CloudDbException taken(
      CloudDbException error, Optional<DatabaseInstance> holder, StepContext context) {
    if (holder.filter(found -> mayBeOwn(found, context)).isEmpty()) {
      return error;
    }
    String next =
        "Choose another name. Where nobody else has made "
            + context.name()
            + ", this request has arrived twice: look at it, and delete it.";
    return CloudDbException.of(error.details().toBuilder().nextStep(next).build(), error);
  }

  /** Until it has the operation's id, a clone is known again by the time at which it was made. */
  @Override
  Look made(Look.Happened happened, StepContext context) {
    Optional<DatabaseInstance> found =
        CloneRequest.isClone(context) ? calls.find(context.name()) : Optional.empty();
    if (found.isEmpty()) {
      return super.made(happened, context);
    }
    if (!isOwn(found.get(), context)) {
      return another(found.get(), context);
    }
    Map<String, String> notes = new TreeMap<>(happened.notes());
    String created = found.get().getCreateTime();
    if (created != null) {
      notes.put(TheInstance.CREATED, created);
    }
    return Look.found(notes);
  }
}
