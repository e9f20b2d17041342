/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All that stands against a request, each with what can be done about it. */
final class Objections {
  private final List<String> problems = new ArrayList<>();
  private final Set<String> steps = new LinkedHashSet<>();

  void add(String problem, String nextStep) {
    problems.add(problem);
    steps.add(nextStep);
  }

  void require(boolean holds, String problem, String nextStep) {
    if (!holds) {
      add(problem, nextStep);
    }
  }

  /**
   * The error that names them all.
   *
   * @param what what cannot be done
   * @return empty when nothing stands against it
   */
  Optional<CloudDbException> error(ResourceId id, String what) {
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ErrorDetails.of(
                    ErrorCategory.CONDITION_FAILED, what + ": " + String.join("; ", problems))
                .resource(id.toString())
                .nextStep(
                    "Nothing was done. "
                        + steps.stream().map(Objections::sentence).collect(Collectors.joining(" ")))
                .toException());
  }

  private static String sentence(String step) {
    return step.substring(0, 1).toUpperCase(Locale.ROOT) + step.substring(1) + ".";
  }
}
