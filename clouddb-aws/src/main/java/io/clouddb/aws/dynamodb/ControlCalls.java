/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.aws.internal.StrangeAnswerException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.RemoteCalls;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsDescription;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.ListTablesResponse;
import software.amazon.awssdk.services.dynamodb.model.ListTagsOfResourceResponse;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoverySpecification;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/** The requests about tables in one region, each through {@link RemoteCalls}. */
final class ControlCalls {
  private static final int PAGE_SIZE = 100;

  /** The SDK's word for the id of an answer that has none. */
  private static final String NO_ID = "UNKNOWN";

  private final Supplier<DynamoDbClient> client;
  private final String region;
  private final RemoteCalls reads;
  private final RemoteCalls changes;

  ControlCalls(Supplier<DynamoDbClient> client, String region, RemoteCalls calls) {
    this.client = client;
    this.region = region;
    this.reads = calls.translating(ControlErrors.ofReads());
    this.changes = calls.translating(ControlErrors.ofChanges());
  }

  DynamoDbClient client() {
    return client.get();
  }

  String region() {
    return region;
  }

  /** What a request is about, for errors: names are unique in a region only. */
  String where(String name) {
    return name + " in " + region;
  }

  Optional<TableDescription> find(String name) {
    try {
      return Optional.of(
          read(
              "DescribeTable",
              name,
              () -> {
                TableDescription table =
                    answered(client().describeTable(request -> request.tableName(name))).table();
                if (table == null || table.tableStatus() == null) {
                  throw new StrangeAnswerException("neither a table nor that there is none");
                }
                return table;
              }));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  TableDescription get(String name) {
    return find(name).orElseThrow(() -> gone(name));
  }

  RuntimeException gone(String name) {
    return ErrorDetails.of(ErrorCategory.NOT_FOUND, "There is no table " + where(name))
        .operation("dynamodb.DescribeTable")
        .resource(where(name))
        .providerCode("ResourceNotFoundException")
        .toException();
  }

  ListTablesResponse page(@Nullable String from) {
    return read(
        "ListTables",
        "-",
        () ->
            answered(
                client()
                    .listTables(
                        request -> request.exclusiveStartTableName(from).limit(PAGE_SIZE))));
  }

  TimeToLiveDescription timeToLive(String name) {
    return read(
        "DescribeTimeToLive",
        name,
        () ->
            answered(client().describeTimeToLive(request -> request.tableName(name)))
                .timeToLiveDescription());
  }

  ContinuousBackupsDescription backups(String name) {
    return read(
        "DescribeContinuousBackups",
        name,
        () ->
            answered(client().describeContinuousBackups(request -> request.tableName(name)))
                .continuousBackupsDescription());
  }

  Map<String, String> tags(String name, String arn) {
    Map<String, String> all = new TreeMap<>();
    String token = null;
    do {
      String from = token;
      ListTagsOfResourceResponse page =
          read(
              "ListTagsOfResource",
              name,
              () ->
                  answered(
                      client()
                          .listTagsOfResource(
                              request -> request.resourceArn(arn).nextToken(from))));
      page.tags().forEach(tag -> all.put(tag.key(), tag.value() == null ? "" : tag.value()));
      token = page.nextToken();
    } while (token != null && !token.isEmpty());
    return all;
  }

  /** Gives what the answer describes; empty when it describes nothing. */
  Optional<TableDescription> create(CreateTableRequest request) {
    return Optional.ofNullable(
        answer("CreateTable", request.tableName(), () -> client().createTable(request))
            .tableDescription());
  }

  void update(UpdateTableRequest request) {
    change("UpdateTable", request.tableName(), () -> client().updateTable(request));
  }

  void delete(String name) {
    change("DeleteTable", name, () -> client().deleteTable(request -> request.tableName(name)));
  }

  void timeToLive(String name, String attribute, boolean on) {
    change(
        "UpdateTimeToLive",
        name,
        () ->
            client()
                .updateTimeToLive(
                    request ->
                        request
                            .tableName(name)
                            .timeToLiveSpecification(
                                ttl -> ttl.attributeName(attribute).enabled(on))));
  }

  /** Switches point-in-time recovery on for so many days, or off for none. */
  void backups(String name, int days) {
    PointInTimeRecoverySpecification.Builder recovery =
        PointInTimeRecoverySpecification.builder().pointInTimeRecoveryEnabled(days > 0);
    if (days > 0) {
      recovery.recoveryPeriodInDays(days);
    }
    change(
        "UpdateContinuousBackups",
        name,
        () ->
            client()
                .updateContinuousBackups(
                    request ->
                        request
                            .tableName(name)
                            .pointInTimeRecoverySpecification(recovery.build())));
  }

  void tag(String name, String arn, Map<String, String> tags) {
    change(
        "TagResource",
        name,
        () -> client().tagResource(request -> request.resourceArn(arn).tags(TableTags.of(tags))));
  }

  void untag(String name, String arn, Collection<String> keys) {
    change(
        "UntagResource",
        name,
        () -> client().untagResource(request -> request.resourceArn(arn).tagKeys(keys)));
  }

  <T> T read(String action, String name, Supplier<T> call) {
    return reads.repeatable("dynamodb." + action, where(name), call::get);
  }

  private void change(String action, String name, Supplier<? extends DynamoDbResponse> call) {
    // What the service answers is looked at by the next look.
    Object unused = answer(action, name, call);
  }

  <T extends DynamoDbResponse> T answer(String action, String name, Supplier<T> call) {
    return changes.once("dynamodb." + action, where(name), () -> answered(call.get()));
  }

  /** The service gives each answer an id; what answers in its place gives none. */
  static <T extends DynamoDbResponse> T answered(T response) {
    String id = response.responseMetadata().requestId();
    if (id == null || id.isEmpty() || id.equals(NO_ID)) {
      throw new StrangeAnswerException("it has no request id");
    }
    return response;
  }
}
