/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ArmServerKeyType;
import com.azure.resourcemanager.postgresqlflexibleserver.models.DataEncryption;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Network;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.ReplicaSpec;
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
  private final ServerAsItIs.Disk disk;
  private final Objections objections = new Objections();

  NewReplicaCheck(ResourceId id, ReplicaSpec spec, ServerInner source, ServerAsItIs.Disk disk) {
    this.id = id;
    this.spec = spec;
    this.source = source;
    this.disk = disk;
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
    disk();
    count(replicas);
    network(request.network());
    encryption(request);
    objections
        .error(id, source.name() + " cannot have the replica " + spec.name())
        .ifPresent(
            error -> {
              throw error;
            });
  }

  private void require(boolean holds, String problem, String nextStep) {
    objections.require(holds, problem, nextStep);
  }

  /** One that is changing is waited for, unless it will be stopped then. */
  private void state() {
    String word = ServerView.nativeState(source);
    InstanceState now = ServerView.state(word);
    boolean stops = now == InstanceState.STOPPED || now == InstanceState.STOPPING;
    require(
        now == InstanceState.AVAILABLE || (ServerView.isPassing(now) && !stops),
        "the source is " + word,
        stops
            ? "start " + source.name() + " first: instances().start(id)"
            : "look at " + source.name() + " in Azure");
  }

  private void tier(ServerInner request) {
    Sku its = source.sku();
    if (its == null) {
      return;
    }
    require(
        !SkuTier.BURSTABLE.equals(its.tier()),
        "the source is Burstable (" + its.name() + "), a tier that has no read replicas",
        "give " + source.name() + " a General Purpose size by modify");
    Sku asked = request.sku();
    OptionalInt least = ServerSizes.cpus(its.name());
    OptionalInt own = asked == null ? least : ServerSizes.cpus(asked.name());
    require(
        least.isEmpty() || own.isEmpty() || own.getAsInt() >= least.getAsInt(),
        "a replica has at least the vCores of its source, which is "
            + its.name()
            + ", and "
            + (asked == null ? "" : asked.name())
            + " has less",
        "name a size with " + least.orElse(0) + " vCores or more, or none");
  }

  /** Of another kind the request would need what neither the spec nor the SDK can say. */
  private void disk() {
    String type = disk.type() == null ? "" : disk.type();
    require(
        type.isEmpty() || type.equalsIgnoreCase("Premium_LRS"),
        "the source's disk is " + type + ", which this library cannot ask for",
        "make the replica by the vendor's own client");
  }

  private void count(int replicas) {
    Integer capacity = source.replicaCapacity();
    if (capacity != null && capacity == 0) {
      objections.add(
          "the source is a replica itself that may not have replicas",
          "make it a replica of " + source.name() + "'s own source");
    } else {
      int most = capacity == null ? ReplicaTable.MOST_REPLICAS : capacity;
      require(
          replicas < most,
          "the source has " + replicas + " replicas, which is the most",
          "delete one of them first: replicas().list(source) names them");
    }
  }

  private void network(@Nullable Network own) {
    boolean isPrivate = isPrivate(source.network());
    if (own != null && own.privateDnsZoneArmResourceId() != null) {
      PrivateDnsZone.whyNot(own.privateDnsZoneArmResourceId(), id.name())
          .ifPresent(
              why ->
                  objections.add(
                      why,
                      "name a subnet and a zone by network(privateNetwork(subnet).dnsZone(zone)),"
                          + " or choose another name for the replica"));
    }
    if (own != null && isPrivate(own)) {
      require(
          isPrivate,
          "the source is no member of a private network, and could not reach a replica in one",
          "name no private network");
    } else if (isPrivate) {
      require(
          spec.network().isEmpty(),
          "the source is in a private network, which a public replica could not reach",
          isInRegion()
              ? "name no network, which is the source's then, or another subnet of it by"
                  + " network(privateNetwork(subnet).dnsZone(zone))"
              : ofItsRegion());
      require(
          isInRegion() || spec.network().isPresent(),
          "the source is in a private network, and a subnet is of one region",
          ofItsRegion());
    }
  }

  private String ofItsRegion() {
    return "name a subnet of "
        + id.location()
        + " by network(privateNetwork(subnet).dnsZone(zone))";
  }

  static boolean isPrivate(@Nullable Network network) {
    return network != null && network.delegatedSubnetResourceId() != null;
  }

  private void encryption(ServerInner request) {
    require(
        !ReplicaRequest.lacksIdentity(request),
        "no user assigned identity of " + id.location() + " is known that may use the key",
        "name one by Native.customize(ServerInner.class, ...) with withIdentity and"
            + " dataEncryption().withPrimaryUserAssignedIdentityId");
    DataEncryption its = source.dataEncryption();
    boolean own = its != null && ArmServerKeyType.AZURE_KEY_VAULT.equals(its.type());
    require(
        !own || isInRegion() || request.dataEncryption() != null,
        "the source is encrypted by a key of its region",
        "name a key of " + id.location() + " by encryptionKey(...)");
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
  static boolean isThere(ResourceId id, ServerInner server) {
    return id.location().equals(ArmScope.locationName(server.location()));
  }
}
