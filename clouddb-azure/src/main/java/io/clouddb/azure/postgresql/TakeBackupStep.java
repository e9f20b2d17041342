/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.plan.Specification;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backup by hand. Azure has no place in it for anything by which it could be known for this
 * operation's own. That there was none of its name before has been looked at: so one that has it
 * now and is not older than the operation is taken for its own, as a process that knows of no
 * request that was sent before it has to. It is one of the same server in any case; of two that are
 * asked for by one name Azure makes one.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-perform-backups">Perform
 *     on-demand backups</a>
 */
final class TakeBackupStep extends OperationStep {
  static final String NAME = "backup";

  /** One that is being made is perhaps not shown before it is complete. */
  private static final Duration MADE = Duration.ofMinutes(10);

  /** Azure's clock may be a little behind. */
  private static final Duration BEHIND = Duration.ofMinutes(1);

  private final BackupCalls backups;

  TakeBackupStep(ServerCalls calls, BackupCalls backups, Duration interval) {
    super(NAME, calls, interval);
    this.backups = backups;
  }

  static BackupSpec spec(StepContext context) {
    Specification asked = context.state().specification().orElseThrow();
    return asked instanceof Protection protection
        ? protection.backup()
        : context.specification(BackupSpec.class);
  }

  private Optional<ListedBackup> backup(StepContext context) {
    return backups.find(serverName(context), spec(context).name());
  }

  @Override
  public String makes(StepContext context) {
    return "the backup " + spec(context).name() + " of " + serverName(context);
  }

  @Override
  public Duration shownWithin() {
    return MADE;
  }

  @Override
  Accepted send(StepContext context) {
    return backups.take(serverName(context), spec(context).name());
  }

  @Override
  Look unsent(StepContext context) {
    Optional<ServerInner> server = server(context);
    if (server.isEmpty()) {
      return notShown(context);
    }
    InstanceState now = state(server.get());
    if (ServerView.isPassing(now)) {
      return Look.notYet(is(server.get()));
    }
    if (now != InstanceState.AVAILABLE) {
      return Look.failed(instead(context, server.get(), InstanceState.AVAILABLE));
    }
    return there(context).orElseGet(Look::missing);
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    return backup(context)
        .map(found -> found.completed() == null ? Look.going("it is being made") : made(found))
        .orElseGet(Look::missing);
  }

  private static Look made(ListedBackup found) {
    return Look.happened(SameBackup.notes(found));
  }

  /** Azure says only that something went wrong where a backup of that name is there. */
  @Override
  Look failed(StepContext context, ErrorDetails failure, @Nullable Duration asked) {
    return there(context).orElseGet(() -> super.failed(context, failure, asked));
  }

  /** A backup of that name where no request of this operation's is known to have made it. */
  private Optional<Look> there(StepContext context) {
    Instant began = context.state().started().minus(BEHIND);
    return backup(context)
        .map(
            found ->
                found.isBefore(began)
                    ? Look.failed(taken(context, spec(context).name()))
                    : effect(context, false));
  }

  /** A name that is somebody else's backup. */
  static CloudDbException taken(StepContext context, String name) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "The server " + serverName(context) + " has a backup " + name + " already")
        .resource(context.resource().toString())
        .nextStep("Choose another name, for example BackupSpec.manual(instance, now).")
        .toException();
  }

  /**
   * It may be somebody's already, and goes by the server's retention. One that is being made is not
   * shown: unless Azure has said that it failed, it may come.
   */
  @Override
  public Undone undo(StepContext context) {
    boolean shown;
    try {
      shown = server(context).isPresent();
    } catch (ConditionFailedException another) {
      // Its server is gone, and its backups with it.
      return Undone.gone();
    }
    if (shown && backup(context).isPresent()) {
      return Undone.stays(makes(context));
    }
    boolean notSeen =
        context
            .state()
            .failure()
            .filter(failure -> failure.category() == ErrorCategory.NOT_FOUND)
            .isPresent();
    return context.state().lost() || notSeen
        ? Undone.stays("perhaps " + makes(context))
        : Undone.gone();
  }
}
