/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How requests come to a simulated cloud over HTTP: a {@linkplain
 * io.clouddb.testkit.simulator.http.SimulatorServer server} on the loopback address, for the
 * clients of this process only, with limits, faults and a log without secrets. Bodies are bytes,
 * and go through as they are; what reads one as a text says in which charset. What is asked for and
 * how it is answered is a {@link io.clouddb.testkit.simulator.http.WireProtocol}'s.
 */
@NullMarked
package io.clouddb.testkit.simulator.http;

import org.jspecify.annotations.NullMarked;
