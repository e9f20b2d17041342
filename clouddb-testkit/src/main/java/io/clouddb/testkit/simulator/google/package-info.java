/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Google Cloud on this machine: {@link io.clouddb.testkit.simulator.google.SimulatedGoogle}. The
 * REST APIs go by one {@linkplain io.clouddb.testkit.simulator.google.GoogleRoutes table} of
 * methods and paths; a service is a {@link io.clouddb.testkit.simulator.google.GoogleService} in a
 * package of its own, which adds its routes to it. One that speaks gRPC listens on a port of its
 * own: a {@link io.clouddb.testkit.simulator.google.GrpcService}.
 */
@NullMarked
package io.clouddb.testkit.simulator.google;

import org.jspecify.annotations.NullMarked;
