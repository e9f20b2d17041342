/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.file.PrivateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a server of another one's log, or leaves nothing: "Recovering Using a Continuous Archive
 * Backup" of PostgreSQL's manual, with the template as the base backup.
 */
final class Restoration {
  private static final String SIGNAL = "recovery.signal";
  private static final String TARGET_TIME = "recovery_target_time";
  private static final String TARGET_NAME = "recovery_target_name";

  /** What the server says when its log has no commit that is later than the moment. */
  private static final String ALL_IS_EARLIER =
      "recovery ended before configured recovery target was reached";

  /** Beside a second for each segment, of which a busy machine replays several. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSx").withZone(ZoneOffset.UTC);

  /**
   * Ends what is copied, and has it written: by a name, and by a commit, without which the server
   * would not know that all that follows is later.
   */
  private static final String END =
      "SELECT pg_catalog.pg_create_restore_point(?), pg_catalog.pg_current_xact_id()";

  private final KeptLog log;
  private final RestoreBuilder builder;
  private KeptLog.@Nullable Copy copied;

  /** The name of the end; null where the log has none that is known. */
  private @Nullable String end;

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
      copied = log.copyTo(data.resolve("pg_wal"));
      PrivateFile.create(data.resolve(SIGNAL), "");
    }
  }

  private ServerLifecycle start() {
    ServerLifecycle source = log.server();
    ServerLifecycle made = null;
    try {
      end = endLog(source);
      made =
          new ServerLifecycle(
              builder, source.host(), new Contents(), source.configuration().replicationRole());
      recover(made);
      // What recovery was told is on the command line of that run, for everybody to see.
      made.restartAnywhere();
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

  /**
   * A server that does not run, or follows another, gets no end of ours: what it has committed is
   * in its log nevertheless.
   */
  private static @Nullable String endLog(ServerLifecycle source) throws SQLException {
    if (source.replication().isStandby()) {
      return null;
    }
    String name = "clouddb_" + UUID.randomUUID();
    return source.ask(
        session -> {
          var unused = session.row(END, name);
          return name;
        },
        Replication.PATIENCE);
  }

  private void recover(ServerLifecycle made) {
    KeptLog.Copy replayed = Objects.requireNonNull(copied);
    Map<String, String> options = new LinkedHashMap<>();
    // All of the log is there already.
    options.put("restore_command", "exit 1");
    options.put("recovery_target_timeline", Integer.toString(replayed.way()));
    options.put("recovery_target_action", "promote");
    // No readers before the end: then sizes do not have to be those of the other server.
    options.put("hot_standby", "off");
    if (made.installation().isAtLeast("14.5")) {
      // Recovery looks at its own, not at what the server had that made one.
      options.put("allow_in_place_tablespaces", "on");
    }
    Instant moment = builder.moment;
    if (moment != null) {
      options.put(TARGET_TIME, MOMENT.format(moment));
    } else if (end != null) {
      options.put(TARGET_NAME, end);
    }
    Duration limit =
        Objects.requireNonNullElseGet(
            builder.recoveryTimeout, () -> PATIENCE.plusSeconds(replayed.segments()));
    try {
      made.start(() -> {}, options, limit);
    } catch (CloudDbException e) {
      // One that has an end of ours and is not replayed until there is damaged.
      if (moment == null || end != null || !isAllEarlier(e.getCause())) {
        throw e;
      }
      // All that there is was committed before the moment.
      options.remove(TARGET_TIME);
      made.start(() -> {}, options, limit);
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
