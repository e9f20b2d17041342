/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static io.clouddb.aws.rds.RdsFields.CREATE;
import static io.clouddb.aws.rds.RdsFields.MODIFY;
import static io.clouddb.instance.InstanceField.ENCRYPTION;
import static io.clouddb.instance.InstanceField.ENCRYPTION_KEY;
import static io.clouddb.instance.InstanceField.STORAGE_GROWTH;
import static io.clouddb.instance.InstanceField.STORAGE_GROWTH_LIMIT;
import static io.clouddb.instance.InstanceField.STORAGE_IOPS;
import static io.clouddb.instance.InstanceField.STORAGE_SIZE;
import static io.clouddb.instance.InstanceField.STORAGE_TYPE;

import io.clouddb.DataSize;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.StorageType;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** The disk, within {@link DiskLimits}. */
final class StorageFields {
  private static final String LIMIT = "MaxAllocatedStorage";
  private static final String NO_LIMIT = "none";
  private static final String SSD = "gp3";
  private static final String IOPS_SSD = "io2";
  private static final String ALIAS = "alias/";

  /** What depends on the disk that there is, and {@link StorageGrowth} sees to. */
  private static final String GROWTH =
      "a disk grows by at least 10 %, below the limit of its own growth; Iops and StorageThroughput"
          + " go with it where RDS demands them";

  private StorageFields() {}

  static List<FieldRow<?, InstanceAsItIs>> rows() {
    return List.of(type(), size(), iops(), growth(), growthLimit(), encryption(), key());
  }

  private static FieldRow<StorageType, InstanceAsItIs> type() {
    return FieldRow.<StorageType, InstanceAsItIs>of(STORAGE_TYPE, StorageType.class, "StorageType")
        .nearest(
            "SSD (gp3) and PROVISIONED_IOPS_SSD (io2); no magnetic disk",
            (type, asked) ->
                type == StorageType.HDD
                    ? Optional.of("RDS has given up magnetic storage")
                    : Optional.empty())
        .shown((type, asked) -> name(type))
        .to(CREATE, (request, type, asked) -> request.storageType(name(type)))
        .from((there, asked) -> Optional.ofNullable(there.instance().storageType()))
        .build();
  }

  private static String name(StorageType type) {
    return type == StorageType.PROVISIONED_IOPS_SSD ? IOPS_SSD : SSD;
  }

  private static FieldRow<DataSize, InstanceAsItIs> size() {
    return FieldRow.<DataSize, InstanceAsItIs>of(STORAGE_SIZE, DataSize.class, "AllocatedStorage")
        .only(
            "At most " + DiskLimits.MOST_GIB + " GiB",
            (size, asked) ->
                DiskLimits.wholeGib(size) > DiskLimits.MOST_GIB
                    ? Optional.of("RDS has disks of up to " + DiskLimits.MOST_GIB + " GiB")
                    : Optional.empty(),
            "several instances")
        .nearest(
            "Whole GiB; with bought operations per second from 100 GiB on",
            (size, asked) ->
                DataSize.gib(gib(size, asked)).equals(size)
                    ? Optional.empty()
                    : Optional.of(
                        isChange(asked)
                            ? "RDS counts in whole GiB, and " + GROWTH
                            : "RDS counts in whole GiB, from " + leastGib(asked)))
        .limit("storage.gib.min", DiskLimits.LEAST_GIB)
        .limit("storage.gib.max", DiskLimits.MOST_GIB)
        .shown(StorageFields::shownSize)
        .to(CREATE, (request, size, asked) -> request.allocatedStorage(gib(size, asked)))
        .to(MODIFY, (request, size, asked) -> request.allocatedStorage(gib(size, asked)))
        .from((there, asked) -> Optional.ofNullable(there.instance().allocatedStorage()))
        // A disk that is to grow may have grown.
        .same(
            (size, actual, asked) ->
                (int) actual == gib(size, asked)
                    || (grows(asked) && (int) actual > gib(size, asked)))
        .build();
  }

  private static Object shownSize(DataSize size, Asked asked) {
    int gib = gib(size, asked);
    boolean whole = DataSize.gib(gib).equals(size);
    return isChange(asked) && whole ? gib + " (" + GROWTH + ")" : (Object) gib;
  }

  private static boolean isChange(Asked asked) {
    return asked.specification() instanceof InstanceChange;
  }

  private static int leastGib(Asked asked) {
    boolean bought =
        asked
            .value(STORAGE_TYPE, StorageType.class)
            .filter(type -> type == StorageType.PROVISIONED_IOPS_SSD)
            .isPresent();
    return bought ? DiskLimits.LEAST_GIB_WITH_IOPS : DiskLimits.LEAST_GIB;
  }

  /** What is sent. For a change the disk that there is has the last word, not this. */
  private static int gib(DataSize size, Asked asked) {
    int gib = Math.min(DiskLimits.wholeGib(size), DiskLimits.MOST_GIB);
    return isChange(asked) ? gib : Math.max(leastGib(asked), gib);
  }

  private static int gib(Asked asked) {
    return gib(asked.value(STORAGE_SIZE, DataSize.class).orElseThrow(), asked);
  }

  private static FieldRow<Integer, InstanceAsItIs> iops() {
    return FieldRow.<Integer, InstanceAsItIs>of(STORAGE_IOPS, Integer.class, "Iops")
        .nearest(
            "With PROVISIONED_IOPS_SSD, half to 1000 for each GiB",
            (iops, asked) ->
                possible(iops, asked) == iops
                    ? Optional.empty()
                    : Optional.of(
                        "RDS sells "
                            + DiskLimits.leastIops(gib(asked))
                            + " to "
                            + DiskLimits.mostIops(gib(asked))
                            + " operations per second for "
                            + gib(asked)
                            + " GiB"))
        .limit("iops.min", DiskLimits.LEAST_IOPS)
        .limit("iops.max", DiskLimits.MOST_IOPS)
        .shown(StorageFields::possible)
        .to(CREATE, (request, iops, asked) -> request.iops(possible(iops, asked)))
        .from((there, asked) -> Optional.ofNullable(there.instance().iops()))
        .build();
  }

  private static int possible(int iops, Asked asked) {
    int gib = gib(asked);
    return Math.max(DiskLimits.leastIops(gib), Math.min(iops, DiskLimits.mostIops(gib)));
  }

  /** A disk grows as far as its operations allow, which do not grow with it. */
  private static int mostGib(Asked asked) {
    return asked
        .value(STORAGE_IOPS, Integer.class)
        .map(iops -> DiskLimits.mostGib(possible(iops, asked)))
        .orElse(DiskLimits.MOST_GIB);
  }

  private static boolean grows(Asked asked) {
    return asked.value(STORAGE_GROWTH, Boolean.class).orElse(false);
  }

  /** Why a disk that is to grow cannot; empty when it can. */
  private static Optional<String> whyNoGrowth(Asked asked) {
    int most = mostGib(asked);
    if (!grows(asked) || StorageGrowth.leastAfter(gib(asked)) <= most) {
      return Optional.empty();
    }
    return Optional.of(
        most == DiskLimits.MOST_GIB
            ? "the disk has the largest size already"
            : "a disk with "
                + asked.value(STORAGE_IOPS, Integer.class).orElse(0)
                + " operations per second has at most "
                + most
                + " GiB");
  }

  private static String insteadOfGrowth(Asked asked) {
    return mostGib(asked) == DiskLimits.MOST_GIB ? "no growth" : "no growth, or more iops";
  }

  /**
   * RDS grows to a limit only; "as far as the cloud goes" is the largest disk for the operations
   * that are bought. CreateDBInstance has no other word for a fixed size: without a limit a disk
   * does not grow.
   */
  private static FieldRow<Boolean, InstanceAsItIs> growth() {
    return FieldRow.<Boolean, InstanceAsItIs>of(STORAGE_GROWTH, Boolean.class, LIMIT)
        .only(
            "Below the largest size for the bought operations",
            (on, asked) -> whyNoGrowth(asked),
            (on, asked) -> insteadOfGrowth(asked))
        .shown(
            (on, asked) -> {
              if (!on) {
                return NO_LIMIT;
              }
              return asked.has(STORAGE_GROWTH_LIMIT) ? "set" : (Object) mostGib(asked);
            })
        .to(
            CREATE,
            (request, on, asked) -> {
              if (on) {
                request.maxAllocatedStorage(mostGib(asked));
              }
            })
        .from((there, asked) -> Optional.of(limit(there.instance())))
        .same(
            (on, actual, asked) ->
                on == !actual.equals(NO_LIMIT)
                    && (!on || asked.has(STORAGE_GROWTH_LIMIT) || actual.equals(mostGib(asked))))
        .build();
  }

  private static Object limit(DBInstance instance) {
    Integer limit = instance.maxAllocatedStorage();
    return limit == null ? NO_LIMIT : limit;
  }

  /** Written after the row of growth, whose limit is the largest there is. */
  private static FieldRow<DataSize, InstanceAsItIs> growthLimit() {
    return FieldRow.<DataSize, InstanceAsItIs>of(STORAGE_GROWTH_LIMIT, DataSize.class, LIMIT)
        .only(
            "Below the largest size for the bought operations",
            (limit, asked) -> whyNoGrowth(asked),
            (limit, asked) -> insteadOfGrowth(asked))
        .nearest(
            "Whole GiB, at least a tenth above the size; two for each bought operation per second"
                + " at most",
            (limit, asked) ->
                DataSize.gib(possibleLimit(limit, asked)).equals(limit)
                    ? Optional.empty()
                    : Optional.of(
                        "the limit is in whole GiB, at least a tenth above the size, at most "
                            + mostGib(asked)))
        .limit("storage.gib.max", DiskLimits.MOST_GIB)
        .shown(StorageFields::possibleLimit)
        .to(
            CREATE,
            (request, limit, asked) -> request.maxAllocatedStorage(possibleLimit(limit, asked)))
        .from((there, asked) -> Optional.of(limit(there.instance())))
        .build();
  }

  private static int possibleLimit(DataSize limit, Asked asked) {
    return Math.max(
        StorageGrowth.leastAfter(gib(asked)), Math.min(DiskLimits.wholeGib(limit), mostGib(asked)));
  }

  private static FieldRow<Boolean, InstanceAsItIs> encryption() {
    return FieldRow.<Boolean, InstanceAsItIs>of(ENCRYPTION, Boolean.class, "StorageEncrypted")
        .to(CREATE, (request, on, asked) -> request.storageEncrypted(on))
        .from((there, asked) -> Optional.ofNullable(there.instance().storageEncrypted()))
        .build();
  }

  /** RDS shows the key's ARN. Which key an alias means only KMS tells, which is not asked. */
  private static FieldRow<String, InstanceAsItIs> key() {
    return FieldRow.<String, InstanceAsItIs>of(ENCRYPTION_KEY, String.class, "KmsKeyId")
        .to(CREATE, (request, key, asked) -> request.kmsKeyId(key))
        .from(
            (there, asked) ->
                Optional.ofNullable(there.instance().kmsKeyId())
                    .filter(
                        key ->
                            isAlias(key)
                                || !isAlias(asked.value(ENCRYPTION_KEY, String.class).orElse(""))))
        .same((key, actual, asked) -> key.equals(actual) || actual.toString().endsWith("/" + key))
        .build();
  }

  private static boolean isAlias(String key) {
    return key.startsWith(ALIAS) || key.contains(":" + ALIAS);
  }
}
