/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.List;

/**
 * The firewall rules of its source for a server that was restored, which has none: "These rules are
 * not copied over from the original server."
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore">Post-restore
 *     tasks</a>
 */
final class RestoredRuleStep extends OperationStep {
  RestoredRuleStep(ServerCalls calls, Duration interval) {
    super("the source's firewall rule", calls, interval);
  }

  @Override
  public List<String> items(StepContext context) {
    return List.copyOf(new RestoreNotes(context).rules().keySet());
  }

  /** It opens the server's network. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  private static AddressRange range(StepContext context) {
    String[] ends =
        new RestoreNotes(context).rules().getOrDefault(context.item(), "").split(" ", -1);
    if (ends.length != 2) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "The token names no range: " + context.item())
          .toException();
    }
    return new AddressRange(ends[0], ends[1]);
  }

  @Override
  Accepted send(StepContext context) {
    return calls().firewallRule(context.name(), context.item(), range(context));
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    return succeeded
        ? Look.happened()
        : FirewallRuleStep.effect(calls().rule(context.name(), context.item()), range(context));
  }
}
