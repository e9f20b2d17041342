/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.InstanceChange;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;

/** Sets the tags of a change. */
final class TagsStep extends InstanceStep {
  static final String NAME = "tags";

  /** Twice does the same as once. */
  private static final Duration SHOWN_WITHIN = Duration.ofSeconds(30);

  TagsStep(RdsCalls rds) {
    super(NAME, rds);
  }

  private static Map<String, String> tags(StepContext context) {
    return context.specification(InstanceChange.class).tags();
  }

  @Override
  public boolean applies(StepContext context) {
    return !tags(context).isEmpty();
  }

  @Override
  public Duration shownWithin() {
    return SHOWN_WITHIN;
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    Map<String, String> now = RdsCalls.tags(get(context).tagList());
    return now.entrySet().containsAll(tags(context).entrySet()) ? Look.happened() : Look.missing();
  }

  @Override
  public Begun begin(StepContext context) {
    rds.addTags(get(context).dbInstanceArn(), context.name(), tags(context));
    return answered(context, "its tags are set");
  }

  @Override
  public String makes(StepContext context) {
    return context.name() + " with the change's tags " + new TreeSet<>(tags(context).keySet());
  }
}
