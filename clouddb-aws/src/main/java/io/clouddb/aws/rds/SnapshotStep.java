/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * Makes a DB snapshot, be it a copy. It is known again by the operation's id, which it has as a
 * tag; whatever else has its name is somebody else's.
 */
abstract class SnapshotStep extends InstanceStep {
  static final String NAME = "snapshot";

  /** No data is waited for here, but whatever RDS finds busy. */
  private static final Duration LIMIT = Duration.ofHours(6);

  protected final SnapshotCalls snapshots;

  SnapshotStep(RdsCalls rds) {
    super(NAME, rds);
    this.snapshots = new SnapshotCalls(rds);
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  /** Sends the request that makes it, and gives what RDS answers of it. */
  abstract Optional<DBSnapshot> create(StepContext context);

  /** What is seen while it is not there, and its request was not sent. */
  abstract Look absent(StepContext context);

  /** What is asked for. */
  static BackupSpec spec(StepContext context) {
    return context.state().kind().equals(BackupDriver.PROTECT.id())
        ? context.specification(Protection.class).backup()
        : context.specification(BackupSpec.class);
  }

  /** The tags that its source has, those that are asked for, and the one by which it is known. */
  static List<Tag> tags(List<Tag> asked, Map<String, String> source, StepContext context) {
    Map<String, String> all = new TreeMap<>(source);
    all.putAll(RdsCalls.tags(asked));
    return Tags.together(Tags.of(all), context);
  }

  private static Optional<String> maker(DBSnapshot snapshot) {
    return Optional.ofNullable(RdsCalls.tags(snapshot.tagList()).get(OperationState.CREATION_TAG));
  }

  private static boolean isOwn(DBSnapshot snapshot, StepContext context) {
    return maker(snapshot).filter(context.state().id()::equals).isPresent();
  }

  /**
   * The operation's own snapshot; a later one of its name, which an old token may find, is not it.
   */
  static Optional<DBSnapshot> own(SnapshotCalls snapshots, StepContext context) {
    return snapshots.find(spec(context).name()).filter(found -> isOwn(found, context));
  }

  private static CloudDbException exists(DBSnapshot existing) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "There is a DB snapshot "
                + existing.dbSnapshotIdentifier()
                + " in this region already, of "
                + existing.dbInstanceIdentifier())
        .resource(existing.dbSnapshotArn())
        .nextStep("Choose another name; look at the existing one by backups().find(...).")
        .toException();
  }

  /** Refuses a name that is taken, before anything is made. */
  static void requireFree(SnapshotCalls checks, StepContext context) {
    Optional<DBSnapshot> found = checks.find(spec(context).name());
    if (found.isPresent()) {
      throw exists(found.get());
    }
  }

  @Override
  public final Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    Optional<DBSnapshot> found = snapshots.find(spec(context).name());
    if (found.isEmpty()) {
      return context.asked() ? Look.missing() : absent(context);
    }
    if (isOwn(found.get(), context)) {
      return Look.found(Map.of());
    }
    return context.asked() && maker(found.get()).isEmpty()
        ? Look.missing("its tags are not visible yet")
        : Look.failed(exists(found.get()));
  }

  @Override
  public final Begun begin(StepContext context) {
    try {
      // What the service answers is looked at by the next look.
      Optional<DBSnapshot> unused = create(context);
    } catch (AlreadyExistsException e) {
      requireOwn(context, e);
    }
    return answered(context, "the snapshot is being made");
  }

  /** The HTTP client may have sent the request twice, or an earlier attempt shows only now. */
  private void requireOwn(StepContext context, AlreadyExistsException e) {
    Optional<DBSnapshot> found = snapshots.find(spec(context).name());
    if (found.isPresent()) {
      if (!isOwn(found.get(), context)) {
        throw exists(found.get());
      }
      return;
    }
    if (context.state().tries() > 1) {
      throw e.details().toBuilder().outcomeKnown(false).retryable(false).toException(e);
    }
    throw e;
  }

  @Override
  public final String makes(StepContext context) {
    return "the DB snapshot " + spec(context).name();
  }

  /** One that failed stays, for RDS' events to be looked at. */
  @Override
  public final Undone undo(StepContext context) {
    if (own(snapshots, context).isPresent()) {
      return Undone.stays(makes(context));
    }
    boolean lost = context.state().failure().filter(e -> !e.details().outcomeKnown()).isPresent();
    return lost
        ? Undone.stays(makes(context) + ", if a request whose answer was lost has made it")
        : Undone.gone();
  }
}
