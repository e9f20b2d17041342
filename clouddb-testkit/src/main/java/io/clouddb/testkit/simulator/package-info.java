/**
 * The engine of simulated clouds: managed PostgreSQL instances with their states, limits, clock and
 * faults, and a real database behind each. It knows no protocol. A <em>skin</em> puts a cloud's
 * wire protocol on it, so that the vendor's own SDK talks to it.
 *
 * <p>A skin is a {@link io.clouddb.testkit.simulator.WireProtocol}. It reads a request, asks the
 * {@link io.clouddb.testkit.simulator.SimulatedCloud}, and writes the answer in the words of its
 * cloud:
 *
 * <pre>{@code
 * final class Rds implements WireProtocol {
 *   private final RunSecret secret = RunSecret.random();   // others reach the port, too
 *
 *   public Optional<SimulatedResponse> refuseStranger(SimulatedRequest request) {
 *     return signature.isOf(secret, request) ? Optional.empty() : Optional.of(error(403, ...));
 *   }
 *
 *   public String operationOf(SimulatedRequest request) {
 *     return Optional.ofNullable(request.form().get("Action"))
 *         .filter(SIMULATED::contains)
 *         .orElseThrow(() -> new NotSimulatedException("the action of " + request));
 *   }
 *
 *   public SimulatedResponse handle(String operation, SimulatedRequest request) {
 *     Map<String, String> form = request.form();
 *     ResourceKey key = new ResourceKey(scopeOf(request), form.get("DBInstanceIdentifier"));
 *     cloud.create(                                 // validate names and sizes first: a skin's task
 *         InstanceRequest.of(key, 16, form.get("MasterUsername"),
 *                 SecretRef.literal(form.get("MasterUserPassword")))
 *             .database(form.get("DBName"))
 *             .parameters(valuesOfGroup(form.get("DBParameterGroupName")))
 *             .attribute("class", form.get("DBInstanceClass"))     // kept, never looked at
 *             .build());
 *     return xml(200, describe(cloud.get(key)));    // state CREATING -> "creating"
 *   }
 *
 *   public SimulatedResponse refused(String op, SimulatedRequest request, SimulatorException e) {
 *     return switch (e.reason()) {
 *       case ALREADY_EXISTS -> error(400, "DBInstanceAlreadyExists", e.sentence());
 *       case WRONG_STATE -> error(400, "InvalidDBInstanceState", e.sentence());
 *       ...
 *     };
 *   }
 *   ...
 * }
 *
 * try (ScaledClock clock = SimulatedClock.scaled(60);           // a minute passes in a second
 *     SimulatedCloud cloud = SimulatedCloud.builder(CloudProfile.RDS, clock).build();
 *     SimulatorServer server = SimulatorServer.start(new Rds(cloud), cloud.faults())) {
 *   RdsClient.builder().endpointOverride(server.endpoint())...
 * }
 * }</pre>
 *
 * <p>What the engine does, so that a skin need not:
 *
 * <ul>
 *   <li>Changes take simulated time ({@link io.clouddb.testkit.simulator.Timings}) on a {@link
 *       io.clouddb.testkit.simulator.SimulatedClock}: one that runs by itself, scaled, for a
 *       program; one that a test advances, whose thread then does what falls due before {@code
 *       advance} returns. Each change is a {@link io.clouddb.testkit.simulator.SimulatedOperation},
 *       which Azure and Google show to their callers. An instance that is changing refuses a
 *       further change with {@code WRONG_STATE}.
 *   <li>Instances: {@code create}, {@code modify}, {@code reboot}, {@code stop}, {@code start},
 *       {@code delete}, {@code get}, {@code find}, {@code list}. Attributes are the skin's own;
 *       those in a {@link io.clouddb.testkit.simulator.Modification} appear when its operation
 *       ends, {@code putAttribute} is at once. For everything else (parameter groups, resource
 *       groups) there is {@link io.clouddb.testkit.simulator.ResourceStore}.
 *   <li>The database: the admin of {@link io.clouddb.testkit.simulator.CloudProfile}, who is no
 *       superuser; TLS; logical replication off until the cloud's own parameter is set and the
 *       instance restarted. Parameters carry the cloud's names and are checked by a real server
 *       ({@code cloud.checkParameters}); dynamic ones take effect at the end of the operation,
 *       static ones at the next reboot, and {@code instance.pendingReboot()} names them until then.
 *       Cloud SQL restarts by itself: {@code Modification.restartIfNeeded()}.
 *   <li>Faults: {@link io.clouddb.testkit.simulator.SimulatorServer} applies {@link
 *       io.clouddb.testkit.simulator.Faults} before and after {@code handle}; a skin only writes
 *       {@code throttled} and {@code failed} in its cloud's form.
 *   <li>The end: {@code cloud.close()} stops and deletes all databases; so does the end of the JVM.
 * </ul>
 *
 * <p>What a skin does itself: names and sizes, defaults, deletion protection, its cloud's words for
 * states, errors and operations, pages of lists, tags. The port of a database is known once it has
 * been started ({@code instance.port()}), and is never 5432.
 */
@NullMarked
package io.clouddb.testkit.simulator;

import org.jspecify.annotations.NullMarked;
