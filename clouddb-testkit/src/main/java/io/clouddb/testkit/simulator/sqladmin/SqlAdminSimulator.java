/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.sqladmin;

import io.clouddb.CloudConfig;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.CloudProfile;
import io.clouddb.testkit.simulator.RunSecret;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.SimulatorServer;
import java.net.URI;
import java.util.Objects;

/**
 * Serves the Cloud SQL Admin API, versions v1 and v1beta4, on this machine. Behind each instance is
 * a real PostgreSQL.
 *
 * <pre>{@code
 * try (ScaledClock clock = SimulatedClock.scaled(60);
 *     SimulatedCloud cloud = SimulatedCloud.builder(CloudProfile.CLOUD_SQL, clock).build();
 *     SqlAdminSimulator simulator = SqlAdminSimulator.builder(cloud).start();
 *     CloudDb gcp = CloudDb.open(simulator.config("shop-project", "asia-northeast3").build())) {
 *   ...
 * }
 * }</pre>
 *
 * <p>It behaves like the service: one operation at a time on an instance (409 {@code
 * operationInProgress}); flags that need a restart restart the database; {@code settingsVersion} is
 * checked; a protected instance is not deleted. One thing is added to the service's documents: all
 * databases are on this machine, so the address of type {@code PRIMARY} or {@code PRIVATE} has a
 * field {@code port}.
 */
public final class SqlAdminSimulator implements AutoCloseable {
  private final RunSecret secret = RunSecret.random();
  private final SimulatedCloud cloud;
  private final SqlAdminFaults faults;
  private final SimulatorServer server;

  private SqlAdminSimulator(Builder builder) {
    this.cloud = builder.cloud;
    this.faults = new SqlAdminFaults();
    this.server =
        SimulatorServer.start(
            new SqlAdminProtocol(
                cloud, faults, builder.pageSize, builder.keepsDeletedNames, secret),
            cloud.faults(),
            builder.port);
  }

  /**
   * Starts the description of a simulator.
   *
   * @param cloud a cloud of {@link CloudProfile#CLOUD_SQL}; it stays the caller's to close
   * @return a builder
   */
  public static Builder builder(SimulatedCloud cloud) {
    return new Builder(cloud);
  }

  /**
   * Where it is.
   *
   * @return the root URL of the API
   */
  public URI endpoint() {
    return server.endpoint();
  }

  /**
   * The bearer token that every request has to show, for a client that is not opened by {@link
   * #config}.
   *
   * @return another one at each start
   */
  public SecretRef secret() {
    return secret.reference();
  }

  /**
   * How to open it: the endpoint and its secret, and this simulator's time for the pauses between
   * polls. The authority of an instance's certificate is in what the API says of the instance, as
   * it is in Cloud SQL's.
   *
   * @param project the project's id, for example {@code shop-project}; every project is there
   * @param region the region, for example {@code asia-northeast3}
   * @return a new builder, which takes whatever else a test wants
   */
  public CloudConfig.Builder config(String project, String region) {
    return CloudConfig.builder("gcp", region)
        .property("project", project)
        .endpoint(endpoint())
        .endpointSecret(secret())
        .timer(cloud.clock());
  }

  /**
   * The state behind it.
   *
   * @return the cloud
   */
  public SimulatedCloud cloud() {
    return cloud;
  }

  /**
   * The HTTP server, which keeps the requests. Operations have the names of the API's methods, for
   * example {@code instances.insert}.
   *
   * @return the server
   */
  public SimulatorServer server() {
    return server;
  }

  /**
   * What goes wrong on demand, in the words of this API. Lost connections, throttling and failures
   * of the service are {@link SimulatedCloud#faults()}.
   *
   * @return the faults, which may be changed at any time
   */
  public SqlAdminFaults faults() {
    return faults;
  }

  /** Stops serving. The cloud behind it stays as it is. */
  @Override
  public void close() {
    server.close();
  }

  /** Describes a simulator. */
  public static final class Builder {
    private static final int USUAL_PAGE = 500;

    private final SimulatedCloud cloud;
    private int port;
    private int pageSize = USUAL_PAGE;
    private boolean keepsDeletedNames;

    private Builder(SimulatedCloud cloud) {
      this.cloud = Objects.requireNonNull(cloud, "cloud");
      if (cloud.profile() != CloudProfile.CLOUD_SQL) {
        throw new IllegalArgumentException("Cloud SQL's API on a cloud of " + cloud.profile());
      }
    }

    /**
     * Sets the TCP port; a free one by default.
     *
     * @param value the port
     * @return this builder
     */
    public Builder port(int value) {
      this.port = value;
      return this;
    }

    /**
     * Sets how many items a page of a list has when the request does not say; 500 by default.
     *
     * @param value at least one
     * @return this builder
     */
    public Builder pageSize(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("A page has at least one item");
      }
      this.pageSize = value;
      return this;
    }

    /**
     * Says whether the name of a deleted instance stays taken for a week of simulated time, as
     * Cloud SQL documents. It does not by default, so that tests can use names again.
     *
     * @param value true when it stays taken
     * @return this builder
     */
    public Builder keepsDeletedNames(boolean value) {
      this.keepsDeletedNames = value;
      return this;
    }

    /**
     * Starts serving.
     *
     * @return the running simulator
     */
    public SqlAdminSimulator start() {
      return new SqlAdminSimulator(this);
    }
  }
}
