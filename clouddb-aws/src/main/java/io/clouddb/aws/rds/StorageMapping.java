/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.DataSize;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.Storage;
import io.clouddb.instance.StorageType;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;

/**
 * The disk. Limits are those of PostgreSQL in the RDS API Reference ({@code CreateDBInstance},
 * {@code AllocatedStorage}) and in <em>Amazon RDS DB instance storage</em> of the user guide.
 */
final class StorageMapping {
  static final int LEAST_GIB = 20;
  static final int LEAST_GIB_WITH_IOPS = 100;
  static final int MOST_GIB = 65_536;
  static final int LEAST_IOPS = 1_000;
  static final int MOST_IOPS = 256_000;

  /** io2 has at least one operation per second for two GiB. */
  private static final int GIB_PER_IOPS = 2;

  private static final int MOST_IOPS_PER_GIB = 1_000;

  private static final String SSD = "gp3";
  private static final String IOPS_SSD = "io2";

  private final FieldMapping<CreateDbInstanceRequest.Builder> fields;
  private final Storage storage;

  StorageMapping(FieldMapping<CreateDbInstanceRequest.Builder> fields, Storage storage) {
    this.fields = fields;
    this.storage = storage;
  }

  void map() {
    type();
    int size = size();
    growth(size, mostGib(iops(size)));
    fields.honour(
        InstanceField.ENCRYPTION,
        "StorageEncrypted",
        storage.encrypted(),
        CreateDbInstanceRequest.Builder::storageEncrypted);
    storage
        .encryptionKey()
        .ifPresent(
            key ->
                fields.honour(
                    InstanceField.ENCRYPTION_KEY,
                    "KmsKeyId",
                    key,
                    CreateDbInstanceRequest.Builder::kmsKeyId));
  }

  private void type() {
    switch (storage.type()) {
      case SSD ->
          fields.honour(
              InstanceField.STORAGE_TYPE,
              "StorageType",
              SSD,
              CreateDbInstanceRequest.Builder::storageType);
      case PROVISIONED_IOPS_SSD ->
          fields.honour(
              InstanceField.STORAGE_TYPE,
              "StorageType",
              IOPS_SSD,
              CreateDbInstanceRequest.Builder::storageType);
      case HDD ->
          fields.adjust(
              InstanceField.STORAGE_TYPE,
              "StorageType",
              SSD,
              "RDS has given up magnetic storage",
              CreateDbInstanceRequest.Builder::storageType);
    }
  }

  private int size() {
    int least =
        storage.type() == StorageType.PROVISIONED_IOPS_SSD ? LEAST_GIB_WITH_IOPS : LEAST_GIB;
    int gib = wholeGib(storage.size());
    int possible = Math.max(least, Math.min(gib, MOST_GIB));
    if (DataSize.gib(possible).equals(storage.size())) {
      fields.honour(
          InstanceField.STORAGE_SIZE,
          "AllocatedStorage",
          possible,
          CreateDbInstanceRequest.Builder::allocatedStorage);
    } else if (gib > MOST_GIB) {
      fields.refuse(
          InstanceField.STORAGE_SIZE,
          "RDS has disks of up to " + MOST_GIB + " GiB",
          "several instances");
    } else {
      fields.adjust(
          InstanceField.STORAGE_SIZE,
          "AllocatedStorage",
          possible,
          "RDS counts in whole GiB, from " + least,
          CreateDbInstanceRequest.Builder::allocatedStorage);
    }
    return possible;
  }

  /** In GiB, rounded up. */
  static int wholeGib(DataSize size) {
    return (int) Math.min(Integer.MAX_VALUE, (long) Math.ceil(size.toGib()));
  }

  static int leastIops(int gib) {
    return Math.max(LEAST_IOPS, (gib + GIB_PER_IOPS - 1) / GIB_PER_IOPS);
  }

  private static int mostIops(int gib) {
    return (int) Math.min(MOST_IOPS, (long) gib * MOST_IOPS_PER_GIB);
  }

  /** A disk grows as far as its operations allow, which do not grow with it. */
  private static int mostGib(@Nullable Integer iops) {
    return iops == null ? MOST_GIB : Math.min(MOST_GIB, iops * GIB_PER_IOPS);
  }

  private @Nullable Integer iops(int size) {
    Integer iops = storage.iops().orElse(null);
    if (iops == null) {
      return null;
    }
    int least = leastIops(size);
    int most = mostIops(size);
    int possible = Math.max(least, Math.min(iops, most));
    if (possible == iops) {
      fields.honour(
          InstanceField.STORAGE_IOPS, "Iops", iops, CreateDbInstanceRequest.Builder::iops);
    } else {
      fields.adjust(
          InstanceField.STORAGE_IOPS,
          "Iops",
          possible,
          "RDS sells " + least + " to " + most + " operations per second for " + size + " GiB",
          CreateDbInstanceRequest.Builder::iops);
    }
    return possible;
  }

  /**
   * RDS grows to a limit only; "as far as the cloud goes" is the largest disk for the operations
   * that are bought.
   */
  private void growth(int size, int most) {
    if (!storage.growth().orElse(false)) {
      // CreateDBInstance has no other word for a fixed size: without a limit a disk does not grow.
      fields.honoured(InstanceField.STORAGE_GROWTH, "MaxAllocatedStorage", "none");
      return;
    }
    int least = StorageGrowth.leastAfter(size);
    if (least > most) {
      String why =
          most == MOST_GIB
              ? "the disk has the largest size already"
              : "a disk with "
                  + storage.iops().orElse(0)
                  + " operations per second has at most "
                  + most
                  + " GiB";
      String instead = most == MOST_GIB ? "no growth" : "no growth, or more iops";
      fields.refuse(InstanceField.STORAGE_GROWTH, why, instead);
      fields.refuse(InstanceField.STORAGE_GROWTH_LIMIT, why, instead);
      return;
    }
    DataSize asked = storage.growthLimit().orElse(null);
    if (asked == null) {
      fields.honour(
          InstanceField.STORAGE_GROWTH,
          "MaxAllocatedStorage",
          most,
          CreateDbInstanceRequest.Builder::maxAllocatedStorage);
      return;
    }
    int limit = Math.max(least, Math.min(wholeGib(asked), most));
    fields.honoured(InstanceField.STORAGE_GROWTH, "MaxAllocatedStorage", "set");
    if (DataSize.gib(limit).equals(asked)) {
      fields.honour(
          InstanceField.STORAGE_GROWTH_LIMIT,
          "MaxAllocatedStorage",
          limit,
          CreateDbInstanceRequest.Builder::maxAllocatedStorage);
    } else {
      fields.adjust(
          InstanceField.STORAGE_GROWTH_LIMIT,
          "MaxAllocatedStorage",
          limit,
          "the limit is in whole GiB, at least a tenth above the size, at most " + most,
          CreateDbInstanceRequest.Builder::maxAllocatedStorage);
    }
  }
}
