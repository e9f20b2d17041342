/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailabilityMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ReplicationRole;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Storage;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.Promotion;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What only a look can tell of a promotion, all that is wrong at once. A forced one is looked at
 * nowhere but at the replica itself: the region of its source may be gone. Then Azure is the one to
 * refuse.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas-promote">Promote
 *     read replicas</a>
 */
final class PromotionCheck {
  /** What allocates shared memory, and has to be the same where two servers change places. */
  static final List<String> SHARED_MEMORY =
      List.of(
          "max_connections",
          "max_prepared_transactions",
          "max_locks_per_transaction",
          "max_wal_senders",
          "max_worker_processes");

  private static final String FORCED =
      "where the source is lost, Promotion.forced() does not ask for it";

  private static final int LONGEST_STEM = 40;
  private static final int SUFFIX = 8;

  private final ServerCalls servers;
  private final ReplicaCalls replicas;
  private final StepContext context;
  private final ServerInner replica;
  private final ServerArmId source;
  private final Objections objections = new Objections();
  private OperationState state;

  /**
   * Begins a check.
   *
   * @param servers reads servers of the replica's group
   * @param replicas the same, of what belongs to replication
   * @throws io.clouddb.error.CloudDbException when it is no replica
   */
  PromotionCheck(
      ServerCalls servers, ReplicaCalls replicas, StepContext context, ServerInner replica) {
    this.servers = servers;
    this.replicas = replicas;
    this.context = context;
    this.replica = replica;
    this.source =
        ServerArmId.of(replica.sourceServerResourceId())
            .orElseThrow(
                () ->
                    ErrorDetails.of(
                            ErrorCategory.CONDITION_FAILED,
                            context.name() + " follows no other server: it takes writes itself")
                        .resource(context.resource().toString())
                        .nextStep("It needs no promotion. Promote one of its replicas, if any.")
                        .toException());
    this.state = context.state().with(SameServer.notes(replica));
  }

  OperationState orThrow() {
    String word = ServerView.nativeState(replica);
    require(
        ServerView.state(word) == InstanceState.AVAILABLE,
        "it is " + word + ", and has to be Ready",
        ready(context.name(), word));
    Integer capacity = replica.replicaCapacity();
    if (capacity == null || capacity > 0) {
      List<String> own =
          replicas.replicas(context.name()).stream().map(each -> each.id().name()).toList();
      require(
          own.isEmpty(),
          "it has replicas itself, " + own + ", with which Azure promotes none",
          "delete the replicas of " + context.name() + " first");
    }
    boolean forced = context.specification(Promotion.class).isForced();
    state = PromotionNotes.source(state, source, forced ? regionByRole() : Optional.empty());
    if (!forced) {
      planned();
    }
    objections
        .error(context.resource(), context.name() + " cannot be promoted so")
        .ifPresent(
            error -> {
              throw error;
            });
    return state;
  }

  private void require(boolean holds, String problem, String nextStep) {
    objections.require(holds, problem, nextStep);
  }

  /** What to do about a server that has to be Ready. */
  static String ready(String server, String word) {
    return ServerView.state(word) == InstanceState.STOPPED
        ? "start " + server + " first: instances().start(id)"
        : "wait until " + server + " is Ready, or look at it in Azure";
  }

  /** A replica's role tells whether its source is in its region, and no more. */
  private Optional<String> regionByRole() {
    return ReplicationRole.ASYNC_REPLICA.equals(replica.replicationRole())
        ? Optional.of(context.resource().location())
        : Optional.empty();
  }

  private void planned() {
    Optional<ServerInner> found = HiddenServers.find(servers.at(source), source);
    if (found.isEmpty()) {
      objections.add("its source " + source.name() + " is not there", FORCED);
      return;
    }
    ServerInner primary = found.get();
    state =
        PromotionNotes.source(
            state, source, Optional.of(ArmScope.locationName(found.get().location())));
    String word = ServerView.nativeState(primary);
    require(
        ServerView.state(word) == InstanceState.AVAILABLE,
        "its source " + source.name() + " is " + word + ", and has to be Ready",
        ready(source.name(), word) + "; " + FORCED);
    ReplicaCalls atSource = replicas.at(source);
    List<ListedReplica> others = new ArrayList<>();
    for (ListedReplica each : atSource.replicas(source.name())) {
      if (ServerArmId.of(context.resource()).isSame(each.id().toString())) {
        require(
            !each.replication().equals("Broken"),
            "its replication is Broken, which nothing repairs",
            "delete " + context.name() + " and create it again");
      } else {
        others.add(each);
      }
    }
    state = PromotionNotes.others(state, others);
    boolean switches = PromotionNotes.isSwitchover(context);
    boolean cascading = ServerArmId.of(primary.sourceServerResourceId()).isPresent();
    require(
        !switches || !cascading,
        "its source is a replica itself, and only a primary changes places with its replica",
        "promote " + context.name() + " by Promotion.standalone(), or " + source.name());
    if (cascading) {
      // A replica has no virtual endpoints.
      return;
    }
    if (switches) {
      alike(primary, replica);
      if (primary.highAvailability() != null
          && primary.highAvailability().mode() != null
          && !HighAvailabilityMode.DISABLED.equals(primary.highAvailability().mode())) {
        state = PromotionNotes.standby(state);
      }
    }
    endpoints(atSource.endpoints(source.name()), switches);
  }

  private void alike(ServerInner one, ServerInner other) {
    boolean alike =
        one.sku() != null
            && other.sku() != null
            && Objects.equals(one.sku().tier(), other.sku().tier())
            && ServerSizes.cpus(one.sku().name()).equals(ServerSizes.cpus(other.sku().name()))
            && Objects.equals(gib(one.storage()), gib(other.storage()));
    require(
        alike,
        "the two differ in tier, vCores or disk ("
            + size(one)
            + ", "
            + size(other)
            + "), and only like servers change places",
        "give both the same size and disk by modify, or use Promotion.standalone()");
    if (!isReady(one) || !isReady(other)) {
      // Of one that does not run, Azure is not asked what is inside.
      return;
    }
    ServerCalls atSource = servers.at(source);
    for (String name : SHARED_MEMORY) {
      String its = atSource.configuration(source.name(), name).map(c -> c.value()).orElse("");
      String own = servers.configuration(context.name(), name).map(c -> c.value()).orElse("");
      require(
          its.equals(own),
          name + " is " + its + " there and " + own + " here",
          "give both the same " + name + " by modify, or use Promotion.standalone()");
    }
  }

  private static boolean isReady(ServerInner server) {
    return ServerView.state(ServerView.nativeState(server)) == InstanceState.AVAILABLE;
  }

  private static @org.jspecify.annotations.Nullable Integer gib(
      @org.jspecify.annotations.Nullable Storage storage) {
    return storage == null ? null : storage.storageSizeGB();
  }

  private static String size(ServerInner server) {
    return server.name()
        + ": "
        + (server.sku() == null ? "?" : server.sku().name())
        + ", "
        + gib(server.storage())
        + " GiB";
  }

  /**
   * A switchover needs a virtual endpoint that reads from the replica. Where there is none, one is
   * made, which nobody uses yet. One that is there is left as it is: to have it read from another
   * server would take its readers there.
   */
  private void endpoints(List<VirtualEndpoint> all, boolean switches) {
    Optional<VirtualEndpoint> reading =
        all.stream().filter(endpoint -> endpoint.reads(context.name())).findFirst();
    if (reading.isPresent()) {
      state = PromotionNotes.endpoint(state, reading.get());
    } else if (switches && all.isEmpty()) {
      state = PromotionNotes.newEndpoint(state, endpointName());
    } else if (switches) {
      VirtualEndpoint there = all.get(0);
      objections.add(
          "the virtual endpoint "
              + there.name()
              + " of "
              + source.name()
              + " reads from "
              + there.members()
              + ", and Azure exchanges only the server that it reads from",
          "have it read from "
              + context.name()
              + " first, in Azure or by az postgres flexible-server virtual-endpoint update");
    }
  }

  /** A host name, unique in all of Azure; the same in every process that goes on. */
  private String endpointName() {
    String stem = source.name();
    String unique =
        UUID.nameUUIDFromBytes(context.state().id().getBytes(StandardCharsets.UTF_8)).toString();
    return stem.substring(0, Math.min(LONGEST_STEM, stem.length()))
        + "-"
        + unique.substring(0, SUFFIX);
  }
}
