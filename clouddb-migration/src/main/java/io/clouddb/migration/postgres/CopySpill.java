/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.spill.SpilledFeed;
import io.clouddb.migration.postgres.spill.Spilling;
import io.clouddb.migration.postgres.stream.ChangeStream;
import io.clouddb.migration.postgres.stream.PinnedSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the stream into files while the rows are copied, when nothing is applied yet. The applier
 * goes on from there.
 */
final class CopySpill {
  private static final Logger LOG = LoggerFactory.getLogger(CopySpill.class);
  private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);

  private final MigrationSettings settings;
  private final @Nullable Spilling spilling;
  private boolean wanted;
  private @Nullable SpilledFeed feed;

  CopySpill(MigrationSettings settings, @Nullable Spilling spilling) {
    this.settings = settings;
    this.spilling = spilling;
  }

  /** The slot is there, and nobody reads it from here on until {@link #end}. */
  synchronized void begin() {
    wanted = true;
  }

  /** Looks whether to read, and whether it still goes on. Called again and again. */
  synchronized void observe(boolean engaged) {
    SpilledFeed current = feed;
    if (current != null && current.failure() != null) {
      LOG.warn(
          "Migration {}: reading the changes ahead is tried again: {}",
          settings.id(),
          String.valueOf(current.failure()));
      close();
    }
    if (wanted && engaged && feed == null) {
      open();
    }
  }

  private void open() {
    Spilling into = spilling;
    if (into == null) {
      return;
    }
    try (Connection target = PinnedSession.open(settings.namedTarget(), "position")) {
      PositionTable.Position position =
          PositionTable.read(target, settings.id()).orElseThrow(IllegalStateException::new);
      feed =
          SpilledFeed.start(
              new ChangeStream.Slot(
                  settings.namedSource(),
                  settings.replicationName(),
                  settings.replicationName(),
                  position.identity(),
                  STATUS_INTERVAL),
              position.lsn(),
              into,
              Long.MAX_VALUE);
    } catch (SQLException | CloudDbException e) {
      // The next look tries again; until then the log grows, up to the limit.
      LOG.warn("Migration {}: the changes cannot be read ahead", settings.id(), e);
    }
  }

  /** Lets the slot go, for the applier. */
  synchronized void end() {
    wanted = false;
    close();
  }

  private void close() {
    SpilledFeed current = feed;
    feed = null;
    if (current != null) {
      try {
        current.close();
      } catch (SQLException e) {
        LOG.debug("Migration {}: the stream was gone already", settings.id(), e);
      }
    }
  }
}
