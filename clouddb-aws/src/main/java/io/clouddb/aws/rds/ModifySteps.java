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
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * Changes an instance: when it is available, first its parameters and tags, then the instance
 * itself, then a restart where the parameters need one. Every request can be repeated.
 */
final class ModifySteps {
  private static final String PREPARE = "prepare";
  private static final String SET = "set";
  private static final String APPLY = "apply";

  private final String provider;
  private final RdsCalls rds;
  private final ChangedParameters parameters;
  private final Settling settling;
  private final Function<SecretRef, String> secrets;
  private final Supplier<String> ids;
  private final Clock clock;

  ModifySteps(
      String provider,
      RdsCalls rds,
      ParameterGroups groups,
      Settling settling,
      Function<SecretRef, String> secrets,
      Supplier<String> ids,
      Clock clock) {
    this.provider = provider;
    this.rds = rds;
    this.parameters = new ChangedParameters(groups);
    this.settling = settling;
    this.secrets = secrets;
    this.ids = ids;
    this.clock = clock;
  }

  PolledState start(ResourceId id, InstanceChange change, Customizations customizations) {
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
    if (Boolean.FALSE.equals(customized.applyImmediately())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must not put the change off to the maintenance window, which this"
                  + " operation does not wait for")
          .nextStep("Use the client itself: CloudDb.unwrap(RdsClient.class).")
          .toException();
    }
    DBInstance current = rds.get(id.name());
    if (change.backups().filter(ModifySteps::keepsRetention).isPresent()
        && Integer.valueOf(0).equals(current.backupRetentionPeriod())) {
      request.backupRetentionPeriod(PolicyMapping.DEFAULT_RETENTION_DAYS);
    }
    StorageGrowth.complete(request, change, current);
    PolledState state =
        PolledState.of(PolledState.MODIFY, id, PREPARE).with(Progress.ATTEMPT, ids.get());
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
    return policy.enabled() && policy.retentionDays().isEmpty();
  }

  Step poll(PolledState state) {
    return switch (state.step()) {
      case PREPARE -> prepare(state);
      case SET -> set(state);
      case APPLY -> apply(state);
      default -> settling.poll(state);
    };
  }

  private Step prepare(PolledState state) {
    DBInstance instance = rds.get(Progress.name(state));
    String status = instance.dbInstanceStatus();
    boolean mends = mends(state, instance);
    if (!mends && (status.equals(RdsStates.STOPPED) || RdsStates.failed(status))) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              Progress.name(state) + " is " + status + ", and RDS does not change it so")
          .resource(state.resource().toString())
          .nextStep(RdsStates.remedy(status))
          .toException();
    }
    if (!mends && !RdsStates.usable(status)) {
      return Progress.wait(state, status + ", before it can be changed");
    }
    PendingValues.requireNoOthers(request(state).build(), instance, clock.instant());
    PolledState noted = mends ? state.with(Progress.MENDS, status) : state;
    return Progress.next(parameters.compare(noted, instance), SET, "it can be changed");
  }

  /** RDS takes the change that mends a failed state, and no other. */
  private static boolean mends(PolledState state, DBInstance instance) {
    ModifyDbInstanceRequest request = request(state).build();
    return switch (instance.dbInstanceStatus()) {
      case RdsStates.STORAGE_FULL ->
          request.allocatedStorage() != null || request.maxAllocatedStorage() != null;
      case RdsStates.INCOMPATIBLE_PARAMETERS ->
          PendingValues.named(request).isEmpty()
              && state.secrets().isEmpty()
              && !Progress.values(state, Progress.PARAMETER_PREFIX).isEmpty()
              && !ChangedParameters.hasDefaultGroup(instance);
      default -> false;
    };
  }

  private Step set(PolledState state) {
    DBInstance instance = rds.get(Progress.name(state));
    Map<String, String> tags = Progress.values(state, Progress.TAG_PREFIX);
    try {
      parameters.set(state, instance);
      if (!tags.isEmpty()) {
        rds.addTags(instance, tags);
      }
    } catch (CloudDbException e) {
      throw parameters.ended(state, false, e);
    }
    return Progress.next(state, APPLY, "its parameters and tags are set");
  }

  private Step apply(PolledState state) {
    ModifyDbInstanceRequest.Builder request = request(state);
    SecretRef password = state.secrets().get(Progress.PASSWORD);
    if (password != null) {
      request.masterUserPassword(MasterPassword.read(password, secrets));
    }
    ModifyDbInstanceRequest asked = request.build();
    if (asked.equals(ModifyDbInstanceRequest.builder().build())) {
      return accepted(state);
    }
    try {
      return send(state, asked, rds.get(Progress.name(state)));
    } catch (CloudDbException e) {
      throw parameters.ended(state, true, e);
    }
  }

  /** Only what would wait for the window is hurried: it hurries along what others put off. */
  private Step send(PolledState state, ModifyDbInstanceRequest asked, DBInstance instance) {
    PendingValues.requireNoOthers(asked, instance, clock.instant());
    Set<String> changed = PendingValues.named(asked);
    ModifyDbInstanceRequest.Builder request =
        asked.toBuilder().dbInstanceIdentifier(Progress.name(state));
    if (Boolean.TRUE.equals(asked.applyImmediately())) {
      changed.addAll(PendingValues.of(instance));
    } else if (PendingValues.waits(asked, instance)) {
      request.applyImmediately(true);
    }
    try {
      rds.modify(request.build());
    } catch (BusyException e) {
      return Progress.refused(state, clock.instant(), instance.dbInstanceStatus(), e);
    }
    return accepted(state.with(Progress.CHANGED, String.join(Progress.SEPARATOR, changed)));
  }

  private static Step accepted(PolledState state) {
    return Progress.next(Progress.settling(state), Progress.SETTLE, "the change has been accepted");
  }

  private static ModifyDbInstanceRequest.Builder request(PolledState state) {
    ModifyDbInstanceRequest.Builder request = ModifyDbInstanceRequest.builder();
    RequestValues.read(state.values(), Progress.REQUEST_PREFIX, request);
    return request;
  }
}
