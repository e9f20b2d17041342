/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.TlsMode;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.rds.RdsClient;

/** Tokens that somebody else has written: nothing that they ask for may harm. */
class ForgedTokensTest extends RdsOperations {
  private static final Set<String> CHANGES =
      Set.of(
          "CreateDBInstance",
          "ModifyDBInstance",
          "DeleteDBInstance",
          "ModifyDBParameterGroup",
          "DeleteDBParameterGroup");
  private static final String NAME = "victim";

  @TempDir private Path folder;
  private CloudDb open;

  /** Whoever reads tokens without a key, on a cloud with an instance that is worth something. */
  @BeforeEach
  void openUnsealed() {
    if (cloud.instances().find(NAME).isEmpty()) {
      Instance unused =
          create(RdsTestCloud.spec(NAME).deletionProtection(true).parameter("work_mem", "8192"));
    }
    rds.simulator().clearRequests();
    open = CloudDb.open(rds.unsealed().build());
  }

  @AfterEach
  void closeUnsealed() {
    open.close();
  }

  private OperationState state(OperationKind<?> kind, @Nullable Specification asked) {
    return rds.begun(kind, NAME, asked);
  }

  private static String forged(OperationState state) {
    return new OperationToken("aws", null).write(state);
  }

  private void assertRefused(OperationState state, Class<?> type, String why) {
    assertThatThrownBy(() -> open.operations().resume(forged(state), type).await(LIMIT))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(why);
    assertNothingWasChanged();
  }

  private static void assertNothingWasChanged() {
    assertThat(rds.simulator().requests())
        .filteredOn(request -> CHANGES.contains(request.operation()))
        .isEmpty();
  }

  @Test
  void setsNoPassword() throws Exception {
    SecretRef chosen =
        SecretRef.file(Files.writeString(folder.resolve("mine"), "chosen-by-a-stranger"));
    assertRefused(
        state(InstanceDriver.MODIFY, InstanceChange.builder().adminPassword(chosen).build()),
        Instance.class,
        "not sealed");
    InstanceSpec spec = RdsTestCloud.spec("bait").admin(AdminLogin.of("mallory", chosen)).build();
    assertRefused(rds.begun(InstanceDriver.CREATE, "bait", spec), Instance.class, "not sealed");
  }

  @Test
  void opensNoNetwork() {
    InstanceSpec open =
        RdsTestCloud.spec("wide-open")
            .admin(AdminLogin.managed("mallory"))
            .network(Network.publicAccess("0.0.0.0/0").securityGroup("sg-0123456789ab"))
            .preferring(InstanceField.PUBLIC_ACCESS)
            .build();
    assertRefused(
        rds.begun(InstanceDriver.CREATE, "wide-open", open), Instance.class, "not sealed");
    assertRefused(
        state(InstanceDriver.MODIFY, InstanceChange.builder().tls(TlsMode.OPTIONAL).build()),
        Instance.class,
        "not sealed");
  }

  /** As if it had been compared; names of parameters have no case. */
  @Test
  void opensNothingByAnotherSpelling() {
    OperationState spelled =
        state(
                InstanceDriver.MODIFY,
                InstanceChange.builder().parameter("RDS.Force_SSL", "0").build())
            .with("compared", "yes")
            .with("differs.dynamic", "RDS.Force_SSL")
            .at("changed parameters", "1", rds.clock().instant());
    assertThatThrownBy(() -> open.operations().resume(forged(spelled), Instance.class).await(LIMIT))
        .isInstanceOf(CloudDbException.class);
    assertNothingWasChanged();
  }

  @Test
  void deletesNothing() {
    assertRefused(state(InstanceDriver.DELETE, null), ResourceId.class, "not sealed");
    String group = groupsOf(NAME).get(0);
    Instant now = rds.clock().instant();
    assertRefused(
        state(InstanceDriver.DELETE, null).with("group", group).at("parameter group", "", now),
        ResourceId.class,
        "not sealed");
    assertRefused(
        state(InstanceDriver.MODIFY, InstanceChange.builder().deletionProtection(false).build()),
        Instance.class,
        "not sealed");

    // A creation that failed would remove what it made: it says so, and nobody knows.
    String id = group.substring(("clouddb-" + NAME + "-").length());
    CloudDbException failure =
        ErrorDetails.of(ErrorCategory.QUOTA, "The quota is used up").toException();
    OperationState failed =
        OperationState.begin(
                InstanceDriver.CREATE.id(),
                rds.id(NAME),
                id,
                now,
                RdsTestCloud.spec(NAME).admin(AdminLogin.managed("m")).build())
            .making("parameter group")
            .failing(failure, now);
    assertThatThrownBy(() -> open.operations().resume(forged(failed), Instance.class).await(LIMIT))
        .hasMessageContaining("The quota is used up");
    assertNothingWasChanged();
    assertThat(groupsOf(NAME)).containsExactly(group);
  }

  @Test
  void stopsNothing() {
    assertRefused(state(InstanceDriver.STOP, null), Instance.class, "not sealed");
    assertThat(rds.simulator().requests("StopDBInstance")).isEmpty();
  }

  @Test
  void reachesNoStepsOfAnotherKind() {
    Instant now = rds.clock().instant();
    for (String step : List.of("delete", "modify", "instance", "nonsense")) {
      assertRefused(
          state(InstanceDriver.START, null).at(step, "", now), Instance.class, "does not know");
    }
  }

  @Test
  void changesNoGroupThatIsAnothersByItsName() {
    RdsClient client = open.unwrap(RdsClient.class);
    client.createDBParameterGroup(
        r ->
            r.dbParameterGroupName("clouddb-other-1")
                .dbParameterGroupFamily("postgres16")
                .description("theirs"));
    OperationState aimed =
        OperationState.begin(
            InstanceDriver.CREATE.id(),
            rds.id("other"),
            "1",
            rds.clock().instant(),
            RdsTestCloud.spec("other")
                .admin(AdminLogin.managed("m"))
                .parameter("work_mem", "64")
                .build());
    assertThatThrownBy(() -> open.operations().resume(forged(aimed), Instance.class).await(LIMIT))
        .hasMessageContaining("clouddb-other-1 already");
    assertNothingWasChanged();
    client.deleteDBParameterGroup(r -> r.dbParameterGroupName("clouddb-other-1"));
  }

  @Test
  void asksForNothingThatNoPlanWouldTake() {
    assertThatThrownBy(
            () ->
                open.operations()
                    .resume(
                        forged(
                            state(
                                InstanceDriver.MODIFY,
                                InstanceChange.builder().parameter("rds.force_ssl", "0").build())),
                        Instance.class)
                    .await(LIMIT))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("rds.force_ssl");
    assertNothingWasChanged();
  }

  @Test
  void notesThatAreNoneAreNoDefect() {
    Instant now = rds.clock().instant();
    OperationState change =
        state(InstanceDriver.MODIFY, InstanceChange.builder().tag("a", "b").build());
    for (String note : List.of("fitted.AllocatedStorage", "fitted.Iops")) {
      assertRefused(change.with(note, "much"), Instance.class, "cannot be read");
    }
    rds.simulator().rds().impose(RdsTestCloud.REGION, NAME, "incompatible-network");
    rds.simulator().faults().on("StartDBInstance").refused(400, "InvalidDBInstanceState", "No");
    assertRefused(
        state(InstanceDriver.START, null).with("moved", "never").at("start", "", now),
        Instance.class,
        "cannot be read");
    rds.simulator().rds().impose(RdsTestCloud.REGION, NAME, "");
  }

  @Test
  void aSealedOneIsTakenAsItWasGivenOnly() {
    OperationState honest = state(InstanceDriver.START, null);
    String sealed = rds.token(honest);
    assertThat(cloud.operations().resume(sealed, Instance.class).await(LIMIT).name())
        .isEqualTo(NAME);
    String seal = sealed.substring(sealed.lastIndexOf('.'));
    String other = forged(state(InstanceDriver.DELETE, null));
    assertThatThrownBy(() -> cloud.operations().resume(other + seal, ResourceId.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("changed");
    assertThatThrownBy(() -> cloud.operations().resume(other, ResourceId.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("not sealed");
    assertNothingWasChanged();
  }
}
