/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ArmServerKeyType;
import com.azure.resourcemanager.postgresqlflexibleserver.models.DataEncryption;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Network;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerPublicNetworkAccessState;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.ReplicaSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What only a look at its source can tell of a new replica, all that is wrong at once.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Read
 *     replicas</a>
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/security/security-data-encryption">Data
 *     encryption</a>
 */
final class NewReplicaCheck {
  private final ReplicaSpec spec;
  private final ResourceId id;
  private final ServerInner source;
  private final List<String> problems = new ArrayList<>();

  NewReplicaCheck(ResourceId id, ReplicaSpec spec, ServerInner source) {
    this.id = id;
    this.spec = spec;
    this.source = source;
  }

  /**
   * Checks.
   *
   * @param request what would be sent
   * @param replicas how many replicas the source has
   */
  void orThrow(ServerInner request, int replicas) {
    state();
    tier(request);
    count(replicas);
    network(request.network());
    encryption(request);
    if (!problems.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              source.name()
                  + " cannot have the replica "
                  + spec.name()
                  + ": "
                  + String.join("; ", problems))
          .resource(id.toString())
          .nextStep("Change the source, or what the replica has to be. Nothing was done.")
          .toException();
    }
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  /** One that is changing is waited for. */
  private void state() {
    String word = ServerView.nativeState(source);
    InstanceState now = ServerView.state(word);
    require(
        now == InstanceState.AVAILABLE || ServerView.isPassing(now),
        "the source is " + word + (now == InstanceState.STOPPED ? ", start it first" : ""));
  }

  private void tier(ServerInner request) {
    Sku its = source.sku();
    if (its == null) {
      return;
    }
    require(
        !SkuTier.BURSTABLE.equals(its.tier()),
        "the source is Burstable (" + its.name() + "), a tier that has no read replicas");
    Sku asked = request.sku();
    OptionalInt least = ServerSizes.cpus(its.name());
    OptionalInt own = asked == null ? least : ServerSizes.cpus(asked.name());
    require(
        least.isEmpty() || own.isEmpty() || own.getAsInt() >= least.getAsInt(),
        "a replica has at least the vCores of its source, which is "
            + its.name()
            + ", and "
            + (asked == null ? "" : asked.name())
            + " has less");
  }

  private void count(int replicas) {
    Integer capacity = source.replicaCapacity();
    if (capacity != null && capacity == 0) {
      require(false, "the source is a replica itself that may not have replicas");
    } else {
      int most = capacity == null ? ReplicaTable.MOST_REPLICAS : capacity;
      require(replicas < most, "the source has " + replicas + " replicas, which is the most");
    }
  }

  private void network(@Nullable Network own) {
    boolean isPrivate = isPrivate(source.network());
    require(
        isPrivate || !isClosed(source.network()),
        "the source is reached by private endpoints only, and Azure would make its replica public:"
            + " make that one by the vendor's own client");
    if (own != null && isPrivate(own)) {
      require(
          isPrivate,
          "the source is no member of a private network, and could not reach a replica in one");
    } else if (isPrivate) {
      require(
          spec.network().isEmpty(),
          "the source is in a private network, which a public replica could not reach");
      require(
          isInRegion() || spec.network().isPresent(),
          "the source is in a private network, and a subnet is of one region: name one of "
              + id.location()
              + " by network(privateNetwork(subnet).dnsZone(zone))");
    }
  }

  private static boolean isClosed(@Nullable Network network) {
    return network != null
        && ServerPublicNetworkAccessState.DISABLED.equals(network.publicNetworkAccess());
  }

  private static boolean isPrivate(@Nullable Network network) {
    return network != null && network.delegatedSubnetResourceId() != null;
  }

  private void encryption(ServerInner request) {
    require(
        !ReplicaRequest.lacksIdentity(request),
        "no user assigned identity of "
            + id.location()
            + " is known that may use the key: name one by Native.customize(ServerInner.class, ...)"
            + " with withIdentity and dataEncryption().withPrimaryUserAssignedIdentityId");
    DataEncryption its = source.dataEncryption();
    boolean own = its != null && ArmServerKeyType.AZURE_KEY_VAULT.equals(its.type());
    require(
        !own || isInRegion() || request.dataEncryption() != null,
        "the source is encrypted by a key of its region: name one of "
            + id.location()
            + " by encryptionKey(...)");
  }

  private boolean isInRegion() {
    return spec.source().map(ResourceId::location).filter(id.location()::equals).isPresent();
  }

  /** Of a source that is not there, or not where it is said to be. */
  static RuntimeException noSource(ResourceId source) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "The resource group of "
                + source.account()
                + " has no server "
                + source.name()
                + " in "
                + source.location())
        .resource(source.toString())
        .toException();
  }

  /** Whether a server is the one that an id names. */
  static boolean isThere(ResourceId id, Server server) {
    return id.location()
        .equals(io.clouddb.azure.internal.ArmScope.locationName(server.regionName()));
  }
}
