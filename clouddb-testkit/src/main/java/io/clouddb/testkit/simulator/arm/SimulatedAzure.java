/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import io.clouddb.CloudConfig;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.CloudFoundation;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.postgresql.FlexibleServerService;
import io.clouddb.testkit.simulator.server.CloudProfile;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Azure on this machine: Resource Manager with one subscription and one resource group, which holds
 * PostgreSQL flexible servers of any location over real databases.
 *
 * <p>Faults go by the operations' ids in Azure's REST API, for example {@code Servers_Create}, or
 * by neutral names.
 */
public final class SimulatedAzure extends SimulatedCloud {
  private final String subscription;
  private final String resourceGroup;
  private final ResourceGroups groups;
  private final FlexibleServerService servers;

  private SimulatedAzure(
      CloudFoundation foundation,
      ArmProtocol protocol,
      Builder builder,
      ResourceGroups groups,
      FlexibleServerService servers) {
    super(foundation, protocol);
    this.subscription = builder.subscription;
    this.resourceGroup = builder.resourceGroup;
    this.groups = groups;
    this.servers = servers;
  }

  /**
   * Starts one as it is by default.
   *
   * @return the running cloud
   */
  public static SimulatedAzure start() {
    return builder().start();
  }

  /**
   * Starts the description of one that differs from the default.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public CloudConfig.Builder config(String in) {
    return config("azure", in)
        .property("subscription", subscription)
        .property("resourceGroup", resourceGroup)
        .databaseRootCertificate(EmbeddedPostgres.certificateAuthority());
  }

  /**
   * The subscription.
   *
   * @return its id
   */
  public String subscription() {
    return subscription;
  }

  /**
   * The resource group that {@link #config()} opens.
   *
   * @return its name
   */
  public String resourceGroup() {
    return resourceGroup;
  }

  /**
   * Adds a resource group, as a PUT of it would; its subscription is there then, too.
   *
   * @param inSubscription the subscription's id
   * @param name the group's name
   * @param location the group's region
   */
  public void addResourceGroup(String inSubscription, String name, String location) {
    groups.add(inSubscription, name, location);
  }

  /** Forgets all asynchronous operations, as Azure does after some time. */
  public void forgetOperations() {
    servers.forgetOperations();
  }

  /** Describes a simulated Azure. */
  public static final class Builder extends SimulatedCloud.Builder<Builder> {
    private static final int PAGE_SIZE = 100;

    private String subscription = "00000000-0000-0000-0000-000000000001";
    private String resourceGroup = "clouddb";
    private int retryAfter = 1;
    private Duration shownAfter = Duration.ofSeconds(20);

    private Builder() {
      super("koreacentral", PAGE_SIZE);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets the subscription.
     *
     * @param id its id
     * @return this builder
     */
    public Builder subscription(String id) {
      this.subscription = Objects.requireNonNull(id, "subscription");
      return this;
    }

    /**
     * Sets the resource group, which is in the {@linkplain #region region}.
     *
     * @param name its name
     * @return this builder
     */
    public Builder resourceGroup(String name) {
      this.resourceGroup = Objects.requireNonNull(name, "resourceGroup");
      return this;
    }

    /**
     * Sets after how many seconds clients are told to ask again; 1 unless said otherwise. With 0
     * the SDK's own pollers wait 30 s, as they do with Azure. A client that was opened by {@link
     * SimulatedCloud#config()} waits in simulated time.
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
     * Starts it.
     *
     * @return the running cloud
     */
    public SimulatedAzure start() {
      CloudFoundation foundation = foundation(CloudProfile.AZURE);
      ResourceGroups groups = new ResourceGroups();
      groups.add(subscription, resourceGroup, region());
      FlexibleServerService servers =
          new FlexibleServerService(
              foundation.servers(), groups, pageSize(), retryAfter, shownAfter);
      ArmRoutes routes = new ArmRoutes();
      for (ArmService service : List.of(groups, servers)) {
        service.register(routes);
      }
      ArmProtocol protocol =
          new ArmProtocol(routes, groups, foundation.engine()::newId, foundation.secret());
      return new SimulatedAzure(foundation, protocol, this, groups, servers);
    }
  }
}
