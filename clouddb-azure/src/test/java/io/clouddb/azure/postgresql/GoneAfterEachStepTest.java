/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.PASSWORD;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationLog;
import io.clouddb.security.SecretRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that are gone after one poll each, and go on with what the one before has left. */
@Tag("slow")
class GoneAfterEachStepTest {
  @TempDir private Path folder;

  /**
   * Goes on by the token that each process gave last, or by what it wrote down before its last
   * request, as after a kill before the answer.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsWithExactlyOneServer(boolean killed) throws Exception {
    Path password = Files.writeString(folder.resolve("password"), PASSWORD.resolve());
    InstanceSpec spec =
        spec("orders")
            .admin(AdminLogin.of("app_admin", SecretRef.file(password)))
            .database("shop")
            .network(Network.publicAccess("127.0.0.0/8", "192.0.2.1/32"))
            .maintenance(MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(1, 15)))
            .logicalReplication(true)
            .build();
    OperationLog log = OperationLog.directory(folder.resolve("log"));
    try (AzureOnThisMachine azure = new AzureOnThisMachine(100, 40, Duration.ofSeconds(20), 200)) {
      Instance orders = null;
      String token = null;
      while (orders == null) {
        BlockingQueue<Runnable> later = new LinkedBlockingQueue<>();
        CloudConfig config =
            azure.config().operationLog(log).timer((delay, task) -> later.add(task)).build();
        try (CloudDb cloud = CloudDb.open(config)) {
          Operation<Instance> operation =
              token == null
                  ? cloud.instances().create(spec)
                  : cloud.operations().resume(token, Instance.class);
          afterOnePoll(operation, later);
          if (operation.status() != Operation.Status.RUNNING) {
            orders = operation.await(LIMIT);
          }
          token =
              killed ? log.read().values().stream().findFirst().orElse(token) : operation.token();
        }
      }
      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(azure.azure.requests("Servers_Create")).hasSize(1);
      assertThat(azure.azure.requests("Servers_Restart")).hasSize(1);
      try (CloudDb cloud = azure.open()) {
        List<Instance> all = cloud.instances().list().stream().toList();
        assertThat(all).extracting(Instance::name).containsExactly("orders");
        assertThat(cloud.operations().unfinished()).isEmpty();
      }
      assertThat(log.read()).isEmpty();
      try (Connection connection =
          orders.connection(spec.admin()).toBuilder().database("shop").build().connect()) {
        assertThat(connection.getCatalog()).isEqualTo("shop");
      }
      assertThat(azure.azure.bugs()).isEmpty();
      assertThat(azure.azure.notSimulated()).isEmpty();
    }
  }

  private static void afterOnePoll(Operation<?> operation, BlockingQueue<Runnable> later)
      throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (operation.status() == Operation.Status.RUNNING
        && later.poll(2, TimeUnit.MILLISECONDS) == null) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(end);
    }
  }
}
