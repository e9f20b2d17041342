/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceChange;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * What a change asks of RDS: made of the change, of the caller's changes to it, and of what was
 * fitted to the instance before anything was sent: afterwards the instance is another one.
 */
final class ModifyRequest {
  private static final String SIZE = "fitted.AllocatedStorage";
  private static final String IOPS = "fitted.Iops";
  private static final String THROUGHPUT = "fitted.StorageThroughput";
  private static final String BACKUPS_ON = "fitted.backups";

  private final StepContext context;
  private final InstanceChange change;
  private final RdsFields fields;

  ModifyRequest(String provider, StepContext context) {
    this.context = context;
    this.change = context.specification(InstanceChange.class);
    this.fields = new RdsFields(provider);
  }

  /**
   * What is asked for.
   *
   * @return the caller's change
   */
  InstanceChange change() {
    return change;
  }

  /**
   * The parameters that it names.
   *
   * @return the values by their names
   */
  Map<String, String> parameters() {
    return fields.parameters(change);
  }

  /**
   * The parameter group that it makes, since the instance has one that is everybody's.
   *
   * @return the group; empty when it makes none
   */
  Optional<NewGroup> group() {
    return context
        .value(Notes.NEW_GROUP)
        .map(
            unused ->
                new NewGroup(
                    ParameterGroups.name(context.name(), context.state().id()),
                    context.value(Notes.FAMILY).orElse(""),
                    parameters()));
  }

  /**
   * Whether its parameters let connections in without TLS.
   *
   * @return true when they do
   */
  boolean opens() {
    return ParameterFields.opens(parameters());
  }

  /**
   * Whether it sets a password or takes a protection or backups away.
   *
   * @return true when it does
   */
  boolean takesAway() {
    return change.adminPassword().isPresent()
        || change.deletionProtection().filter(on -> !on).isPresent()
        || change
            .backups()
            .filter(policy -> !policy.enabled() || policy.isDiscarding())
            .isPresent();
  }

  /**
   * Fits what depends on the instance.
   *
   * @param current the instance as it is before the change
   * @return what is to be noted
   * @throws io.clouddb.error.InvalidArgumentException when RDS does not change the instance so
   */
  Map<String, String> fit(DBInstance current) {
    Map<String, String> notes = new TreeMap<>();
    ModifyDbInstanceRequest.Builder request = customized();
    if (change.backups().filter(ModifyRequest::keepsRetention).isPresent()
        && Integer.valueOf(0).equals(current.backupRetentionPeriod())) {
      notes.put(BACKUPS_ON, Notes.YES);
    }
    ModifyDbInstanceRequest asked = request.build();
    StorageGrowth.complete(request, change, current);
    ModifyDbInstanceRequest fitted = request.build();
    note(notes, SIZE, asked.allocatedStorage(), fitted.allocatedStorage());
    note(notes, IOPS, asked.iops(), fitted.iops());
    note(notes, THROUGHPUT, asked.storageThroughput(), fitted.storageThroughput());
    return notes;
  }

  private static void note(
      Map<String, String> notes, String name, @Nullable Integer asked, @Nullable Integer fitted) {
    if (fitted == null ? asked != null : !fitted.equals(asked)) {
      notes.put(name, fitted == null ? "" : fitted.toString());
    }
  }

  private static boolean keepsRetention(BackupPolicy policy) {
    return policy.enabled() && policy.retentionDays().isEmpty();
  }

  /**
   * The request itself, without name, password and {@code ApplyImmediately}.
   *
   * @return the request; empty when nothing is to be asked for by it
   */
  Optional<ModifyDbInstanceRequest> build() {
    ModifyDbInstanceRequest.Builder request = customized();
    Notes.number(context, SIZE, request::allocatedStorage);
    Notes.number(context, IOPS, request::iops);
    Notes.number(context, THROUGHPUT, request::storageThroughput);
    if (context.value(BACKUPS_ON).isPresent()) {
      request.backupRetentionPeriod(BackupFields.DEFAULT_RETENTION_DAYS);
    }
    if (context.value(Notes.ATTACH).isPresent()) {
      group().ifPresent(own -> request.dbParameterGroupName(own.name()));
    }
    return Optional.of(request.build())
        .filter(built -> !built.equals(ModifyDbInstanceRequest.builder().build()));
  }

  /**
   * The same without the password, of which a change may consist.
   *
   * @return the request, which may ask for nothing
   */
  ModifyDbInstanceRequest asked() {
    return build().orElseGet(() -> ModifyDbInstanceRequest.builder().build());
  }

  private ModifyDbInstanceRequest.Builder customized() {
    // A token that is not sealed may ask for what no plan has seen.
    var unused = fields.plan(change).orThrow();
    ModifyDbInstanceRequest.Builder request =
        Customizations.of(
                context.customizations().all(), List.of(ModifyDbInstanceRequest.Builder.class))
            .apply(ModifyDbInstanceRequest.Builder.class, fields.modify(change));
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
    return request;
  }

  /**
   * Whether it brings the instance out of the failed state in which it is: RDS takes the change
   * that mends a state, and no other.
   *
   * @param instance the instance
   * @return true when RDS takes it
   */
  boolean mends(DBInstance instance) {
    return switch (instance.dbInstanceStatus()) {
      case RdsStates.STORAGE_FULL ->
          build()
              .filter(r -> r.allocatedStorage() != null || r.maxAllocatedStorage() != null)
              .isPresent();
      case RdsStates.INCOMPATIBLE_PARAMETERS ->
          build().isEmpty()
              && change.adminPassword().isEmpty()
              && !parameters().isEmpty()
              && !ParameterComparison.hasDefaultGroup(instance);
      default -> false;
    };
  }
}
