/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.DataSize;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.Storage;
import io.clouddb.instance.StorageType;
import io.clouddb.plan.Plan;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The disk. Cloud SQL counts in whole gibibytes, which it calls GB. */
final class StorageSettings {
  static final long LEAST_GIB = 10;
  static final long MOST_GIB = 65_536;
  private static final long GIB = 1L << 30;
  private static final Pattern KMS_KEY =
      Pattern.compile("projects/[^/]+/locations/([^/]+)/keyRings/[^/]+/cryptoKeys/[^/]+");

  private StorageSettings() {}

  /**
   * Plans a disk.
   *
   * @param plan where to say it
   * @param storage the disk
   * @param region the instance's region
   * @param tier the machine
   */
  static void plan(Plan.Builder plan, Storage storage, String region, Tier tier) {
    if (storage.type() == StorageType.PROVISIONED_IOPS_SSD) {
      String instead =
          "Storage.ssd(...), whose IOPS grow with its size, or dataDiskProvisionedIops of a"
              + " Hyperdisk machine by Native.customize(DatabaseInstance.class, ...)";
      plan.refuse(
          InstanceField.STORAGE_TYPE,
          "the machines of Cloud SQL that this provider chooses have no disk with bought IOPS",
          instead);
      plan.refuse(InstanceField.STORAGE_IOPS, "PD_SSD sells no IOPS", instead);
    } else if (storage.type() == StorageType.HDD && !tier.hasHdd()) {
      plan.adjust(
          InstanceField.STORAGE_TYPE,
          "settings.dataDiskType",
          tier.ssd(),
          tier.name() + " has no hard disk");
    } else {
      plan.honour(InstanceField.STORAGE_TYPE, "settings.dataDiskType", type(storage.type(), tier));
    }
    planSize(plan, storage.size());
    storage
        .growth()
        .ifPresent(
            on -> plan.honour(InstanceField.STORAGE_GROWTH, "settings.storageAutoResize", on));
    DataSize limit = storage.growthLimit().orElse(null);
    if (limit != null) {
      planLimit(plan, limit, storage.size());
    }
    if (storage.encrypted()) {
      plan.honour(InstanceField.ENCRYPTION, "diskEncryptionStatus", "always encrypted");
    } else {
      plan.refuse(
          InstanceField.ENCRYPTION, "Cloud SQL always encrypts at rest", "encryptedByProvider()");
    }
    storage.encryptionKey().ifPresent(key -> planKey(plan, key, region));
  }

  private static void planLimit(Plan.Builder plan, DataSize limit, DataSize size) {
    String field = "settings.storageAutoResizeLimit";
    long sent = limitGb(limit, size);
    if (gib(limit) > MOST_GIB) {
      plan.refuse(
          InstanceField.STORAGE_GROWTH_LIMIT,
          "disks grow to " + MOST_GIB + " GiB at most",
          "growing()");
    } else if (sent > gib(limit)) {
      plan.adjust(
          InstanceField.STORAGE_GROWTH_LIMIT, field, sent, "the disk itself has as many GiB");
    } else if (limit.bytes() % GIB == 0) {
      plan.honour(InstanceField.STORAGE_GROWTH_LIMIT, field, sent);
    } else {
      plan.adjust(InstanceField.STORAGE_GROWTH_LIMIT, field, sent, "it is in whole GiB");
    }
  }

  private static void planKey(Plan.Builder plan, String key, String region) {
    Matcher matcher = KMS_KEY.matcher(key);
    String form = "projects/<project>/locations/" + region + "/keyRings/<ring>/cryptoKeys/<key>";
    if (!matcher.matches()) {
      plan.refuse(
          InstanceField.ENCRYPTION_KEY, "'" + key + "' is no Cloud KMS key's resource name", form);
    } else if (!matcher.group(1).equals(region)) {
      plan.refuse(
          InstanceField.ENCRYPTION_KEY,
          "the key has to be in the instance's region " + region,
          form);
    } else {
      plan.honour(InstanceField.ENCRYPTION_KEY, "diskEncryptionConfiguration.kmsKeyName", key);
    }
  }

  /**
   * Plans a size.
   *
   * @param plan where to say it
   * @param size the size
   */
  static void planSize(Plan.Builder plan, DataSize size) {
    String field = "settings.dataDiskSizeGb";
    long gib = gib(size);
    if (gib > MOST_GIB) {
      plan.refuse(
          InstanceField.STORAGE_SIZE,
          "disks have at most " + MOST_GIB + " GiB, and " + size + " is asked for",
          "several instances");
    } else if (gib < LEAST_GIB) {
      plan.adjust(InstanceField.STORAGE_SIZE, field, LEAST_GIB, "disks have at least 10 GiB");
    } else if (size.bytes() % GIB != 0) {
      plan.adjust(InstanceField.STORAGE_SIZE, field, gib, "disks have whole GiB");
    } else {
      plan.honour(InstanceField.STORAGE_SIZE, field, gib);
    }
  }

  /**
   * Writes the disk into settings.
   *
   * @param settings where to write
   * @param storage the disk
   * @param tier the machine
   */
  static void write(Settings settings, Storage storage, Tier tier) {
    settings.setDataDiskType(type(storage.type(), tier)).setDataDiskSizeGb(sizeGb(storage.size()));
    // Left out, it is on: Cloud SQL's own default.
    storage.growth().ifPresent(settings::setStorageAutoResize);
    DataSize limit = storage.growthLimit().orElse(null);
    if (limit != null) {
      settings.setStorageAutoResizeLimit(limitGb(limit, storage.size()));
    }
  }

  /**
   * The size as it is sent.
   *
   * @param size the size
   * @return whole gibibytes
   */
  static long sizeGb(DataSize size) {
    return Math.max(LEAST_GIB, gib(size));
  }

  /** No less than the disk, which may be made larger than it is asked for. */
  private static long limitGb(DataSize limit, DataSize size) {
    return Math.max(gib(limit), sizeGb(size));
  }

  private static long gib(DataSize size) {
    return size.bytes() / GIB + (size.bytes() % GIB == 0 ? 0 : 1);
  }

  private static String type(StorageType type, Tier tier) {
    return type == StorageType.HDD && tier.hasHdd() ? "PD_HDD" : tier.ssd();
  }
}
