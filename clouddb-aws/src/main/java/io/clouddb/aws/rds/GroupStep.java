/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Does something about the DB parameter group that an operation makes, where it makes one. */
abstract class GroupStep extends InstanceStep {
  /** Nothing of an instance is waited for here. */
  private static final Duration LIMIT = Duration.ofMinutes(30);

  protected final ParameterGroups groups;
  private final Function<StepContext, Optional<NewGroup>> wanted;

  GroupStep(String name, RdsCalls rds, Function<StepContext, Optional<NewGroup>> wanted) {
    super(name, rds);
    this.groups = new ParameterGroups(rds);
    this.wanted = wanted;
  }

  @Override
  public final boolean applies(StepContext context) {
    return wanted.apply(context).isPresent();
  }

  @Override
  public final Duration limit() {
    return LIMIT;
  }

  final NewGroup group(StepContext context) {
    return wanted.apply(context).orElseThrow();
  }
}
