/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepRun;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The steps by which replicas are made and promoted, where something is in their way. */
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

  private OperationState prepared(OperationKind<?> kind, String name, Specification asked) {
    return rds.workflow(cloud, kind)
        .prepare(RdsTestCloud.context(rds.begun(kind, name, asked), rds.clock().instant()));
  }

  private <T> StepRun<T> run(OperationKind<T> kind, String name, Specification asked) {
    return rds.run(cloud, kind, prepared(kind, name, asked));
  }

  private Instance replica(String name) {
    return cloud.replicas().create(source, ReplicaSpec.named(name)).await(LIMIT);
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
    delete(cloud, reader);
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
    Promoted promoted = cloud.replicas().promote(reader.id(), Promotion.standalone()).await(LIMIT);
    assertThat(promoted.changes().toString())
        .contains("group " + group + ", which its former source has as well");

    InstanceChange.Builder change = InstanceChange.builder().parameter("work_mem", "16384");
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
}
