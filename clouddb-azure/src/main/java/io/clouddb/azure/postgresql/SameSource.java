/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.management.SystemData;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
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
 * created is noted, and held before each request. Of one that is gone Azure itself says what can be
 * made.
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
   * Holds it.
   *
   * @param far whether the new one is made in another region, also where the source's is down
   * @throws io.clouddb.error.ConditionFailedException when another server has its name now
   */
  static void require(StepContext context, ServerCalls calls, String name, boolean far) {
    Optional<String> noted = context.value(CREATED);
    if (noted.isEmpty()) {
      return;
    }
    Optional<String> shown;
    try {
      shown = calls.find(name).map(server -> created(server.innerModel()));
    } catch (UnavailableException e) {
      if (!far) {
        throw e;
      }
      return;
    }
    if (shown.filter(created -> !created.equals(noted.get())).isPresent()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The name "
                  + name
                  + " belongs to another server than the one that "
                  + context.name()
                  + " was to be made of")
          .resource(context.resource().toString())
          .nextStep(
              "Nothing was made of it. Look who has made the server that is there, and begin anew"
                  + " what is to be made of which one.")
          .toException();
    }
  }
}
