/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.rds;

import io.clouddb.CloudConfig;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.CloudProfile;
import io.clouddb.testkit.simulator.Faults;
import io.clouddb.testkit.simulator.RecordedRequest;
import io.clouddb.testkit.simulator.ResourceKey;
import io.clouddb.testkit.simulator.ResourceStore;
import io.clouddb.testkit.simulator.RunSecret;
import io.clouddb.testkit.simulator.SimulatedClock;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.SimulatorServer;
import io.clouddb.testkit.simulator.Timings;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A simulated Amazon RDS with a real PostgreSQL behind each instance. Every region is there, with
 * one account and one user: {@link #ACCESS_KEY}, with a {@link #secret()} of this run. Every
 * request has to be signed by it, as {@link #config} has the SDK do.
 *
 * <pre>{@code
 * try (SimulatedClock clock = SimulatedClock.scaled(60);
 *     RdsSimulator rds = RdsSimulator.builder(clock).start();
 *     CloudDb aws = CloudDb.open(rds.config("us-east-1").build())) {
 *   ...
 * }
 * }</pre>
 */
public final class RdsSimulator implements AutoCloseable {
  /** The access key of the only user. */
  public static final String ACCESS_KEY = "clouddb";

  private final RunSecret secret = RunSecret.random();
  private final SimulatedCloud cloud;
  private final RdsProtocol protocol;
  private final RdsState state;
  private final SimulatorServer server;

  private RdsSimulator(Builder builder) {
    this.cloud =
        SimulatedCloud.builder(CloudProfile.RDS, builder.clock)
            .timings(builder.timings)
            .instancesPerScope(builder.quota)
            .durable(builder.durable)
            .build();
    this.state =
        new RdsState(
            cloud,
            new ResourceStore<>(),
            new ResourceStore<>(),
            new ParameterCatalog(),
            Set.copyOf(builder.subnetGroups),
            builder.pageSize,
            builder.hiddenDescriptions);
    this.protocol =
        new RdsProtocol(
            state, new SignatureV4(ACCESS_KEY, secret.reference().resolve(), Clock.systemUTC()));
    this.server = SimulatorServer.start(protocol, cloud.faults(), builder.port);
  }

  /**
   * Starts the description of a simulator.
   *
   * @param clock its time; it stays the caller's to close
   * @return a builder
   */
  public static Builder builder(SimulatedClock clock) {
    return new Builder(clock);
  }

  /**
   * Where it listens, for RDS and for Secrets Manager.
   *
   * @return for example {@code http://127.0.0.1:40123}
   */
  public URI endpoint() {
    return server.endpoint();
  }

  /**
   * The secret key of {@link #ACCESS_KEY}, for a client that is not opened by {@link #config}.
   *
   * @return another one at each start
   */
  public SecretRef secret() {
    return secret.reference();
  }

  /**
   * How to open it: the endpoint and its secret, this simulator's time for the pauses between
   * polls, and the authority of its databases' certificates.
   *
   * @param region the region, for example {@code us-east-1}
   * @return a new builder, which takes whatever else a test wants
   */
  public CloudConfig.Builder config(String region) {
    return CloudConfig.builder("aws", region)
        .endpoint(endpoint())
        .endpointSecret(secret())
        .timer(cloud.clock())
        .databaseRootCertificate(EmbeddedPostgres.certificateAuthority());
  }

  /**
   * The engine behind it, for tests that look into it or break it.
   *
   * @return the engine, whose instances are found by {@link #key}
   */
  public SimulatedCloud cloud() {
    return cloud;
  }

  /**
   * What goes wrong on demand, by the names of the actions.
   *
   * @return the faults
   */
  public Faults faults() {
    return cloud.faults();
  }

  /**
   * Refuses the next request of an action by an error of the service, without effect. What was
   * asked for before comes first.
   *
   * @param action for example {@code CreateDBInstance}
   * @param status HTTP status
   * @param code the error's code, for example {@code StorageQuotaExceeded}
   * @param message its message
   */
  public void refuseNext(String action, int status, String code, String message) {
    protocol.refuse(action, new RdsError(status, code, message));
  }

  /**
   * Brings an instance that is available or stopped into a state that only comes about by what is
   * not simulated, until a request that RDS takes in this state ends it: a change of the storage of
   * one that is {@code storage-full}, {@code StartDBInstance} of a stopped one whose key is {@code
   * inaccessible-encryption-credentials-recoverable} or whose network is {@code
   * incompatible-network}. Everything else is refused meanwhile, but its deletion.
   *
   * @param region the region
   * @param name the instance's name
   * @param status the value of {@code DBInstanceStatus}
   */
  public void impose(String region, String name, String status) {
    state.instance(key(region, name)).putAttribute(Members.STATUS, status);
  }

  /**
   * The key of an instance in the engine.
   *
   * @param region the region
   * @param name the instance's name
   * @return the key
   */
  public static ResourceKey key(String region, String name) {
    return RdsState.key(region, name);
  }

  /**
   * The DB parameter groups of a region, without the default ones.
   *
   * @param region the region
   * @return their names, sorted
   */
  public List<String> parameterGroups(String region) {
    return state.groups().list(RdsState.key(region, "-").scope()).stream()
        .map(ResourceKey::name)
        .toList();
  }

  /**
   * The requests so far, without secrets.
   *
   * @return a copy, oldest first
   */
  public List<RecordedRequest> requests() {
    return server.requests();
  }

  /**
   * The requests of one action so far.
   *
   * @param action for example {@code CreateDBInstance}
   * @return a copy, oldest first
   */
  public List<RecordedRequest> requests(String action) {
    return server.requests(action);
  }

  /**
   * What was asked for and is not simulated, and what has gone wrong in the simulator itself. A
   * test asserts that there is none.
   *
   * @return messages
   */
  public List<String> complaints() {
    List<String> all = new ArrayList<>(server.notSimulated());
    server.bugs().forEach(bug -> all.add(bug.toString()));
    return all;
  }

  /** Stops listening, and stops and deletes all databases. */
  @Override
  public void close() {
    // The last first; each of them, whatever another says.
    try (cloud;
        server) {
      // Closed by leaving.
    }
  }

  /** Describes a simulator. */
  public static final class Builder {
    private static final int QUOTA = 40;
    private static final int PAGE_SIZE = 100;

    private final SimulatedClock clock;
    private final Set<String> subnetGroups = new TreeSet<>(Set.of("default"));
    private Timings timings = Timings.USUAL;
    private int quota = QUOTA;
    private int pageSize = PAGE_SIZE;
    private int hiddenDescriptions;
    private int port;
    private boolean durable;

    private Builder(SimulatedClock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Says how long changes take; as long as the real service needs by default.
     *
     * @param value the timings, in simulated time
     * @return this builder
     */
    public Builder timings(Timings value) {
      this.timings = Objects.requireNonNull(value, "timings");
      return this;
    }

    /**
     * Limits the instances of a region; 40 by default, as in a new account.
     *
     * @param instances the limit
     * @return this builder
     */
    public Builder quota(int instances) {
      this.quota = instances;
      return this;
    }

    /**
     * Limits the instances on a page, below what the caller asks for.
     *
     * @param instances the limit
     * @return this builder
     */
    public Builder pageSize(int instances) {
      this.pageSize = instances;
      return this;
    }

    /**
     * Hides every new instance from its first descriptions, as the service does for some seconds.
     *
     * @param count how many
     * @return this builder
     */
    public Builder hiddenDescriptions(int count) {
      this.hiddenDescriptions = count;
      return this;
    }

    /**
     * Adds a DB subnet group to {@code default}.
     *
     * @param name its name
     * @return this builder
     */
    public Builder subnetGroup(String name) {
      subnetGroups.add(name);
      return this;
    }

    /**
     * Sets the port; a free one by default.
     *
     * @param value the TCP port
     * @return this builder
     */
    public Builder port(int value) {
      this.port = value;
      return this;
    }

    /**
     * Says whether the databases wait for the disk at a commit; they do not by default.
     *
     * @param value true to wait
     * @return this builder
     */
    public Builder durable(boolean value) {
      this.durable = value;
      return this;
    }

    /**
     * Starts the simulator.
     *
     * @return the running simulator
     */
    public RdsSimulator start() {
      return new RdsSimulator(this);
    }
  }
}
