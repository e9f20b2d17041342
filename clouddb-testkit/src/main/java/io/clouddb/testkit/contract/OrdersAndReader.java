/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * An instance and its replica, of which {@link InterruptionsContract} has each operation find what
 * it needs: mostly what the one before it has left, since making anew is what takes time.
 */
final class OrdersAndReader {
  private final CloudDb cloud;
  private final InstanceSpec spec;
  private final Duration limit;
  private List<String> before = List.of();

  OrdersAndReader(CloudDb cloud, InstanceSpec spec, Duration limit) {
    this.cloud = cloud;
    this.spec = spec;
    this.limit = limit;
  }

  /** Has the cloud be as an operation needs it, whatever another one has left. */
  void prepare(InterruptedKind kind) {
    if (kind == InterruptedKind.CREATE) {
      removeAll();
    } else {
      Instance orders =
          find(InterruptedKind.ORDERS).filter(OrdersAndReader::isWhole).orElseGet(this::createAnew);
      // An instance with replicas is neither stopped nor deleted.
      if (kind == InterruptedKind.CREATE_REPLICA || follows() != kind.needsReplica()) {
        remove(InterruptedKind.READER);
      }
      boolean stopped = orders.state() == InstanceState.STOPPED;
      if (stopped && kind != InterruptedKind.START) {
        cloud.instances().start(orders.id()).await(limit);
      } else if (!stopped && kind == InterruptedKind.START) {
        cloud.instances().stop(orders.id()).await(limit);
      }
      if (kind.needsReplica() && !follows()) {
        ReplicaSpec reader = ReplicaSpec.named(InterruptedKind.READER);
        cloud.replicas().create(orders.id(), reader).await(limit);
      }
    }
    before = names();
  }

  /** What a failed creation leaves is not. */
  private static boolean isWhole(Instance instance) {
    return instance.state() == InstanceState.AVAILABLE || instance.state() == InstanceState.STOPPED;
  }

  private Instance createAnew() {
    removeAll();
    return cloud.instances().create(spec).await(limit);
  }

  /** The replica first. */
  void removeAll() {
    remove(InterruptedKind.READER);
    remove(InterruptedKind.ORDERS);
  }

  private void remove(String name) {
    find(name).ifPresent(found -> cloud.instances().delete(found.id()).await(limit));
  }

  private Optional<Instance> find(String name) {
    return cloud.instances().find(name);
  }

  private boolean follows() {
    // Where there are no replicas nobody may be asked for one.
    return find(InterruptedKind.READER).filter(OrdersAndReader::isWhole).isPresent()
        && cloud.replicas().find(InterruptedKind.READER).isPresent();
  }

  /** The names of all instances, each as often as it is there. */
  List<String> names() {
    return cloud.instances().list().stream().map(Instance::name).sorted().toList();
  }

  /** What was to be done is done, and nothing else: nothing is lost, and nothing is there twice. */
  void assertDone(InterruptedKind kind) {
    TreeSet<String> after = new TreeSet<>(before);
    if (kind == InterruptedKind.DELETE) {
      after.remove(kind.instance());
    } else {
      after.add(kind.instance());
    }
    assertThat(names()).containsExactlyElementsOf(after);
    if (kind == InterruptedKind.DELETE) {
      return;
    }
    Instance changed = find(kind.instance()).orElseThrow();
    assertThat(changed.state())
        .isEqualTo(kind == InterruptedKind.STOP ? InstanceState.STOPPED : InstanceState.AVAILABLE);
    if (kind == InterruptedKind.MODIFY) {
      assertThat(changed.tags()).containsEntry("changed", "yes");
    } else if (kind == InterruptedKind.CREATE_REPLICA) {
      Replica reader = cloud.replicas().get(changed.id());
      assertThat(reader.state()).isEqualTo(Replica.State.REPLICATING);
      assertThat(reader.source()).isEqualTo(find(InterruptedKind.ORDERS).map(Instance::id));
    } else if (kind == InterruptedKind.PROMOTE) {
      assertThat(follows()).isFalse();
    }
  }

  /** Nothing is lost; what a failed operation was to make is not there, or the error names it. */
  void assertNotDone(InterruptedKind kind, Optional<String> leftBehind) {
    List<String> all = names();
    assertThat(all).containsAll(before);
    assertThat(all).allMatch(name -> before.contains(name) || named(name, leftBehind));
    if (kind.isOfReplicas()) {
      assertThat(find(InterruptedKind.ORDERS).orElseThrow().state())
          .as("its source goes on")
          .isEqualTo(InstanceState.AVAILABLE);
    }
    if (kind.needsReplica()) {
      assertThat(follows()).as("it is a replica still").isTrue();
    }
  }

  private static boolean named(String name, Optional<String> leftBehind) {
    return leftBehind.filter(text -> text.contains(name)).isPresent();
  }
}
