/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts a table with another key. The table is there meanwhile. Its replicas follow where the
 * key is the service's own; a key of the owner is of one region.
 */
final class EncryptionChange {
  private final TableCatalog catalog;

  EncryptionChange(TableCatalog catalog) {
    this.catalog = catalog;
  }

  void run(ManagedTable table, Members specification) {
    Encryption.Asked asked = Encryption.Asked.of(specification);
    Encryption encryption = table.encryption();
    Instant now = catalog.now();
    if (encryption.isUpdating()) {
      throw AwsError.badRequest(
          "ResourceInUseException", "Server-Side Encryption is still being updated");
    }
    if (!asked.on() && encryption.key() == null) {
      throw Validation.parameter("Table is already encrypted by default");
    }
    // Only a key that is named in full is compared; what else means it encrypts all of it anew.
    if (asked.named() != null && asked.named().equals(encryption.key())) {
      throw Validation.parameter(
          "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if"
              + " you want to change Master Key");
    }
    encryption.requireMayChange(now);
    if (encryption.key() != null && catalog.keys().isDisabled(encryption.key())) {
      throw MasterKeys.disabledError(encryption.key());
    }
    Map<ManagedTable, String> keys = new LinkedHashMap<>();
    boolean ofOwner = asked.named() != null && !asked.named().equals(MasterKeys.MANAGED);
    for (ManagedTable one : ReplicaTables.of(table)) {
      if (one == table || !ofOwner) {
        keys.put(one, Objects.requireNonNullElse(asked.keyIn(one.region(), catalog.keys()), ""));
      }
    }
    keys.forEach((one, key) -> begin(one, key.isEmpty() ? null : key, now));
  }

  private void begin(ManagedTable table, @Nullable String key, Instant now) {
    Encryption encryption = table.encryption();
    encryption.noteChange(now);
    encryption.setUpdating(true);
    table.begin(Job.ENCRYPTION);
    catalog.later(Timing.OLD_KEY, () -> encryption.setKey(key));
    catalog.later(
        Timing.ENCRYPTION,
        () -> {
          encryption.setUpdating(false);
          table.end(Job.ENCRYPTION);
        });
  }
}
