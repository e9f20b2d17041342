/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import io.clouddb.CloudConfig;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgresBuilder;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.Faults;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.http.RunSecret;
import io.clouddb.testkit.simulator.http.SimulatorServer;
import io.clouddb.testkit.simulator.http.WireProtocol;
import io.clouddb.testkit.simulator.server.CloudProfile;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.Timings;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cloud on this machine: its wire protocol on a port of the loopback address, for clients of this
 * process only, and real databases behind it. All clouds have this one shape, and are started by
 * one line:
 *
 * <pre>{@code
 * try (SimulatedCloud aws = SimulatedAws.start();          // or SimulatedAzure, SimulatedGoogle
 *     CloudDb cloud = CloudDb.open(aws.config().build())) {
 *   ...
 *   aws.faults().on(Verb.CREATE, Call.INSTANCE).connectionResetAfter();
 *   assertThat(aws.notSimulated()).isEmpty();
 * }
 * }</pre>
 *
 * <p>Its time runs by itself, {@value #FASTER} times as fast as the real one, unless a builder is
 * given another clock. May be used from any thread.
 */
public abstract class SimulatedCloud implements AutoCloseable {
  /** How fast time passes: ten minutes in a second. */
  public static final double FASTER = 600;

  private final CloudFoundation foundation;
  private final SimulatorServer server;

  /**
   * Begins to serve.
   *
   * @param foundation what it is built on, which is closed when it cannot listen
   * @param protocol what it speaks
   */
  protected SimulatedCloud(CloudFoundation foundation, WireProtocol protocol) {
    this.foundation = foundation;
    try {
      this.server = SimulatorServer.start(protocol, foundation.engine(), foundation.port());
    } catch (RuntimeException e) {
      try (foundation) {
        throw e;
      }
    }
  }

  /**
   * How to open it in the region that its builder named: with its endpoint and secret, its time for
   * the pauses between polls, the authority of its databases' certificates, and whatever else its
   * provider requires.
   *
   * @return a new builder, which takes whatever else a test wants
   */
  public final CloudConfig.Builder config() {
    return config(foundation.region());
  }

  /**
   * How to open it in a region. All regions are there, in one account.
   *
   * @param in the region in the cloud's words, for example {@code ap-northeast-2}
   * @return a new builder, which takes whatever else a test wants
   */
  public abstract CloudConfig.Builder config(String in);

  /**
   * The part of {@link #config(String)} that is the same on all clouds.
   *
   * @param provider the provider's id
   * @param in the region
   * @return a new builder
   */
  protected final CloudConfig.Builder config(String provider, String in) {
    return CloudConfig.builder(provider, in)
        .endpoint(endpoint())
        .endpointSecret(secret())
        .clock(clock())
        .timer(clock());
  }

  /**
   * Where it listens.
   *
   * @return for example {@code http://127.0.0.1:40123}
   */
  public final URI endpoint() {
    return server.endpoint();
  }

  /**
   * What every request has to show, for a client that is not opened by {@link #config()}: an AWS
   * secret key, or a bearer token.
   *
   * @return another one at each start
   */
  public final SecretRef secret() {
    return foundation.secret().reference();
  }

  /**
   * Its time.
   *
   * @return the clock
   */
  public final SimulatedClock clock() {
    return foundation.clock();
  }

  /**
   * What goes wrong on demand.
   *
   * @return the faults, which may be changed at any time
   */
  public final Faults faults() {
    return foundation.engine().faults();
  }

  /**
   * Its managed database servers, for tests that look into one or break it.
   *
   * @return the servers
   */
  public final ManagedServers servers() {
    return foundation.servers();
  }

  /**
   * The requests so far, without secrets.
   *
   * @return a copy, oldest first; of a great many only the newest ones
   */
  public final List<RecordedRequest> requests() {
    return engine().requests().requests();
  }

  /**
   * The requests of one operation so far.
   *
   * @param operation its name in the cloud's words, for example {@code CreateDBInstance}
   * @return a copy, oldest first
   */
  public final List<RecordedRequest> requests(String operation) {
    return requests().stream().filter(request -> request.operation().equals(operation)).toList();
  }

  /**
   * What the cloud has accepted so far, also where nobody heard the answer. It had its effect,
   * unless a test asked for an operation that {@linkplain Call#failure fails}.
   *
   * @return a copy, oldest first; of a great many only the newest ones
   */
  public final List<Call> accepted() {
    return engine().requests().accepted();
  }

  /**
   * How many requests have arrived and are not answered, such as those that a fault holds.
   *
   * @return 0 when all that was sent so far is over
   */
  public final int underWay() {
    return server.underWay();
  }

  /** Forgets the requests. */
  public final void clearRequests() {
    engine().requests().clear();
  }

  /**
   * What was asked for and is not simulated. A test asserts that it is empty.
   *
   * @return a copy of the messages
   */
  public final List<String> notSimulated() {
    return engine().requests().notSimulated();
  }

  /**
   * What has gone wrong in the simulator itself. A test asserts that it is empty.
   *
   * @return a copy
   */
  public final List<Throwable> bugs() {
    return engine().requests().bugs();
  }

  private CloudEngine engine() {
    return foundation.engine();
  }

  /** Stops listening, stops and deletes all databases, and ends its clock if that is its own. */
  @Override
  public void close() {
    // The last first; each of them, whatever another says.
    try (foundation;
        server) {
      // Closed by leaving.
    }
  }

  /**
   * Describes a simulated cloud, where it is not as by default.
   *
   * @param <B> the builder of one cloud
   */
  public abstract static class Builder<B extends Builder<B>> {
    private static final int QUOTA = 40;

    private @Nullable SimulatedClock clock;
    private Timings timings = Timings.USUAL;
    private Supplier<String> ids = () -> UUID.randomUUID().toString();
    private String region;
    private int quota = QUOTA;
    private int pageSize;
    private int port;
    private boolean durable;
    private long archiveLimit = EmbeddedPostgresBuilder.ARCHIVE_LIMIT;

    /**
     * Begins.
     *
     * @param region the region of {@link SimulatedCloud#config()} when nothing is said
     * @param pageSize the entries of a page when nothing is said
     */
    protected Builder(String region, int pageSize) {
      this.region = region;
      this.pageSize = pageSize;
    }

    /**
     * This builder.
     *
     * @return this
     */
    protected abstract B self();

    /**
     * Gives it a clock, which stays the caller's to close.
     *
     * @param value the clock
     * @return this builder
     */
    public B clock(SimulatedClock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return self();
    }

    /**
     * Says how long changes take; as long as the real clouds need by default.
     *
     * @param value the timings, in simulated time
     * @return this builder
     */
    public B timings(Timings value) {
      this.timings = Objects.requireNonNull(value, "timings");
      return self();
    }

    /**
     * Sets the region of {@link SimulatedCloud#config()}.
     *
     * @param value the region in the cloud's words
     * @return this builder
     */
    public B region(String value) {
      this.region = Objects.requireNonNull(value, "region");
      return self();
    }

    /**
     * Limits the instances in a region (AWS), a resource group (Azure), a project (Google); 40 by
     * default.
     *
     * @param instances the limit
     * @return this builder
     */
    public B quota(int instances) {
      this.quota = instances;
      return self();
    }

    /**
     * Limits the entries of a page of a list.
     *
     * @param entries at least one
     * @return this builder
     */
    public B pageSize(int entries) {
      if (entries < 1) {
        throw new IllegalArgumentException("A page has at least one entry");
      }
      this.pageSize = entries;
      return self();
    }

    /**
     * Sets the port; a free one by default.
     *
     * @param value the TCP port
     * @return this builder
     */
    public B port(int value) {
      this.port = value;
      return self();
    }

    /**
     * Says whether the databases wait for the disk at a commit; they do not by default.
     *
     * @param value true to wait
     * @return this builder
     */
    public B durable(boolean value) {
      this.durable = value;
      return self();
    }

    /**
     * Says how much write-ahead log of an instance is kept at most for its backups and moments; by
     * default 8 GiB. An instance that has written more cannot be restored any more, and the
     * operation of a restore says so.
     *
     * @param bytes the limit
     * @return this builder
     */
    public B archiveLimit(long bytes) {
      this.archiveLimit = bytes;
      return self();
    }

    /**
     * Says where ids come from; random UUIDs by default.
     *
     * @param value gives a new id at each call
     * @return this builder
     */
    public B ids(Supplier<String> value) {
      this.ids = Objects.requireNonNull(value, "ids");
      return self();
    }

    /**
     * The region of {@link SimulatedCloud#config()}.
     *
     * @return in the cloud's words
     */
    protected final String region() {
      return region;
    }

    /**
     * The most entries of a page.
     *
     * @return at least one
     */
    protected final int pageSize() {
      return pageSize;
    }

    /**
     * Makes what the cloud is built on.
     *
     * @param profile whose servers it has
     * @return without instances
     */
    protected final CloudFoundation foundation(CloudProfile profile) {
      SimulatedClock time = clock == null ? SimulatedClock.scaled(FASTER) : clock;
      CloudEngine engine = new CloudEngine(time, ids);
      ManagedServers servers =
          ManagedServers.builder(profile, engine)
              .timings(timings)
              .instancesPerScope(quota)
              .durable(durable)
              .archiveLimit(archiveLimit)
              .build();
      return new CloudFoundation(
          time, clock == null, engine, servers, RunSecret.random(), region, port);
    }
  }
}
