/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.CloneContext;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes the instance that is restored: one for a backup, whose data a later step puts in, or a
 * clone of a moment. {@code instances.restoreBackup} makes one by itself, too; but nothing says
 * that it refuses one of that name which is there, and does not replace its data.
 *
 * <p>One for a backup carries the operation's id from the beginning. A clone has that of its source
 * at first: it is taken for this operation's own when the service says that it was cloned, since
 * nobody had its name when the operation began.
 */
final class RestoreStep extends InsertStep {
  private static final List<String> CLONES = List.of("CLONE", "CREATE_CLONE");

  private final BackupCalls backups;
  private final Place place;

  RestoreStep(SqlAdminCalls calls, BackupCalls backups, Place place) {
    super(calls, place.region());
    this.backups = backups;
    this.place = place;
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

  /** A source that is deleted takes no part in it. */
  @Override
  String busy(StepContext context) {
    return CloneRequest.isClone(context)
        ? context.specification(RestoreSpec.class).source().name()
        : context.name();
  }

  @Override
  List<String> types(StepContext context) {
    return CloneRequest.isClone(context) ? CLONES : List.of("CREATE");
  }

  @Override
  boolean isOwn(DatabaseInstance found, StepContext context) {
    if (super.isOwn(found, context)) {
      return true;
    }
    return CloneRequest.isClone(context)
        && region.equals(found.getRegion())
        && CloneRequest.mayBeOwn(context, found)
        && CLONES.stream().anyMatch(type -> calls.newest(found.getName(), type).isPresent());
  }
}
