/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.PolledState;
import java.time.Instant;
import java.util.List;

/** What an instance has to be, or must not be, for an operation to go on with it. */
final class StateChecks {
  private StateChecks() {}

  /** Neither of these states passes by itself, however long it is waited for. */
  static void requireNotFailed(DatabaseInstance found, PolledState state) {
    if (InstanceReader.SUSPENDED.equals(found.getState())) {
      List<String> reasons =
          found.getSuspensionReason() == null ? List.of() : found.getSuspensionReason();
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              found.getName()
                  + " is SUSPENDED"
                  + (reasons.isEmpty() ? "" : ", for " + String.join(", ", reasons)))
          .resource(state.resource().toString())
          .providerCode(InstanceReader.SUSPENDED)
          .leftBehind("the instance " + found.getName() + ", in the state SUSPENDED")
          .nextStep(remedy(reasons))
          .toException();
    }
    if (InstanceReader.FAILED.equals(found.getState())) {
      throw ErrorDetails.of(ErrorCategory.OTHER, found.getName() + " has failed")
          .resource(state.resource().toString())
          .providerCode(InstanceReader.FAILED)
          .leftBehind("the instance " + found.getName() + ", in the state FAILED")
          .nextStep("Look at the instance's operations in Google's console; delete it.")
          .toException();
    }
  }

  private static String remedy(List<String> reasons) {
    if (reasons.contains("KMS_KEY_ISSUE")) {
      return "Give the instance its key back: the key enabled, with the rights of Cloud SQL's"
          + " service account on it. Then try again.";
    }
    if (reasons.contains("BILLING_ISSUE")) {
      return "Mend the project's billing, then try again.";
    }
    return "Ask Google's support what it is suspended for.";
  }

  /** Says that a state has been waited for long enough of which nobody knows whether it passes. */
  static RuntimeException unknown(DatabaseInstance found, PolledState state, Instant since) {
    return ErrorDetails.of(
            ErrorCategory.OTHER,
            found.getName()
                + " is in the state "
                + found.getState()
                + " since "
                + since
                + ", which this release does not know")
        // Its token is good: whoever asks again may see another state.
        .retryable(true)
        .outcomeKnown(false)
        .resource(state.resource().toString())
        .providerCode(found.getState())
        .leftBehind("the instance " + found.getName() + ", in the state " + found.getState())
        .nextStep("Look at the instance in Google's console.")
        .toException();
  }

  static void requireUnprotected(DatabaseInstance instance, PolledState state) {
    Settings settings = instance.getSettings();
    if (settings != null && Boolean.TRUE.equals(settings.getDeletionProtectionEnabled())) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED, instance.getName() + " is protected from deletion")
          .resource(state.resource().toString())
          .nextStep("Take the protection off first: modify with deletionProtection(false).")
          .toException();
    }
  }

  /** Cloud SQL sets passwords by the database's own means, so it has to run. */
  static void requireRunning(DatabaseInstance instance, PolledState state) {
    if (InstanceReader.state(instance) == InstanceState.STOPPED) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              instance.getName() + " is stopped, and Cloud SQL sets passwords while it runs only")
          .resource(state.resource().toString())
          .nextStep("Start it first.")
          .toException();
    }
  }
}
