/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.management.SystemData;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.UnavailableException;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Of which server a new one is made, as a replica or out of its backups. The request has its name
 * only, which can be given to another server before it is sent, or sent again: so when it was
 * created is noted, and held before each request. Nothing is made of one that was there and is
 * gone.
 */
final class SameSource {
  private static final String CREATED = "source-created";

  private SameSource() {}

  /** The state of an operation that makes a server of this one. */
  static OperationState noted(OperationState state, ServerInner source) {
    String created = created(source);
    return created == null ? state : state.with(Map.of(CREATED, created));
  }

  private static @Nullable String created(ServerInner source) {
    SystemData data = source.systemData();
    return data == null || data.createdAt() == null ? null : data.createdAt().toString();
  }

  /**
   * Holds it. One that Azure does not show is waited for as long as Azure was seen to hide what is
   * there: the request would be answered as if the new server were the one that is not shown.
   *
   * @param far whether the new one is made in another region, also where the source's is down
   * @throws io.clouddb.error.BusyException while the source is not shown
   * @throws io.clouddb.error.ConditionFailedException when it is gone, or another server has its
   *     name now
   */
  static void require(StepContext context, ServerCalls calls, String name, boolean far) {
    Optional<String> noted = context.value(CREATED);
    if (noted.isEmpty()) {
      return;
    }
    Optional<ServerInner> source;
    try {
      source = calls.find(name);
    } catch (UnavailableException e) {
      if (!far) {
        throw e;
      }
      return;
    }
    if (source.isEmpty()) {
      throw notShown(context, name);
    }
    String shown = created(source.get());
    if (shown != null && !shown.equals(noted.get())) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The name "
                  + name
                  + " belongs to another server than the one that "
                  + context.name()
                  + " was to be made of")
          .resource(context.resource().toString())
          .nextStep(
              // What a lost request may have made, the step machine names.
              (context.state().lost() ? "" : "Nothing was made of it. ")
                  + "Look who has made the server that is there, and begin anew what is to be made"
                  + " of which one.")
          .toException();
    }
  }

  private static CloudDbException notShown(StepContext context, String name) {
    if (context.isWithin(ServerStep.APPEARS)) {
      return ErrorDetails.of(
              ErrorCategory.BUSY,
              "Azure does not show the server "
                  + name
                  + " now, of which "
                  + context.name()
                  + " is to be made")
          .resource(context.resource().toString())
          .toException();
    }
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "The server "
                + name
                + ", of which "
                + context.name()
                + " was to be made, is gone: Azure has not shown it for "
                + ServerStep.APPEARS.toMinutes()
                + " minutes")
        .resource(context.resource().toString())
        .nextStep(
            "For five days after its deletion RestoreSpec.of(instance).latest(), in its region,"
                + " restores it as it was then. "
                + RestoreTable.REVIVAL)
        .toException();
  }
}
