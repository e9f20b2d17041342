/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.ProtectedInstance.Pending;
import io.clouddb.backup.Protection;
import io.clouddb.error.CloudDbException;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.plan.Field;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * Sets the backup policy of an instance, without hurry: what RDS defers to the maintenance window,
 * since it interrupts the instance, stays deferred.
 */
final class PolicyStep extends InstanceStep {
  private static final List<Field> OF_RETENTION =
      List.of(InstanceField.BACKUPS, InstanceField.BACKUP_RETENTION, InstanceField.POINT_IN_TIME);

  private final String provider;

  PolicyStep(String provider, RdsCalls rds) {
    super("policy", rds);
    this.provider = provider;
  }

  /**
   * The policy as a change, to which the caller's changes to the snapshot's request are nothing.
   */
  private static StepContext changing(StepContext context) {
    InstanceChange change = context.specification(Protection.class).change();
    return new StepContext(
        context.state().asking(change),
        Customizations.NONE,
        context.secrets(),
        context.now(),
        context.resumed());
  }

  private ModifyRequest request(StepContext context) {
    return new ModifyRequest(provider, changing(context));
  }

  private static Optional<CloudDbException> refusal(
      StepContext context, ModifyRequest request, DBInstance instance) {
    return ChangeableStep.refusal(context, request, instance);
  }

  /**
   * Refuses what cannot be set, before anything is sent.
   *
   * @param context the operation
   * @param instance the instance as it is
   * @return what depends on the instance, to be noted
   */
  Map<String, String> prepare(StepContext context, DBInstance instance) {
    ModifyRequest request = request(context);
    Map<String, String> fitted = request.fit(instance);
    Optional<CloudDbException> refusal = refusal(context, request, instance);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return fitted;
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    ModifyRequest request = request(context);
    DBInstance instance = get(context);
    if (ShownValues.show(request.asked(), instance)) {
      return Look.happened();
    }
    Optional<CloudDbException> refusal = refusal(context, request, instance);
    if (refusal.isPresent()) {
      return Look.failed(refusal.get());
    }
    String status = instance.dbInstanceStatus();
    return RdsStates.resting(status) ? missing(context, status) : going(context, status);
  }

  @Override
  public Begun begin(StepContext context) {
    ModifyDbInstanceRequest request =
        request(context).asked().toBuilder().dbInstanceIdentifier(context.name()).build();
    send(context, () -> rds.modify(request));
    return answered(context, "the policy has been accepted");
  }

  @Override
  public boolean guarded(StepContext context) {
    return request(context).takesAway();
  }

  @Override
  public String makes(StepContext context) {
    return context.name() + " with its new backup policy";
  }

  @Override
  public Undone undo(StepContext context) {
    return PolicyShownStep.isShown(context.specification(Protection.class), get(context))
        ? Undone.stays(makes(context))
        : Undone.gone();
  }

  /**
   * What of the policy is not in force.
   *
   * @param context the operation
   * @param instance the instance as it is
   * @return the fields that were asked for and are to come
   */
  static List<Pending> pending(StepContext context, DBInstance instance) {
    Protection asked = context.specification(Protection.class);
    List<Pending> all = new ArrayList<>();
    Integer days =
        instance.pendingModifiedValues() == null
            ? null
            : instance.pendingModifiedValues().backupRetentionPeriod();
    Integer now = instance.backupRetentionPeriod();
    if (days != null) {
      boolean turns = now == null || (now == 0) != (days == 0);
      String when =
          turns
              ? "in the maintenance window "
                  + instance.preferredMaintenanceWindow()
                  + ", since RDS interrupts the instance for it; at once by"
                  + " instances().modify(...).backups(...)"
              : "as soon as RDS gets to it";
      for (Field field : OF_RETENTION) {
        if (asked.values().containsKey(field)) {
          all.add(new Pending(field, days + " days", when));
        }
      }
    }
    window(asked.policy(), instance).ifPresent(all::add);
    return all;
  }

  private static Optional<Pending> window(BackupPolicy policy, DBInstance instance) {
    String now = instance.preferredBackupWindow();
    return policy
        .start()
        .map(start -> Windows.backup(Windows.minute(start), minutes(policy)))
        .filter(wanted -> !wanted.equals(now))
        .map(
            wanted ->
                new Pending(InstanceField.BACKUP_WINDOW, wanted, "as soon as RDS gets to it"));
  }

  private static int minutes(BackupPolicy policy) {
    return policy.length().map(Windows::minutes).orElse(Windows.BACKUP_MINUTES);
  }
}
