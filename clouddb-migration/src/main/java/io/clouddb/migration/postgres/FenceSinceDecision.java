/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.route.Route;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the fence stood from a decision until a later run goes on with it. That it stands is not
 * enough: whoever owns a table can switch its triggers off, write, and switch them on again. So the
 * decision in the journal has what the triggers were, and what was changed since has another
 * version.
 */
final class FenceSinceDecision {
  /** The fact of the decision. */
  static final String FACT = "fence";

  private FenceSinceDecision() {}

  /** What is done while nobody can change the fence. */
  interface Next {
    void go() throws SQLException;
  }

  /**
   * Goes on when it stood, and throws otherwise.
   *
   * @param given the side that gives the application away, in auto-commit mode
   * @param facts of the decision
   * @param taker the side that it was decided for
   * @param next the switch
   */
  static void whenItStood(
      MigrationRun run, Connection given, Map<String, String> facts, Route.Side taker, Next next)
      throws SQLException {
    List<TableName> planned = FencedTables.of(run);
    String kept = facts.get(FACT);
    // It stood on more than what is in the stream, and has names that are others now.
    List<TableName> fenced = kept == null ? planned : WriteFence.tablesOf(kept);
    if (fenced.isEmpty() && !planned.isEmpty()) {
      throw failed(
          taker, "what the journal says of the fence is nothing that this release reads", planned);
    }
    WriteFence fence = new WriteFence(run.settings.id(), fenced);
    try {
      require(fence, fenced, given, kept, taker);
      next.go();
    } finally {
      fence.release(given);
    }
  }

  private static void require(
      WriteFence fence,
      List<TableName> fenced,
      Connection given,
      @Nullable String kept,
      Route.Side taker)
      throws SQLException {
    String from = taker == Route.Side.TARGET ? "source" : "target";
    String to = taker == Route.Side.TARGET ? "target" : "source";
    Set<TableName> standing = Set.copyOf(fence.standing(given));
    List<TableName> open = fenced.stream().filter(table -> !standing.contains(table)).toList();
    if (!open.isEmpty()) {
      throw failed(
          taker,
          "the fence is gone from %s on the %s. Rows may have been written there since, which the %s lacks"
              .formatted(open, from, to),
          open);
    }
    if (kept == null) {
      return;
    }
    List<TableName> changed = List.copyOf(fence.changedSince(given, kept));
    if (!changed.isEmpty()) {
      throw failed(
          taker,
          "since then somebody changed the fence of the %s on %s. It stands there again, but rows may have been written meanwhile, which the %s lacks"
              .formatted(from, changed, to),
          changed);
    }
  }

  private static RuntimeException failed(Route.Side taker, String what, List<TableName> tables) {
    boolean target = taker == Route.Side.TARGET;
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "An earlier run was about to %s, but %s".formatted(target ? "switch" : "go back", what))
        .resource(tables.get(0).toString())
        .nextStep(
            "Compare these tables on both sides by hand, and bring over what is missing. To go on"
                + (target ? " with the target" : " back to the source")
                + " then: open the route there yourself (RouteControl.force(Route.Side."
                + taker
                + ")) and run this again; without a route, let the applications connect there, and"
                + " remove by hand what the migration made, as the guide says under \"When the"
                + " journal is lost\"."
                + (target
                    ? " To stay on the source, remove the same, empty the target and begin anew"
                        + " under another id."
                    : ""))
        .toException();
  }
}
