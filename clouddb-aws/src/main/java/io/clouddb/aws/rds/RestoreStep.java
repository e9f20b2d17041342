/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceToPointInTimeRequest;

/** Has RDS restore a new instance, from a snapshot or to a moment. */
final class RestoreStep extends CreateStep {
  /** No state of an instance is waited for here, but whatever else RDS finds busy. */
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private final FieldTable<DBInstance> fields;
  private final String region;
  private final SnapshotCalls snapshots;

  RestoreStep(RdsCalls rds, FieldTable<DBInstance> fields, String region) {
    super("instance", rds, "DB instance", "delete the existing one");
    this.fields = fields;
    this.region = region;
    this.snapshots = new SnapshotCalls(rds);
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  private static RestoreSpec spec(StepContext context) {
    return context.specification(RestoreSpec.class);
  }

  /**
   * The parameter group that the new instance needs: RDS takes that of its source from no backup,
   * and nobody else's is shared, so that a change of one instance changes no other.
   *
   * @return the group; empty when all parameters are RDS's own
   */
  Optional<NewGroup> group(StepContext context) {
    // Names are PostgreSQL's, to which case is nothing: what is asked for replaces the source's.
    Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    parameters.putAll(new RestoredSettings(context).parameters());
    Map<String, String> asked =
        fields
            .write(GroupParameters.class, new GroupParameters(), new Asked(spec(context), region))
            .values();
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : asked.keySet()) {
      if (!names.add(name)) {
        throw invalid("The parameter " + name + " is asked for twice: its name has no case");
      }
    }
    parameters.putAll(asked);
    return parameters.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new NewGroup(
                ParameterGroups.name(context.name(), context.state().id()),
                EngineFields.family(context.value(Notes.VERSION).orElse("")),
                parameters));
  }

  /** All that the two kinds of requests have in common. */
  private RestoreRequest request(StepContext context) {
    RestoreSpec spec = spec(context);
    Asked asked = new Asked(spec, region);
    // A token that is not sealed may ask for what no plan has seen.
    var unused = fields.plan(asked).orThrow();
    RestoreRequest request = new RestoreRequest();
    RestoredSettings settings = new RestoredSettings(context);
    settings.write(request, spec.network());
    context.value(RestoreSource.TYPE).ifPresent(type -> disk(context, type, request));
    request.tags(settings.tags());
    fields.write(RestoreRequest.class, request, asked);
    group(context).ifPresent(own -> request.parameterGroup(own.name()));
    return request;
  }

  private static void disk(StepContext context, String type, RestoreRequest request) {
    CopiedDisk disk =
        new CopiedDisk(
            type,
            CopiedDisk.atLeast(0, Notes.number(context, RestoreSource.SIZE)),
            Notes.number(context, RestoreSource.IOPS),
            Notes.number(context, RestoreSource.THROUGHPUT));
    request.storage(type, disk.iops(), disk.throughput());
  }

  /** Says at once what is wrong with the request. */
  void requirePossible(StepContext context) {
    Object unused = spec(context).backup().isPresent() ? fromSnapshot(context) : toMoment(context);
  }

  private RestoreDbInstanceFromDbSnapshotRequest fromSnapshot(StepContext context) {
    String snapshot = spec(context).backup().orElseThrow().name();
    RestoreDbInstanceFromDbSnapshotRequest.Builder request =
        request(context).fromSnapshot(snapshot);
    customizations(context, RestoreDbInstanceFromDbSnapshotRequest.Builder.class)
        .apply(RestoreDbInstanceFromDbSnapshotRequest.Builder.class, request);
    RestoreDbInstanceFromDbSnapshotRequest built = request.build();
    requireSame(context, built.dbInstanceIdentifier(), built.dbParameterGroupName());
    if (!snapshot.equals(built.dbSnapshotIdentifier()) || built.tdeCredentialPassword() != null) {
      throw invalid("Native.customize must not name another snapshot, nor set a password");
    }
    return request.tags(tags(built.tags(), context)).build();
  }

  private RestoreDbInstanceToPointInTimeRequest toMoment(StepContext context) {
    RestoreDbInstanceToPointInTimeRequest.Builder request =
        request(context)
            .toMoment(
                spec(context)
                    .moment()
                    .filter(at -> context.value(RestoreSource.LAST).isEmpty())
                    .map(RestoreFields::inMilliseconds)
                    .orElse(null));
    context.value(RestoreSource.INSTANCE).ifPresent(request::sourceDbiResourceId);
    context.value(RestoreSource.REPLICATED).ifPresent(request::sourceDBInstanceAutomatedBackupsArn);
    RestoreDbInstanceToPointInTimeRequest before = request.build();
    customizations(context, RestoreDbInstanceToPointInTimeRequest.Builder.class)
        .apply(RestoreDbInstanceToPointInTimeRequest.Builder.class, request);
    RestoreDbInstanceToPointInTimeRequest built = request.build();
    requireSame(context, built.targetDBInstanceIdentifier(), built.dbParameterGroupName());
    boolean same =
        Objects.equals(before.restoreTime(), built.restoreTime())
            && Objects.equals(before.useLatestRestorableTime(), built.useLatestRestorableTime())
            && Objects.equals(before.sourceDbiResourceId(), built.sourceDbiResourceId())
            && Objects.equals(
                before.sourceDBInstanceAutomatedBackupsArn(),
                built.sourceDBInstanceAutomatedBackupsArn())
            && built.sourceDBInstanceIdentifier() == null;
    if (!same || built.tdeCredentialPassword() != null) {
      throw invalid("Native.customize must not name another source or moment, nor set a password");
    }
    return request.tags(tags(built.tags(), context)).build();
  }

  private Customizations customizations(StepContext context, Class<?> request) {
    return Customizations.of(
        context.customizations().all(),
        group(context).isPresent()
            ? List.of(request, CreateDbParameterGroupRequest.Builder.class)
            : List.of(request));
  }

  private void requireSame(StepContext context, String name, @Nullable String group) {
    if (!context.name().equals(name)) {
      throw invalid("Native.customize must not rename the instance: the name is the spec's");
    }
    Optional<NewGroup> own = group(context);
    if (own.isPresent() && !own.get().name().equals(group)) {
      throw invalid(
          "Native.customize names the DB parameter group "
              + group
              + ", and the instance needs one of its own for its parameters");
    }
  }

  private static CloudDbException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  /** A snapshot that was replaced by one of the same name is not what was meant. */
  @Override
  Look absent(StepContext context) {
    if (context.asked()) {
      return Look.missing();
    }
    return refusal(context).map(Look::failed).orElseGet(Look::missing);
  }

  private Optional<CloudDbException> refusal(StepContext context) {
    Optional<ResourceId> backup = spec(context).backup();
    if (backup.isEmpty()) {
      return Optional.empty();
    }
    return snapshots
        .find(backup.get().name())
        .filter(found -> Notes.isNoted(context, found))
        .map(found -> SnapshotUse.refusal(found, "restored"))
        .orElseGet(() -> Optional.of(gone(context)));
  }

  private static CloudDbException gone(StepContext context) {
    String name = spec(context).backup().orElseThrow().name();
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "The DB snapshot "
                + name
                + ", of which "
                + context.name()
                + " is to be restored, is not there any more")
        .operation("rds.RestoreDBInstanceFromDBSnapshot")
        .resource(spec(context).source().toString())
        .toException();
  }

  /** What is sent again, perhaps days later, is held against the snapshot once more. */
  @Override
  Optional<DBInstance> create(StepContext context) {
    Optional<CloudDbException> refusal = refusal(context);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return spec(context).backup().isPresent()
        ? rds.restore(fromSnapshot(context))
        : rds.restore(toMoment(context));
  }

  /** What is noted of the source is not believed where it opens the instance to the internet. */
  @Override
  public boolean guarded(StepContext context) {
    return request(context).isPublic() || group(context).filter(NewGroup::opens).isPresent();
  }
}
