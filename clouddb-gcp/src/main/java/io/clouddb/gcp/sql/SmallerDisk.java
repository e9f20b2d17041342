/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceField;

/** No disk of Cloud SQL becomes smaller, and only the instance tells how large its own is. */
final class SmallerDisk {
  private SmallerDisk() {}

  /**
   * Refuses to make a disk smaller, before anything has changed.
   *
   * @param patch what is to be sent
   * @param instance the instance as it is
   */
  static void check(DatabaseInstance patch, DatabaseInstance instance) {
    if (patch.getSettings() == null || instance.getSettings() == null) {
      return;
    }
    Long asked = patch.getSettings().getDataDiskSizeGb();
    Long now = instance.getSettings().getDataDiskSizeGb();
    if (asked == null || now == null || asked >= now) {
      return;
    }
    throw ErrorDetails.of(
            ErrorCategory.UNSUPPORTED_FEATURE,
            instance.getName()
                + " has a disk of "
                + now
                + " GiB, which cannot be made smaller; "
                + asked
                + " are asked for ("
                + InstanceField.STORAGE_SIZE.id()
                + ")")
        .resource(instance.getName())
        .nextStep("Ask for " + now + " GiB or more, or make a new instance and move the data.")
        .toException();
  }
}
