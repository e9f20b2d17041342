/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.ApiWarning;
import com.google.api.services.sqladmin.model.InstancesListResponse;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.List;
import java.util.function.Predicate;

/**
 * Refuses a list of which Google says that it is not whole. {@code instances.list} succeeds while a
 * region cannot be reached, leaves out what is there, and says so by a <a
 * href="https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances/list">warning</a>.
 */
final class WholeList {
  private static final String UNREACHABLE = "REGION_UNREACHABLE";

  private WholeList() {}

  /**
   * Looks at the warnings of a page.
   *
   * @param page the page
   * @param project whose instances are listed
   * @param matters whether the list is to have what is in a region
   * @throws io.clouddb.error.UnavailableException when one that matters cannot be reached
   */
  static void require(InstancesListResponse page, String project, Predicate<String> matters) {
    List<ApiWarning> warnings = page.getWarnings() == null ? List.of() : page.getWarnings();
    for (ApiWarning warning : warnings) {
      String region = warning.getRegion() == null ? "" : warning.getRegion();
      // One that names no region may mean any.
      if (UNREACHABLE.equals(warning.getCode()) && (region.isEmpty() || matters.test(region))) {
        throw ErrorDetails.of(
                ErrorCategory.UNAVAILABLE,
                "Cloud SQL cannot reach "
                    + (region.isEmpty() ? "a region" : "the region " + region)
                    + ", so that the list of the instances of "
                    + project
                    + " lacks those that are there. Google says: "
                    + (warning.getMessage() == null ? "nothing more" : warning.getMessage()))
            .operation("sqladmin.instances.list")
            .resource(project)
            .providerCode(UNREACHABLE)
            .nextStep(
                "List again when the region is there. Instances of other regions are found by their"
                    + " names meanwhile.")
            .toException();
      }
    }
  }
}
