/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an instance has to be, or must not be, for an operation to go on with it. */
final class StateChecks {
  /** Value: since when the instance is in a state that this release does not know. */
  private static final String UNKNOWN_SINCE = "unknown-since";

  /** A state of Google's that is new here may pass, as a repair does; nobody knows whether. */
  static final Duration UNKNOWN_STATE_LIMIT = Duration.ofMinutes(30);

  private StateChecks() {}

  /**
   * Waits for a state that passes; one that is not known here may pass, and has a limit.
   *
   * @throws io.clouddb.error.UnavailableException when the instance is suspended: nothing has
   *     failed, and the operation goes on by its token once the cause is mended
   */
  static Look passing(DatabaseInstance found, StepContext context) {
    Optional<CloudDbException> failure = failure(found, context);
    if (failure.isPresent()) {
      if (InstanceReader.SUSPENDED.equals(found.getState())) {
        throw failure.get();
      }
      return Look.failed(failure.get());
    }
    String progress = "the instance is " + found.getState();
    if (InstanceReader.state(found) != InstanceState.OTHER) {
      return new Look.Going(progress, null, Map.of(UNKNOWN_SINCE, ""));
    }
    Instant since = unknownSince(context);
    if (!context.isWithin(UNKNOWN_STATE_LIMIT, since)) {
      throw unknown(found, context.resource(), since);
    }
    return new Look.Going(progress, null, Map.of(UNKNOWN_SINCE, since.toString()));
  }

  private static Instant unknownSince(StepContext context) {
    Instant first = NotedTime.of(context, UNKNOWN_SINCE);
    // Who resumes it after that limit has the same time again: the step's own begins anew then.
    return context.state().since().filter(first::isBefore).orElse(first);
  }

  /** Neither of these states passes by itself, however long it is waited for. */
  static Optional<CloudDbException> failure(DatabaseInstance found, StepContext context) {
    String state = String.valueOf(found.getState());
    return switch (state) {
      case InstanceReader.SUSPENDED -> {
        List<String> reasons =
            found.getSuspensionReason() == null ? List.of() : found.getSuspensionReason();
        String why = reasons.isEmpty() ? "" : ", for " + String.join(", ", reasons);
        yield Optional.of(
            failure(ErrorCategory.UNAVAILABLE, found, " is SUSPENDED" + why, context)
                // Looking again helps when somebody has mended the cause, and not before.
                .retryable(false)
                .nextStep(remedy(reasons) + " Then resume the operation by its token.")
                .toException());
      }
      case InstanceReader.FAILED ->
          Optional.of(
              failure(ErrorCategory.OTHER, found, " has failed", context)
                  .nextStep(
                      "Look at the operations of "
                          + found.getName()
                          + " in Google's console"
                          + (isMade(found, context) ? "; delete it." : "."))
                  .toException());
      default -> Optional.empty();
    };
  }

  private static ErrorDetails.Builder failure(
      ErrorCategory category, DatabaseInstance found, String what, StepContext context) {
    // What a creation has made is named by the step that made it; anything else was there before.
    return ErrorDetails.of(category, found.getName() + what)
        .resource(context.resource().toString())
        .providerCode(found.getState());
  }

  /** Whether the operation is the creation of this very instance, and not of its replica. */
  private static boolean isMade(DatabaseInstance found, StepContext context) {
    String kind = context.state().kind();
    return context.name().equals(found.getName())
        && (kind.equals(InstanceDriver.CREATE.id())
            || kind.equals(ReplicaDriver.CREATE.id())
            || kind.equals(BackupDriver.RESTORE.id()));
  }

  private static String remedy(List<String> reasons) {
    if (reasons.contains("KMS_KEY_ISSUE")) {
      return "Give the instance its key back: the key enabled, with the rights of Cloud SQL's"
          + " service account on it.";
    }
    if (reasons.contains("BILLING_ISSUE")) {
      return "Mend the project's billing.";
    }
    return "Ask Google's support what it is suspended for, and to lift it.";
  }

  /** Says that a state has been waited for long enough of which nobody knows whether it passes. */
  private static RuntimeException unknown(
      DatabaseInstance found, ResourceId resource, Instant since) {
    return ErrorDetails.of(
            ErrorCategory.DEADLINE,
            found.getName()
                + " is in the state "
                + found.getState()
                + " since "
                + since
                + ", which this release does not know")
        .resource(resource.toString())
        // What a creation has made is named by the step that made it, as above.
        .providerCode(found.getState())
        .nextStep("Look at the instance in Google's console, then resume it by its token.")
        .toException();
  }

  /** Why an instance is not deleted; empty when nothing protects it. */
  static Optional<CloudDbException> protection(DatabaseInstance instance, ResourceId resource) {
    Settings settings = instance.getSettings();
    if (settings == null || !Boolean.TRUE.equals(settings.getDeletionProtectionEnabled())) {
      return Optional.empty();
    }
    return Optional.of(
        ErrorDetails.of(
                ErrorCategory.CONDITION_FAILED, instance.getName() + " is protected from deletion")
            .resource(resource.toString())
            .nextStep("Take the protection off first: modify with deletionProtection(false).")
            .toException());
  }

  /** Cloud SQL sets passwords by the database's own means, so it has to run. */
  static void requireRunning(DatabaseInstance instance, ResourceId resource) {
    if (InstanceReader.state(instance) == InstanceState.STOPPED) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              instance.getName() + " is stopped, and Cloud SQL sets passwords while it runs only")
          .resource(resource.toString())
          .nextStep("Start it first.")
          .toException();
    }
  }
}
