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
import org.jspecify.annotations.Nullable;

/** Makes a replica of a running server, or leaves nothing. */
final class ReplicaCreation {
  private static final String NOT_IN_PREREQUISITE_STATE = "55000";

  /** What it has sent may be all that the replica needs. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /**
   * The data of a running server.
   *
   * @param source the server
   * @param session of ours on it
   * @param role as whom its replicas come
   * @param limit how long the copy may take
   */
  private record Copy(
      ServerLifecycle source, SuperuserSession session, ReplicationRole role, Duration limit)
      implements InstanceDirectory.Contents {
    @Override
    public boolean mayBeKept() {
      return false;
    }

    @Override
    public void fill(Path draft, Path root) throws IOException {
      InstanceDirectory.copyParts(source.installation().certificate(), draft);
      PrivateFile.create(
          draft.resolve(TemplateDatabase.SECRET),
          source.directory().superuser() + "\n" + source.directory().superuserPassword());
      role.writeTo(draft);
      try {
        copyData(draft, root);
      } catch (SQLException e) {
        throw new IOException("its data could not be copied: " + e.getMessage(), e);
      }
    }

    private void copyData(Path draft, Path root) throws IOException, SQLException {
      try {
        backup(source, session).writeTo(draft, root);
        return;
      } catch (SQLException e) {
        // A replica whose primary writes no full pages outside of backups is no source of one.
        ServerLifecycle first = primary(source);
        if (!NOT_IN_PREREQUISITE_STATE.equals(e.getSQLState()) || first == null) {
          throw e;
        }
      }
      DirectoryTree.delete(draft.resolve(TemplateDatabase.DATA));
      DirectoryTree.delete(draft.resolve(InstanceDirectory.TABLESPACES));
      ServerLifecycle first = primary(source);
      if (first == null) {
        throw new IOException("the primary of them all ended meanwhile");
      }
      try (SuperuserSession there = first.session(limit)) {
        backup(first, there).writeTo(draft, root);
      }
    }

    private BaseBackup backup(ServerLifecycle from, SuperuserSession on) {
      return new BaseBackup(
          on,
          from.version(),
          from.host().user().isAnotherUser() ? null : from.directory().data(),
          limit);
    }

    /** The running server that writes what a replica has. */
    private static @Nullable ServerLifecycle primary(ServerLifecycle replica) {
      ServerLifecycle last = null;
      for (ServerLifecycle at = replica.replication().source();
          at != null;
          at = at.replication().source()) {
        last = at;
      }
      return last != null && last.isRunning() ? last : null;
    }
  }

  private ReplicaCreation() {}

  static ServerLifecycle start(ServerLifecycle source, ReplicaBuilder builder) {
    source.requireOpen();
    if (!source.isRunning()) {
      throw new IllegalStateException("The primary does not run: start it first");
    }
    String slot = ReplicationSlot.newName();
    source.replication().expect(slot);
    ServerLifecycle made = null;
    try {
      try (SuperuserSession session = source.session(builder.copyTimeout)) {
        requireReplicating(session);
        ReplicationRole role = source.replication().role(session);
        ReplicationSlot.create(session, slot);
        made =
            new ServerLifecycle(
                builder,
                source.host(),
                new Copy(source, session, role, builder.copyTimeout),
                role.name());
        KeptLog own = made.log();
        if (own != null) {
          own.continues(source.archive());
        }
        made.replication().link(new Replication.Link(source, slot, builder.keptLog), role);
      }
      made.start(hope(source));
      return made;
    } catch (SQLException | IOException | RuntimeException e) {
      RuntimeException failure = failure(source, e);
      undo(source, slot, made, failure);
      throw failure;
    }
  }

  private static void undo(
      ServerLifecycle source,
      String slot,
      @Nullable ServerLifecycle made,
      RuntimeException failure) {
    try {
      if (made != null) {
        made.close();
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    try {
      Replication.drop(source, slot);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static RuntimeException failure(ServerLifecycle source, Exception e) {
    if (e instanceof CloudDbException || e instanceof IllegalStateException) {
      return (RuntimeException) e;
    }
    return ErrorDetails.of(
            ErrorCategory.OTHER, "No replica of " + source + " could be made: " + e.getMessage())
        .nextStep(
            LostSession.outlivedBy(source, e)
                ? "Nothing of it is left, and the primary runs: try again."
                : "Nothing of it is left. The primary has ended: start it, and try again.")
        .toException(e);
  }

  /** What a server has to have to be followed. */
  static void requireReplicating(SuperuserSession session) throws SQLException {
    String level = session.value("SELECT pg_catalog.current_setting('wal_level')");
    if ("minimal".equals(level)) {
      throw ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "wal_level is minimal on the primary")
          .nextStep("Set it to replica or logical there, and restart it.")
          .toException();
    }
    if (!session.is(
        "SELECT pg_catalog.current_setting('max_wal_senders')::bigint OPERATOR(pg_catalog.>)"
            + " (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication)")) {
      throw ErrorDetails.of(
              ErrorCategory.QUOTA, "All max_wal_senders of the primary are in use, or it has none")
          .nextStep("Raise max_wal_senders on it and restart it.")
          .toException();
    }
  }

  /** A replica that is not consistent yet gets no further without its primary. */
  static ServerProcess.Hope hope(ServerLifecycle source) {
    long[] ended = new long[1];
    return () -> {
      if (source.isRunning()) {
        ended[0] = 0;
      } else if (ended[0] == 0) {
        ended[0] = System.nanoTime();
      } else if (System.nanoTime() - ended[0] > GRACE.toNanos()) {
        throw new IOException("its primary ended before it had all that it needs to be consistent");
      }
    };
  }
}
