/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ConfigurationInner;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What holds of an instance that has replicas, or is one: what may not be done to it, said before
 * anything is done.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Read
 *     replicas: Considerations, Scale</a>
 */
final class ReplicationRules {
  private static final String LARGER = "enlarge the replicas first, and then their source";
  private static final String SMALLER = "make the source smaller first, and then its replicas";

  private final ServerCalls servers;
  private final ReplicaCalls replicas;

  /**
   * Makes the rules.
   *
   * @param servers reads servers
   * @param replicas reads what belongs to replication
   */
  ReplicationRules(ServerCalls servers, ReplicaCalls replicas) {
    this.servers = servers;
    this.replicas = replicas;
  }

  /** Its replicas; asked only where it may have some. */
  private List<ListedReplica> replicasOf(ServerInner server) {
    Integer capacity = server.replicaCapacity();
    return capacity != null && capacity == 0 ? List.of() : replicas.replicas(server.name());
  }

  private static List<ResourceId> ids(List<ListedReplica> all) {
    return all.stream().map(replica -> replica.id().in(replica.location())).toList();
  }

  /** Azure refuses it, too, and names none of the replicas. */
  void requireDeletable(ResourceId id, ServerInner server) {
    List<ListedReplica> its = replicasOf(server);
    if (!its.isEmpty()) {
      throw refused(
          id,
          id.name() + " has replicas, and is not deleted before they are: " + ids(its),
          "Delete the replicas, or promote them, each through cloud.in(its region); then delete "
              + id.name()
              + ".");
    }
  }

  /** "Before stopping the read replicas, ensure the primary server is stopped first." */
  void requireStoppable(ResourceId id, ServerInner server) {
    Optional<ServerArmId> source = ServerArmId.of(server.sourceServerResourceId());
    if (source.isPresent() && isRunning(source.get())) {
      throw refused(
          id,
          id.name()
              + " follows "
              + source.get().name()
              + ", which is not stopped and would keep all that it writes until "
              + id.name()
              + " is started: Azure wants the source stopped first",
          "Stop " + source.get().name() + " first, or delete the replica.");
    }
  }

  private boolean isRunning(ServerArmId source) {
    try {
      ServerCalls group = servers.at(source);
      return group
          .find(source.name())
          // One that Azure hides may run; the list tells that, too.
          .or(() -> HiddenServers.listed(group, source.name()))
          .filter(found -> ServerStep.state(found) != InstanceState.STOPPED)
          .isPresent();
    } catch (UnavailableException e) {
      // Its region may be gone; then it keeps nothing.
      return false;
    }
  }

  /** "Initiate the start action on the replica servers before starting the primary server." */
  void requireStartable(ResourceId id, ServerInner server) {
    List<ListedReplica> stopped =
        replicasOf(server).stream()
            .filter(replica -> isStopped(ServerView.state(replica.state())))
            .toList();
    if (!stopped.isEmpty()) {
      throw refused(
          id,
          id.name()
              + " has replicas that are stopped, which Azure wants started first: "
              + ids(stopped),
          "Start the replicas first.");
    }
  }

  private static boolean isStopped(InstanceState state) {
    return state == InstanceState.STOPPED || state == InstanceState.STOPPING;
  }

  /** Whether a change keeps a server and its source, or its replicas, fit for each other. */
  void requireChangeable(ResourceId id, ServerInner current, InstanceChange change) {
    Objections problems = new Objections();
    Optional<ServerArmId> source = ServerArmId.of(current.sourceServerResourceId());
    if (source.isPresent()) {
      changeOfReplica(change, problems);
    }
    Map<String, String> asked = CaselessNames.merged(change.parameters(), null);
    Map<String, String> sizes = new LinkedHashMap<>();
    for (String name : PromotionCheck.SHARED_MEMORY) {
      String value = asked.get(name);
      if (value != null) {
        sizes.put(name, value);
      }
    }
    if (change.size().isPresent() || change.storageSize().isPresent() || !sizes.isEmpty()) {
      // What would be sent: which size "at least" means depends on the standby.
      Optional<Sku> sku =
          ServerFields.update(change, ServerView.facts(current), "", Map.of())
              .map(ServerForUpdate::sku);
      Wanted wanted = new Wanted(sku, change.storageSize(), sizes);
      source.ifPresent(primary -> wanted.ofReplica(primary, problems));
      List<ListedReplica> its = replicasOf(current);
      for (ListedReplica replica : its) {
        wanted.ofSource(replica.id(), problems);
      }
      if (source.isPresent() || !its.isEmpty()) {
        problems.require(
            sku.filter(chosen -> SkuTier.BURSTABLE.equals(chosen.tier())).isEmpty(),
            "Burstable sizes have no replicas and are none",
            "choose a General Purpose size such as Standard_D2ds_v5");
      }
    }
    problems
        .error(id, id.name() + " cannot be changed so")
        .ifPresent(
            error -> {
              throw error;
            });
  }

  private static void changeOfReplica(InstanceChange change, Objections problems) {
    if (change.adminPassword().isPresent()) {
      problems.add(
          "a replica's password is that of its source", "change the password of the source");
    }
    if (change.backups().isPresent()) {
      problems.add("a replica has no backups", "set backups after it was promoted");
    }
    if (change.availability().filter(value -> value != Availability.ZONAL).isPresent()) {
      problems.add("a replica has no standby", "set availability after it was promoted");
    }
  }

  /** What is to be changed of what source and replica have to agree about. */
  private final class Wanted {
    private final Optional<Sku> sku;
    private final Optional<DataSize> disk;
    private final Map<String, String> parameters;

    Wanted(Optional<Sku> sku, Optional<DataSize> disk, Map<String, String> parameters) {
      this.sku = sku;
      this.disk = disk;
      this.parameters = parameters;
    }

    /** A replica that is changed is not smaller than its source. */
    void ofReplica(ServerArmId primary, Objections problems) {
      ServerCalls calls = servers.at(primary);
      Optional<ServerInner> found = HiddenServers.find(calls, primary);
      if (found.isEmpty()) {
        return;
      }
      String than = " than its source " + primary.name();
      compare(found.get(), -1, "less vCores" + than, "a smaller disk" + than, problems);
      shown(calls, found.get(), "its source ", problems)
          .forEach(
              (name, shown) -> {
                if (differs(name, shown) < 0) {
                  problems.add("a replica has no lower " + name + than, SMALLER);
                }
              });
    }

    /** A source that is changed is not larger than any of its replicas. */
    void ofSource(ServerArmId replica, Objections problems) {
      ServerCalls calls = servers.at(replica);
      Optional<ServerInner> found = HiddenServers.find(calls, replica);
      if (found.isEmpty()) {
        return;
      }
      String than = " than its replica " + replica.name();
      compare(found.get(), 1, "more vCores" + than, "a larger disk" + than, problems);
      shown(calls, found.get(), "its replica ", problems)
          .forEach(
              (name, shown) -> {
                if (differs(name, shown) > 0) {
                  problems.add("a source has no higher " + name + than, LARGER);
                }
              });
    }

    private void compare(
        ServerInner other, int wrong, String cpus, String larger, Objections problems) {
      OptionalInt own =
          sku.map(chosen -> ServerSizes.cpus(chosen.name())).orElse(OptionalInt.empty());
      OptionalInt its =
          other.sku() == null ? OptionalInt.empty() : ServerSizes.cpus(other.sku().name());
      if (own.isPresent()
          && its.isPresent()
          && Integer.signum(Integer.compare(own.getAsInt(), its.getAsInt())) == wrong) {
        problems.add("it would have " + cpus, wrong > 0 ? LARGER : SMALLER);
      }
      Integer gib = other.storage() == null ? null : other.storage().storageSizeGB();
      Optional<DataSize> sold = disk.flatMap(StorageSizes::smallest);
      if (gib != null
          && sold.isPresent()
          && Integer.signum(sold.get().compareTo(DataSize.gib(gib))) == wrong) {
        problems.add("it would have " + larger, wrong > 0 ? LARGER : SMALLER);
      }
    }

    /** What the other one has of the parameters that are to be changed. */
    private Map<String, String> shown(
        ServerCalls calls, ServerInner other, String who, Objections problems) {
      Map<String, String> all = new LinkedHashMap<>();
      try {
        for (String name : parameters.keySet()) {
          calls
              .configuration(other.name(), name)
              .map(ConfigurationInner::value)
              .ifPresent(value -> all.put(name, value));
        }
      } catch (ConditionFailedException e) {
        // Azure tells nothing of what is inside of one that is stopped.
        problems.add(
            who
                + other.name()
                + " is "
                + ServerView.nativeState(other)
                + ", and does not tell what it has of "
                + parameters.keySet(),
            PromotionCheck.ready(other.name(), ServerView.nativeState(other)));
      }
      return all;
    }

    private int differs(String name, String shown) {
      try {
        return Long.compare(
            Long.parseLong(parameters.getOrDefault(name, "")), Long.parseLong(shown));
      } catch (NumberFormatException e) {
        // Azure is the one to say what is wrong with a value that is no number.
        return 0;
      }
    }
  }

  private static RuntimeException refused(ResourceId id, String why, String nextStep) {
    return ErrorDetails.of(ErrorCategory.CONDITION_FAILED, why)
        .resource(id.toString())
        .nextStep(nextStep)
        .toException();
  }
}
