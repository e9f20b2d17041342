/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.DataSize;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;

/**
 * A spec of a backup, of their replication or of a restore for each field, and what an instance is
 * that was restored with that field.
 */
final class BackupSamples {
  private BackupSamples() {}

  /**
   * A spec that asks for a field, with a value that some cloud can honour.
   *
   * @param base what is asked for beside it
   * @param field the field; where it is of the source or of a replication a spec asks for nothing
   * @return the spec
   */
  static BackupSpec asking(BackupSpec base, BackupField field) {
    return switch (field) {
      case ENCRYPTION_KEY -> base.encryptionKey("customer-key");
      case TAGS -> base.tag("why", "release");
      case SHARING -> base.sharedWith("another-account");
      case EXPORT -> base.exportedTo("a-bucket/a-folder");
      case NAME, TAKE, COPY, OTHER_REGION, REPLICATION, REPLICATION_RETENTION, REPLICATION_KEY ->
          base;
    };
  }

  /**
   * The same for the replication of automated backups.
   *
   * @param base what is asked for beside it
   * @param field the field; where it is of a backup nothing is asked for
   * @return the spec
   */
  static BackupReplicationSpec asking(BackupReplicationSpec base, BackupField field) {
    return switch (field) {
      case REPLICATION_RETENTION -> base.retainDays(9);
      case REPLICATION_KEY -> base.encryptionKey("customer-key");
      default -> base;
    };
  }

  /**
   * The same for a restore, with another value than {@link SourceSamples} have.
   *
   * @param base what is asked for beside it
   * @param field the field; where it is of the source a spec asks for nothing
   * @return the spec
   */
  static RestoreSpec asking(RestoreSpec base, RestoreField field) {
    return switch (field) {
      case SIZE -> base.size(InstanceSize.atLeast(4, DataSize.gib(16)));
      case AVAILABILITY -> base.availability(Availability.ZONAL);
      case PRIVATE_NETWORK -> base.network(Network.privateNetwork("network-1"));
      case PUBLIC_ACCESS -> base.network(Network.publicAccess("198.51.100.0/24"));
      case ENCRYPTION_KEY -> base.encryptionKey("customer-key");
      case DELETION_PROTECTION -> base.deletionProtection(false);
      case PARAMETERS -> base.parameter("work_mem", "8192");
      case TAGS -> base.tag("team", "shop");
      case NAME, BACKUP, MOMENT, LATEST, OTHER_REGION -> base;
    };
  }

  /**
   * What an instance is asked for when it is to be as a restore says, and else as its source.
   *
   * @param restore what is restored
   * @param source what its source was asked for, under the name of what is restored
   * @return the spec
   */
  static InstanceSpec asInstance(RestoreSpec restore, InstanceSpec source) {
    if (!source.name().equals(restore.name())) {
      throw new IllegalArgumentException(source.name() + " is not named " + restore.name());
    }
    InstanceSpec.Builder spec = source.toBuilder();
    restore.size().ifPresent(spec::size);
    restore.availability().ifPresent(spec::availability);
    restore.network().ifPresent(spec::network);
    restore.encryptionKey().ifPresent(key -> spec.storage(source.storage().encryptedWith(key)));
    restore.deletionProtection().ifPresent(spec::deletionProtection);
    restore.parameters().forEach(spec::parameter);
    restore.tags().forEach(spec::tag);
    return spec.build();
  }
}
