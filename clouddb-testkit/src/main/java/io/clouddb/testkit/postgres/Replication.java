/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom a server follows, and who follows it. Servers ask each other by SQL and by what can be read
 * without a lock: two that wait for each other cannot be.
 */
final class Replication {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String STANDBY = "standby.signal";

  /** How long an answer may take of a server that has nothing to do for it. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * What a replica follows.
   *
   * @param source the server
   * @param slot what that keeps for this one
   * @param keptLog how many bytes that keeps at most while this one is down
   */
  record Link(ServerLifecycle source, String slot, long keptLog) {}

  private final ServerLifecycle server;
  private final Set<String> slots = ConcurrentHashMap.newKeySet();
  private final Set<ServerLifecycle> replicas = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Link link;
  private volatile @Nullable SlotGuard guard;

  /** What it has to have at least, by whom it follows; nothing when it has followed nobody. */
  private volatile Map<String, Integer> least = Map.of();

  /** What it runs with, when it is a replica. */
  private volatile Map<String, Integer> sizes = Map.of();

  Replication(ServerLifecycle server) {
    this.server = server;
  }

  /** Whom it follows; null when that is nobody of this JVM. */
  @Nullable ServerLifecycle source() {
    Link current = link;
    return current == null ? null : current.source;
  }

  @Nullable Link link() {
    return link;
  }

  /** Who follows it. */
  Set<ServerLifecycle> replicas() {
    return replicas;
  }

  Map<String, Integer> sizes() {
    return sizes;
  }

  /** Whether it starts as a replica, or has: by the file that ends with a promotion. */
  boolean isStandby() {
    return Files.exists(server.directory().data().resolve(STANDBY), LinkOption.NOFOLLOW_LINKS);
  }

  /** Starts as a replica from now on. */
  void becomeStandby() throws IOException {
    server.directory().write(server.directory().data().resolve(STANDBY), "");
  }

  /** The role of this server's replicas, made if there is none. */
  synchronized ReplicationRole role(SuperuserSession session) throws IOException, SQLException {
    return ReplicationRole.make(
        server.directory(), session, server.configuration().replicationRole());
  }

  /** Has a slot left alone that is about to be made. */
  void expect(String slot) {
    slots.add(slot);
  }

  /** Has it dropped by the next who looks. */
  void forget(String slot) {
    slots.remove(slot);
  }

  /** Follows a server from the next start or reload on. */
  void link(Link target, ReplicationRole role) throws IOException {
    ServerLifecycle source = target.source;
    PrimaryAddress address =
        new PrimaryAddress(source.port(), source.certificate(), role, target.slot);
    server.configuration().follow(address.writeTo(server.directory()));
    link = target;
    source.replication().replicas.add(server);
    if (guard == null) {
      guard = new SlotGuard(server);
    }
  }

  /**
   * Follows whom it did before.
   *
   * @param old that server; null for none
   * @param parameters by which it was found
   */
  void linkAgain(@Nullable Link old, Map<String, String> parameters) throws IOException {
    Link wrong = link;
    if (wrong != null && !wrong.equals(old)) {
      wrong.source.replication().replicas.remove(server);
    }
    link = old;
    server.configuration().follow(parameters);
    Optional<ReplicationRole> role = ReplicationRole.of(server.directory());
    if (old != null && role.isPresent()) {
      link(old, role.get());
    }
  }

  /** No longer one of those that follow a server. */
  void leave(ServerLifecycle source) {
    source.replication().replicas.remove(server);
  }

  /**
   * Ends what its source keeps for it, which does nothing when that is gone. One that is down drops
   * the slot at its next start.
   */
  void release() throws IOException {
    SlotGuard watching = guard;
    guard = null;
    if (watching != null) {
      watching.close();
    }
    Link old = link;
    link = null;
    if (old != null) {
      old.source.replication().replicas.remove(server);
      drop(old.source, old.slot);
    }
  }

  /** Drops a slot of a server that runs. */
  static void drop(ServerLifecycle source, String slot) throws IOException {
    source.replication().forget(slot);
    if (!source.isRunning()) {
      return;
    }
    Undisturbed.run(
        () -> {
          try (SuperuserSession session = source.session(PATIENCE)) {
            ReplicationSlot.drop(session, slot);
          } catch (SQLException e) {
            if (LostSession.outlivedBy(source, e)) {
              throw new IOException(
                  "The replication slot " + slot + " at port " + source.port() + " is left", e);
            }
          }
        });
  }

  /** Before the files of a start are written. */
  void beforeStart() {
    if (!isStandby()) {
      becomePrimary();
      releaseQuietly();
    }
  }

  /** It has at least what its primary had, as before, unless somebody has said otherwise. */
  void becomePrimary() {
    ServerConfiguration configuration = server.configuration();
    least.forEach(
        (name, value) -> {
          if (configuration.get(name).isEmpty()) {
            configuration.set(name, value.toString());
          }
        });
    least = Map.of();
    sizes = Map.of();
    configuration.follow(Map.of());
  }

  /**
   * What a replica is told on its command line, where nothing else is stronger, when the files are
   * written.
   *
   * @throws io.clouddb.error.CloudDbException when it has less than recovery demands, or, of a
   *     primary, when a replica that runs would have
   */
  Map<String, String> optionsOfStart() throws IOException {
    if (!isStandby()) {
      ReplicaSizes.requireEnough(server, replicas);
      return Map.of();
    }
    least = ReplicaSizes.leastOf(server, least);
    return ReplicaSizes.optionsOf(server, least);
  }

  /** When the server takes connections. */
  void afterStart() {
    try {
      boolean standby = isStandby();
      boolean hasReplicas = ReplicationRole.of(server.directory()).isPresent();
      if (!standby && !hasReplicas) {
        return;
      }
      try (SuperuserSession session = server.session(PATIENCE)) {
        if (standby) {
          sizes = RecoveryParameters.of(session);
        }
        if (hasReplicas) {
          ReplicationSlot.dropUnused(session, slots);
        }
      }
    } catch (SQLException | IOException e) {
      // It runs, which is what was asked for.
      LOG.warn("{} may keep its log for replicas that are gone", server, e);
    }
  }

  /** It is no replica any more, whatever its former primary says to that. */
  void releaseQuietly() {
    try {
      release();
    } catch (IOException e) {
      LOG.warn("{} was promoted; its former primary keeps its log for it", server, e);
    }
  }
}
