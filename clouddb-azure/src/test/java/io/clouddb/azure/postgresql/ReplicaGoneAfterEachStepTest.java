/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.instance.Network;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationLog;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that are gone after one poll each, while a replica is made and changes places. */
@Tag("slow")
class ReplicaGoneAfterEachStepTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsWithOneReplicaThatIsPromotedOnce(boolean killed) throws Exception {
    try (AzureOnThisMachine azure = new AzureOnThisMachine(100, 40, Duration.ofSeconds(20), 200)) {
      Instance orders;
      try (CloudDb cloud = azure.open()) {
        orders = cloud.instances().create(spec("orders").build()).await(LIMIT);
      }
      azure.azure.clearRequests();
      ReplicaSpec asked =
          ReplicaSpec.named("orders-dr")
              .network(Network.publicAccess("198.51.100.4/32"))
              .tag("a", "b");
      Instance dr =
          each(
              azure,
              killed,
              Instance.class,
              cloud -> cloud.in("westeurope").replicas().create(orders.id(), asked));
      assertThat(azure.azure.requests("Servers_Create")).hasSize(1);
      assertThat(azure.azure.requests("FirewallRules_Delete")).hasSize(1);
      assertThat(dr.id().location()).isEqualTo("westeurope");
      Promoted promoted =
          each(
              azure,
              killed,
              Promoted.class,
              cloud ->
                  cloud.in("westeurope").replicas().promote(dr.id(), Promotion.switchingRoles()));
      assertThat(promoted.formerSource()).contains(orders.id());
      assertThat(azure.azure.requests("Servers_Update")).hasSize(1);
      assertThat(azure.azure.requests("VirtualEndpoints_Create")).hasSize(1);
      assertThat(azure.azure.bugs()).isEmpty();
      assertThat(azure.azure.notSimulated()).isEmpty();
    }
  }

  private <T> T each(
      AzureOnThisMachine azure,
      boolean killed,
      Class<T> type,
      Function<CloudDb, Operation<T>> begin)
      throws Exception {
    OperationLog log = OperationLog.directory(folder.resolve(type.getSimpleName()));
    T result = null;
    String token = null;
    String progress = "not begun";
    long end = System.nanoTime() + LIMIT.toNanos();
    while (result == null) {
      BlockingQueue<Runnable> later = new LinkedBlockingQueue<>();
      CloudConfig config =
          azure.config().operationLog(log).timer((delay, task) -> later.add(task)).build();
      try (CloudDb cloud = CloudDb.open(config)) {
        Operation<T> operation =
            token == null
                ? begin.apply(cloud)
                : cloud.in("westeurope").operations().resume(token, type);
        while (operation.status() == Operation.Status.RUNNING
            && later.poll(2, TimeUnit.MILLISECONDS) == null) {
          assertThat(System.nanoTime()).as(progress).isLessThan(end);
        }
        assertThat(System.nanoTime()).as(progress).isLessThan(end);
        progress = operation.progress();
        if (operation.status() != Operation.Status.RUNNING) {
          result = operation.await(LIMIT);
        }
        token = killed ? log.read().values().stream().findFirst().orElse(token) : operation.token();
      }
    }
    assertThat(log.read()).isEmpty();
    return result;
  }
}
