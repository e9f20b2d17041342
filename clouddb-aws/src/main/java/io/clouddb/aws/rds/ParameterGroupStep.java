/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * Makes the DB parameter group of an instance. It is of no use without the rest of its operation,
 * so it goes with it.
 */
final class ParameterGroupStep extends GroupStep {
  static final String NAME = "parameter group";

  ParameterGroupStep(RdsCalls rds, Function<StepContext, Optional<NewGroup>> wanted) {
    super(NAME, rds, wanted);
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    String group = group(context).name();
    if (!groups.exists(group)) {
      return Look.missing();
    }
    if (groups.isMadeBy(group, context.name(), context.state().id())) {
      return Look.found(Map.of(FillGroupStep.FOUND, Notes.YES));
    }
    return context.asked()
        ? Look.missing("its tags are not visible yet")
        : Look.failed(exists(group));
  }

  /** The caller may add to it, and takes nothing away by which the group is known again. */
  private static CreateDbParameterGroupRequest request(StepContext context, NewGroup group) {
    CreateDbParameterGroupRequest customized =
        context
            .customizations()
            .apply(
                CreateDbParameterGroupRequest.Builder.class,
                CreateDbParameterGroupRequest.builder()
                    .description("Parameters of " + context.name() + ", made by clouddb"))
            .build();
    List<Tag> tags = new ArrayList<>(ParameterGroups.tags(context.name(), context.state().id()));
    tags.addAll(customized.tags());
    return customized.toBuilder()
        .dbParameterGroupName(group.name())
        .dbParameterGroupFamily(group.family())
        .tags(tags)
        .build();
  }

  @Override
  public Begun begin(StepContext context) {
    NewGroup group = group(context);
    try {
      groups.create(request(context, group));
    } catch (AlreadyExistsException e) {
      // The HTTP client may have sent it twice, or an earlier attempt shows only now.
      if (!groups.isMadeBy(group.name(), context.name(), context.state().id())) {
        throw e;
      }
    }
    return answered(context, "its parameter group is made");
  }

  private static CloudDbException exists(String group) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "There is a DB parameter group "
                + group
                + " already, which this operation has not made")
        .resource(group)
        .toException();
  }

  @Override
  public String makes(StepContext context) {
    return "the DB parameter group " + ParameterGroups.name(context.name(), context.state().id());
  }

  @Override
  public Undone undo(StepContext context) {
    String group = ParameterGroups.name(context.name(), context.state().id());
    try {
      groups.remove(group);
      return Undone.gone();
    } catch (BusyException e) {
      // Whoever is to look at a failed instance needs its group as well.
      boolean kept =
          rds.find(context.name())
              .filter(instance -> !instance.dbInstanceStatus().equals(RdsStates.DELETING))
              .filter(instance -> ParameterComparison.group(instance).equals(group))
              .isPresent();
      return kept ? Undone.stays(makes(context)) : Undone.going("is still in use");
    }
  }
}
