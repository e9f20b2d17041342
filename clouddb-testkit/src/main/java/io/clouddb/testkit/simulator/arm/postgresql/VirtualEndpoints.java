/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Names that go with the roles of a primary and one replica: kept and shown, and resolved by
 * nobody. A replica changes places with its source only where it is the reader of such a name.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas-virtual-endpoints">Virtual
 *     endpoints</a>
 */
final class VirtualEndpoints {
  static final String KIND = "virtualendpoints";

  private static final String DOMAIN = ".postgres.database.azure.com";

  private final ManagedServers managed;
  private final Map<String, Pair> pairs = new ConcurrentHashMap<>();

  /** Two servers, whoever of them is the primary now. */
  private record Pair(SimulatedInstance one, @Nullable SimulatedInstance other) {
    SimulatedInstance writer() {
      return other != null && follows(one, other) ? other : one;
    }

    /** One that was made a server of its own, or deleted, is no reader any more. */
    Optional<SimulatedInstance> reader() {
      SimulatedInstance second = writer() == one ? other : one;
      return Optional.ofNullable(second).filter(replica -> follows(replica, writer()));
    }

    private static boolean follows(SimulatedInstance replica, SimulatedInstance source) {
      return replica.source().orElse(null) == source;
    }
  }

  VirtualEndpoints(ManagedServers managed) {
    this.managed = managed;
  }

  private boolean isThere(SimulatedInstance instance) {
    return managed.find(instance.key()).orElse(null) == instance;
  }

  private Optional<Pair> find(String name) {
    return Optional.ofNullable(pairs.get(name)).filter(pair -> isThere(pair.writer()));
  }

  /** The name of a primary's endpoint. */
  Optional<String> of(SimulatedInstance primary) {
    return pairs.keySet().stream()
        .filter(name -> find(name).map(pair -> pair.writer() == primary).orElse(false))
        .findFirst();
  }

  /** Whether a replica is the reader of its source's endpoint. */
  boolean isReader(SimulatedInstance replica) {
    return replica
        .source()
        .flatMap(this::of)
        .flatMap(this::find)
        .flatMap(Pair::reader)
        .map(reader -> reader == replica)
        .orElse(false);
  }

  ObjectNode list(ArmCall route, SimulatedInstance primary) {
    String name = of(primary).orElseThrow(() -> notFound(route));
    ObjectNode body = ArmJson.object();
    body.putArray("value").add(document(route, name, find(name).orElseThrow()));
    return body;
  }

  ObjectNode get(ArmCall route, SimulatedInstance primary) {
    String name = route.part("endpoint");
    return find(name)
        .filter(pair -> pair.writer() == primary)
        .map(pair -> document(route, name, pair))
        .orElseThrow(() -> notFound(route));
  }

  /** As recorded, also of a list without entries. */
  private static ArmRefusal notFound(ArmCall route) {
    return new ArmRefusal(
        404,
        "ResourceNotFound",
        "The specified resource '" + route.request().path() + "' was not found.");
  }

  private static ObjectNode document(ArmCall route, String name, Pair pair) {
    ObjectNode properties = ArmJson.object();
    properties.put("endpointType", "ReadWrite");
    properties
        .putArray("virtualEndpoints")
        .add(name + ".writer" + DOMAIN)
        .add(name + ".reader" + DOMAIN);
    ArrayNode members = properties.putArray("members");
    members.add(pair.writer().key().name());
    pair.reader().ifPresent(reader -> members.add(reader.key().name()));
    return ServerDocument.child(route, KIND, name, properties);
  }

  /** Refuses a name that another server has, and a further one of a server. */
  void requireFree(SimulatedInstance primary, String name) {
    if (find(name).map(pair -> pair.writer() != primary).orElse(false)) {
      throw ArmRefusal.invalid("virtualEndpointName", "the name is taken by another server");
    }
    if (of(primary).map(other -> !other.equals(name)).orElse(false)) {
      throw ArmRefusal.invalid("virtualEndpointName", "the server has a virtual endpoint already");
    }
  }

  /**
   * Makes it, or lets it read elsewhere.
   *
   * @param members the primary alone, or the replica that is to be the reader, with it or without
   */
  void put(SimulatedInstance primary, String name, List<String> members) {
    List<String> readers =
        members.stream().filter(member -> !member.equals(primary.key().name())).toList();
    if (members.isEmpty() || readers.size() > 1) {
      throw ArmRefusal.invalid("members", "one replica, or the primary, is needed");
    }
    SimulatedInstance reader = null;
    for (String member : readers) {
      reader =
          managed.replicasOf(primary).stream()
              .filter(replica -> replica.key().name().equals(member))
              .findFirst()
              .orElseThrow(
                  () -> ArmRefusal.invalid("members", member + " is no replica of the server"));
    }
    pairs.put(name, new Pair(primary, reader));
  }

  boolean remove(SimulatedInstance primary, String name) {
    return find(name).filter(pair -> pair.writer() == primary).isPresent()
        && pairs.remove(name) != null;
  }
}
