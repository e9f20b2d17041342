/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parameters of a restore's source, which Azure gives to no new server. Azure is asked for them
 * whatever the source does; of one that is stopped it tells none, with 400 {@code
 * ServerStoppedError}. Nothing is restored without them unless the specification says that they are
 * only preferred.
 *
 * @see <a href="https://github.com/turbot/steampipe-plugin-azure/pull/1015">Parameters of a stopped
 *     server</a>
 */
final class SourceParameters {
  private static final Logger log = LoggerFactory.getLogger(SourceParameters.class);

  private static final String CONSENT =
      "preferring(RestoreField.PARAMETERS) restores it with Azure's parameters and those that are"
          + " asked for";

  private final ServerCalls servers;

  SourceParameters(ServerCalls servers) {
    this.servers = servers;
  }

  /**
   * Those that somebody has set.
   *
   * @param far whether it is in another region than the new server, and may stay silent
   * @throws CloudDbException when Azure does not tell them
   */
  Map<String, String> of(RestoreSpec spec, ServerInner source, boolean far) {
    try {
      return servers.setParameters(source.name());
    } catch (CloudDbException e) {
      if (!spec.preferring().contains(RestoreField.PARAMETERS)) {
        throw refused(spec, source, e);
      }
      if (passes(source, far, e)) {
        // It was agreed to do without what Azure does not tell, not to do without asking again.
        throw e;
      }
      log.warn(
          "{} is restored as {} without its parameters, which Azure does not tell: {}",
          source.name(),
          spec.name(),
          e.getMessage());
      return Map.of();
    }
  }

  /** Whether Azure tells them soon, or to who logs in again. */
  private static boolean passes(ServerInner source, boolean far, CloudDbException e) {
    return switch (e.category()) {
      case THROTTLED, AUTHENTICATION, DEADLINE -> true;
      case UNAVAILABLE -> !far && ServerStep.state(source) == InstanceState.AVAILABLE;
      default -> false;
    };
  }

  /** Whether it helps to wait, or what does. */
  static CloudDbException refused(RestoreSpec spec, ServerInner source, CloudDbException e) {
    InstanceState now = ServerView.state(ServerView.nativeState(source));
    ErrorDetails.Builder details =
        switch (now) {
          case STOPPED, STOPPING, FAILED ->
              ErrorDetails.of(ErrorCategory.CONDITION_FAILED, why(source));
          case CREATING, MODIFYING, STARTING, OTHER ->
              ErrorDetails.of(ErrorCategory.BUSY, why(source));
          default -> e.details().toBuilder();
        };
    return CloudDbException.of(
        details
            .resource(spec.source().toString())
            .providerCode(e.details().providerCode().orElse(null))
            .nextStep("Nothing was done. " + mend(now))
            .build(),
        e);
  }

  private static String why(ServerInner source) {
    return source.name()
        + " is "
        + ServerView.nativeState(source)
        + ", and Azure does not tell its parameters, which a restore would lose";
  }

  private static String mend(InstanceState now) {
    return switch (now) {
      case STOPPED, STOPPING -> "Start it first: instances().start(id). Or " + CONSENT + ".";
      case CREATING, MODIFYING, STARTING, OTHER ->
          "Wait until it is AVAILABLE, and try again. Or " + CONSENT + ".";
      default -> "Look at it in Azure, and try again. Or " + CONSENT + ".";
    };
  }
}
