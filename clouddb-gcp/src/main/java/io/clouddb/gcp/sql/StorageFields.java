/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.instance.InstanceField.ENCRYPTION;
import static io.clouddb.instance.InstanceField.ENCRYPTION_KEY;
import static io.clouddb.instance.InstanceField.STORAGE_GROWTH;
import static io.clouddb.instance.InstanceField.STORAGE_GROWTH_LIMIT;
import static io.clouddb.instance.InstanceField.STORAGE_IOPS;
import static io.clouddb.instance.InstanceField.STORAGE_SIZE;
import static io.clouddb.instance.InstanceField.STORAGE_TYPE;

import com.google.api.services.sqladmin.model.DiskEncryptionConfiguration;
import io.clouddb.DataSize;
import io.clouddb.instance.StorageType;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The disk. Cloud SQL counts in whole gibibytes, which it calls GB. */
final class StorageFields {
  private static final long MOST_GIB = 65_536;
  private static final long GIB = 1L << 30;
  private static final Tier USUAL = new Tier("", Tier.ENTERPRISE);
  private static final Pattern KMS_KEY =
      Pattern.compile("projects/[^/]+/locations/([^/]+)/keyRings/[^/]+/cryptoKeys/[^/]+");
  private static final String NO_BOUGHT_IOPS =
      "Storage.ssd(...), whose IOPS grow with its size, or dataDiskProvisionedIops of a Hyperdisk"
          + " machine by Native.customize(DatabaseInstance.class, ...)";

  private StorageFields() {}

  static List<FieldRow<?, SeenInstance>> rows() {
    return List.of(
        type(),
        size(),
        FieldRow.<Integer, SeenInstance>of(STORAGE_IOPS, Integer.class, "")
            .lacking("PD_SSD sells no IOPS; they grow with the size of the disk", NO_BOUGHT_IOPS),
        growth(),
        growthLimit(),
        encryption(),
        encryptionKey());
  }

  private static Tier tier(Asked asked) {
    return EngineFields.tier(asked).orElse(USUAL);
  }

  private static FieldRow<StorageType, SeenInstance> type() {
    return FieldRow.<StorageType, SeenInstance>of(
            STORAGE_TYPE, StorageType.class, "settings.dataDiskType")
        .only(
            "no bought IOPS",
            (type, asked) ->
                type == StorageType.PROVISIONED_IOPS_SSD
                    ? Optional.of(
                        "the machines of Cloud SQL that this provider chooses have no disk with"
                            + " bought IOPS")
                    : Optional.empty(),
            NO_BOUGHT_IOPS)
        .nearest(
            "HDD on the machines that have it: those of Enterprise, but N4",
            (type, asked) ->
                type == StorageType.HDD && !tier(asked).hasHdd()
                    ? Optional.of(tier(asked).name() + " has no hard disk")
                    : Optional.empty())
        .shown((type, asked) -> sent(type, tier(asked)))
        .to(
            InsertBody.class,
            (body, type, asked) -> body.settings().setDataDiskType(sent(type, tier(asked))))
        .from((there, asked) -> Optional.ofNullable(there.settings().getDataDiskType()))
        // Which kind of SSD it is goes by the machine, and is no wish of its own.
        .same(
            (type, actual, asked) ->
                Tier.HDD.equals(actual) == Tier.HDD.equals(sent(type, tier(asked))))
        .build();
  }

  private static String sent(StorageType type, Tier tier) {
    return type == StorageType.HDD && tier.hasHdd() ? Tier.HDD : tier.ssd();
  }

  private static FieldRow<DataSize, SeenInstance> size() {
    return FieldRow.<DataSize, SeenInstance>of(
            STORAGE_SIZE, DataSize.class, "settings.dataDiskSizeGb")
        .only(
            "at most " + MOST_GIB + " GiB",
            (size, asked) ->
                gib(size) > MOST_GIB
                    ? Optional.of(
                        "disks have at most " + MOST_GIB + " GiB, and " + size + " is asked for")
                    : Optional.empty(),
            "several instances")
        .nearest(
            "at least "
                + Tier.LEAST_GIB
                + " GiB, and "
                + Tier.LEAST_HYPERDISK_GIB
                + " on the machines that have Hyperdisk only",
            (size, asked) -> {
              long least = tier(asked).leastDiskGib();
              return gib(size) < least
                  ? Optional.of("disks of this machine have at least " + least + " GiB")
                  : Optional.empty();
            })
        .nearest(
            "whole GiB",
            (size, asked) -> isWhole(size) ? Optional.empty() : Optional.of("disks have whole GiB"))
        .limit("size.gib.min", Tier.LEAST_GIB)
        .limit("size.gib.max", MOST_GIB)
        .shown((size, asked) -> sizeGb(size, asked))
        .to(
            InsertBody.class,
            (body, size, asked) -> body.settings().setDataDiskSizeGb(sizeGb(size, asked)))
        .to(
            PatchBody.class,
            (body, size, asked) -> body.settings().setDataDiskSizeGb(sizeGb(size, asked)))
        .from(StorageFields::sizeThere)
        .build();
  }

  /** A disk that grows by itself is as it was asked for, however large it has become. */
  private static Optional<Long> sizeThere(SeenInstance there, Asked asked) {
    boolean grows = Boolean.TRUE.equals(there.settings().getStorageAutoResize());
    long wanted = sizeGb(asked);
    return Optional.ofNullable(there.settings().getDataDiskSizeGb())
        .map(now -> grows ? Math.min(now, wanted) : now);
  }

  private static FieldRow<Boolean, SeenInstance> growth() {
    return FieldRow.<Boolean, SeenInstance>of(
            STORAGE_GROWTH, Boolean.class, "settings.storageAutoResize")
        // Left out, it is on: Cloud SQL's own default.
        .to(InsertBody.class, (body, on, asked) -> body.settings().setStorageAutoResize(on))
        .from((there, asked) -> Optional.ofNullable(there.settings().getStorageAutoResize()))
        .build();
  }

  private static FieldRow<DataSize, SeenInstance> growthLimit() {
    return FieldRow.<DataSize, SeenInstance>of(
            STORAGE_GROWTH_LIMIT, DataSize.class, "settings.storageAutoResizeLimit")
        .only(
            "at most " + MOST_GIB + " GiB",
            (limit, asked) ->
                gib(limit) > MOST_GIB
                    ? Optional.of("disks grow to " + MOST_GIB + " GiB at most")
                    : Optional.empty(),
            "growing()")
        .nearest(
            "no less than the disk",
            (limit, asked) ->
                limitGb(limit, asked) > gib(limit)
                    ? Optional.of("the disk itself has as many GiB")
                    : Optional.empty())
        .nearest(
            "whole GiB",
            (limit, asked) -> isWhole(limit) ? Optional.empty() : Optional.of("it is in whole GiB"))
        .limit("size.gib.max", MOST_GIB)
        .shown((limit, asked) -> limitGb(limit, asked))
        .to(
            InsertBody.class,
            (body, limit, asked) ->
                body.settings().setStorageAutoResizeLimit(limitGb(limit, asked)))
        .from((there, asked) -> Optional.ofNullable(there.settings().getStorageAutoResizeLimit()))
        .build();
  }

  /** No less than the disk, which may be made larger than it is asked for. */
  private static long limitGb(DataSize limit, Asked asked) {
    return Math.max(gib(limit), sizeGb(asked));
  }

  private static FieldRow<Boolean, SeenInstance> encryption() {
    return FieldRow.<Boolean, SeenInstance>of(ENCRYPTION, Boolean.class, "diskEncryptionStatus")
        .only(
            "always on; it cannot be switched off",
            (on, asked) -> on ? Optional.empty() : Optional.of("Cloud SQL always encrypts at rest"),
            "encryptedByProvider()")
        .shown((on, asked) -> on ? "always encrypted" : "not encrypted")
        .from((there, asked) -> Optional.of(true))
        .build();
  }

  private static FieldRow<String, SeenInstance> encryptionKey() {
    String form = "projects/<project>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>";
    return FieldRow.<String, SeenInstance>of(
            ENCRYPTION_KEY, String.class, "diskEncryptionConfiguration.kmsKeyName")
        .only(
            "a Cloud KMS key by its resource name",
            (key, asked) ->
                KMS_KEY.matcher(key).matches()
                    ? Optional.empty()
                    : Optional.of("'" + key + "' is no Cloud KMS key's resource name"),
            form)
        .only(
            "in the instance's region",
            (key, asked) -> {
              String region = asked.facts(Place.class).region();
              Matcher matcher = KMS_KEY.matcher(key);
              return matcher.matches() && matcher.group(1).equals(region)
                  ? Optional.empty()
                  : Optional.of("the key has to be in the instance's region " + region);
            },
            form)
        .to(
            InsertBody.class,
            (body, key, asked) ->
                body.instance()
                    .setDiskEncryptionConfiguration(
                        new DiskEncryptionConfiguration().setKmsKeyName(key)))
        .from((there, asked) -> Optional.of(keyThere(there)))
        .build();
  }

  private static String keyThere(SeenInstance there) {
    DiskEncryptionConfiguration encryption = there.instance().getDiskEncryptionConfiguration();
    String key = encryption == null ? null : encryption.getKmsKeyName();
    return key == null || key.isEmpty() ? "a key of Google's own" : key;
  }

  /** The size as it is sent: whole gibibytes. */
  private static long sizeGb(DataSize size, Asked asked) {
    return Math.max(tier(asked).leastDiskGib(), gib(size));
  }

  /** The size that is asked for, as it is sent; 0 where none is. */
  private static long sizeGb(Asked asked) {
    return asked.value(STORAGE_SIZE, DataSize.class).map(size -> sizeGb(size, asked)).orElse(0L);
  }

  private static boolean isWhole(DataSize size) {
    return size.bytes() % GIB == 0;
  }

  private static long gib(DataSize size) {
    return size.bytes() / GIB + (isWhole(size) ? 0 : 1);
  }
}
