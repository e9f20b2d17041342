/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.FirewallRuleInner;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.plan.Specification;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The firewall rules of a new server or replica, one for each range that may reach it. */
final class FirewallRuleStep extends OperationStep {
  static final String NAME = "firewall rule";

  FirewallRuleStep(ServerCalls calls, Duration interval) {
    super(NAME, calls, interval);
  }

  @Override
  public List<String> items(StepContext context) {
    return ranges(context);
  }

  static List<String> ranges(StepContext context) {
    Specification asked = context.state().specification().orElseThrow();
    if (asked instanceof ReplicaSpec replica) {
      return replica.network().map(FirewallRuleStep::ranges).orElse(List.of());
    }
    if (asked instanceof RestoreSpec restore) {
      return restore.network().map(FirewallRuleStep::ranges).orElse(List.of());
    }
    return List.copyOf(ServerFields.parts((InstanceSpec) asked).ranges());
  }

  private static List<String> ranges(Network own) {
    return own.allowedCidrs().stream().distinct().sorted().toList();
  }

  /** It opens the server's network. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  private static AddressRange range(StepContext context) {
    return AddressRange.ofCidr(context.item())
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.INVALID_ARGUMENT,
                        "The token names no range: " + context.item())
                    .toException());
  }

  @Override
  Accepted send(StepContext context) {
    return calls().firewallRule(context.name(), range(context));
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    AddressRange range = range(context);
    return succeeded
        ? Look.happened()
        : effect(calls().rule(context.name(), range.ruleName()), range);
  }

  /** Whether a rule lets in who it is to. */
  static Look effect(Optional<FirewallRuleInner> rule, AddressRange range) {
    return rule.filter(
                shown ->
                    range.first().equals(shown.startIpAddress())
                        && range.last().equals(shown.endIpAddress()))
            .isPresent()
        ? Look.happened()
        : Look.missing();
  }
}
