/**
 * Cloud SQL's Admin API on the simulated cloud, so that Google's own client library talks to it.
 *
 * <p>What is simulated is what the <a
 * href="https://cloud.google.com/sql/docs/postgres/admin-api/rest">Cloud SQL Admin API</a>
 * documents; the documents have the shapes that Config Connector's recorded traffic with the real
 * service shows. Read replicas are there, in every region, with their promotion and, where one is
 * designated for disaster recovery, the switchover and, while the primary runs, the failover;
 * pausing replication and read pools are not. Everything else is answered by 501 and a sentence
 * that names it.
 */
@NullMarked
package io.clouddb.testkit.simulator.google.sql;

import org.jspecify.annotations.NullMarked;
