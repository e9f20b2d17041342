/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** Sends {@code ModifyDBInstance}; what it takes is waited for by later steps. */
final class ModifyStep extends InstanceStep {
  static final String NAME = "modify";

  private final String provider;

  ModifyStep(String provider, RdsCalls rds) {
    super(NAME, rds);
    this.provider = provider;
  }

  private ModifyRequest request(StepContext context) {
    return new ModifyRequest(provider, context);
  }

  @Override
  public boolean applies(StepContext context) {
    ModifyRequest request = request(context);
    return request.build().isPresent() || request.change().adminPassword().isPresent();
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    ModifyRequest request = request(context);
    DBInstance instance = get(context);
    Optional<CloudDbException> refusal = ChangeableStep.refusal(context, request, instance);
    if (refusal.isPresent()) {
      return Look.failed(refusal.get());
    }
    String status = instance.dbInstanceStatus();
    if (!RdsStates.resting(status)) {
      return going(context, status);
    }
    ModifyDbInstanceRequest asked = request.asked();
    boolean shown =
        context.asked()
            && request.change().adminPassword().isEmpty()
            && ShownValues.show(asked, instance);
    return shown ? Look.happened(changed(PendingValues.named(asked))) : missing(context, status);
  }

  private static Map<String, String> changed(Set<String> members) {
    return Map.of(Notes.CHANGED, String.join(Notes.SEPARATOR, members));
  }

  /** Only what would wait for the window is hurried: it hurries along what others put off. */
  @Override
  public Begun begin(StepContext context) {
    ModifyRequest change = request(context);
    ModifyDbInstanceRequest.Builder request = change.asked().toBuilder();
    change
        .change()
        .adminPassword()
        .ifPresent(
            reference -> request.masterUserPassword(MasterPassword.readLater(reference, context)));
    ModifyDbInstanceRequest asked = request.build();
    DBInstance instance = get(context);
    PendingValues.requireNoOthers(asked, instance, context.now());
    Set<String> changed = PendingValues.named(asked);
    if (Boolean.TRUE.equals(asked.applyImmediately())) {
      changed.addAll(PendingValues.of(instance));
    } else if (PendingValues.waits(asked, instance)) {
      request.applyImmediately(true);
    }
    request.dbInstanceIdentifier(context.name());
    send(context, () -> rds.modify(request.build()));
    Begun begun = answered(context, "the change has been accepted");
    Map<String, String> notes = new TreeMap<>(begun.notes());
    notes.putAll(changed(changed));
    return begun.noting(notes);
  }

  @Override
  public boolean needsSecret(StepContext context) {
    return request(context).change().adminPassword().isPresent();
  }

  @Override
  public boolean guarded(StepContext context) {
    return request(context).takesAway();
  }
}
