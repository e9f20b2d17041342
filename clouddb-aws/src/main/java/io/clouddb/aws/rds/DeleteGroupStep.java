/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * Removes the parameter group of a deleted instance that this library made, for it or for the
 * former source that it was promoted from. A group that somebody else made stays, and so does one
 * that another instance uses: it goes with the last of them.
 */
final class DeleteGroupStep extends InstanceStep {
  static final String NAME = "parameter group";

  private static final Logger log = LoggerFactory.getLogger(DeleteGroupStep.class);
  private static final Duration GROUP_LIMIT = Duration.ofMinutes(15);

  private final ParameterGroups groups;

  DeleteGroupStep(RdsCalls rds) {
    super(NAME, rds);
    this.groups = new ParameterGroups(rds);
  }

  @Override
  public boolean applies(StepContext context) {
    return context.value(Notes.GROUP).isPresent();
  }

  private static String group(StepContext context) {
    return context.value(Notes.GROUP).orElseThrow();
  }

  @Override
  public Look look(StepContext context) {
    return answered(context) || !groups.exists(group(context)) ? Look.happened() : Look.missing();
  }

  /** RDS lets go of a group some time after its instance; another instance may never do so. */
  @Override
  public Begun begin(StepContext context) {
    String group = group(context);
    try {
      groups.remove(group);
    } catch (BusyException e) {
      Optional<List<DBInstance>> users = groups.users(group);
      if (users.filter(some -> !some.isEmpty()).isEmpty()) {
        if (context.isWithin(GROUP_LIMIT, Refusals.waitedSince(context))) {
          throw e;
        }
        if (users.isPresent() || groups.isOwn(group, context.name())) {
          throw ended(context, e);
        }
      }
      return answered(context, stays(context, users.orElse(List.of())));
    }
    return answered(context, "deleted");
  }

  private static String stays(StepContext context, List<DBInstance> users) {
    String who = String.join(", ", users.stream().map(DBInstance::dbInstanceIdentifier).toList());
    String message =
        "deleted; its DB parameter group "
            + group(context)
            + " stays"
            + (who.isEmpty()
                ? ", since RDS says that it is in use; by whom may not be seen"
                : " with " + who);
    log.info("{} is {}", context.name(), message);
    return message;
  }

  private static CloudDbException ended(StepContext context, BusyException e) {
    CloudDbException ended =
        Refusals.ended(
            e,
            context.name()
                + " is deleted, but RDS says that its DB parameter group is still in use: "
                + e.details().message(),
            "Delete the group in RDS when nothing uses it any more; it costs nothing. Or resume"
                + " this by its token.");
    return CloudDbException.of(
        ended.details().toBuilder().leftBehind("the DB parameter group " + group(context)).build(),
        e);
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
