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
import java.util.regex.Pattern;
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

  /** As the definition of 2025-08-01 has it. */
  private static final Pattern NAME =
      Pattern.compile("(?=.{3,63}$)[A-Za-z0-9][A-Za-z0-9-]{0,62}(?<!-)");

  private final ManagedServers managed;
  private final Map<String, Pair> pairs = new ConcurrentHashMap<>();

  /** A primary, and the replica that is read; null where the primary is read itself. */
  private record Pair(SimulatedInstance writer, @Nullable SimulatedInstance replica) {
    /** The same after the two may have changed places. */
    Pair now() {
      return replica != null && follows(writer, replica)
          ? new Pair(/* writer= */ replica, /* replica= */ writer)
          : this;
    }

    private static boolean follows(SimulatedInstance replica, SimulatedInstance source) {
      return replica.source().orElse(null) == source;
    }

    Optional<SimulatedInstance> reader() {
      return Optional.ofNullable(replica).filter(each -> follows(each, writer));
    }
  }

  VirtualEndpoints(ManagedServers managed) {
    this.managed = managed;
  }

  private boolean isThere(SimulatedInstance instance) {
    return managed.find(instance.key()).orElse(null) == instance;
  }

  private Optional<Pair> find(String name) {
    return Optional.ofNullable(pairs.computeIfPresent(name, (same, pair) -> pair.now()))
        .filter(pair -> isThere(pair.writer()));
  }

  /** One that was made a server of its own, or deleted, is no reader any more. */
  private Optional<SimulatedInstance> reader(Pair pair) {
    return pair.reader().filter(this::isThere);
  }

  /**
   * Takes down who is the writer of each pair, before one of its servers leaves it: by their roles
   * alone it could not be told afterwards.
   */
  void settle() {
    pairs.replaceAll((name, pair) -> pair.now());
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
        .flatMap(this::reader)
        .map(reader -> reader == replica)
        .orElse(false);
  }

  ObjectNode list(ArmCall route, SimulatedInstance primary) {
    String name = of(primary).orElseThrow(() -> notFound(route));
    ObjectNode body = ArmJson.object();
    Pair pair = find(name).orElseThrow();
    body.putArray("value").add(document(route, name, pair, reader(pair)));
    return body;
  }

  ObjectNode get(ArmCall route, SimulatedInstance primary) {
    String name = route.part("endpoint");
    return find(name)
        .filter(pair -> pair.writer() == primary)
        .map(pair -> document(route, name, pair, reader(pair)))
        .orElseThrow(() -> notFound(route));
  }

  /** As recorded, also of a list without entries. */
  private static ArmRefusal notFound(ArmCall route) {
    return new ArmRefusal(
        404,
        "ResourceNotFound",
        "The specified resource '" + route.request().path() + "' was not found.");
  }

  private static ObjectNode document(
      ArmCall route, String name, Pair pair, Optional<SimulatedInstance> second) {
    ObjectNode properties = ArmJson.object();
    properties.put("endpointType", "ReadWrite");
    properties
        .putArray("virtualEndpoints")
        .add(name + ".writer" + DOMAIN)
        .add(name + ".reader" + DOMAIN);
    ArrayNode members = properties.putArray("members");
    members.add(pair.writer().key().name());
    second.ifPresent(reader -> members.add(reader.key().name()));
    return ServerDocument.child(route, KIND, name, properties);
  }

  /** Refuses a name that is none, or that another server has, and a further one of a server. */
  void requireFree(SimulatedInstance primary, String name) {
    if (!NAME.matcher(name).matches()) {
      throw ArmRefusal.invalid(
          "virtualEndpointName", "3 to 63 letters, digits and hyphens, not at an end");
    }
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
