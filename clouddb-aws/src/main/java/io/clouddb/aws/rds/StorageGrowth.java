/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * What RDS demands beside a larger {@code AllocatedStorage}, which depends on the disk that there
 * is: the RDS API Reference, {@code ModifyDBInstance}, and in the user guide <em>Scaling up DB
 * instance storage</em> and <em>Amazon RDS DB instance storage</em>.
 *
 * <ul>
 *   <li>A disk grows by a tenth at least, and never becomes smaller.
 *   <li>{@code io1} and {@code io2} want {@code Iops}, one for two GiB at least.
 *   <li>{@code gp3} wants {@code Iops} from 400 GiB on, where its baseline is 12,000 operations and
 *       500 MiB per second, and takes none below.
 *   <li>A disk that grows by itself does not become as large as its limit.
 * </ul>
 *
 * What the caller has put into the request by {@link io.clouddb.Native} stays as it is.
 */
final class StorageGrowth {
  /** From this size on a gp3 disk of PostgreSQL has bought operations. */
  static final int STRIPED_GIB = 400;

  static final int STRIPED_IOPS = 12_000;
  static final int STRIPED_THROUGHPUT = 500;
  private static final int LEAST_PERCENT = 110;
  private static final int PERCENT = 100;

  private final ModifyDbInstanceRequest.Builder request;
  private final ModifyDbInstanceRequest asked;
  private final DBInstance current;
  private final int now;

  private StorageGrowth(ModifyDbInstanceRequest.Builder request, DBInstance current, int now) {
    this.request = request;
    this.asked = request.build();
    this.current = current;
    this.now = now;
  }

  /**
   * Completes a request, or refuses it before it is sent.
   *
   * @param request the request
   * @param change what it is made of
   * @param current the instance as it is
   */
  static void complete(
      ModifyDbInstanceRequest.Builder request, InstanceChange change, DBInstance current) {
    Integer wanted = request.build().allocatedStorage();
    Integer now = current.allocatedStorage();
    if (wanted != null && now != null) {
      new StorageGrowth(request, current, now)
          .to(wanted, change.preferring().contains(InstanceField.STORAGE_SIZE));
    }
  }

  private void to(int wanted, boolean preferred) {
    if (wanted == now) {
      if (asked.iops() == null && asked.storageType() == null) {
        request.allocatedStorage(null);
      }
      return;
    }
    if (wanted < now) {
      throw refused(
          "its disk has "
              + now
              + " GiB and never becomes smaller; "
              + wanted
              + " GiB are asked for",
          "Create another instance, and move the database to it.");
    }
    int least = leastAfter(now);
    int size = wanted;
    if (wanted < least) {
      if (!preferred || least > DiskLimits.MOST_GIB) {
        throw refused(
            "its disk has "
                + now
                + " GiB and grows by at least 10 %, to "
                + least
                + " GiB; "
                + wanted
                + " GiB are asked for",
            "Ask for "
                + least
                + " GiB, or accept them by preferring("
                + InstanceField.STORAGE_SIZE
                + ").");
      }
      size = least;
      request.allocatedStorage(size);
    }
    requireBelowLimit(size);
    companions(size);
  }

  static int leastAfter(int gib) {
    return (int) (((long) gib * LEAST_PERCENT + PERCENT - 1) / PERCENT);
  }

  private void requireBelowLimit(int size) {
    Integer limit = current.maxAllocatedStorage();
    if (limit != null && size >= limit && asked.maxAllocatedStorage() == null) {
      throw refused(
          "its disk grows by itself up to "
              + limit
              + " GiB, and has to stay below that; "
              + size
              + " GiB are asked for",
          "Raise the limit with it: Native.customize(ModifyDbInstanceRequest.Builder.class, request"
              + " -> request.maxAllocatedStorage(...)).");
    }
  }

  private void companions(int size) {
    String type =
        Objects.requireNonNullElse(
            asked.storageType(), Objects.requireNonNullElse(current.storageType(), ""));
    switch (type) {
      case "io1", "io2" -> {
        iops(current.iops());
        requireEnough(size);
      }
      case "gp3" -> {
        if (size >= STRIPED_GIB) {
          iops(atLeast(STRIPED_IOPS, current.iops()));
          if (asked.storageThroughput() == null) {
            request.storageThroughput(atLeast(STRIPED_THROUGHPUT, current.storageThroughput()));
          }
        }
      }
      default -> {
        // gp2 and magnetic disks take none.
      }
    }
  }

  private void iops(@Nullable Integer value) {
    if (asked.iops() == null) {
      request.iops(value);
    }
  }

  private void requireEnough(int size) {
    Integer iops = request.build().iops();
    int least = DiskLimits.leastIops(size);
    if (iops != null && iops < least) {
      throw refused(
          "its disk has "
              + iops
              + " operations per second, and one of "
              + size
              + " GiB needs at least "
              + least,
          "Buy them with it: Native.customize(ModifyDbInstanceRequest.Builder.class, request ->"
              + " request.iops(...)).");
    }
  }

  private static int atLeast(int least, @Nullable Integer value) {
    return value == null ? least : Math.max(least, value);
  }

  private RuntimeException refused(String why, String nextStep) {
    return ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            "RDS does not change " + current.dbInstanceIdentifier() + " so: " + why)
        .operation("rds.ModifyDBInstance")
        .resource(current.dbInstanceArn())
        .nextStep(nextStep)
        .toException();
  }
}
