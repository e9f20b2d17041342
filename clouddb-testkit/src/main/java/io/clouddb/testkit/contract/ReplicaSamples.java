/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.DataSize;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;

/** A spec of a replica for each field, and what an instance is that has that field. */
final class ReplicaSamples {
  private ReplicaSamples() {}

  /**
   * A spec that asks for a field, with a value that some cloud can honour.
   *
   * @param base what is asked for beside it
   * @param field the field
   * @return the spec
   */
  static ReplicaSpec asking(ReplicaSpec base, ReplicaField field) {
    return switch (field) {
      case SIZE -> base.size(InstanceSize.atLeast(4, DataSize.gib(16)));
      case AVAILABILITY -> base.availability(Availability.REGIONAL);
      case PRIVATE_NETWORK -> base.network(Network.privateNetwork("network-1"));
      case PUBLIC_ACCESS -> base.network(Network.publicAccess("198.51.100.0/24"));
      case ENCRYPTION_KEY -> base.encryptionKey("customer-key");
      case DELETION_PROTECTION -> base.deletionProtection(true);
      case TAGS -> base.tag("team", "shop");
      case NAME, SOURCE, STANDALONE, STANDALONE_FORCED, SWITCHOVER, SWITCHOVER_FORCED -> base;
    };
  }

  /** What an instance is asked for when it is to be as a replica's spec says. */
  static InstanceSpec asInstance(ReplicaSpec replica, InstanceSpec source) {
    InstanceSpec.Builder spec =
        InstanceSpec.builder(replica.name(), source.engine(), source.engineVersion())
            .admin(source.admin())
            .size(replica.size().orElse(source.size()))
            .storage(
                replica
                    .encryptionKey()
                    .map(source.storage()::encryptedWith)
                    .orElse(source.storage()))
            .tags(replica.tags());
    replica.availability().ifPresent(spec::availability);
    replica.network().or(source::network).ifPresent(spec::network);
    replica.deletionProtection().ifPresent(spec::deletionProtection);
    return spec.build();
  }
}
