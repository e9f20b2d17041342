/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What a migration does about the write-ahead log that a server keeps for it. A replication slot
 * keeps the log until the changes in it need not be sent again; when that takes long, because the
 * copy or the target is slow, the log grows until the server's disk is full and the application
 * stops. The server that sends the changes is meant: the source, and with reverse replication the
 * target after the switch.
 *
 * <p>What is kept is looked at every two seconds, so leave room for what is written in that time
 * between a limit and the disk. A server lets its log go in steps of its own: not before its next
 * checkpoint, not before it has noted which transactions are open (about every 15 s), and never
 * behind the begin of the oldest open transaction.
 */
public sealed interface WalPolicy {
  /** The log may grow without limit; only the server's own {@code max_slot_wal_keep_size} holds. */
  record Unlimited() implements WalPolicy {}

  /**
   * See {@link WalPolicy#stop}.
   *
   * @param limit in bytes
   */
  record Stop(long limit) implements WalPolicy {}

  /**
   * See {@link WalPolicy#spill}.
   *
   * @param limit in bytes
   * @param folder gets the files
   * @param mostBytes how much the files may hold
   */
  record Spill(long limit, Path folder, long mostBytes) implements WalPolicy {
    /** Checks that nothing is missing. */
    public Spill {
      Objects.requireNonNull(folder, "folder");
    }
  }

  /**
   * See {@link WalPolicy#throttle}.
   *
   * @param limit in bytes
   */
  record Throttle(long limit) implements WalPolicy {}

  /**
   * Lets the log grow. This is the default.
   *
   * @return the policy
   */
  static WalPolicy unlimited() {
    return new Unlimited();
  }

  /**
   * Gives way when more than a limit is kept: before the switch the migration stops as by {@link
   * Migration#abort}, the source is open and nothing is kept for it any more; after the switch
   * reverse replication ends as by {@link Migration#finish}.
   *
   * @param limit in bytes, at least 1
   * @return the policy
   */
  static WalPolicy stop(long limit) {
    return new Stop(limit);
  }

  /**
   * Reads the changes ahead into files of this machine, so that the server can let its log go: from
   * half of the limit on, during the copy too. Beyond the limit the migration gives way as by
   * {@link #stop}: the files are full, or the disk is, or a transaction that has been open for long
   * keeps the log.
   *
   * <p>The rows are in the files as the application wrote them. The files are in a folder of the
   * migration's own below the given one, which only the owner of the process may read (0700, the
   * files 0600, where the file system knows such rights); encrypt the disk where rows must not be
   * at rest unencrypted. They go as their changes are durable on the target, and all of them at the
   * end of the migration, however it ends.
   *
   * <p>With this policy the changes go through the files from the beginning, in small amounts until
   * half of the limit is kept. From then on the migration needs the files: it can go on only where
   * they are. A run that does not find them, or finds them damaged, fails and names the folder.
   *
   * @param limit how much log the server may keep, in bytes, at least 1
   * @param folder on a disk that survives a restart of the machine; made when it is missing; best
   *     for this migration alone
   * @param mostBytes how much the files may hold before another transaction is begun in them, in
   *     bytes, at least 1; one transaction is kept whole, so a large one can exceed it
   * @return the policy
   */
  static WalPolicy spill(long limit, Path folder, long mostBytes) {
    return new Spill(limit, folder, mostBytes);
  }

  /**
   * Slows the application down, so that the target can keep up: from half of the limit on, each
   * connection that a {@link io.clouddb.migration.route.SwitchableDataSource} hands out is delayed,
   * by the more the closer to the limit, up to a quarter of a second. Beyond the limit the
   * migration gives way as by {@link #stop}. Needs a route, and an application that borrows a
   * connection for each unit of work: one that keeps its connections is not slowed.
   *
   * <p>During the copy no change is applied yet, so the log only grows more slowly. When the
   * process of the migration dies, the delay ends by itself within ten seconds.
   *
   * @param limit in bytes, at least 1
   * @return the policy
   */
  static WalPolicy throttle(long limit) {
    return new Throttle(limit);
  }
}
