/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.OperationError;
import com.google.api.services.sqladmin.model.OperationErrors;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that come late, are incomplete, or are not Google's at all. */
class CloudSqlStrangeAnswersTest {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String JSON = "application/json; charset=UTF-8";
  private static final String PAGE = "<html><body>Blocked by the proxy of the house</body></html>";

  private static SimulatedCloudSql gcp;
  private static CloudDb cloud;
  private static CloudDb once;
  private static Instance orders;
  private static final AtomicInteger swallowed = new AtomicInteger();
  @TempDir private static Path folder;

  @BeforeAll
  static void start() throws IOException {
    gcp = SimulatedCloudSql.start();
    cloud = gcp.open();
    once = CloudDb.open(gcp.config().retryPolicy(RetryPolicy.NONE).build());
    orders = cloud.instances().create(spec("orders")).await(LIMIT);
  }

  @AfterAll
  static void close() {
    // The last first; each of them, whatever another says.
    try (SimulatedCloudSql third = gcp;
        CloudDb second = once;
        CloudDb first = cloud) {
      assertThat(third.simulator.bugs()).isEmpty();
    }
  }

  @AfterEach
  void allHasHappened() {
    try {
      assertThat(gcp.simulator.faults().pending()).isZero();
    } finally {
      gcp.simulator.faults().clear();
    }
  }

  private static InstanceSpec spec(String name) throws IOException {
    return SimulatedCloudSql.spec(name, folder).build();
  }

  private static CloudDbException failureOf(Callable<?> call) {
    return catchThrowableOfType(CloudDbException.class, call::call);
  }

  private static void intercept(String method, int status, String type, String body) {
    gcp.simulator.faults().on(method).intercepted(status, type, body);
  }

  private static Instance tagged(String tag) {
    return cloud
        .instances()
        .modify(orders.id(), InstanceChange.builder().tag(tag, "b").build())
        .await(LIMIT);
  }

  @Test
  void anOperationThatIsNotVisibleYetIsWaitedFor() throws IOException {
    gcp.simulator.sql().hideNextOperation(3);
    assertThat(cloud.instances().create(spec("late")).await(LIMIT).state())
        .isEqualTo(InstanceState.AVAILABLE);
    gcp.simulator.sql().hideNextOperation(2);
    assertThat(tagged("late").tags()).containsKey("late");
  }

  @Test
  void aDeletionWhoseOperationIsForgottenIsOverWhenTheInstanceIsGone() throws IOException {
    Instance gone = cloud.instances().create(spec("forgotten")).await(LIMIT);
    gcp.simulator.sql().forgetNextOperation("DELETE");
    assertThat(cloud.instances().delete(gone.id()).await(LIMIT)).isEqualTo(gone.id());
    assertThat(cloud.instances().find("forgotten")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"none, none, UNKNOWN", "none, A sentence., UNKNOWN", "SOME_CODE, none, SOME_CODE"})
  void anErrorOfAnOperationMayLackWhatItShouldHave(String code, String message, String told) {
    gcp.simulator.faults().on("instances.patch").operationFails(code, message);
    CloudDbException e = failureOf(() -> tagged("broken"));
    assertThat(e.category()).isEqualTo(ErrorCategory.OTHER);
    assertThat(e.details().providerCode()).contains(told);
    assertThat(e).hasMessageContaining("UPDATE failed");
  }

  @Test
  void anErrorWithoutAnythingInItIsOne() {
    OperationState state =
        OperationState.begin(
            InstanceDriver.MODIFY.id(),
            ResourceId.of("gcp", "p", "r", "instance", "a"),
            "op-1",
            Instant.EPOCH,
            null);
    List<List<OperationError>> all = new ArrayList<>();
    all.add(null);
    all.add(List.of());
    all.add(Arrays.asList((OperationError) null));
    all.add(List.of(new OperationError()));
    for (List<OperationError> errors : all) {
      Operation operation =
          new Operation().setName("o-1").setError(new OperationErrors().setErrors(errors));
      assertThat(OperationFailures.of(operation, state))
          .as("%s", errors)
          .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("gives no reason"));
    }
    assertThat(OperationFailures.of(new Operation(), state)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 403, 404, 409, 412, 451})
  void aPageIsNoAnswerOfGoogles(int status) throws IOException {
    intercept("instances.get", status, HTML, PAGE);
    CloudDbException read = failureOf(() -> once.instances().find("orders"));
    assertThat(read.category()).isEqualTo(ErrorCategory.OTHER);
    assertThat(read)
        .hasMessageContainingAll("HTTP " + status, "text/html")
        .hasMessageNotContaining("Cloud SQL Admin API in");
    assertThat(read.nextStep()).hasValueSatisfying(s -> assertThat(s).contains("proxy"));

    intercept("instances.insert", status, HTML, PAGE);
    InstanceSpec spec = spec("blocked");
    CloudDbException change = failureOf(() -> once.instances().create(spec).await(LIMIT));
    assertThat(change.category()).isEqualTo(ErrorCategory.OTHER);
    assertThat(cloud.instances().find("blocked")).isEmpty();
  }

  @Test
  void aPageThatSaysNotFoundDeletesNothing() {
    gcp.simulator.faults().on("instances.get").after(1).intercepted(404, HTML, PAGE);
    CloudDbException e = failureOf(() -> once.instances().delete(orders.id()).await(LIMIT));
    assertThat(e.category()).isEqualTo(ErrorCategory.OTHER);
    assertThat(cloud.instances().find("orders")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"429, THROTTLED", "502, UNAVAILABLE", "503, UNAVAILABLE", "504, UNAVAILABLE"})
  void aPageOfAGatewayMeansWhatItsStatusMeans(int status, ErrorCategory category) {
    intercept("instances.get", status, HTML, PAGE);
    assertThat(failureOf(() -> once.instances().find("orders")).category()).isEqualTo(category);
  }

  @Test
  void aListThatIsNotWholeSaysWhichRegionItLacks() {
    String answer =
        """
        {"kind": "sql#instancesList", "warnings": [
          {"code": "REGION_UNREACHABLE", "message": "It is unreachable.", "region": "%s"}]}
        """;
    intercept("instances.list", 200, JSON, answer.formatted(SimulatedCloudSql.REGION));
    CloudDbException own = failureOf(() -> once.instances().list().stream().toList());
    assertThat(own.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(own).hasMessageContainingAll(SimulatedCloudSql.REGION, "It is unreachable.");
    assertThat(own.details().providerCode()).contains("REGION_UNREACHABLE");

    intercept("instances.list", 200, JSON, answer.formatted("europe-west1"));
    assertThat(once.instances().list().stream()).as("that region has none of these").isEmpty();
    // Replicas are in all regions.
    intercept("instances.list", 200, JSON, answer.formatted("europe-west1"));
    CloudDbException replicas = failureOf(() -> once.replicas().list(orders.id()));
    assertThat(replicas.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(replicas).hasMessageContaining("europe-west1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html; charset=utf-8 | <html><body>Sign in</body></html>",
        "application/json | <html><body>Sign in</body></html>",
        "application/json | []",
        "application/json | \"blocked\"",
        "application/json | 7",
        "application/json | null",
        "application/json | {}",
        "application/json | {\"message\":\"blocked\"}",
        "application/json | {\"name\":7,\"settings\":[]}",
        "application/json | {\"name\":\"or",
        "text/plain | ''"
      })
  void anAnswerThatCannotBeReadIsNoSuccess(String type, String body) throws IOException {
    intercept("instances.get", 200, type, body);
    CloudDbException read = failureOf(() -> once.instances().find("orders"));
    assertThat(read.category()).as(body).isEqualTo(ErrorCategory.UNAVAILABLE);

    intercept("instances.insert", 200, type, body);
    DatabaseInstance sent = InsertBody.of(spec("swallowed"), SimulatedCloudSql.PLACE, "attempt-1");
    CloudDbException change = failureOf(() -> SimulatedCloudSql.calls(cloud).insert(sent));
    assertThat(change.category()).as(body).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    assertThat(cloud.instances().find("swallowed")).isEmpty();

    String name = "swallowed-" + swallowed.incrementAndGet();
    intercept("instances.insert", 200, type, body);
    assertThat(once.instances().create(spec(name)).await(LIMIT).state())
        .as("looked for, and sent again: %s", body)
        .isEqualTo(InstanceState.AVAILABLE);
    assertThat(gcp.simulator.requests("instances.insert"))
        .filteredOn(request -> request.body().contains(name))
        .hasSize(2);
  }

  @Test
  void aChangeGoesOnAfterAnswersThatCannotBeRead() {
    intercept("instances.patch", 200, HTML, PAGE);
    intercept("operations.get", 200, JSON, "{}");
    assertThat(tagged("read").tags()).as("sent and looked at again").containsKey("read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":\"blocked\"}",
        "{\"error\":{}}",
        "{\"error\":{\"code\":404,\"errors\":[]}}",
        "{\"error\":{\"code\":404,\"errors\":[null]}}",
        "{\"error\":{\"code\":404,\"errors\":[{}]}}",
        "[]",
        "{\"message\":\"blocked\"}",
        "{\"error\":{\"code\":\"x\",\"errors\":7}}",
        "7"
      })
  void anErrorOfAnotherShapeIsAnErrorOfOurs(String body) throws IOException {
    intercept("instances.insert", 403, JSON, body);
    DatabaseInstance sent = InsertBody.of(spec("misshapen"), SimulatedCloudSql.PLACE, "attempt-1");
    CloudDbException e = failureOf(() -> SimulatedCloudSql.calls(cloud).insert(sent));
    assertThat(e).as(body).isNotNull();
    assertThat(e.details().operation()).contains("sqladmin.instances.insert");
  }

  @Test
  void aNameThatIsKeptOrInUseElsewhereSaysWhich() throws IOException {
    String taken = "The Cloud SQL instance already exists.";
    gcp.simulator.faults().on("instances.insert").refused(409, "instanceAlreadyExists", taken);
    InstanceSpec kept = spec("kept");
    CloudDbException e = failureOf(() -> once.instances().create(kept).await(LIMIT));
    assertThat(e.category()).isEqualTo(ErrorCategory.ALREADY_EXISTS);
    assertThat(e).hasMessageContainingAll("no instance kept", "deleted instance", "a week");
    assertThat(failureOf(() -> once.instances().get("kept"))).hasMessageNotContaining("it is in");

    try (CloudDb elsewhere =
        CloudDb.open(
            CloudConfig.builder("gcp", "europe-west1")
                .property("project", SimulatedCloudSql.PROJECT)
                .endpoint(gcp.simulator.endpoint())
                .endpointSecret(gcp.simulator.secret())
                .build())) {
      InstanceSpec same = spec("orders");
      assertThat(failureOf(() -> elsewhere.instances().create(same)))
          .hasMessageContainingAll("orders in the region asia-northeast3", "whole project")
          .hasMessageNotContaining("a week");
      assertThat(failureOf(() -> elsewhere.instances().get("orders")))
          .hasMessageContainingAll("it is in asia-northeast3", "clouddb:gcp:asia-northeast3");
    }
    InstanceSpec same = spec("orders");
    assertThat(failureOf(() -> once.instances().create(same)))
        .as("in this region")
        .hasMessageContaining("There is an instance orders already")
        .hasMessageNotContaining("region");
  }

  /** It would be read for ever. */
  @Test
  void aListThatGoesInCirclesIsAnError() {
    String again = "{\"nextPageToken\":\"again\"}";
    SqlAdminCalls calls = SimulatedCloudSql.calls(cloud);
    ReplicaList replicas = new ReplicaList(calls, SimulatedCloudSql.PROJECT);
    gcp.simulator.faults().on("instances.list").times(2).intercepted(200, JSON, again);
    assertThat(failureOf(() -> replicas.of("orders")))
        .hasMessageContaining("same page of a list twice");
    gcp.simulator.faults().on("instances.list").times(2).intercepted(200, JSON, again);
    assertThat(failureOf(() -> replicas.locate("orders")))
        .hasMessageContaining("same page of a list twice");
    gcp.simulator.faults().on("backups.listBackups").times(2).intercepted(200, JSON, again);
    BackupCalls backups =
        new BackupCalls(
            () -> cloud.unwrap(SQLAdmin.class),
            new RemoteCalls(
                "gcp",
                RetryPolicy.NONE,
                cloud.config().observations(),
                failure -> Optional.empty()),
            SimulatedCloudSql.PROJECT);
    assertThat(failureOf(() -> new BackupFinder(backups, calls).of("orders")))
        .hasMessageContaining("same page of a list twice");
  }
}
