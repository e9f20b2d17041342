/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Changes the parameters that differ, in the group that the instance has to itself. */
final class ChangeParametersStep extends InstanceStep {
  static final String NAME = "changed parameters";

  private final String provider;
  private final ParameterGroups groups;
  private final ParameterComparison comparison;

  ChangeParametersStep(String provider, RdsCalls rds) {
    super(NAME, rds);
    this.provider = provider;
    this.groups = new ParameterGroups(rds);
    this.comparison = new ParameterComparison(groups);
  }

  private ModifyRequest request(StepContext context) {
    return new ModifyRequest(provider, context);
  }

  private static Set<String> noted(StepContext context, String note) {
    return Set.of(context.value(note).orElse("").split(Notes.SEPARATOR, -1));
  }

  /** Values are the change's, whatever a token says; only which of them differ is noted. */
  private Map<String, String> differing(StepContext context) {
    Map<String, String> differing = new TreeMap<>(request(context).parameters());
    Set<String> fixed = noted(context, Notes.STATIC);
    Set<String> dynamic = noted(context, Notes.DYNAMIC);
    differing.keySet().removeIf(name -> !fixed.contains(name) && !dynamic.contains(name));
    return differing;
  }

  @Override
  public boolean applies(StepContext context) {
    return context.value(Notes.NEW_GROUP).isEmpty() && !differing(context).isEmpty();
  }

  @Override
  public List<String> items(StepContext context) {
    return ParameterGroups.parts(differing(context).size());
  }

  private Map<String, String> part(StepContext context) {
    return ParameterGroups.part(differing(context), context.item());
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    DBInstance instance = get(context);
    String status = instance.dbInstanceStatus();
    if (!RdsStates.resting(status)) {
      return going(context, status);
    }
    if (context.asked()
        && groups.compare(ParameterComparison.group(instance), part(context)).isEmpty()) {
      return Look.happened();
    }
    return missing(context, status);
  }

  @Override
  public Begun begin(StepContext context) {
    String group = ParameterComparison.group(get(context));
    // It may be another one than the one that was compared, or have another user since.
    comparison.requireOwn(context, group);
    comparison.requireNoOther(context, group);
    Set<String> dynamic = noted(context, Notes.DYNAMIC);
    send(context, () -> groups.set(group, part(context), dynamic::contains));
    return answered(context, "its parameters are set");
  }

  /** Connections without TLS are let in by a parameter. */
  @Override
  public boolean guarded(StepContext context) {
    return request(context).opens();
  }

  @Override
  public String makes(StepContext context) {
    return context.name()
        + " with the change's parameters ("
        + String.join(", ", part(context).keySet())
        + "; static ones are in force from its next restart on)";
  }
}
