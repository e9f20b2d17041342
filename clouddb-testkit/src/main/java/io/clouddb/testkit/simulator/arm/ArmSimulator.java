/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import io.clouddb.CloudConfig;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.CloudProfile;
import io.clouddb.testkit.simulator.RunSecret;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.SimulatorServer;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * Azure Resource Manager on this machine, with PostgreSQL flexible servers over real databases.
 *
 * <pre>{@code
 * try (SimulatedClock clock = SimulatedClock.scaled(60);
 *     SimulatedCloud cloud = SimulatedCloud.builder(CloudProfile.AZURE, clock).build();
 *     ArmSimulator azure =
 *         ArmSimulator.builder(cloud).resourceGroup(subscription, "shop", "koreacentral").start();
 *     CloudDb db = CloudDb.open(azure.config(subscription, "shop").build())) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Faults are those of the cloud, by the operations' ids in Azure's REST API, for example {@code
 * cloud.faults().on("Servers_Create").dropAfterEffect()}; and {@link #refuseNext} and {@link
 * #failNext} for Azure's own errors.
 */
public final class ArmSimulator implements AutoCloseable {
  private final RunSecret secret = RunSecret.random();
  private final SimulatedCloud cloud;
  private final SimulatorServer server;
  private final ArmFaults faults;
  private final ArmOperationLog operations;
  private final ResourceGroups groups;

  private ArmSimulator(Builder builder) {
    this.cloud = builder.cloud;
    this.groups = builder.groups;
    this.faults = new ArmFaults();
    this.operations = new ArmOperationLog(cloud, builder.retryAfter);
    ArmChanges changes = new ArmChanges(cloud, operations, faults);
    FlexibleServers servers =
        new FlexibleServers(cloud, groups, changes, builder.pageSize, builder.shownAfter);
    ServerChildren children = new ServerChildren(servers, new Configurations(cloud), changes);
    this.server =
        SimulatorServer.start(
            new ArmProtocol(groups, servers, children, operations, faults, cloud::newId, secret),
            cloud.faults(),
            builder.port);
  }

  /**
   * Starts the description of a simulator.
   *
   * @param cloud an {@link CloudProfile#AZURE} cloud; it stays the caller's to close
   * @return a builder
   * @throws IllegalArgumentException when it is another cloud
   */
  public static Builder builder(SimulatedCloud cloud) {
    if (cloud.profile() != CloudProfile.AZURE) {
      throw new IllegalArgumentException("Azure's profile is needed, not " + cloud.profile());
    }
    return new Builder(cloud);
  }

  /**
   * Where it is.
   *
   * @return an http URL on the loopback address
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
   * How to open it: the endpoint and its secret, this simulator's time for the pauses between
   * polls, and the authority of its databases' certificates.
   *
   * @param subscription the subscription's id
   * @param resourceGroup a group of it that was added here; its region is the one that is opened
   * @return a new builder, which takes whatever else a test wants
   * @throws IllegalArgumentException when there is no such group
   */
  public CloudConfig.Builder config(String subscription, String resourceGroup) {
    return CloudConfig.builder("azure", groups.location(subscription, resourceGroup))
        .property("subscription", subscription)
        .property("resourceGroup", resourceGroup)
        .endpoint(endpoint())
        .endpointSecret(secret())
        .timer(cloud.clock())
        .databaseRootCertificate(EmbeddedPostgres.certificateAuthority());
  }

  /**
   * The HTTP server, for tests that look at requests.
   *
   * @return the server
   */
  public SimulatorServer server() {
    return server;
  }

  /**
   * Adds a resource group, as a PUT of it would; its subscription is there then, too.
   *
   * @param subscription the subscription's id
   * @param name the group's name
   * @param location the group's region
   */
  public void addResourceGroup(String subscription, String name, String location) {
    groups.add(subscription, name, location);
  }

  /**
   * Has one request refused, without effect. Several are refused one after the other.
   *
   * @param operation the operation's id, for example {@code Servers_Create}
   * @param status the HTTP status
   * @param code Azure's code
   * @param message a sentence
   */
  public void refuseNext(String operation, int status, String code, String message) {
    faults.refuseNext(operation, new ArmRefusal(status, code, message));
  }

  /**
   * Has one request accepted, and its asynchronous operation fail without effect.
   *
   * @param operation the operation's id, for example {@code Servers_Create}
   * @param code Azure's code
   * @param message a sentence
   */
  public void failNext(String operation, String code, String message) {
    faults.failNext(operation, new ArmRefusal(409, code, message));
  }

  /** Forgets all asynchronous operations, as Azure does after some time. */
  public void forgetOperations() {
    operations.forget();
  }

  /** Stops serving. The cloud and its databases stay. */
  @Override
  public void close() {
    server.close();
  }

  /** Describes a simulator. */
  public static final class Builder {
    private final SimulatedCloud cloud;
    private final ResourceGroups groups = new ResourceGroups();
    private int pageSize = 100;
    private int retryAfter = 1;
    private Duration shownAfter = Duration.ofSeconds(20);
    private int port;

    private Builder(SimulatedCloud cloud) {
      this.cloud = Objects.requireNonNull(cloud, "cloud");
    }

    /**
     * Adds a resource group and its subscription.
     *
     * @param subscription the subscription's id
     * @param name the group's name
     * @param location the group's region
     * @return this builder
     */
    public Builder resourceGroup(String subscription, String name, String location) {
      groups.add(subscription, name, location);
      return this;
    }

    /**
     * Sets how many servers are on a page of a list; 100 unless said otherwise.
     *
     * @param servers how many
     * @return this builder
     */
    public Builder pageSize(int servers) {
      this.pageSize = servers;
      return this;
    }

    /**
     * Sets after how many seconds clients are told to ask again; 1 unless said otherwise. With 0
     * the SDK's own pollers wait 30 s, as they do with Azure. A client that was opened by {@link
     * #config} waits in simulated time.
     *
     * @param seconds how many
     * @return this builder
     */
    public Builder retryAfter(int seconds) {
      this.retryAfter = seconds;
      return this;
    }

    /**
     * Sets for how long a server is not found after its creation has succeeded, as Azure does at
     * times; 20 s unless said otherwise.
     *
     * @param duration how long, in simulated time
     * @return this builder
     */
    public Builder shownAfter(Duration duration) {
      this.shownAfter = Objects.requireNonNull(duration, "duration");
      return this;
    }

    /**
     * Sets the TCP port; a free one unless said otherwise.
     *
     * @param number the port
     * @return this builder
     */
    public Builder port(int number) {
      this.port = number;
      return this;
    }

    /**
     * Starts serving.
     *
     * @return the running simulator
     */
    public ArmSimulator start() {
      return new ArmSimulator(this);
    }
  }
}
