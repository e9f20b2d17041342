/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.Network;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.Tag;

/** The steps by which replicas are made and promoted, where something is in their way. */
@org.junit.jupiter.api.Tag("slow")
class RdsReplicaStepsTest extends RdsOperations {
  private static final String REGION = RdsTestCloud.REGION;
  private static final String SOURCE = "orders";

  private ResourceId source;

  @BeforeEach
  void source() {
    source =
        cloud
            .instances()
            .find(SOURCE)
            .orElseGet(
                () ->
                    create(
                        RdsTestCloud.spec(SOURCE)
                            .parameter("work_mem", "8192")
                            .backups(BackupPolicy.daily().retainDays(7))))
            .id();
    impose(SOURCE, "");
    rds.simulator().clearRequests();
  }

  private static void impose(String name, String status) {
    rds.simulator().rds().impose(REGION, name, status);
  }

  private OperationState prepared(OperationKind<?> kind, String name) {
    return prepared(kind, name, null);
  }

  private OperationState prepared(
      OperationKind<?> kind, String name, @Nullable Specification asked) {
    return rds.workflow(cloud, kind)
        .prepare(RdsTestCloud.context(rds.begun(kind, name, asked), rds.clock().instant()));
  }

  private <T> StepRun<T> run(OperationKind<T> kind, String name, Specification asked) {
    return rds.run(cloud, kind, prepared(kind, name, asked));
  }

  private Instance replica(String name) {
    return cloud.replicas().create(source, ReplicaSpec.named(name)).await(LIMIT);
  }

  private Instance replica(
      String name, Consumer<CreateDbInstanceReadReplicaRequest.Builder> customization) {
    return cloud
        .replicas()
        .create(
            source,
            ReplicaSpec.named(name),
            Native.customize(CreateDbInstanceReadReplicaRequest.Builder.class, customization))
        .await(LIMIT);
  }

  private static void delete(io.clouddb.CloudDb cloud, Instance instance) {
    ResourceId unused = cloud.instances().delete(instance.id()).await(LIMIT);
  }

  private static String goesOn(StepRun<?> run, Instant now) {
    assertThat(run.poll(now)).isInstanceOf(StepRun.Outcome.Running.class);
    return ((StepRun.Outcome.Running<?>) run.poll(now)).message();
  }

  /** Who polls it every five minutes until it ends. */
  private static CloudDbException end(StepRun<?> run, Instant from, Duration most) {
    for (Instant now = from; now.isBefore(from.plus(most)); now = now.plusSeconds(300)) {
      Instant at = now;
      CloudDbException end = catchThrowableOfType(CloudDbException.class, () -> run.poll(at));
      if (end != null) {
        return end;
      }
    }
    throw new AssertionError("It has no end");
  }

  @Test
  void theStateOfTheSourceIsWaitedForAndToldAsIts() {
    impose(SOURCE, "modifying");
    StepRun<Instance> run =
        run(ReplicaDriver.CREATE, "reader", ReplicaSpec.named("reader").of(source));
    assertThat(goesOn(run, rds.clock().instant())).isEqualTo("its source orders is modifying");

    impose(SOURCE, "storage-full");
    assertThatThrownBy(() -> run.poll(rds.clock().instant()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("orders cannot have this replica: it is storage-full");
    assertThat(rds.simulator().requests("CreateDBInstanceReadReplica")).isEmpty();
  }

  @Test
  void whatMayBeMadeAlreadyIsLookedForWhateverItsSourceIs() {
    Instant now = rds.clock().instant();
    OperationState asked =
        prepared(ReplicaDriver.CREATE, "reader", ReplicaSpec.named("reader").of(source))
            .at("replica", "", now)
            .asking(now, "replica");
    impose(SOURCE, "storage-full");
    assertThat(goesOn(rds.run(cloud, ReplicaDriver.CREATE, asked), now))
        .isEqualTo("not visible yet");
  }

  @Test
  void aRefusalThatStaysNamesTheSource() {
    StepRun<Instance> run =
        run(ReplicaDriver.CREATE, "reader", ReplicaSpec.named("reader").of(source));
    rds.simulator()
        .faults()
        .on("CreateDBInstanceReadReplica")
        .times(1000)
        .refused(400, "InvalidDBInstanceState", "has something in the way");
    CloudDbException end = end(run, rds.clock().instant(), Duration.ofHours(1));
    rds.simulator().faults().clear();
    assertThat(end)
        .isInstanceOf(DeadlineException.class)
        .hasMessageContainingAll("while orders was available", "has something in the way");
  }

  @Test
  void anotherOfItsNameIsNotPromoted() {
    Instance first = replica("reader");
    OperationState old = prepared(ReplicaDriver.PROMOTE, "reader", Promotion.forced());
    delete(cloud, first);
    Instance second = replica("reader");
    assertThatThrownBy(
            () ->
                cloud
                    .operations()
                    .resume(rds.token(old), ReplicaDriver.PROMOTE.result())
                    .await(LIMIT))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("another DB instance of its name");
    assertThat(rds.simulator().requests("PromoteReadReplica")).isEmpty();
    assertThat(cloud.replicas().find("reader")).isPresent();
    assertThat(catchThrowableOfType(CloudDbException.class, () -> replica("reader")).nextStep())
        .hasValueSatisfying(text -> assertThat(text).contains("replicas().find"));
    delete(cloud, second);
  }

  @Test
  void aBackupIsWaitedForAndNotForEver() {
    Instance reader = replica("reader");
    impose("reader", "backing-up");
    StepRun<Promoted> run = run(ReplicaDriver.PROMOTE, "reader", Promotion.forced());
    Instant now = rds.clock().instant();
    assertThat(goesOn(run, now)).contains("backing-up, and RDS promotes it after that");
    assertThat(end(run, now, Duration.ofHours(7)))
        .isInstanceOf(DeadlineException.class)
        .hasMessageContaining("backing-up");
    assertThat(rds.simulator().requests("PromoteReadReplica")).isEmpty();
    impose("reader", "");

    // It has backups for whoever promotes it, and no moment that another region could keep.
    assertThatThrownBy(
            () ->
                cloud
                    .in("eu-west-1")
                    .backups()
                    .replicate(reader.id(), BackupReplicationSpec.replicated()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("reader is a replica, which has no points in time");
    delete(cloud, reader);
  }

  /** RDS knows best when it takes the request; one that it never takes has an end. */
  @Test
  void aPromotionIsAskedForWhateverTheReplicaIsBusyWith() {
    Instance reader = replica("reader");
    Instant now = rds.clock().instant();
    for (String status : List.of("storage-initialization", "modifying")) {
      rds.simulator().clearRequests();
      impose("reader", status);
      var unused = goesOn(run(ReplicaDriver.PROMOTE, "reader", Promotion.forced()), now);
      assertThat(rds.simulator().requests("PromoteReadReplica")).as(status).isNotEmpty();
    }
    impose("reader", "stopped");
    assertThat(
            end(run(ReplicaDriver.PROMOTE, "reader", Promotion.forced()), now, Duration.ofHours(1)))
        .isInstanceOf(DeadlineException.class)
        .hasMessageContaining("while reader was stopped");
    impose("reader", "");
    delete(cloud, reader);
  }

  @Test
  void aSourceOfTheRegionIsNamedUnlessTheNetworkIsAnother() {
    Instance reader = replica("reader");
    assertThat(rds.lastForm("CreateDBInstanceReadReplica"))
        .containsEntry("SourceDBInstanceIdentifier", SOURCE)
        .containsEntry("StorageType", "gp3")
        .doesNotContainKeys("Iops", "StorageThroughput");
    String arn = source.nativeId().orElseThrow();
    assertThat(cloud.replicas().plan(source, ReplicaSpec.named("apart")).toString())
        .doesNotContain(arn);
    Network network = Network.privateNetwork("network-1");
    assertThat(
            cloud.replicas().plan(source, ReplicaSpec.named("apart").network(network)).toString())
        .contains(arn);
    Instance apart = replica("apart", request -> request.dbSubnetGroupName("network-1"));
    assertThat(rds.lastForm("CreateDBInstanceReadReplica"))
        .containsEntry("SourceDBInstanceIdentifier", arn);
    assertThat(apart.unwrap(DBInstance.class).dbSubnetGroup().dbSubnetGroupName())
        .isEqualTo("network-1");
    delete(cloud, apart);
    delete(cloud, reader);
  }

  /** Of the subnet group of that name alone RDS makes a replica public when nothing is said. */
  @Test
  void aNetworkOfTheCallersOwnChangesMakesNoReplicaPublic() {
    Instance apart = replica("apart", request -> request.dbSubnetGroupName("default"));
    assertThat(apart.unwrap(DBInstance.class).publiclyAccessible()).isFalse();
    delete(cloud, apart);
    Instance open =
        replica("open", request -> request.dbSubnetGroupName("default").publiclyAccessible(true));
    assertThat(open.unwrap(DBInstance.class).publiclyAccessible()).as("as they say").isTrue();
    delete(cloud, open);
  }

  /** Tags may show after the instance that has them. */
  @Test
  void whatHasNoTagsYetMayBeItsOwn() {
    OperationState prepared =
        prepared(ReplicaDriver.CREATE, "reader", ReplicaSpec.named("reader").of(source));
    RdsClient client = cloud.unwrap(RdsClient.class);
    var unused =
        client.createDBInstanceReadReplica(
            request -> request.dbInstanceIdentifier("reader").sourceDBInstanceIdentifier(SOURCE));
    Instant now = rds.clock().instant();
    OperationState asked = prepared.at("replica", "", now).asking(now, "replica");
    StepRun<Instance> run = rds.run(cloud, ReplicaDriver.CREATE, asked);
    assertThat(goesOn(run, now)).isEqualTo("its tags are not visible yet");
    CloudDbException end = end(run, now, Duration.ofHours(1));
    assertThat(end)
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("There is a DB instance reader already");
    assertThat(end.details().outcomeKnown()).isFalse();
    assertThat(end.details().leftBehind().orElse("")).contains("the read replica reader");
    client.addTagsToResource(
        request ->
            request
                .resourceName(ReplicaCloud.arn(REGION, "reader"))
                .tags(Tag.builder().key(OperationState.CREATION_TAG).value(prepared.id()).build()));
    assertThat(cloud.operations().resume(rds.token(asked), Instance.class).await(LIMIT).id().name())
        .isEqualTo("reader");
    delete(cloud, cloud.instances().get("reader"));
  }

  /** What it has made is the only place of what was written since. */
  @Test
  void nobodyIsToldToRemoveWhatWasPromotedMeanwhile() {
    rds.simulator().faults().on("CreateDBInstanceReadReplica").credentialsExpire();
    CloudDbException expired =
        catchThrowableOfType(CloudDbException.class, () -> replica("reader"));
    String token = expired.details().operationToken().orElseThrow();
    Instance unused = cloud.operations().resume(token, Instance.class).await(LIMIT);
    cloud
        .replicas()
        .promote(cloud.instances().get("reader").id(), Promotion.standalone())
        .await(LIMIT);

    CloudDbException promoted =
        catchThrowableOfType(
            CloudDbException.class,
            () -> cloud.operations().resume(token, Instance.class).await(LIMIT));
    assertThat(promoted)
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("was promoted since");
    assertThat(promoted.details().leftBehind()).isEmpty();
    assertThat(promoted.nextStep().orElse("")).doesNotContain("Remove").contains("data");
    delete(cloud, cloud.instances().get("reader"));
  }

  /** It has the group of its former source, whose change would be its own too. */
  @Test
  void aPromotedOneIsNotChangedWithItsFormerSource() {
    String group = groupsOf(SOURCE).get(0);
    Instance reader = replica("reader");
    assertThat(cloud.replicas().plan(source, ReplicaSpec.named("reader")).toString())
        .contains("the replica shares its DB parameter group");
    InstanceChange.Builder change = InstanceChange.builder().parameter("work_mem", "16384");
    OperationState before = prepared(InstanceDriver.MODIFY, SOURCE, change.build());
    Promoted promoted = cloud.replicas().promote(reader.id(), Promotion.standalone()).await(LIMIT);
    assertThat(promoted.changes().toString())
        .contains("group " + group, "Its former source has it as well, unless", "deleted last");

    assertThat(
            end(
                rds.run(cloud, InstanceDriver.MODIFY, before),
                rds.clock().instant(),
                Duration.ofHours(1)))
        .as("prepared before the promotion")
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll(group, "reader");
    assertThatThrownBy(() -> modify(cloud.instances().get(SOURCE), change))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll(group, "reader");
    assertThatThrownBy(() -> modify(promoted.instance(), change))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(group);
    assertThat(rds.simulator().requests("ModifyDBParameterGroup")).isEmpty();

    delete(cloud, promoted.instance());
    assertThat(groupsOf(SOURCE)).containsExactly(group);
    Instance unused = modify(cloud.instances().get(SOURCE), change);
  }

  /** Nobody else knows of it, once the source is gone that it was made for. */
  @Test
  void theGroupOfADeletedSourceIsThePromotedOnesAndGoesWithIt() {
    String group = groupsOf(SOURCE).get(0);
    Instance reader = replica("reader");
    Promoted promoted = cloud.replicas().promote(reader.id(), Promotion.standalone()).await(LIMIT);
    delete(cloud, cloud.instances().get(SOURCE));
    assertThat(groupsOf(SOURCE)).containsExactly(group);

    Instance changed =
        modify(promoted.instance(), InstanceChange.builder().parameter("work_mem", "4096"));
    assertThat(rds.lastForm("ModifyDBParameterGroup")).containsEntry("DBParameterGroupName", group);
    delete(cloud, changed);
    assertThat(groupsOf(SOURCE)).isEmpty();
  }

  /** A failover, and the replica that is made again after it. */
  @Test
  void aPromotedOneWithReplicasOfItsOwnIsChangedOnceItsFormerSourceIsGone() {
    Instance reader = replica("reader");
    Promoted promoted = cloud.replicas().promote(reader.id(), Promotion.standalone()).await(LIMIT);
    delete(cloud, cloud.instances().get(SOURCE));
    Instance again =
        cloud.replicas().create(promoted.instance().id(), ReplicaSpec.named(SOURCE)).await(LIMIT);
    Instance changed =
        modify(promoted.instance(), InstanceChange.builder().parameter("work_mem", "32768"));
    assertThat(rds.simulator().requests("ModifyDBParameterGroup")).hasSize(1);
    delete(cloud, again);
    delete(cloud, changed);
    assertThat(groupsOf(SOURCE)).isEmpty();
  }

  /** RDS gives a replica its source's group, and either of them may have been given another. */
  @Test
  void whatIsToldOfTheGroupOfAPromotedOneIsTrueOfEveryGroup() {
    Instance plain = create(RdsTestCloud.spec("plain").backups(BackupPolicy.daily().retainDays(7)));
    Instance own = cloud.replicas().create(plain.id(), ReplicaSpec.named("own")).await(LIMIT);
    own = modify(own, InstanceChange.builder().parameter("work_mem", "16384"));
    assertThat(groupsOf("own")).hasSize(1);
    assertThat(
            cloud
                .replicas()
                .promote(own.id(), Promotion.standalone())
                .await(LIMIT)
                .changes()
                .toString())
        .contains("group " + groupsOf("own").get(0), "unless one of them was given another");

    RdsClient client = cloud.unwrap(RdsClient.class);
    var unusedGroup =
        client.createDBParameterGroup(
            request ->
                request
                    .dbParameterGroupName("mine")
                    .dbParameterGroupFamily("postgres16")
                    .description("of somebody"));
    var unused =
        client.modifyDBInstance(
            request ->
                request
                    .dbInstanceIdentifier("plain")
                    .dbParameterGroupName("mine")
                    .applyImmediately(true));
    Instance theirs = cloud.replicas().create(plain.id(), ReplicaSpec.named("theirs")).await(LIMIT);
    assertThat(
            cloud
                .replicas()
                .promote(theirs.id(), Promotion.standalone())
                .await(LIMIT)
                .changes()
                .toString())
        .contains("group mine")
        .as("nothing here deletes it")
        .doesNotContain("deleted last");
    for (String name : List.of("own", "theirs", "plain")) {
      delete(cloud, cloud.instances().get(name));
    }
    assertThat(groupsOf("own")).isEmpty();
    assertThat(rds.simulator().rds().parameterGroups(REGION)).contains("mine");
    var unusedDeletion = client.deleteDBParameterGroup(r -> r.dbParameterGroupName("mine"));
  }

  @Test
  void whatStaysOfADeletionIsNamedWithWhoHasIt() {
    String group = groupsOf(SOURCE).get(0);
    Instance reader = replica("reader");
    Promoted promoted = cloud.replicas().promote(reader.id(), Promotion.standalone()).await(LIMIT);
    StepRun<ResourceId> deletion =
        rds.run(cloud, InstanceDriver.DELETE, prepared(InstanceDriver.DELETE, "reader"));
    List<String> messages = new ArrayList<>();
    Requests.eventually(
        () -> {
          StepRun.Outcome<ResourceId> outcome = deletion.poll(rds.clock().instant());
          if (outcome instanceof StepRun.Outcome.Running<ResourceId> running) {
            messages.add(running.message());
          }
          return outcome instanceof StepRun.Outcome.Done;
        });
    assertThat(promoted.instance().name()).isEqualTo("reader");
    assertThat(messages)
        .contains("deleted; its DB parameter group " + group + " stays with " + SOURCE);
    assertThat(groupsOf(SOURCE)).containsExactly(group);
  }

  /** The replica would be one of data that nobody meant. */
  @Test
  void aLaterSourceOfItsNameIsNotFollowed() {
    OperationState old =
        prepared(ReplicaDriver.CREATE, "reader", ReplicaSpec.named("reader").of(source));
    delete(cloud, cloud.instances().get(SOURCE));
    Instance later = create(RdsTestCloud.spec(SOURCE).backups(BackupPolicy.daily().retainDays(7)));
    assertThat(later.id()).isEqualTo(source);
    assertThatThrownBy(() -> cloud.operations().resume(rds.token(old), Instance.class).await(LIMIT))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll(
            "orders in " + REGION + ", which reader is to follow",
            "another DB instance of its name");
    assertThat(rds.simulator().requests("CreateDBInstanceReadReplica")).isEmpty();
    delete(cloud, later);
  }

  /** What helps is what its own replicas need, not its source. */
  @Test
  void theBackupsOfAReplicaWithReplicasStayAndItIsSaidWhatHelps() {
    Instance reader = replica("reader");
    Instance backed =
        modify(reader, InstanceChange.builder().backups(BackupPolicy.daily().retainDays(3)));
    Instance last = cloud.replicas().create(backed.id(), ReplicaSpec.named("last")).await(LIMIT);
    CloudDbException refused =
        catchThrowableOfType(
            CloudDbException.class,
            () -> modify(backed, InstanceChange.builder().backups(BackupPolicy.none())));
    assertThat(refused).hasMessageContaining("its replicas need its backups (last)");
    assertThat(refused.nextStep().orElse("")).contains("Promote or delete the replicas first");
    delete(cloud, last);
    delete(cloud, backed);
  }

  /** RDS would say so after the steps before it, or, of points in time, never. */
  @Test
  void whatAReplicaAndItsSourceCannotBeIsRefusedBeforeAnythingIsSent() {
    Instance reader = replica("reader");
    rds.simulator().clearRequests();
    assertThatThrownBy(
            () ->
                modify(
                    reader,
                    InstanceChange.builder()
                        .tag("a", "b")
                        .adminPassword(SecretRef.literal("another-horse-battery"))
                        .backups(BackupPolicy.daily().withPointInTime())))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll("password is its source's", "no replica to a point in time");
    assertThatThrownBy(
            () ->
                modify(
                    cloud.instances().get(SOURCE),
                    InstanceChange.builder().tag("a", "b").backups(BackupPolicy.none())))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("its replicas need its backups (reader)");
    assertThat(rds.simulator().requests("AddTagsToResource")).isEmpty();
    assertThat(rds.simulator().requests("ModifyDBInstance")).isEmpty();
    Instance backed =
        modify(reader, InstanceChange.builder().backups(BackupPolicy.daily().retainDays(3)));
    assertThat(backed.unwrap(DBInstance.class).backupRetentionPeriod()).isEqualTo(3);
    delete(cloud, backed);
  }
}
