/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceChange;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.Step;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * Changes an instance: when it is available, first its tags and parameters, then the instance
 * itself, then a restart where the parameters need one. Every request can be repeated.
 */
final class ModifySteps {
  private static final String PREPARE = "prepare";
  private static final String APPLY = "apply";
  private static final String DEFAULT_GROUP = "default.";
  private static final String NEW_GROUP = "new-group";
  private static final String GROUP_MEMBER = Progress.REQUEST_PREFIX + "DBParameterGroupName";

  private final String provider;
  private final RdsCalls rds;
  private final ParameterGroups groups;
  private final Settling settling;
  private final Function<SecretRef, String> secrets;
  private final Supplier<String> ids;

  ModifySteps(
      String provider,
      RdsCalls rds,
      ParameterGroups groups,
      Settling settling,
      Function<SecretRef, String> secrets,
      Supplier<String> ids) {
    this.provider = provider;
    this.rds = rds;
    this.groups = groups;
    this.settling = settling;
    this.secrets = secrets;
    this.ids = ids;
  }

  OperationState start(ResourceId id, InstanceChange change, Customizations customizations) {
    ModifyMapping mapping = new ModifyMapping(provider, change);
    ModifyDbInstanceRequest.Builder request =
        Customizations.of(customizations.all(), List.of(ModifyDbInstanceRequest.Builder.class))
            .apply(ModifyDbInstanceRequest.Builder.class, mapping.request());
    ModifyDbInstanceRequest customized = request.build();
    if (customized.masterUserPassword() != null
        || customized.tdeCredentialPassword() != null
        || customized.newDBInstanceIdentifier() != null) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must not set a password, which belongs into the change, nor rename"
                  + " the instance")
          .toException();
    }
    DBInstance current = rds.get(id.name());
    if (change.backups().filter(ModifySteps::keepsRetention).isPresent()
        && Integer.valueOf(0).equals(current.backupRetentionPeriod())) {
      request.backupRetentionPeriod(PolicyMapping.DEFAULT_RETENTION_DAYS);
    }
    StorageGrowth.complete(request, change, current);
    OperationState state =
        OperationState.of(OperationState.MODIFY, id, PREPARE).with(Progress.ATTEMPT, ids.get());
    state = Progress.with(state, "", RequestValues.write(request.build(), Progress.REQUEST_PREFIX));
    state = Progress.with(state, Progress.PARAMETER_PREFIX, mapping.parameters());
    state = Progress.with(state, Progress.TAG_PREFIX, change.tags());
    if (change.adminPassword().isPresent()) {
      state = state.with(Progress.PASSWORD, change.adminPassword().get());
      String unused = MasterPassword.read(change.adminPassword().get(), secrets);
    }
    return state;
  }

  private static boolean keepsRetention(BackupPolicy policy) {
    return policy.enabled() && policy.retentionDays() == null;
  }

  Step poll(OperationState state) {
    return switch (state.step()) {
      case PREPARE -> prepare(state);
      case APPLY -> apply(state);
      default -> settling.poll(state);
    };
  }

  private Step prepare(OperationState state) {
    DBInstance instance = rds.get(Progress.name(state));
    String status = instance.dbInstanceStatus();
    if (status.equals(RdsStates.STOPPED) || RdsStates.failed(status)) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              Progress.name(state) + " is " + status + ", and RDS changes available instances only")
          .resource(state.resource().toString())
          .nextStep(status.equals(RdsStates.STOPPED) ? "Start it first." : null)
          .toException();
    }
    if (!RdsStates.usable(status)) {
      return Progress.wait(state, status + ", before it can be changed");
    }
    OperationState prepared = parameters(state, instance);
    Map<String, String> tags = Progress.values(state, Progress.TAG_PREFIX);
    if (!tags.isEmpty()) {
      rds.addTags(instance, tags);
    }
    return Progress.next(prepared, APPLY, "its parameters and tags are set");
  }

  private OperationState parameters(OperationState state, DBInstance instance) {
    Map<String, String> parameters = Progress.values(state, Progress.PARAMETER_PREFIX);
    if (parameters.isEmpty()) {
      return state;
    }
    String name = Progress.name(state);
    String group =
        ParameterGroups.of(instance)
            .map(DBParameterGroupStatus::dbParameterGroupName)
            .orElse(DEFAULT_GROUP);
    if (group.startsWith(DEFAULT_GROUP)) {
      String attempt = state.value(Progress.ATTEMPT).orElseThrow();
      String own = ParameterGroups.name(name, attempt);
      groups.create(own, family(instance), name, attempt, Customizations.NONE);
      try {
        groups.fill(own, parameters);
      } catch (CloudDbException e) {
        throw withoutGroup(own, e);
      }
      return state.with(GROUP_MEMBER, own).with(NEW_GROUP, own).with(Progress.RESTART, "needed");
    }
    if (!groups.isOwn(group, name)) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              name
                  + " uses the DB parameter group "
                  + group
                  + ", which this library has not made for it and does not change")
          .resource(state.resource().toString())
          .nextStep("Change that group in RDS; other instances may use it too.")
          .toException();
    }
    return groups.change(group, parameters) ? state.with(Progress.RESTART, "needed") : state;
  }

  private static String family(DBInstance instance) {
    String version = instance.engineVersion();
    int dot = version.indexOf('.');
    return instance.engine() + (dot < 0 ? version : version.substring(0, dot));
  }

  private Step apply(OperationState state) {
    ModifyDbInstanceRequest.Builder request = ModifyDbInstanceRequest.builder();
    RequestValues.read(state.values(), Progress.REQUEST_PREFIX, request);
    SecretRef password = state.secrets().get(Progress.PASSWORD);
    if (password != null) {
      request.masterUserPassword(MasterPassword.read(password, secrets));
    }
    OperationState applied = state;
    if (!request.build().equals(ModifyDbInstanceRequest.builder().build())) {
      applied = state.with(Progress.CHANGED, "yes");
      try {
        rds.modify(
            request.dbInstanceIdentifier(Progress.name(state)).applyImmediately(true).build());
      } catch (BusyException e) {
        return Progress.wait(state, "busy before its change");
      } catch (CloudDbException e) {
        throw state.value(NEW_GROUP).map(group -> withoutGroup(group, e)).orElse(e);
      }
    }
    return Progress.next(
        Progress.settling(applied), Progress.SETTLE, "the change has been accepted");
  }

  /** Removes a group that the instance never got, unless it may have got it. */
  private CloudDbException withoutGroup(String group, CloudDbException e) {
    if (e.retryable() || !e.details().outcomeKnown() || groups.tryRemove(group)) {
      return e;
    }
    return CloudDbException.of(
        e.details().toBuilder().leftBehind("the DB parameter group " + group).build(), e);
  }
}
