/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.postgres.ReplicationLag;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The real server behind an instance, of whatever engine. */
interface ManagedDatabase extends AutoCloseable {
  /** The PostgreSQL itself; empty when it is another engine. */
  Optional<EmbeddedPostgres> postgres();

  boolean isRunning();

  /** Stays the same as long as the instance is there. */
  int port();

  /** What the server's certificate is checked against, a PEM file. */
  Optional<Path> certificate();

  void start();

  void stop();

  /** Takes over parameters; dynamic ones take effect now when the server runs. */
  void apply(Modification change, int version);

  /** The server's own parameters that wait for a restart; none when it does not run. */
  Set<String> pendingRestart();

  void createUser(String name, SecretRef password);

  void setPassword(String name, SecretRef password);

  void dropUser(String name);

  List<String> users();

  void createDatabase(String name);

  void dropDatabase(String name);

  List<String> databases();

  /** Makes a server that follows this one, which runs, at a free port. */
  default ManagedDatabase replicate(ReplicaRequest request, int version) {
    return replicate(request, version, 0);
  }

  /** Makes a server that follows this one, which runs, at a port; 0 for a free one. */
  ManagedDatabase replicate(ReplicaRequest request, int version, int port);

  /** Has this running replica follow a copy of the same data, which runs. */
  void follow(ManagedDatabase source);

  /** Whether it follows another, in truth; of a running one. */
  boolean isReplica();

  /** Whether, as a running replica, it needs a restart to have what its running source has. */
  boolean isOutgrownBy(ManagedDatabase source);

  /** How far it has come as a running replica. */
  ReplicationLag lag();

  /** Waits until a running replica shows all that its source has committed, or fails. */
  void catchUp(Duration limit);

  /** Makes a running replica a server of its own, with all that it has received. */
  void promote();

  /** Has a running replica and its primary change places. */
  void switchOver(Duration limit);

  /** A hold of what it can be made again from, as it was at any moment since its start. */
  DatabaseArchive archive();

  /** Stops it, and deletes its data, but for what somebody holds of its archive. */
  @Override
  void close();
}
