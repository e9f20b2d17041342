/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The firewall rules that a new replica has from its source, and is not to have: who is to reach it
 * was asked for. Those that are to be removed are looked for first.
 */
final class InheritedRules {
  private static final String NOTED = "inherited";

  private InheritedRules() {}

  /** Whether who may reach the replica was asked for. */
  private static boolean isAsked(StepContext context) {
    return context.specification(ReplicaSpec.class).network().filter(Network::isPublic).isPresent();
  }

  private static Set<String> wanted(StepContext context) {
    return FirewallRuleStep.ranges(context).stream()
        .flatMap(cidr -> AddressRange.ofCidr(cidr).stream())
        .map(AddressRange::ruleName)
        .collect(Collectors.toSet());
  }

  /** Looks which they are. */
  static final class Search extends ServerStep {
    Search(ServerCalls calls) {
      super("inherited firewall rules", calls);
    }

    @Override
    public boolean applies(StepContext context) {
      return isAsked(context);
    }

    @Override
    public boolean changes() {
      return false;
    }

    @Override
    Look see(StepContext context) {
      Set<String> wanted = wanted(context);
      @Nullable List<String> all;
      try {
        all = server(context).isEmpty() ? null : calls().ruleNames(context.name());
      } catch (NotFoundException e) {
        if (!isNotShown(e)) {
          throw e;
        }
        all = null;
      }
      return all == null
          ? notShown(context)
          : Look.happened(
              Map.of(
                  NOTED,
                  all.stream()
                      .filter(name -> !wanted.contains(name))
                      .collect(Collectors.joining(" "))));
    }
  }

  /** Removes them, one after the other. */
  static final class Removal extends OperationStep {
    Removal(ServerCalls calls, Duration interval) {
      super("inherited firewall rule", calls, interval);
    }

    @Override
    public boolean applies(StepContext context) {
      return isAsked(context);
    }

    @Override
    public List<String> items(StepContext context) {
      return context
          .value(NOTED)
          .filter(names -> !names.isEmpty())
          .map(names -> List.of(names.split(" ", -1)))
          .orElse(List.of());
    }

    /** It takes a rule away. */
    @Override
    public boolean guarded(StepContext context) {
      return true;
    }

    @Override
    Accepted send(StepContext context) {
      return calls().deleteRule(context.name(), context.item());
    }

    @Override
    Look unsent(StepContext context) {
      Look look = super.unsent(context);
      return look instanceof Look.Missing ? effect(context, false) : look;
    }

    @Override
    Look effect(StepContext context, boolean succeeded) {
      if (!succeeded && server(context).isEmpty()) {
        // Of a server that is hidden no rule is shown either.
        return notShown(context);
      }
      return calls().rule(context.name(), context.item()).isEmpty()
          ? Look.happened()
          : Look.missing("the rule is still there");
    }
  }
}
