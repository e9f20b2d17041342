/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ArmServerKeyType;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Backup;
import com.azure.resourcemanager.postgresqlflexibleserver.models.DataEncryption;
import io.clouddb.ResourceId;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What only a look at its source can tell of a restore, all that is wrong at once.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore">Backup
 *     and restore</a>
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Back
 *     up and restore</a>
 */
final class RestoreCheck {
  /** "Wait at least one hour before initiating a geo-restore." */
  private static final Duration COPIED = Duration.ofHours(1);

  /** No recording shows the first backup beside the earliest moment, which is its own. */
  private static final Duration BESIDE = Duration.ofMinutes(1);

  private static final int MOST_TAGS = TagFields.MOST + 1;

  private final ResourceId id;
  private final RestoreSpec spec;
  private final RestoreSource source;
  private final Instant now;
  private final Objections objections = new Objections();

  RestoreCheck(ResourceId id, RestoreSpec spec, RestoreSource source, Instant now) {
    this.id = id;
    this.spec = spec;
    this.source = source;
    this.now = now;
  }

  /**
   * Checks.
   *
   * @param request what would be sent
   */
  void orThrow(ServerInner request) {
    source.server().ifPresent(server -> ofServer(server, request));
    zone(request);
    encryption(request);
    objections.require(
        request.tags() == null || request.tags().size() <= MOST_TAGS,
        "it would have more than 50 tags, with those of " + source.id().name(),
        "remove tags of the source first, or ask for less");
    objections
        .error(id, source.id().name() + " cannot be restored as " + spec.name())
        .ifPresent(
            error -> {
              throw error;
            });
  }

  private void ofServer(ServerInner server, ServerInner request) {
    String replicates = server.sourceServerResourceId();
    if (replicates != null && !replicates.isBlank()) {
      objections.add(
          "it is a read replica, of which Azure takes no backups and restores none",
          "restore its source " + ServerArmId.of(replicates).map(ServerArmId::name).orElse(""));
      return;
    }
    String type = source.disk().type() == null ? "" : source.disk().type();
    objections.require(
        type.isEmpty() || type.equalsIgnoreCase("Premium_LRS"),
        "its disk is " + type + ", which this library cannot ask for",
        "restore it by the vendor's own client");
    if (source.isFar()) {
      far(server);
    } else if (!source.isOfBackupByHand()) {
      moment(server.backup());
    }
    network(server, request);
  }

  /** One of a backup is Azure's own, whatever this machine's clock says, and may be too old. */
  private void moment(@Nullable Backup backup) {
    Instant earliest =
        backup == null || backup.earliestRestoreDate() == null
            ? null
            : backup.earliestRestoreDate().toInstant();
    if (earliest == null) {
      objections.add(
          "it has no backup yet",
          "wait for the first one, which Azure takes some minutes after a server was made");
      return;
    }
    String window = "backups().window(instance) tells the moments that there are";
    Instant first = spec.backup().isPresent() ? earliest.minus(BESIDE) : earliest;
    objections.require(
        spec.isLatest() || !source.moment().isBefore(first),
        source.moment() + " is before the earliest moment, " + earliest,
        window);
    // Azure takes one for now, and what is committed until then would not be in it.
    objections.require(
        spec.moment().isEmpty() || !source.moment().isAfter(now),
        source.moment() + " is still to come, by this machine's clock",
        window);
  }

  private void far(ServerInner server) {
    objections.require(
        RestoreRequest.isGeoRedundant(server),
        "its backups are kept in "
            + spec.source().location()
            + " only: geo-redundant backup is chosen when a server is created",
        "restore it in " + spec.source().location() + ", or make a replica in " + id.location());
    Instant created =
        server.systemData() == null || server.systemData().createdAt() == null
            ? Instant.MIN
            : server.systemData().createdAt().toInstant();
    objections.require(
        created.isBefore(now.minus(COPIED)),
        "it was made less than an hour ago, and its backups may not be in the paired region yet",
        "wait until it is an hour old");
  }

  private void network(ServerInner server, ServerInner request) {
    boolean isPrivate = NewReplicaCheck.isPrivate(server.network());
    Optional<Network> own = spec.network();
    if (isPrivate) {
      objections.require(
          own.filter(Network::isPublic).isEmpty(),
          "it is in a private network, and is restored into one only",
          "name a subnet by network(privateNetwork(subnet).dnsZone(zone)), or no network, which is"
              + " the source's then");
      objections.require(
          NewReplicaCheck.isPrivate(request.network()) || own.isPresent(),
          "it is in a private network, and a subnet is of one region",
          "name a subnet of "
              + id.location()
              + " by network(privateNetwork(subnet).dnsZone(zone))");
    } else {
      objections.require(
          own.filter(network -> !network.isPublic()).isEmpty(),
          "it is a public server, and is restored as one only",
          "name addresses by publicAccess(...), or no network, so that it has the source's"
              + " firewall rules");
    }
  }

  private void zone(ServerInner request) {
    var network = request.network();
    if (network != null && network.privateDnsZoneArmResourceId() != null) {
      PrivateDnsZone.whyNot(network.privateDnsZoneArmResourceId(), id.name())
          .ifPresent(
              why ->
                  objections.add(
                      why,
                      "name a subnet and a zone by network(privateNetwork(subnet).dnsZone(zone)),"
                          + " or choose another name for the new server"));
    }
  }

  private void encryption(ServerInner request) {
    objections.require(
        !ReplicaRequest.lacksIdentity(request),
        "no user assigned identity of " + id.location() + " is known that may use the key",
        "name one by Native.customize(ServerInner.class, ...) with withIdentity and"
            + " dataEncryption().withPrimaryUserAssignedIdentityId");
    objections.require(
        !GeoBackupKey.isMissing(request, source.geoBackupKey()),
        "backups in the paired region need a second key there, and Azure shows none of "
            + source.id().name(),
        "leave them out by Native.customize(ServerInner.class, server -> server.withBackup(null)),"
            + " or restore it by the vendor's own client with both keys");
    source
        .server()
        .ifPresent(
            server -> {
              DataEncryption its = server.dataEncryption();
              boolean own = its != null && ArmServerKeyType.AZURE_KEY_VAULT.equals(its.type());
              objections.require(
                  !own || request.dataEncryption() != null,
                  "it is encrypted by a key of its region",
                  "name a key of " + id.location() + " by encryptionKey(...)");
            });
  }
}
