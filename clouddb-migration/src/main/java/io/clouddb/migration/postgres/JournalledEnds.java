/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.route.Route;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two databases that a journal speaks of. Whatever goes on with it asks first whether they are
 * still behind their addresses, before it drops triggers, rules or keys there, or says that all is
 * undone.
 */
final class JournalledEnds {
  private static final Logger LOG = LoggerFactory.getLogger(JournalledEnds.class);

  private static final String EMPTIED = "target.emptied";

  private final MigrationSettings settings;
  private final History history;

  /** What answered; asked once, for all that is to be known before anything is done. */
  private final Map<Route.Side, Seen> seen = new EnumMap<>(Route.Side.class);

  private record Seen(DatabaseIdentity identity, String version) {}

  JournalledEnds(MigrationSettings settings, History history) {
    this.settings = settings;
    this.history = history;
  }

  /** Which two they are, for the journal of an attempt that begins. */
  Map<String, String> entries() {
    try {
      Map<String, String> ends = new LinkedHashMap<>();
      for (Route.Side side : Route.Side.values()) {
        ends.putAll(see(side).identity.entries(label(side)));
      }
      return ends;
    } catch (SQLException e) {
      throw SqlFailure.of("identifying the databases", e);
    }
  }

  /** Where a database is, and what its server says of its version, when it answers. */
  String describe(Route.Side side) {
    try {
      return MigrationRun.describe(details(side), see(side).version);
    } catch (SQLException e) {
      return MigrationRun.describe(details(side), "");
    }
  }

  private Seen see(Route.Side side) throws SQLException {
    Seen known = seen.get(side);
    if (known == null) {
      ConnectionDetails details = details(side);
      try (Connection connection = PinnedSession.open(details, "identify")) {
        known =
            new Seen(
                DatabaseIdentity.read(details, connection),
                connection.getMetaData().getDatabaseProductVersion());
      }
      seen.put(side, known);
    }
    return known;
  }

  /** Throws when what is to be done, or one of both databases, is not what the journal says. */
  void requireBoth() {
    history.requireSame(settings.identity());
    require(Route.Side.SOURCE);
    require(Route.Side.TARGET);
    Optional<DatabaseIdentity> target = now(Route.Side.TARGET);
    if (target.isPresent() && began(Route.Side.TARGET).difference(target.get()).isPresent()) {
      history.note(EMPTIED, target.get().entries(label(Route.Side.TARGET)));
    }
  }

  /** Throws when it is another database. One that does not answer is met by whoever needs it. */
  void require(Route.Side side) {
    Optional<String> other = other(side);
    if (other.isPresent()) {
      throw refusal(side, other.get());
    }
  }

  /** How the database tells that it is another one; empty when it is the journal's. */
  Optional<String> other(Route.Side side) {
    Optional<DatabaseIdentity> now = now(side);
    Optional<String> difference = now.flatMap(identity -> began(side).difference(identity));
    if (difference.isPresent() && side == Route.Side.TARGET && isEmptied(now.get())) {
      return Optional.empty();
    }
    return difference.map(
        how ->
            "The "
                + label(side)
                + " is not the one that this migration began with: at "
                + details(side).address()
                + " "
                + how);
  }

  /**
   * While the copy is not complete a target may be emptied by making its database anew, on the same
   * server: the copy begins anew, and there is nothing in it that could be harmed.
   */
  private boolean isEmptied(DatabaseIdentity now) {
    if (history.finished(MigrationStep.SYNC)
        || !now.system().equals(began(Route.Side.TARGET).system())) {
      return false;
    }
    try (Connection target = CatalogSession.open(settings.target())) {
      return Catalog.names(target, settings.selection()).isEmpty();
    } catch (SQLException e) {
      throw SqlFailure.of("looking into the target", e);
    }
  }

  /**
   * Throws when the side whose log is read failed over or was restored: what its slot had to send
   * may be lost.
   */
  void requireNoFailover(Route.Side side) {
    Optional<String> failover = failover(side);
    if (failover.isPresent()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              failover.get() + "; changes may be missing from its slot. Nothing was changed")
          .resource(details(side).address())
          .nextStep("Abort the migration, empty the target and begin anew.")
          .toException();
    }
  }

  /**
   * How a database failed over or was restored since the migration began; empty when it did not.
   */
  Optional<String> failover(Route.Side side) {
    return now(side)
        .flatMap(identity -> began(side).failover(identity))
        .map(how -> "The " + label(side) + " " + how);
  }

  private Optional<DatabaseIdentity> now(Route.Side side) {
    try {
      return Optional.of(see(side).identity);
    } catch (SQLException e) {
      LOG.debug("Migration {}: the {} does not answer", settings.id(), label(side), e);
      return Optional.empty();
    }
  }

  private DatabaseIdentity began(Route.Side side) {
    Map<String, String> began = new HashMap<>(history.began());
    history.notes().stream()
        .filter(entry -> entry.kind().equals(EMPTIED))
        .forEach(entry -> began.putAll(entry.data()));
    return DatabaseIdentity.of(label(side), began);
  }

  private ConnectionDetails details(Route.Side side) {
    return side == Route.Side.SOURCE ? settings.source() : settings.target();
  }

  private CloudDbException refusal(Route.Side side, String other) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED, other + ". Nothing was changed on either side")
        .resource(details(side).address())
        .nextStep(
            "See where the address leads. If the database that the migration began with is lost for"
                + " good: "
                + withoutIt(side))
        .toException();
  }

  /** How to come to an end when one database is gone. */
  private String withoutIt(Route.Side lost) {
    boolean source = lost == Route.Side.SOURCE;
    if (history.rollbackDecided()) {
      return source
          ? "the return to the source was decided, and the target has all that was written up to it: releaseTarget() lets it take writes again. The application's route may have to be forced to it (RouteControl.force), and on it remain %s. Drop these by hand, and begin anew under another id."
              .formatted(madeOn(Route.Side.TARGET))
          : "the return to the source was decided: releaseSource() lets it take writes again. The application's route may still lead to the target, and has to be forced (RouteControl.force) then; on the source remain %s. Drop by hand what is still there."
              .formatted(madeOn(Route.Side.SOURCE));
    }
    if (history.pastPointOfNoReturn()) {
      return source
          ? "the application works on the target; on the target remain %s. Drop them by hand, and begin anew under another id."
              .formatted(madeOn(Route.Side.TARGET))
          : "releaseSource() lets the old source take writes again, with what had come back to it.";
    }
    return source
        ? "on the target remain %s, and the tables with what was copied. Drop them by hand, and begin anew under another id."
            .formatted(madeOn(Route.Side.TARGET))
        : "abort() makes the source as it was and leaves the target alone.";
  }

  /** What a migration makes for itself on a side, by name. */
  String madeOn(Route.Side side) {
    if (side == Route.Side.SOURCE) {
      return "publication and replication slot %s, the triggers clouddb_%s_fence, and the schema clouddb_migration"
          .formatted(settings.replicationName(), settings.id());
    }
    return (settings.reverses()
            ? "publication and replication slot %s, the triggers clouddb_%s_fence, and "
                .formatted(settings.reverseName(), settings.id())
            : "")
        + "the schema clouddb_migration";
  }

  private static String label(Route.Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }
}
