/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.file.PrivateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a server of another one's log, or leaves nothing: "Recovering Using a Continuous Archive
 * Backup" of PostgreSQL's manual, with the template as the base backup.
 */
final class Restoration {
  private static final String SIGNAL = "recovery.signal";
  private static final String TARGET = "recovery_target_time";

  /** What the server says when its log has no commit that is later than the moment. */
  private static final String ALL_IS_EARLIER =
      "recovery ended before configured recovery target was reached";

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSx").withZone(ZoneOffset.UTC);

  /** Ends with a commit of ours what is copied, and has it written. */
  private static final String END =
      "SELECT pg_catalog.pg_create_restore_point('clouddb'), pg_catalog.pg_current_xact_id()";

  private final KeptLog log;
  private final RestoreBuilder builder;
  private int way;

  private Restoration(KeptLog log, RestoreBuilder builder) {
    this.log = log;
    this.builder = builder;
  }

  static ServerLifecycle start(KeptLog log, RestoreBuilder builder) {
    // Its server may be closed meanwhile.
    try (WalArchive unused = new WalArchive(log)) {
      return new Restoration(log, builder).start();
    }
  }

  /** What is filled into the directory. */
  private final class Contents implements InstanceDirectory.Contents {
    @Override
    public boolean mayBeKept() {
      return false;
    }

    @Override
    public void fill(Path draft, Path root) throws IOException {
      new InstanceDirectory.OfTemplate(log.server().installation()).fill(draft, root);
      Path data = draft.resolve(TemplateDatabase.DATA);
      way = log.copyTo(data.resolve("pg_wal"));
      PrivateFile.create(data.resolve(SIGNAL), "");
    }
  }

  private ServerLifecycle start() {
    ServerLifecycle source = log.server();
    ServerLifecycle made = null;
    try {
      endLog(source);
      made =
          new ServerLifecycle(
              builder, source.host(), new Contents(), source.configuration().replicationRole());
      recover(made);
      // What recovery was told is on the command line of that run, for everybody to see.
      made.stop();
      made.start();
      return made;
    } catch (IOException | SQLException | RuntimeException e) {
      RuntimeException failure = failure(source, e);
      if (made != null) {
        try {
          made.close();
        } catch (RuntimeException second) {
          failure.addSuppressed(second);
        }
      }
      throw failure;
    }
  }

  /** A server that does not run, or follows another, has no end of ours: see {@link #recover}. */
  private void endLog(ServerLifecycle source) throws SQLException {
    if (!source.isRunning() || source.replication().isStandby()) {
      return;
    }
    try (SuperuserSession session = source.session(Replication.PATIENCE)) {
      var unused = session.row(END);
    } catch (SQLException e) {
      // It is ending: what it has committed is in its log nevertheless.
      if (source.isRunning()) {
        throw e;
      }
    }
  }

  private void recover(ServerLifecycle made) {
    Map<String, String> options = new LinkedHashMap<>();
    // All of the log is there already.
    options.put("restore_command", "exit 1");
    options.put("recovery_target_timeline", Integer.toString(way));
    options.put("recovery_target_action", "promote");
    // No readers before the end: then sizes do not have to be those of the other server.
    options.put("hot_standby", "off");
    if (made.installation().isAtLeast("14.5")) {
      // Recovery looks at its own, not at what the server had that made one.
      options.put("allow_in_place_tablespaces", "on");
    }
    Instant moment = builder.moment;
    if (moment != null) {
      options.put(TARGET, MOMENT.format(moment));
    }
    try {
      made.start(() -> {}, options, builder.recoveryTimeout);
    } catch (CloudDbException e) {
      if (moment == null || !isAllEarlier(e.getCause())) {
        throw e;
      }
      // All that there is was committed before the moment.
      options.remove(TARGET);
      made.start(() -> {}, options, builder.recoveryTimeout);
    }
  }

  private static boolean isAllEarlier(@Nullable Throwable cause) {
    return cause instanceof ServerProcess.StartFailedException failed
        && failed.log().contains(ALL_IS_EARLIER);
  }

  private static RuntimeException failure(ServerLifecycle source, Exception e) {
    if (e instanceof CloudDbException || e instanceof IllegalStateException) {
      return (RuntimeException) e;
    }
    return ErrorDetails.of(
            ErrorCategory.OTHER, source + " could not be restored: " + e.getMessage())
        .nextStep("Nothing of the new server is left: try again.")
        .toException(e);
  }
}
