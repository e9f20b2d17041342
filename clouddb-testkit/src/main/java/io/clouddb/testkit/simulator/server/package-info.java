/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Managed database servers, whatever cloud they are in, with a real database behind each.
 *
 * <ul>
 *   <li>{@link io.clouddb.testkit.simulator.server.ManagedServers}: which there are.
 *   <li>{@link io.clouddb.testkit.simulator.server.LifeCycle}: create, modify, reboot, stop, start,
 *       delete. Each takes simulated time ({@link io.clouddb.testkit.simulator.server.Timings}) and
 *       is an operation, which Azure and Google show to their callers. Attributes of an instance
 *       are the skin's own; those in a {@link io.clouddb.testkit.simulator.server.Modification}
 *       appear when its operation ends, {@code putAttribute} is at once.
 *   <li>{@link io.clouddb.testkit.simulator.server.Replicas}: replicas, in the same scope or
 *       another, which are real streaming standbys: made, promoted, exchanged with their source.
 *       {@code instance.source()} and {@code ManagedServers.replicasOf} say who follows whom,
 *       {@code instance.lag()} how far it has come. What is written at a source is at its replicas
 *       a moment later; {@code instance.server()} holds a replica back ({@code pauseReplay}).
 *   <li>{@link io.clouddb.testkit.simulator.server.Backups}: backups by hand, with a key of their
 *       own; those that an instance makes by itself ({@link
 *       io.clouddb.testkit.simulator.server.BackupSchedule}, {@link
 *       io.clouddb.testkit.simulator.server.InstanceBackups}), the moments to which it can be
 *       restored, and restores, to a new instance or into one that is there. Real data, to the
 *       transaction, by the simulated clock. An instance keeps all that it writes for this, up to
 *       {@code ManagedServers.Builder.archiveLimit}, whatever its schedule says and however much
 *       has expired; once it has written more than that, a restore of it fails.
 *   <li>{@link io.clouddb.testkit.simulator.server.CloudProfile}: the admin, who is no superuser;
 *       TLS; logical replication off until the cloud's own parameter is set and the instance
 *       restarted. Parameters carry the cloud's names and are checked by a real server; dynamic
 *       ones take effect at the end of the operation, static ones at the next reboot, and {@code
 *       instance.pendingReboot()} names them until then. Cloud SQL restarts by itself: {@code
 *       Modification.restartIfNeeded()}.
 *   <li>The end: {@code ManagedServers.close()} stops and deletes all databases; so does the end of
 *       the JVM.
 * </ul>
 *
 * <p>What a skin does itself: names and sizes, defaults, deletion protection, its cloud's words for
 * states, errors and operations, pages of lists, tags. The port of a database is known once it has
 * been started ({@code instance.port()}), and is never 5432.
 */
@NullMarked
package io.clouddb.testkit.simulator.server;

import org.jspecify.annotations.NullMarked;
