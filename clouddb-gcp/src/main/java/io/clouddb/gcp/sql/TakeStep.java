/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.BackupRun;
import com.google.api.services.sqladmin.model.OperationError;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a backup. Its description has the operation's own id, by which what a lost request has
 * taken is known again.
 */
final class TakeStep implements StepAction {
  /** Value: the service's name of the backup. */
  static final String BACKUP = "backup";

  private static final String ANOTHER =
      "Look at the operations of the instance in Google's console, and take another backup:"
          + " backups().take(...).";

  private final BackupCalls backups;
  private final SqlAdminCalls calls;
  private final BackupFinder finder;
  private final OwnOperation operations;

  TakeStep(BackupCalls backups, SqlAdminCalls calls) {
    this.backups = backups;
    this.calls = calls;
    this.finder = new BackupFinder(backups, calls);
    this.operations = new OwnOperation(calls);
  }

  /** What the backup has to be, be it a part of what an operation asks for. */
  static BackupSpec spec(StepContext context) {
    return context.state().specification().orElseThrow() instanceof Protection protection
        ? protection.backup()
        : context.specification(BackupSpec.class);
  }

  /** The name of the instance that is backed up. */
  static String instance(StepContext context) {
    return spec(context).source().orElseThrow().name();
  }

  /** The request's body, as the caller has changed it. */
  static BackupRun body(StepContext context) {
    BackupSpec spec = spec(context);
    String description =
        new BackupDescription(spec.name(), spec.tags(), context.state().id()).text();
    BackupRun body = new BackupRun().setDescription(description);
    context.customizations().apply(BackupRun.class, body);
    if (!description.equals(body.getDescription())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must leave the description of the BackupRun, in which its name and"
                  + " tags are")
          .toException();
    }
    return body;
  }

  @Override
  public String name() {
    return "backup";
  }

  @Override
  public String makes(StepContext context) {
    return "the backup " + spec(context).name() + " of " + instance(context);
  }

  @Override
  public Look look(StepContext context) {
    Optional<Look> seen = operations.look(context);
    if (seen.isPresent() && !(seen.get() instanceof Look.Happened)) {
      return advised(seen.get());
    }
    List<Backup> all = finder.of(instance(context));
    Optional<Backup> own =
        all.stream().filter(found -> isOf(context.state().id(), found)).findFirst();
    if (own.isPresent()) {
      return taken(own.get(), context);
    }
    BackupId wanted = new BackupId(instance(context), spec(context).name());
    if (all.stream().anyMatch(found -> BackupId.of(found).equals(wanted))) {
      return Look.failed(nameTaken(wanted, context));
    }
    return operations.mayShow(context).orElseGet(() -> OwnOperation.missing(context));
  }

  /** An operation that has failed tells nothing of what to do next. */
  private static Look advised(Look look) {
    return look instanceof Look.Failed failed && failed.why().nextStep().isEmpty()
        ? Look.failed(
            CloudDbException.of(
                failed.why().details().toBuilder().nextStep(ANOTHER).build(), failed.why()))
        : look;
  }

  private static boolean isOf(String attempt, Backup found) {
    return BackupDescription.read(found.getDescription())
        .filter(description -> description.attempt().equals(attempt))
        .isPresent();
  }

  /** The error of a name that another backup of the instance has. */
  static CloudDbException nameTaken(BackupId name, StepContext context) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "There is a backup " + name.name() + " of " + name.instance() + " already")
        .resource(name.in(Place.of(context.resource())).toString())
        .nextStep("Choose another name, or delete that one first.")
        .toException();
  }

  private Look taken(Backup found, StepContext context) {
    return switch (BackupReader.state(found)) {
      case AVAILABLE -> Look.found(Map.of(BACKUP, found.getName()));
      case FAILED -> Look.failed(failure(found, context));
      default -> Look.going(found.getName() + " is " + found.getState());
    };
  }

  private CloudDbException failure(Backup found, StepContext context) {
    OperationError error = found.getError();
    return ErrorDetails.of(
            ErrorCategory.OTHER,
            makes(context)
                + " has failed: "
                + (error == null || error.getMessage() == null
                    ? "Cloud SQL gives no reason"
                    : error.getMessage()))
        .resource(context.resource().toString())
        .providerCode(error == null ? null : error.getCode())
        .nextStep(ANOTHER)
        .toException();
  }

  @Override
  public Begun begin(StepContext context) {
    BackupRun body = body(context);
    String instance = instance(context);
    TheInstance.requireMadeAt(context.value(TheInstance.CREATED), calls.get(instance), context);
    return OwnOperation.begun(
        DoubtfulRefusal.send(context, calls, instance, () -> backups.insertRun(instance, body)));
  }

  /** What has failed stays in the service's list, and cannot be restored. */
  @Override
  public Undone undo(StepContext context) {
    Optional<Backup> own =
        finder.of(instance(context)).stream()
            .filter(found -> isOf(context.state().id(), found))
            .findFirst();
    if (own.isPresent()) {
      return Undone.stays(
          makes(context) + ", " + own.get().getName() + ", as " + own.get().getState());
    }
    boolean known =
        context.state().failure().filter(failure -> failure.details().outcomeKnown()).isPresent();
    return known
        ? Undone.gone()
        : Undone.stays(makes(context) + ", if a request whose answer was lost has taken it");
  }
}
