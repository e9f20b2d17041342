/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.replica.Promotion;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to do after an operation has failed for good, where its error does not say it. */
final class Advice {
  private Advice() {}

  static CloudDbException added(StepContext context, CloudDbException failure) {
    String kind = context.state().kind();
    ErrorDetails.Builder details = failure.details().toBuilder();
    if (failure.details().leftBehind().isEmpty()) {
      details.leftBehind(leftBehind(context, kind));
    }
    if (failure.nextStep().isEmpty()) {
      details.nextStep(nextStep(context, kind));
    }
    return CloudDbException.of(details.build(), failure);
  }

  /** What the step machine does not know: that a server can be used, and what it lacks. */
  private static @Nullable String leftBehind(StepContext context, String kind) {
    String server = "the server " + context.name();
    if (kind.equals(InstanceDriver.DELETE.id())) {
      return server + ", which is still there and costs money";
    }
    if (kind.equals(BackupDriver.PROTECT.id())) {
      return context.state().step().equals(TakeBackupStep.NAME)
          ? "the policy of "
              + context.name()
              + " as it was asked for"
              // Otherwise the step machine names it, as what a lost request may have made.
              + (context.state().lost() ? "" : ", without the backup")
          : null;
    }
    if (kind.equals(BackupDriver.RESTORE.id())) {
      return isMissing(context) ? null : restored(context);
    }
    boolean replica = kind.equals(ReplicaDriver.CREATE.id());
    if ((!replica && !kind.equals(InstanceDriver.CREATE.id())) || isMissing(context)) {
      return null;
    }
    if (replica) {
      return server + ", a replica that may let in whom its source does";
    }
    List<String> undone = undone(context);
    return undone.isEmpty() ? server : server + ", without " + undone;
  }

  /** A step of several things may have done some of them. */
  private static String restored(StepContext context) {
    return "the server "
        + context.name()
        + ", restored, and without what the step '"
        + (context.state().step() + " " + context.item()).strip()
        + "' and those after it were to set: firewall rules, size, availability, maintenance window"
        + " and parameters come in this order";
  }

  /** Whether a creation has not made its server yet, or has lost it to another one. */
  private static boolean isMissing(StepContext context) {
    return context.state().step().equals(CreateServerStep.NAME) || context.state().made().isEmpty();
  }

  /** The current step and those after it. */
  private static List<String> undone(StepContext context) {
    InstanceSpec spec = context.specification(InstanceSpec.class);
    List<String> all = new ArrayList<>();
    if (DatabaseStep.database(context).isPresent()) {
      all.add(DatabaseStep.NAME);
    }
    FirewallRuleStep.ranges(context).forEach(range -> all.add(FirewallRuleStep.NAME + " " + range));
    if (spec.maintenance().isPresent()) {
      all.add(MaintenanceStep.NAME);
    }
    ParameterStep.parameters(context)
        .keySet()
        .forEach(parameter -> all.add(ParameterStep.NAME + " " + parameter));
    int index = all.indexOf((context.state().step() + " " + context.item()).strip());
    return index < 0 ? List.of() : all.subList(index, all.size());
  }

  private static @Nullable String nextStep(StepContext context, String kind) {
    if (kind.equals(InstanceDriver.CREATE.id())) {
      // Before there is a server, the step machine says all that there is to say.
      return context.state().step().equals(CreateServerStep.NAME)
          ? null
          : "Finish the server: parameters and maintenance by modify, a database by SQL, a"
              + " firewall rule in Azure or by unwrap(PostgreSqlManager.class). Or begin anew.";
    }
    if (kind.equals(ReplicaDriver.CREATE.id())) {
      return context.state().step().equals(CreateServerStep.NAME)
          ? null
          : "Look at its replication and its firewall rules in Azure, or delete it and create it"
              + " again.";
    }
    if (kind.equals(BackupDriver.RESTORE.id())) {
      return context.state().step().equals(CreateServerStep.NAME)
          ? new RestoreNotes(context).advice().orElse(null)
          : "Finish the server by modify and, for firewall rules, in Azure or by"
              + " unwrap(PostgreSqlManager.class). Or delete it and restore again.";
    }
    if (kind.equals(BackupDriver.TAKE.id()) || kind.equals(BackupDriver.PROTECT.id())) {
      return "Look at " + ServerStep.serverName(context) + " in Azure, and take the backup again.";
    }
    if (kind.equals(BackupDriver.DELETE.id())) {
      return "Delete the backup again.";
    }
    if (kind.equals(ReplicaDriver.PROMOTE.id())) {
      return promotion(context);
    }
    if (kind.equals(InstanceDriver.MODIFY.id())) {
      return "Make the change again: what is done already does no harm.";
    }
    return kind.equals(InstanceDriver.DELETE.id())
        ? "Delete it again."
        : "Look at the server in Azure, and try again.";
  }

  /** A forced switchover looks at nothing but the replica, and makes no virtual endpoint. */
  private static String promotion(StepContext context) {
    Promotion promotion = context.specification(Promotion.class);
    String source = PromotionNotes.source(context).name();
    if (!promotion.isForced()) {
      return "Look at " + context.name() + " and " + source + " in Azure, and promote it again.";
    }
    return promotion.form() == Promotion.Form.SWITCHOVER
        ? "Azure exchanges two servers only where a virtual endpoint of "
            + source
            + " reads from "
            + context.name()
            + ": Promotion.switchingRoles() makes one while "
            + source
            + " answers, and Promotion.forced() needs none."
        : "Look at " + context.name() + " in Azure, and promote it again.";
  }
}
