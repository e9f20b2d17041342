/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Waits until RDS takes a change of the instance, and notes in what the change differs from it. */
final class ChangeableStep extends InstanceStep {
  static final String NAME = "changeable";

  private final String provider;
  private final ParameterComparison parameters;

  ChangeableStep(String provider, RdsCalls rds) {
    super(NAME, rds);
    this.provider = provider;
    this.parameters = new ParameterComparison(new ParameterGroups(rds));
  }

  @Override
  public boolean changes() {
    return false;
  }

  /**
   * Says why RDS takes no change of an instance, now and later.
   *
   * @param context the operation
   * @param request what is asked for
   * @param instance the instance as it is
   * @return the reason; empty when it takes one, or will
   */
  static Optional<CloudDbException> refusal(
      StepContext context, ModifyRequest request, DBInstance instance) {
    String status = instance.dbInstanceStatus();
    boolean never =
        status.equals(RdsStates.STOPPED)
            || status.equals(RdsStates.DELETING)
            || RdsStates.failed(status);
    if (!never || request.mends(instance)) {
      return managed(context, request, instance)
          .or(() -> ReplicatedChange.refusal(request.change(), instance))
          .or(() -> PolicyChange.refusal(request.change(), request.asked(), instance));
    }
    return Optional.of(
        ErrorDetails.of(
                ErrorCategory.CONDITION_FAILED,
                context.name() + " is " + status + ", and RDS does not change it so")
            .resource(context.resource().toString())
            .nextStep(RdsStates.remedy(status))
            .toException());
  }

  /**
   * The API Reference, {@code MasterUserPassword}: "Can't be specified if ManageMasterUserPassword
   * is turned on". The caller's own changes may turn it off.
   */
  private static Optional<CloudDbException> managed(
      StepContext context, ModifyRequest request, DBInstance instance) {
    boolean ends =
        request.build().filter(r -> Boolean.FALSE.equals(r.manageMasterUserPassword())).isPresent();
    return request.change().adminPassword().isEmpty() || ends || !AccessFields.isManaged(instance)
        ? Optional.empty()
        : Optional.of(
            ErrorDetails.of(
                    ErrorCategory.CONDITION_FAILED,
                    context.name() + " takes no password: RDS manages its password itself")
                .operation("rds.ModifyDBInstance")
                .resource(context.resource().toString())
                .nextStep(
                    "Read it from its secret, or end that with the change: Native.customize with"
                        + " manageMasterUserPassword(false).")
                .toException());
  }

  /**
   * Compares what is asked for with what there is, once that can be told.
   *
   * @param context the operation, before anything was sent
   * @param instance the instance as it is
   * @return what is to be noted; empty while the instance is on its way to another state
   * @throws CloudDbException when RDS does not change it so
   */
  Optional<Map<String, String>> comparison(StepContext context, DBInstance instance) {
    ModifyRequest request = new ModifyRequest(provider, context);
    Optional<CloudDbException> refusal = refusal(context, request, instance);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    String status = instance.dbInstanceStatus();
    boolean mends = request.mends(instance);
    if (!mends && !RdsStates.usable(status)) {
      return Optional.empty();
    }
    PendingValues.requireNoOthers(request.asked(), instance, context.now());
    Map<String, String> notes =
        new TreeMap<>(parameters.notes(context, instance, request.parameters()));
    if (mends) {
      notes.put(Notes.MENDS, status);
    }
    notes.put(Notes.COMPARED, Notes.YES);
    return Optional.of(notes);
  }

  @Override
  public Look look(StepContext context) {
    if (context.value(Notes.COMPARED).isPresent()) {
      return Look.happened();
    }
    DBInstance instance = get(context);
    return comparison(context, instance)
        .map(Look::happened)
        .orElseGet(
            () -> going(context, instance.dbInstanceStatus() + ", before it can be changed"));
  }
}
