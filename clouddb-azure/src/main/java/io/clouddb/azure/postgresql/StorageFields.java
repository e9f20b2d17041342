/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.instance.InstanceField.ENCRYPTION;
import static io.clouddb.instance.InstanceField.ENCRYPTION_KEY;
import static io.clouddb.instance.InstanceField.STORAGE_GROWTH;
import static io.clouddb.instance.InstanceField.STORAGE_GROWTH_LIMIT;
import static io.clouddb.instance.InstanceField.STORAGE_IOPS;
import static io.clouddb.instance.InstanceField.STORAGE_SIZE;
import static io.clouddb.instance.InstanceField.STORAGE_TYPE;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Storage;
import io.clouddb.DataSize;
import io.clouddb.instance.StorageType;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Optional;

/** The disk. */
final class StorageFields {
  private static final String STORAGE = "properties.storage";
  private static final String SIZE = "properties.storage.storageSizeGB";
  private static final String PREMIUM = "Premium SSD";

  private StorageFields() {}

  static List<FieldRow<?, ServerAsItIs>> rows() {
    return List.of(
        type(),
        size(),
        FieldRow.<Integer, ServerAsItIs>of(STORAGE_IOPS, Integer.class, STORAGE)
            .adjusted(
                "the SDK's stable release can ask for no operations per second",
                "those that come with the disk's size"),
        growth(),
        FieldRow.<DataSize, ServerAsItIs>of(STORAGE_GROWTH_LIMIT, DataSize.class, SIZE)
            .adjusted("Azure knows no limit of growth", "a fixed size"),
        encryption(),
        FieldRow.<String, ServerAsItIs>of(ENCRYPTION_KEY, String.class, "")
            .lacking(
                "a customer's key needs a user assigned identity that may use it, which a spec"
                    + " cannot name",
                "Native.customize(ServerInner.class, ...) with withDataEncryption and"
                    + " withIdentity"));
  }

  private static FieldRow<StorageType, ServerAsItIs> type() {
    return FieldRow.<StorageType, ServerAsItIs>of(STORAGE_TYPE, StorageType.class, STORAGE)
        .nearest(
            "Premium SSD only",
            (type, asked) ->
                type == StorageType.SSD
                    ? Optional.empty()
                    : Optional.of("the SDK's stable release can ask for no other disk"))
        .shown((type, asked) -> PREMIUM)
        .from((there, asked) -> Optional.ofNullable(there.disk().type()).map(StorageFields::kind))
        .build();
  }

  /** Azure leaves the kind empty where it is the first one that it had. */
  private static String kind(String type) {
    return type.isEmpty() || type.equalsIgnoreCase("Premium_LRS") ? PREMIUM : type;
  }

  private static FieldRow<DataSize, ServerAsItIs> size() {
    return FieldRow.<DataSize, ServerAsItIs>of(STORAGE_SIZE, DataSize.class, SIZE)
        .only(
            "At most " + StorageSizes.MOST_GIB + " GiB; up only",
            (size, asked) ->
                StorageSizes.smallest(size).isPresent()
                    ? Optional.empty()
                    : Optional.of(size + " is more than Azure sells"),
            "at most " + StorageSizes.MOST_GIB + " GiB")
        .nearest(
            StorageSizes.ALL,
            (size, asked) ->
                StorageSizes.isSold(size)
                    ? Optional.empty()
                    : Optional.of("disks have " + StorageSizes.ALL))
        .limit("size.gib.min", StorageSizes.LEAST_GIB)
        .limit("size.gib.max", StorageSizes.MOST_GIB)
        .shown(
            (size, asked) ->
                StorageSizes.smallest(size)
                    .<Object>map(DataSize::toGibExact)
                    .orElseGet(size::toString))
        .to(ServerInner.class, (server, size, asked) -> server.withStorage(storage(size)))
        .to(ServerForUpdate.class, (update, size, asked) -> update.withStorage(storage(size)))
        .from(
            (there, asked) ->
                Optional.ofNullable(there.server().storage()).map(Storage::storageSizeGB))
        .build();
  }

  private static Storage storage(DataSize size) {
    return new Storage()
        .withStorageSizeGB(Math.toIntExact(StorageSizes.smallest(size).orElseThrow().toGibExact()));
  }

  private static FieldRow<Boolean, ServerAsItIs> growth() {
    return FieldRow.<Boolean, ServerAsItIs>of(STORAGE_GROWTH, Boolean.class, SIZE)
        .nearest(
            "A fixed size only, enlarged by modify(storageSize)",
            (grows, asked) ->
                grows
                    ? Optional.of("the SDK's stable release cannot ask for autoGrow")
                    : Optional.empty())
        .shown(
            (grows, asked) ->
                grows
                    ? "a fixed size, enlarged by modify(storageSize)"
                    : "a fixed size, as without autoGrow")
        .from(
            (there, asked) ->
                Optional.ofNullable(there.disk().autoGrow())
                    .map(
                        growth -> growth.equalsIgnoreCase("Enabled") ? "autoGrow" : "a fixed size"))
        // Who only prefers that it grows was promised that it does not.
        .same((grows, actual, asked) -> grows || actual.equals("a fixed size"))
        .build();
  }

  private static FieldRow<Boolean, ServerAsItIs> encryption() {
    return FieldRow.<Boolean, ServerAsItIs>of(
            ENCRYPTION, Boolean.class, "properties.dataEncryption.type")
        .only(
            "Always encrypted",
            (encrypted, asked) ->
                encrypted ? Optional.empty() : Optional.of("flexible servers are always encrypted"),
            "encryptedByProvider()")
        .shown((encrypted, asked) -> encrypted ? "SystemManaged" : "none")
        // Whoever's key it is.
        .from((there, asked) -> Optional.of(true))
        .build();
  }
}
