/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static io.clouddb.spi.InstanceDriver.CREATE;
import static io.clouddb.spi.InstanceDriver.DELETE;
import static io.clouddb.spi.InstanceDriver.MODIFY;
import static io.clouddb.spi.InstanceDriver.START;
import static io.clouddb.spi.InstanceDriver.STOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.Network;
import io.clouddb.instance.TlsMode;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody can do who can write tokens, and has no right of the cloud's. */
class ForgedTokensTest {
  private static final String VPC = "projects/shop-project/global/networks/main";

  private static SimulatedCloudSql gcp;
  private static CloudDb unsealed;
  private static CloudDb sealed;
  private static Instance orders;
  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws IOException {
    gcp = SimulatedCloudSql.start();
    sealed = gcp.open();
    unsealed =
        CloudDb.open(
            CloudConfig.builder("gcp", SimulatedCloudSql.REGION)
                .property("project", SimulatedCloudSql.PROJECT)
                .endpoint(gcp.simulator.endpoint())
                .endpointSecret(gcp.simulator.secret())
                .clock(gcp.simulator.clock())
                .pollInterval(Duration.ofMillis(20))
                .build());
    orders = sealed.instances().create(spec("orders").build()).await(LIMIT);
  }

  @AfterAll
  static void close() {
    // The last first; each of them, whatever another says.
    try (SimulatedCloudSql third = gcp;
        CloudDb second = sealed;
        CloudDb first = unsealed) {
      assertThat(third.simulator.bugs()).isEmpty();
    }
  }

  @BeforeEach
  void forget() {
    gcp.simulator.clearRequests();
  }

  private static InstanceSpec.Builder spec(String name) throws IOException {
    return SimulatedCloudSql.spec(name, folder);
  }

  private static OperationState state(
      OperationKind<?> kind, String name, @Nullable Specification asked) {
    return OperationState.begin(
        kind.id(), Stepwise.id(name), "forged-1", gcp.simulator.clock().instant(), asked);
  }

  private static String token(OperationState state) {
    return new OperationToken("gcp", null).write(state);
  }

  private static <T> void assertSendsNothing(OperationState state, Class<T> type) {
    String token = token(state);
    assertThatThrownBy(() -> unsealed.operations().resume(token, type).await(LIMIT))
        .as("%s %s", state, state.specification())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("the token was not sealed");
    assertThat(gcp.simulator.requests())
        .extracting(request -> request.operation())
        .allMatch(operation -> operation.endsWith(".get") || operation.endsWith(".list"));
  }

  @Test
  void deletesAndStopsNothing() {
    assertSendsNothing(state(DELETE, "orders", null), ResourceId.class);
    assertSendsNothing(state(STOP, "orders", null), Instance.class);
    assertThat(sealed.instances().get("orders").state()).isEqualTo(InstanceState.AVAILABLE);
  }

  @Test
  void setsNoPassword() throws IOException {
    SecretRef chosen = SecretRef.file(folder.resolve("orders.password"));
    InstanceChange change = InstanceChange.builder().adminPassword(chosen).build();
    assertSendsNothing(state(MODIFY, "orders", change), Instance.class);
    InstanceSpec own =
        spec("forged")
            .admin(AdminLogin.of("postgres", chosen))
            .network(Network.privateNetwork(VPC))
            .build();
    assertSendsNothing(state(CREATE, "forged", own), Instance.class);
    // A user in somebody else's instance, as if this had made it.
    assertSendsNothing(
        state(CREATE, "orders", spec("orders").admin(AdminLogin.of("intruder", chosen)).build())
            .at("user", "", gcp.simulator.clock().instant()),
        Instance.class);
  }

  @Test
  void opensNoNetwork() throws IOException {
    assertSendsNothing(
        state(CREATE, "forged", spec("forged").network(Network.publicAccess("0.0.0.0/0")).build()),
        Instance.class);
  }

  @Test
  void takesNoProtectionAway() {
    for (InstanceChange change :
        List.of(
            InstanceChange.builder().deletionProtection(false).tag("forged", "b").build(),
            InstanceChange.builder().backups(BackupPolicy.none()).build(),
            InstanceChange.builder().backups(BackupPolicy.daily().retainDays(1)).build(),
            InstanceChange.builder().tls(TlsMode.OPTIONAL).build(),
            InstanceChange.builder().parameter("ssl_min_protocol_version", "TLSv1").build())) {
      assertSendsNothing(
          state(MODIFY, "orders", change).with(ChangeStep.PATCHED, "true"), Instance.class);
    }
  }

  /** Who writes a token chooses when: the instance may be stricter by then. */
  @Test
  void onlyTheStrictestTlsWeakensNone() {
    for (TlsMode mode : TlsMode.values()) {
      InstanceChange change = InstanceChange.builder().tls(mode).build();
      StepContext context =
          new StepContext(
              state(MODIFY, "orders", change),
              Customizations.NONE,
              SecretRef::resolve,
              gcp.simulator.clock().instant());
      assertThat(TakenAway.by(context))
          .as("%s", mode)
          .isEqualTo(mode != TlsMode.CLIENT_CERTIFICATE);
    }
  }

  @Test
  void reachesNoStepOfAnotherKind() {
    for (String step : List.of("delete", "password", "user", "stop")) {
      String token =
          token(state(START, "orders", null).at(step, "", gcp.simulator.clock().instant()));
      assertThatThrownBy(() -> unsealed.operations().resume(token, Instance.class).await(LIMIT))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("a step that this release does not know");
    }
    assertThat(gcp.simulator.requests()).isEmpty();
  }

  @Test
  void aFailureThatIsMadeUpRemovesNothing() throws IOException {
    OperationState made =
        state(CREATE, "orders", spec("orders").build())
            .at("insert", "", gcp.simulator.clock().instant())
            .asking(gcp.simulator.clock().instant(), "insert")
            .failing(
                ErrorDetails.of(ErrorCategory.OTHER, "made up").toException(),
                gcp.simulator.clock().instant());
    String token = token(made);
    assertThatThrownBy(() -> unsealed.operations().resume(token, Instance.class).await(LIMIT))
        .hasMessageContaining("made up");
    assertThat(gcp.simulator.requests("instances.delete")).isEmpty();
    assertThat(sealed.instances().find("orders")).isPresent();
  }

  @Test
  void whatIsHarmlessIsFollowed() {
    InstanceChange change = InstanceChange.builder().tag("followed", "b").build();
    assertThat(
            unsealed
                .operations()
                .resume(
                    token(state(MODIFY, "orders", change).with(ChangeStep.PATCHED, "true")),
                    Instance.class)
                .await(LIMIT)
                .tags())
        .containsEntry("followed", "b");
  }

  @Test
  void aSealedTokenThatWasChangedIsRefused() {
    Operation<Instance> start = sealed.instances().start(orders.id());
    String token = start.token();
    start.await(LIMIT);
    int dot = token.lastIndexOf('.');
    int first = token.indexOf('.') + 1;
    String json =
        new String(
            Base64.getUrlDecoder().decode(token.substring(first, dot)), StandardCharsets.UTF_8);
    String changed =
        token.substring(0, first)
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                    json.replace("instance.start", "instance.stop")
                        .getBytes(StandardCharsets.UTF_8));
    for (String forged : List.of(changed + token.substring(dot), changed)) {
      assertThatThrownBy(() -> sealed.operations().resume(forged, Instance.class))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("sealed");
    }
    assertThat(gcp.simulator.requests("instances.patch")).isEmpty();
  }
}
