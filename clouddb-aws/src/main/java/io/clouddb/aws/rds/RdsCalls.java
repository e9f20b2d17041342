/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Page;
import io.clouddb.aws.internal.AwsErrors;
import io.clouddb.aws.internal.StrangeAnswerException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.RemoteCalls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBEngineVersion;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DescribeDbEngineVersionsResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.DescribeOrderableDbInstanceOptionsResponse;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.OrderableDBInstanceOption;
import software.amazon.awssdk.services.rds.model.PromoteReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.RdsResponse;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceToPointInTimeRequest;
import software.amazon.awssdk.services.rds.model.Tag;

/** The requests about instances, each through {@link RemoteCalls}. */
final class RdsCalls {
  /** The most that RDS gives. */
  private static final int PAGE_SIZE = 100;

  /** Of orderable options it gives more. */
  private static final int OPTIONS_PAGE_SIZE = 1000;

  private static final String POSTGRES = "postgres";

  /** The SDK's word for the id of an answer that has none. */
  private static final String NO_ID = "UNKNOWN";

  private final Supplier<RdsClient> client;
  private final String region;
  private final RemoteCalls reads;
  private final RemoteCalls changes;

  RdsCalls(Supplier<RdsClient> client, String region, RemoteCalls calls) {
    this.client = client;
    this.region = region;
    this.reads = calls.translating(AwsErrors.ofReads());
    this.changes = calls.translating(AwsErrors.ofChanges());
  }

  RdsClient client() {
    return client.get();
  }

  /** What a request is about, for errors: names are unique in a region only. */
  String where(String name) {
    return name + " in " + region;
  }

  RemoteCalls reads() {
    return reads;
  }

  RemoteCalls changes() {
    return changes;
  }

  Optional<DBInstance> find(String name) {
    try {
      return reads
          .repeatable(
              "rds.DescribeDBInstances",
              where(name),
              () -> {
                List<DBInstance> found =
                    answered(
                            client()
                                .describeDBInstances(request -> request.dbInstanceIdentifier(name)))
                        .dbInstances();
                if (found.isEmpty()) {
                  // By name there is one, or DBInstanceNotFound.
                  throw new StrangeAnswerException("neither an instance nor that there is none");
                }
                return found;
              })
          .stream()
          .findFirst();
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  DBInstance get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                ErrorDetails.of(ErrorCategory.NOT_FOUND, "There is no DB instance " + where(name))
                    .operation("rds.DescribeDBInstances")
                    .resource(where(name))
                    .providerCode("DBInstanceNotFound")
                    .toException());
  }

  Page<DBInstance> page(@Nullable String marker) {
    DescribeDbInstancesResponse page =
        reads.repeatable(
            "rds.DescribeDBInstances",
            where("-"),
            () ->
                answered(
                    client()
                        .describeDBInstances(
                            request -> request.marker(marker).maxRecords(PAGE_SIZE))));
    return new Page<>(page.dbInstances(), next(page.marker()));
  }

  Page<OrderableDBInstanceOption> orderableOptions(@Nullable String marker) {
    DescribeOrderableDbInstanceOptionsResponse page =
        reads.repeatable(
            "rds.DescribeOrderableDBInstanceOptions",
            where("-"),
            () ->
                answered(
                    client()
                        .describeOrderableDBInstanceOptions(
                            request ->
                                request
                                    .engine(POSTGRES)
                                    .vpc(true)
                                    .marker(marker)
                                    .maxRecords(OPTIONS_PAGE_SIZE))));
    return new Page<>(page.orderableDBInstanceOptions(), next(page.marker()));
  }

  Page<DBEngineVersion> engineVersions(@Nullable String marker) {
    DescribeDbEngineVersionsResponse page =
        reads.repeatable(
            "rds.DescribeDBEngineVersions",
            where("-"),
            () ->
                answered(
                    client()
                        .describeDBEngineVersions(
                            request ->
                                request.engine(POSTGRES).marker(marker).maxRecords(PAGE_SIZE))));
    return new Page<>(page.dbEngineVersions(), next(page.marker()));
  }

  /** The token of a list's next page, by the marker that RDS gives with one. */
  static @Nullable String next(@Nullable String marker) {
    return marker == null || marker.isEmpty() ? null : marker;
  }

  /** Gives what the answer describes; empty when it describes nothing. */
  Optional<DBInstance> create(CreateDbInstanceRequest request) {
    return Optional.ofNullable(
        answer(
                "rds.CreateDBInstance",
                request.dbInstanceIdentifier(),
                () -> client().createDBInstance(request))
            .dbInstance());
  }

  /** Gives what the answer describes; empty when it describes nothing. */
  Optional<DBInstance> createReplica(CreateDbInstanceReadReplicaRequest request) {
    return Optional.ofNullable(
        answer(
                "rds.CreateDBInstanceReadReplica",
                request.dbInstanceIdentifier(),
                () -> client().createDBInstanceReadReplica(request))
            .dbInstance());
  }

  /** Gives what the answer describes; empty when it describes nothing. */
  Optional<DBInstance> restore(RestoreDbInstanceFromDbSnapshotRequest request) {
    return Optional.ofNullable(
        answer(
                "rds.RestoreDBInstanceFromDBSnapshot",
                request.dbInstanceIdentifier(),
                () -> client().restoreDBInstanceFromDBSnapshot(request))
            .dbInstance());
  }

  /** Gives what the answer describes; empty when it describes nothing. */
  Optional<DBInstance> restore(RestoreDbInstanceToPointInTimeRequest request) {
    return Optional.ofNullable(
        answer(
                "rds.RestoreDBInstanceToPointInTime",
                request.targetDBInstanceIdentifier(),
                () -> client().restoreDBInstanceToPointInTime(request))
            .dbInstance());
  }

  void promote(PromoteReadReplicaRequest request) {
    change(
        "rds.PromoteReadReplica",
        request.dbInstanceIdentifier(),
        () -> client().promoteReadReplica(request));
  }

  void modify(ModifyDbInstanceRequest request) {
    change(
        "rds.ModifyDBInstance",
        request.dbInstanceIdentifier(),
        () -> client().modifyDBInstance(request));
  }

  void addTags(String arn, String name, Map<String, String> tags) {
    change(
        "rds.AddTagsToResource",
        name,
        () -> client().addTagsToResource(request -> request.resourceName(arn).tags(Tags.of(tags))));
  }

  void removeTags(String arn, String name, Set<String> keys) {
    change(
        "rds.RemoveTagsFromResource",
        name,
        () -> client().removeTagsFromResource(request -> request.resourceName(arn).tagKeys(keys)));
  }

  void reboot(String name) {
    change(
        "rds.RebootDBInstance",
        name,
        () -> client().rebootDBInstance(request -> request.dbInstanceIdentifier(name)));
  }

  void start(String name) {
    change(
        "rds.StartDBInstance",
        name,
        () -> client().startDBInstance(request -> request.dbInstanceIdentifier(name)));
  }

  void stop(String name) {
    change(
        "rds.StopDBInstance",
        name,
        () -> client().stopDBInstance(request -> request.dbInstanceIdentifier(name)));
  }

  void delete(String name, boolean keepsBackups) {
    change(
        "rds.DeleteDBInstance",
        name,
        () ->
            client()
                .deleteDBInstance(
                    request ->
                        request
                            .dbInstanceIdentifier(name)
                            .skipFinalSnapshot(true)
                            .deleteAutomatedBackups(!keepsBackups)));
  }

  private void change(String operation, String name, Supplier<? extends RdsResponse> call) {
    // What the service answers is looked at by the next look.
    Object unused = answer(operation, name, call);
  }

  private <T extends RdsResponse> T answer(String operation, String name, Supplier<T> call) {
    return changes.once(operation, where(name), () -> answered(call.get()));
  }

  /** The service gives each answer an id; what answers in its place gives none. */
  static <T extends RdsResponse> T answered(T response) {
    String id = response.responseMetadata().requestId();
    if (id == null || id.isEmpty() || id.equals(NO_ID)) {
      throw new StrangeAnswerException("it has no request id");
    }
    return response;
  }

  static Map<String, String> tags(List<Tag> tags) {
    Map<String, String> map = new TreeMap<>();
    tags.forEach(tag -> map.put(tag.key(), tag.value() == null ? "" : tag.value()));
    return map;
  }
}
