/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.DefaultAwsResponseMetadata;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupResponse;
import software.amazon.awssdk.services.rds.model.DeleteDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DeleteDbParameterGroupResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbEngineVersionsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbEngineVersionsResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbInstanceAutomatedBackupsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbInstanceAutomatedBackupsResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbParameterGroupsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbParameterGroupsResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbParametersRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbParametersResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsResponse;
import software.amazon.awssdk.services.rds.model.DescribeEngineDefaultParametersRequest;
import software.amazon.awssdk.services.rds.model.DescribeEngineDefaultParametersResponse;
import software.amazon.awssdk.services.rds.model.DescribeOrderableDbInstanceOptionsRequest;
import software.amazon.awssdk.services.rds.model.DescribeOrderableDbInstanceOptionsResponse;
import software.amazon.awssdk.services.rds.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.rds.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.rds.model.ModifyDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.ModifyDbParameterGroupResponse;
import software.amazon.awssdk.services.rds.model.RdsException;
import software.amazon.awssdk.services.rds.model.RdsRequest;
import software.amazon.awssdk.services.rds.model.RdsResponse;
import software.amazon.awssdk.services.rds.model.RdsResponseMetadata;

/** A client whose answers a test has laid down, in their order, and which keeps what it is sent. */
final class AnsweringRds implements RdsClient {
  private final Map<Class<?>, Deque<Object>> answers = new HashMap<>();
  private final List<RdsRequest> sent = new ArrayList<>();

  /** The next answer of a kind, the last of which is given again and again. */
  AnsweringRds answers(RdsResponse.Builder answer) {
    RdsResponse response =
        answer
            .responseMetadata(
                RdsResponseMetadata.create(
                    DefaultAwsResponseMetadata.create(Map.of("AWS_REQUEST_ID", "1"))))
            .build();
    answers.computeIfAbsent(response.getClass(), type -> new ArrayDeque<>()).add(response);
    return this;
  }

  /** The same for a refusal. */
  AnsweringRds refuses(Class<? extends RdsResponse> instead, int status, String code) {
    answers
        .computeIfAbsent(instead, type -> new ArrayDeque<>())
        .add(
            RdsException.builder()
                .statusCode(status)
                .awsErrorDetails(
                    AwsErrorDetails.builder().errorCode(code).errorMessage("refused").build())
                .build());
    return this;
  }

  /** What it was sent, of a kind. */
  <T extends RdsRequest> List<T> sent(Class<T> type) {
    return sent.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The calls that go to it. */
  RdsCalls calls() {
    return new RdsCalls(
        () -> this,
        "eu-west-1",
        new RemoteCalls("aws", RetryPolicy.NONE, ObservationRegistry.NOOP, e -> Optional.empty()));
  }

  private <T extends RdsResponse> T answer(RdsRequest request, Class<T> type) {
    sent.add(request);
    Deque<Object> left = answers.getOrDefault(type, new ArrayDeque<>());
    if (left.isEmpty()) {
      throw new AssertionError("No answer is laid down for " + request);
    }
    Object next = left.size() > 1 ? left.removeFirst() : left.getFirst();
    if (next instanceof RdsException refusal) {
      throw refusal;
    }
    return type.cast(next);
  }

  @Override
  public DescribeDbInstancesResponse describeDBInstances(DescribeDbInstancesRequest request) {
    return answer(request, DescribeDbInstancesResponse.class);
  }

  @Override
  public DescribeDbParameterGroupsResponse describeDBParameterGroups(
      DescribeDbParameterGroupsRequest request) {
    return answer(request, DescribeDbParameterGroupsResponse.class);
  }

  @Override
  public DescribeDbParametersResponse describeDBParameters(DescribeDbParametersRequest request) {
    return answer(request, DescribeDbParametersResponse.class);
  }

  @Override
  public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
    return answer(request, ListTagsForResourceResponse.class);
  }

  @Override
  public CreateDbParameterGroupResponse createDBParameterGroup(
      CreateDbParameterGroupRequest request) {
    return answer(request, CreateDbParameterGroupResponse.class);
  }

  @Override
  public ModifyDbParameterGroupResponse modifyDBParameterGroup(
      ModifyDbParameterGroupRequest request) {
    return answer(request, ModifyDbParameterGroupResponse.class);
  }

  @Override
  public DeleteDbParameterGroupResponse deleteDBParameterGroup(
      DeleteDbParameterGroupRequest request) {
    return answer(request, DeleteDbParameterGroupResponse.class);
  }

  @Override
  public DescribeDbEngineVersionsResponse describeDBEngineVersions(
      DescribeDbEngineVersionsRequest request) {
    return answer(request, DescribeDbEngineVersionsResponse.class);
  }

  @Override
  public DescribeDbSnapshotsResponse describeDBSnapshots(DescribeDbSnapshotsRequest request) {
    return answer(request, DescribeDbSnapshotsResponse.class);
  }

  @Override
  public DescribeDbInstanceAutomatedBackupsResponse describeDBInstanceAutomatedBackups(
      DescribeDbInstanceAutomatedBackupsRequest request) {
    return answer(request, DescribeDbInstanceAutomatedBackupsResponse.class);
  }

  @Override
  public DescribeOrderableDbInstanceOptionsResponse describeOrderableDBInstanceOptions(
      DescribeOrderableDbInstanceOptionsRequest request) {
    return answer(request, DescribeOrderableDbInstanceOptionsResponse.class);
  }

  @Override
  public DescribeEngineDefaultParametersResponse describeEngineDefaultParameters(
      DescribeEngineDefaultParametersRequest request) {
    return answer(request, DescribeEngineDefaultParametersResponse.class);
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {
    // There is nothing to close.
  }
}
