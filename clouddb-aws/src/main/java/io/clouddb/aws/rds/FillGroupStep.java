/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Sets the parameters of a DB parameter group that is not in use yet, some at a time. */
final class FillGroupStep extends GroupStep {
  static final String NAME = "parameters";

  /** Whether the group was there before the operation made it here, so that it may be full. */
  static final String FOUND = "group-found";

  FillGroupStep(RdsCalls rds, Function<StepContext, Optional<NewGroup>> wanted) {
    super(NAME, rds, wanted);
  }

  @Override
  public List<String> items(StepContext context) {
    return ParameterGroups.parts(group(context).parameters().size());
  }

  private Map<String, String> part(StepContext context) {
    return ParameterGroups.part(group(context).parameters(), context.item());
  }

  @Override
  public Look look(StepContext context) {
    boolean perhapsSet = context.asked() || context.value(FOUND).isPresent();
    return answered(context) || (perhapsSet && isSet(context)) ? Look.happened() : Look.missing();
  }

  private boolean isSet(StepContext context) {
    try {
      return groups.compare(group(context).name(), part(context)).isEmpty();
    } catch (InvalidArgumentException e) {
      // Not set, since it cannot be: the request will be refused.
      return false;
    }
  }

  @Override
  public Begun begin(StepContext context) {
    groups.set(group(context).name(), part(context), parameter -> false);
    return answered(context, "its parameters are set");
  }

  /** Connections without TLS are let in by a parameter. */
  @Override
  public boolean guarded(StepContext context) {
    return group(context).opens();
  }
}
