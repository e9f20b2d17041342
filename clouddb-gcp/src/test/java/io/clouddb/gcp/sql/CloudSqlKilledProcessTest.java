/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static io.clouddb.spi.InstanceDriver.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.operation.OperationLog;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is gone at any moment of a creation leaves one that another one finishes. */
class CloudSqlKilledProcessTest {
  @TempDir private Path folder;

  /** How many polls a creation takes; time passes by itself, so a few more or less. */
  private static final int MOST_POLLS = 200;

  @Test
  void afterEachStepThereIsOneInstanceInTheEnd() throws Exception {
    InstanceSpec spec = SimulatedCloudSql.spec("orders", folder).database("shop").build();
    String last = "";
    for (int polls = 0; polls < MOST_POLLS; polls++) {
      try (SimulatedCloudSql gcp = SimulatedCloudSql.start()) {
        Optional<OperationState> state = afterPolls(gcp, spec, polls);
        if (state.isEmpty()) {
          assertThat(last).isEqualTo("database");
          return;
        }
        last = state.get().step();
        resumed(gcp, state.get());
      }
    }
    throw new AssertionError("more than " + MOST_POLLS + " polls");
  }

  /** The state when the process is gone; empty when it was done before. */
  private static Optional<OperationState> afterPolls(
      SimulatedCloudSql gcp, InstanceSpec spec, int polls) {
    try (Stepwise steps = new Stepwise(gcp.config().build())) {
      StepRun<Instance> run = steps.begin(CREATE, "orders", spec);
      String seen = "";
      for (int changes = 0; changes < polls; ) {
        if (steps.poll(run) instanceof StepRun.Outcome.Done) {
          return Optional.empty();
        }
        String now = run.state().step() + run.state().handle();
        if (!now.equals(seen)) {
          // Looks at what goes on are all the same.
          seen = now;
          changes++;
        }
      }
      return Optional.of(run.state());
    }
  }

  /** Before a request is sent, its log says so; after a kill nobody knows whether it was. */
  @Test
  @Tag("slow")
  void afterEachWordInTheLogThereIsOneInstanceInTheEnd() throws Exception {
    InstanceSpec spec = SimulatedCloudSql.spec("orders", folder).database("shop").build();
    for (boolean arrived : new boolean[] {true, false}) {
      for (String method : List.of("instances.insert", "users.insert", "databases.insert")) {
        try (SimulatedCloudSql gcp = SimulatedCloudSql.start()) {
          OperationLog log =
              OperationLog.directory(folder.resolve("log-" + arrived + "-" + method));
          String word;
          try (CloudDb killed = CloudDb.open(gcp.config().operationLog(log).build())) {
            var fault = gcp.simulator.faults().on(method).times(1000);
            if (arrived) {
              fault.connectionResetAfter();
            } else {
              fault.connectionResetBefore();
            }
            killed.instances().create(spec);
            word = written(log, gcp, method);
          }
          gcp.simulator.faults().clear();
          try (CloudDb next = CloudDb.open(gcp.config().operationLog(log).build())) {
            assertThat(next.operations().unfinished()).hasSize(1);
            assertDone(gcp, next.operations().resume(word, Instance.class).await(LIMIT));
            assertThat(next.operations().unfinished()).isEmpty();
          }
        }
      }
    }
  }

  /** What the log says when a request of the method has been sent. */
  private static String written(OperationLog log, SimulatedCloudSql gcp, String method) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (gcp.simulator.requests(method).isEmpty()) {
      assertThat(System.nanoTime()).as(method).isLessThan(deadline);
      // Another process needs the processors meanwhile.
      LockSupport.parkNanos(1_000_000);
    }
    return log.read().values().iterator().next();
  }

  private void resumed(SimulatedCloudSql gcp, OperationState state) throws Exception {
    String token =
        new OperationToken("gcp", gcp.config().build().tokenKey().orElseThrow()).write(state);
    try (CloudDb next = gcp.open()) {
      assertDone(gcp, next.operations().resume(token, Instance.class).await(LIMIT));
    }
  }

  private void assertDone(SimulatedCloudSql gcp, Instance orders) throws Exception {
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(gcp.simulator.servers().list(SimulatedCloudSql.PROJECT)).hasSize(1);
    assertThat(accepted(gcp, "instances.insert")).isLessThanOrEqualTo(1);
    assertThat(accepted(gcp, "users.insert")).isLessThanOrEqualTo(1);
    assertThat(accepted(gcp, "databases.insert")).isLessThanOrEqualTo(1);
    InstanceSpec spec = SimulatedCloudSql.spec("orders", folder).database("shop").build();
    try (Connection connection = orders.connection(spec.admin()).connect()) {
      assertThat(connection.getCatalog()).isEqualTo("shop");
      assertThat(connection.getMetaData().getUserName()).isEqualTo("app_admin");
    }
  }

  private static long accepted(SimulatedCloudSql gcp, String method) {
    return Stream.of(gcp.simulator.requests(method))
        .flatMap(List::stream)
        .filter(request -> request.responseBody().contains("sql#operation"))
        .count();
  }
}
