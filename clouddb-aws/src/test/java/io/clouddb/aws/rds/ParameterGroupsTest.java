/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.error.BusyException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.TlsMode;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupResponse;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroup;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.DeleteDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DeleteDbParameterGroupResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbParameterGroupsResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbParametersRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbParametersResponse;
import software.amazon.awssdk.services.rds.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.rds.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.rds.model.ModifyDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.ModifyDbParameterGroupResponse;
import software.amazon.awssdk.services.rds.model.Parameter;
import software.amazon.awssdk.services.rds.model.Tag;

/** DB parameter groups: by what they are known again, who uses them, what they hold. */
class ParameterGroupsTest {
  private static final String ATTEMPT = "0123-4567";
  private static final String GROUP = "clouddb-orders-0123-4567";
  private static final String ARN = "arn:aws:rds:eu-west-1:123456789012:pg:" + GROUP;

  private final AnsweringRds rds = new AnsweringRds();
  private final ParameterGroups groups = new ParameterGroups(rds.calls());

  private static Parameter parameter(
      String name, @Nullable String value, String type, @Nullable Boolean modifiable) {
    return Parameter.builder()
        .parameterName(name)
        .parameterValue(value)
        .applyType(type)
        .isModifiable(modifiable)
        .build();
  }

  private static final Parameter WORK_MEM = parameter("work_mem", "4096", "dynamic", true);
  private static final Parameter LOGICAL =
      parameter("rds.logical_replication", "0", "static", true);
  private static final Parameter FIXED = parameter("wal_level", "replica", "static", false);

  /** The group, with tags. */
  private void tagged(Tag... tags) {
    rds.answers(
            DescribeDbParameterGroupsResponse.builder()
                .dbParameterGroups(DBParameterGroup.builder().dbParameterGroupArn(ARN).build()))
        .answers(ListTagsForResourceResponse.builder().tagList(tags));
  }

  private void absent() {
    rds.refuses(DescribeDbParameterGroupsResponse.class, 404, "DBParameterGroupNotFound");
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static DBInstance.Builder instance(String name, String group) {
    return DBInstance.builder()
        .dbInstanceIdentifier(name)
        .dbInstanceStatus("available")
        .engine("postgres")
        .engineVersion("16.15")
        .dbParameterGroups(DBParameterGroupStatus.builder().dbParameterGroupName(group).build());
  }

  private void used(DBInstance... users) {
    rds.answers(DescribeDbInstancesResponse.builder().dbInstances(users));
  }

  private static StepContext change() {
    return RdsTestCloud.context(
        OperationState.begin(
            InstanceDriver.MODIFY.id(),
            ResourceId.of("aws", "", "eu-west-1", "instance", "orders"),
            ATTEMPT,
            Instant.EPOCH,
            null),
        Instant.EPOCH);
  }

  @ParameterizedTest
  @CsvSource({
    "orders, 0123-4567, clouddb-orders-0123-4567",
    "a--b, 1, clouddb-a-b-1",
    "orders, 1-, clouddb-orders-1",
    "orders, --, clouddb-orders"
  })
  void aNameHasOneHyphenAtATimeAndNoneAtItsEnd(String instance, String attempt, String name) {
    assertThat(ParameterGroups.name(instance, attempt)).isEqualTo(name);
  }

  @Test
  void aGroupIsKnownByItsTags() {
    List<Tag> tags = ParameterGroups.tags("orders", ATTEMPT);
    assertThat(tags)
        .containsExactly(tag("clouddb-attempt", ATTEMPT), tag("clouddb-instance", "orders"));
    tagged(tags.toArray(Tag[]::new));
    assertThat(groups.exists(GROUP)).isTrue();
    assertThat(groups.isOwn(GROUP, "orders")).isTrue();
    assertThat(groups.isOwn(GROUP, "other")).isFalse();
    assertThat(groups.isMade(GROUP)).isTrue();
    assertThat(groups.isMadeBy(GROUP, "orders", ATTEMPT)).isTrue();
    assertThat(groups.isMadeBy(GROUP, "orders", "another")).isFalse();
    assertThat(groups.isMadeBy(GROUP, "other", ATTEMPT)).isFalse();
    assertThat(rds.sent(ListTagsForResourceRequest.class))
        .allSatisfy(request -> assertThat(request.resourceName()).isEqualTo(ARN));
    assertThat(groups.isOwn("mine", "orders")).as("by another name").isFalse();
    assertThat(groups.isMade("mine")).isFalse();
  }

  @Test
  void aNameAloneMakesItNobodys() {
    tagged(tag("clouddb-instance", "orders"));
    assertThat(groups.isMade(GROUP)).as("without an attempt").isFalse();
    assertThat(groups.isMadeBy(GROUP, "orders", ATTEMPT)).isFalse();
  }

  @Test
  void oneThatIsNotThereIsNobodys() {
    absent();
    assertThat(groups.exists(GROUP)).isFalse();
    assertThat(groups.isOwn(GROUP, "orders")).isFalse();
    assertThat(groups.isMade(GROUP)).isFalse();
    assertThat(groups.isMadeBy(GROUP, "orders", ATTEMPT)).isFalse();
  }

  @Test
  void itsUsersAreThoseOfAllPagesThatAreNotOnTheirWayOut() {
    rds.answers(
            DescribeDbInstancesResponse.builder()
                .marker("more")
                .dbInstances(
                    instance("orders", GROUP).build(), instance("other", "default").build()))
        .answers(
            DescribeDbInstancesResponse.builder()
                .marker("")
                .dbInstances(
                    instance("gone", GROUP).dbInstanceStatus("deleting").build(),
                    instance("reader", GROUP).build()));
    assertThat(groups.users(GROUP))
        .hasValueSatisfying(
            users ->
                assertThat(users)
                    .extracting(DBInstance::dbInstanceIdentifier)
                    .containsExactly("orders", "reader"));
    assertThat(rds.sent(DescribeDbInstancesRequest.class))
        .extracting(DescribeDbInstancesRequest::marker)
        .containsExactly(null, "more");
  }

  @Test
  void whoMayNotSeeThemIsToldNothing() {
    rds.refuses(DescribeDbInstancesResponse.class, 403, "AccessDenied");
    assertThat(groups.users(GROUP)).isEmpty();
  }

  @Test
  void aGroupIsMadeAsItIsAskedFor() {
    rds.answers(CreateDbParameterGroupResponse.builder());
    CreateDbParameterGroupRequest request =
        CreateDbParameterGroupRequest.builder().dbParameterGroupName(GROUP).build();
    groups.create(request);
    assertThat(rds.sent(CreateDbParameterGroupRequest.class)).containsExactly(request);
  }

  @Test
  void oneThatIsGoneAlreadyIsRemoved() {
    rds.answers(DeleteDbParameterGroupResponse.builder())
        .refuses(DeleteDbParameterGroupResponse.class, 404, "DBParameterGroupNotFound")
        .refuses(DeleteDbParameterGroupResponse.class, 400, "InvalidDBParameterGroupState");
    groups.remove(GROUP);
    groups.remove(GROUP);
    assertThatThrownBy(() -> groups.remove(GROUP)).isInstanceOf(BusyException.class);
    assertThat(rds.sent(DeleteDbParameterGroupRequest.class))
        .extracting(DeleteDbParameterGroupRequest::dbParameterGroupName)
        .containsExactly(GROUP, GROUP, GROUP);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "20, 1", "21, 2", "40, 2", "41, 3"})
  void twentyParametersGoIntoARequest(int parameters, int requests) {
    assertThat(ParameterGroups.parts(parameters)).hasSize(requests);
    Map<String, String> all = new TreeMap<>();
    IntStream.range(0, parameters).forEach(i -> all.put("p%03d".formatted(i), "v" + i));
    Map<String, String> sent = new TreeMap<>();
    for (String part : ParameterGroups.parts(parameters)) {
      Map<String, String> some = ParameterGroups.part(all, part);
      assertThat(some).hasSizeBetween(1, 20);
      some.forEach((name, value) -> assertThat(sent.put(name, value)).isNull());
    }
    assertThat(sent).isEqualTo(all);
  }

  @Test
  void staticOnesWaitForARestartAndOthersDoNot() {
    rds.answers(ModifyDbParameterGroupResponse.builder());
    groups.set(GROUP, new TreeMap<>(Map.of("a", "1", "b", "2")), "b"::equals);
    assertThat(rds.sent(ModifyDbParameterGroupRequest.class))
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.dbParameterGroupName()).isEqualTo(GROUP);
              assertThat(request.parameters())
                  .extracting(
                      Parameter::parameterName, Parameter::parameterValue, Parameter::applyMethod)
                  .containsExactly(
                      org.assertj.core.groups.Tuple.tuple("a", "1", ApplyMethod.PENDING_REBOOT),
                      org.assertj.core.groups.Tuple.tuple("b", "2", ApplyMethod.IMMEDIATE));
            });
  }

  @Test
  void whatAGroupLacksIsToldByWhenItTakesEffect() {
    rds.answers(DescribeDbParametersResponse.builder().marker("more").parameters(WORK_MEM))
        .answers(DescribeDbParametersResponse.builder().parameters(LOGICAL, FIXED));
    assertThat(groups.compare(GROUP, Map.of("work_mem", "8192", "rds.logical_replication", "1")))
        .isEqualTo(
            new ParameterGroups.Difference(
                Map.of("rds.logical_replication", "1"), Map.of("work_mem", "8192"), true));
    assertThat(rds.sent(DescribeDbParametersRequest.class))
        .extracting(DescribeDbParametersRequest::marker)
        .containsExactly(null, "more");
  }

  @Test
  void whatIsThereIsNoDifference() {
    rds.answers(DescribeDbParametersResponse.builder().parameters(WORK_MEM, LOGICAL, FIXED));
    ParameterGroups.Difference none =
        groups.compare(GROUP, Map.of("work_mem", "4096", "rds.logical_replication", "0"));
    assertThat(none.isEmpty()).isTrue();
    assertThat(none.namesFixed()).as("one is static").isTrue();
    assertThat(groups.compare(GROUP, Map.of("work_mem", "4096")).namesFixed()).isFalse();
    assertThat(groups.compare(GROUP, Map.of("work_mem", "1")).isEmpty()).isFalse();
    assertThat(groups.compare(GROUP, Map.of("rds.logical_replication", "1")).isEmpty()).isFalse();
    for (String name : List.of("wal_level", "no_such_thing")) {
      assertThatThrownBy(() -> groups.compare(GROUP, Map.of(name, "1")))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll("RDS has no parameter " + name, GROUP);
    }
  }

  private Map<String, String> notes(DBInstance instance, Map<String, String> parameters) {
    return new ParameterComparison(groups).notes(change(), instance, parameters);
  }

  @Test
  void aDefaultGroupIsReplacedByOneOfTheInstancesOwn() {
    assertThat(notes(instance("orders", "default.postgres16").build(), Map.of("work_mem", "1")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "new-group", GROUP,
                "family", "postgres16",
                "attach", "yes",
                "restart", "needed"));
    assertThat(
            notes(
                DBInstance.builder().engine("postgres").engineVersion("17").build(),
                Map.of("work_mem", "1")))
        .as("where RDS shows none")
        .containsEntry("new-group", GROUP)
        .containsEntry("family", "postgres17");
    assertThat(notes(instance("orders", "default.postgres16").build(), Map.of())).isEmpty();
  }

  /** An earlier try of this very change may have got so far, and not to its restart. */
  @Test
  void theGroupOfThisChangeIsGoneOnWith() {
    assertThat(notes(instance("orders", GROUP).build(), Map.of("work_mem", "1")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("new-group", GROUP, "family", "postgres16", "restart", "if-marked"));
  }

  private static final String EARLIER = "clouddb-orders-1";

  private Map<String, String> earlier(String status, Map<String, String> parameters) {
    tagged(ParameterGroups.tags("orders", "1").toArray(Tag[]::new));
    used(instance("orders", EARLIER).build());
    rds.answers(DescribeDbParametersResponse.builder().parameters(WORK_MEM, LOGICAL));
    return notes(instance("orders", EARLIER).dbInstanceStatus(status).build(), parameters);
  }

  @Test
  void anOwnGroupIsChangedInPlace() {
    assertThat(earlier("available", Map.of("work_mem", "8192", "rds.logical_replication", "1")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "differs.static", "rds.logical_replication",
                "differs.dynamic", "work_mem",
                "restart", "needed"));
  }

  @Test
  void onlyStaticParametersNeedARestart() {
    assertThat(earlier("available", Map.of("work_mem", "8192")))
        .isEqualTo(Map.of("differs.dynamic", "work_mem"));
  }

  @Test
  void aStaticOneThatIsSetAlreadyMayStillWaitForItsRestart() {
    assertThat(earlier("available", Map.of("rds.logical_replication", "0")))
        .isEqualTo(Map.of("restart", "if-marked"));
  }

  @Test
  void whatDoesNotStartWithItsParametersIsRestartedWithOthers() {
    assertThat(earlier("incompatible-parameters", Map.of("work_mem", "8192")))
        .containsEntry("restart", "needed");
  }

  private void refused(String text, String group) {
    assertThatThrownBy(() -> notes(instance("orders", group).build(), Map.of("work_mem", "8192")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll(group, text);
    assertThat(rds.sent(ModifyDbParameterGroupRequest.class)).isEmpty();
  }

  @Test
  void aGroupOfSomebodyElseIsNotChanged() {
    refused("has not made for it", "mine");
  }

  @Test
  void aGroupThatIsSharedIsNotChanged() {
    tagged(ParameterGroups.tags("orders", "1").toArray(Tag[]::new));
    used(
        instance("orders", EARLIER).build(),
        instance("copy", EARLIER).readReplicaSourceDBInstanceIdentifier("orders").build(),
        instance("promoted", EARLIER).build());
    rds.answers(DescribeDbParametersResponse.builder().parameters(WORK_MEM));
    refused("with promoted, whose", EARLIER);
  }

  /** Its replicas have it as they should; whoever may not look goes by the tags alone. */
  @Test
  void replicasAreNoOthers() {
    tagged(ParameterGroups.tags("orders", "1").toArray(Tag[]::new));
    used(
        instance("Orders", EARLIER).build(),
        instance("copy", EARLIER).readReplicaSourceDBInstanceIdentifier("orders").build());
    rds.answers(DescribeDbParametersResponse.builder().parameters(WORK_MEM));
    assertThat(notes(instance("orders", EARLIER).build(), Map.of("work_mem", "8192")))
        .containsEntry("differs.dynamic", "work_mem");
    new ParameterComparison(groups).requireNoOther(change(), EARLIER);
  }

  /** What was promoted has its former source's group, which is its own when nobody else has it. */
  @Test
  void theGroupOfAFormerSourceIsInheritedByItsOnlyUser() {
    String inherited = "clouddb-gone-1";
    tagged(ParameterGroups.tags("gone", "1").toArray(Tag[]::new));
    used(instance("orders", inherited).build());
    rds.answers(DescribeDbParametersResponse.builder().parameters(WORK_MEM));
    assertThat(notes(instance("orders", inherited).build(), Map.of("work_mem", "8192")))
        .containsEntry("differs.dynamic", "work_mem");
  }

  @Test
  void theGroupOfAnInstanceThatIsThereIsItsOwn() {
    String theirs = "clouddb-there-1";
    tagged(ParameterGroups.tags("there", "1").toArray(Tag[]::new));
    used(instance("orders", theirs).build(), instance("there", theirs).build());
    refused("has not made for it", theirs);
  }

  @Test
  void whoMayNotSeeTheUsersInheritsNothing() {
    String theirs = "clouddb-there-1";
    tagged(ParameterGroups.tags("there", "1").toArray(Tag[]::new));
    rds.refuses(DescribeDbInstancesResponse.class, 403, "AccessDenied");
    refused("has not made for it", theirs);
  }

  private static DBInstance follower(String name, String source, String group) {
    return instance(name, group).readReplicaSourceDBInstanceIdentifier(source).build();
  }

  /** After a failover: the former source is gone, and what was promoted has replicas of its own. */
  @Test
  void theReplicasOfWhatWasPromotedInheritWithIt() {
    String inherited = "clouddb-gone-1";
    tagged(ParameterGroups.tags("gone", "1").toArray(Tag[]::new));
    used(
        instance("orders", inherited).build(),
        follower("copy", "Orders", inherited),
        follower("last", "middle", inherited),
        follower("middle", "copy", "mine"));
    rds.answers(DescribeDbParametersResponse.builder().parameters(WORK_MEM));
    assertThat(notes(instance("orders", inherited).build(), Map.of("work_mem", "8192")))
        .containsEntry("differs.dynamic", "work_mem");
    new ParameterComparison(groups).requireNoOther(change(), inherited);
  }

  /** It stays with them, whatever group its own source was given since. */
  @Test
  void theReplicasOfAnotherInstanceAreOthers() {
    tagged(ParameterGroups.tags("orders", "1").toArray(Tag[]::new));
    used(
        instance("orders", EARLIER).build(),
        instance("promoted", "mine").build(),
        follower("copy", "promoted", EARLIER));
    rds.answers(DescribeDbParametersResponse.builder().parameters(WORK_MEM));
    refused("with copy, whose", EARLIER);
  }

  @Test
  void aChainThatRdsShowsAsARingEnds() {
    tagged(ParameterGroups.tags("orders", "1").toArray(Tag[]::new));
    used(
        instance("orders", EARLIER).build(),
        follower("a", "b", EARLIER),
        follower("b", "a", EARLIER));
    rds.answers(DescribeDbParametersResponse.builder().parameters(WORK_MEM));
    refused("with a, b, whose", EARLIER);
  }

  private Map<String, String> read(InstanceSpec.Builder spec, @Nullable String applyStatus) {
    DBInstance there =
        DBInstance.builder()
            .dbParameterGroups(
                DBParameterGroupStatus.builder()
                    .dbParameterGroupName(GROUP)
                    .parameterApplyStatus(applyStatus)
                    .build())
            .build();
    used(there);
    rds.answers(
        DescribeDbParametersResponse.builder()
            .parameters(
                WORK_MEM,
                LOGICAL,
                parameter("rds.force_ssl", "1", "dynamic", true),
                parameter("unset", null, "dynamic", true)));
    InstanceAsItIs read = new InstanceReader(rds.calls()).read(spec.build());
    assertThat(read.instance()).isEqualTo(there);
    return read.parameters();
  }

  @Test
  void theParametersThatAreAskedForAreRead() {
    assertThat(
            read(
                RdsTestCloud.spec("orders")
                    .tls(TlsMode.REQUIRED)
                    .logicalReplication(true)
                    .parameters(Map.of("work_mem", "8192", "unset", "1", "unknown", "1")),
                "in-sync"))
        .isEqualTo(
            Map.of("rds.force_ssl", "1", "rds.logical_replication", "0", "work_mem", "4096"));
  }

  @Test
  void ofAGroupThatWaitsForARestartNoneIsKnown() {
    assertThat(read(RdsTestCloud.spec("orders").parameter("work_mem", "1"), "pending-reboot"))
        .isEmpty();
    assertThat(rds.sent(DescribeDbParametersRequest.class)).isEmpty();
  }
}
