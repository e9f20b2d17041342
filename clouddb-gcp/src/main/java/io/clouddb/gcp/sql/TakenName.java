/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says who has a name: an instance here or elsewhere in the project, or none any more. Google says
 * the same of all three.
 */
final class TakenName {
  private TakenName() {}

  /**
   * The error of a creation.
   *
   * @param name the name
   * @param holder who has it; empty when there is no such instance
   * @param region where it was to be made
   * @param refusal what Google has said; null when it was not asked
   * @return the error
   */
  static CloudDbException by(
      String name,
      Optional<DatabaseInstance> holder,
      String region,
      @Nullable AlreadyExistsException refusal) {
    ErrorDetails.Builder details =
        ErrorDetails.of(
                ErrorCategory.ALREADY_EXISTS,
                why(name, holder, region)
                    + (refusal == null ? "" : ". Google says: " + refusal.details().message()))
            .resource(name)
            .nextStep(nextStep(holder, region));
    if (refusal == null) {
      return details.toException();
    }
    return details
        .operation(refusal.details().operation().orElse(null))
        .providerCode(refusal.details().providerCode().orElse(null))
        .toException(refusal.getCause());
  }

  private static String why(String name, Optional<DatabaseInstance> holder, String region) {
    if (holder.isEmpty()) {
      return "There is no instance "
          + name
          + " in the project, and its name is taken all the same: Cloud SQL keeps the"
          + " name of a deleted instance for up to a week";
    }
    String its = holder.get().getRegion();
    return region.equals(its)
        ? "There is an instance " + name + " already"
        : "There is an instance "
            + name
            + " in the region "
            + its
            + ", and names are unique in the whole project";
  }

  private static String nextStep(Optional<DatabaseInstance> holder, String region) {
    if (holder.isEmpty()) {
      return "Choose another name, or wait until a week after the deletion.";
    }
    return region.equals(holder.get().getRegion())
        ? "Choose another name."
        : "Choose another name, or open that region.";
  }
}
