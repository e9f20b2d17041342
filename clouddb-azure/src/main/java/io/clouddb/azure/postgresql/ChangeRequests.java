/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.InstanceChange;
import io.clouddb.plan.Specification;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The PATCHes of an {@link InstanceChange}, built again for each of them out of the change, the
 * caller's customizations and what was noted of the server before the first one.
 */
final class ChangeRequests {
  private static final String PATCHES = "patches";
  private static final String STANDBY = "standby";
  private static final String BURSTABLE = "burstable";

  private ChangeRequests() {}

  /**
   * Builds them once, so that what is wrong with them is said before anything is sent, and notes
   * which there are.
   *
   * @param tags the server's tags, all of which a PATCH replaces
   */
  static OperationState noted(
      StepContext context, ServerView.Facts before, @Nullable Map<String, String> tags) {
    OperationState state = noted(context.state(), STANDBY, before.standby());
    state = noted(state, BURSTABLE, before.burstable());
    if (!isCustomized(context) && asked(context, before).isEmpty()) {
      return state;
    }
    return state.with(
        PATCHES,
        Patch.split(body(context, Patch.CHANGE, before, tags), before).keySet().stream()
            .map(Patch::name)
            .collect(Collectors.joining(" ")));
  }

  private static OperationState noted(OperationState state, String name, @Nullable Boolean value) {
    return value == null ? state : state.with(name, value.toString());
  }

  private static ServerView.Facts before(StepContext context) {
    return new ServerView.Facts(
        context.value(STANDBY).map(Boolean::valueOf).orElse(null),
        context.value(BURSTABLE).map(Boolean::valueOf).orElse(null),
        // What these decide is in no request.
        null,
        null);
  }

  /** Whether the change has such a PATCH. */
  static boolean has(StepContext context, Patch patch) {
    List<String> noted = Arrays.asList(context.value(PATCHES).orElse("").split(" ", -1));
    return noted.contains(patch.name());
  }

  /**
   * One of the PATCHes.
   *
   * @param tags the server's tags
   */
  static ServerForUpdate request(
      StepContext context, Patch patch, @Nullable Map<String, String> tags) {
    ServerView.Facts before = before(context);
    ServerForUpdate request = Patch.split(body(context, patch, before, tags), before).get(patch);
    // Only a token that was rewritten names one that the change does not have.
    return request == null ? new ServerForUpdate() : request;
  }

  private static ServerForUpdate body(
      StepContext context,
      Patch patch,
      ServerView.Facts before,
      @Nullable Map<String, String> tags) {
    ServerForUpdate body =
        change(context)
            .flatMap(
                change ->
                    ServerFields.update(
                        change,
                        before,
                        // The others do not hold it, and may be sent after it was forgotten.
                        change
                            .adminPassword()
                            .map(ref -> patch == Patch.CHANGE ? context.secret(ref) : "")
                            .orElse(""),
                        tags == null ? Map.of() : new TreeMap<>(tags)))
            .orElseGet(ServerForUpdate::new);
    return context.customizations().apply(ServerForUpdate.class, body);
  }

  /**
   * What the server has to show after a PATCH.
   *
   * @return empty for a request that the caller has customized: it is not known
   */
  static Optional<ServerForUpdate> shown(StepContext context, Patch patch) {
    if (isCustomized(context)) {
      return Optional.empty();
    }
    ServerView.Facts before = before(context);
    return asked(context, before).map(body -> Patch.split(body, before).get(patch));
  }

  /** Without the password, which no server shows, and with the tags that are changed. */
  private static Optional<ServerForUpdate> asked(StepContext context, ServerView.Facts before) {
    return change(context).flatMap(change -> ServerFields.update(change, before, "", Map.of()));
  }

  /** What changes: by a change, by a policy of backups, or after a restore. */
  private static Optional<InstanceChange> change(StepContext context) {
    Specification asked = context.state().specification().orElseThrow();
    if (asked instanceof RestoreSpec) {
      return RestoreRequest.change(context);
    }
    return Optional.of(
        asked instanceof Protection protection
            ? protection.change()
            : context.specification(InstanceChange.class));
  }

  /** Whether the caller has changed the PATCHes, so that it is not known what they ask for. */
  static boolean isCustomized(StepContext context) {
    return context.customizations().all().stream()
        .anyMatch(customization -> customization.type() == ServerForUpdate.class);
  }

  /** Whether the change has a new password. */
  static boolean setsPassword(StepContext context) {
    return change(context).flatMap(InstanceChange::adminPassword).isPresent();
  }
}
