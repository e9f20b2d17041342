/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google;

import io.clouddb.CloudConfig;
import io.clouddb.testkit.simulator.CloudFoundation;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.google.sql.SqlAdminService;
import io.clouddb.testkit.simulator.server.CloudProfile;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Google Cloud on this machine: one endpoint for the REST APIs of every project, with the Cloud SQL
 * Admin API and real databases of any region behind it.
 *
 * <p>Faults go by the names of the APIs' methods, for example {@code instances.insert}, or by
 * neutral names. The authority of an instance's certificate is in what the API says of the
 * instance, as it is in Cloud SQL's.
 */
public final class SimulatedGoogle extends SimulatedCloud {
  private final String project;
  private final SqlAdminService sql;
  private final List<GrpcService> others;
  private final Map<String, URI> endpoints = new LinkedHashMap<>();

  private SimulatedGoogle(
      CloudFoundation foundation, GoogleProtocol protocol, Builder builder, SqlAdminService sql) {
    super(foundation, protocol);
    this.project = builder.project;
    this.sql = sql;
    this.others = List.copyOf(builder.others);
    try {
      for (GrpcService service : others) {
        endpoints.put(service.name(), service.start(foundation.engine(), foundation.secret()));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts one as it is by default.
   *
   * @return the running cloud
   */
  public static SimulatedGoogle start() {
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
    return config("gcp", in).property("project", project);
  }

  /**
   * The project that {@link #config()} opens.
   *
   * @return its id
   */
  public String project() {
    return project;
  }

  /**
   * Cloud SQL, for tests that have it behave in a way of its own.
   *
   * @return the service
   */
  public SqlAdminService sql() {
    return sql;
  }

  /**
   * Where a service listens that speaks gRPC.
   *
   * @param service its name
   * @return its endpoint
   * @throws IllegalArgumentException when there is none of that name
   */
  public URI endpoint(String service) {
    URI found = endpoints.get(service);
    if (found == null) {
      throw new IllegalArgumentException(
          "No service '" + service + "' listens by itself, but " + endpoints.keySet());
    }
    return found;
  }

  @Override
  public void close() {
    RuntimeException first = null;
    for (GrpcService service : others) {
      try {
        service.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    try {
      super.close();
    } catch (RuntimeException e) {
      if (first != null) {
        e.addSuppressed(first);
      }
      throw e;
    }
    if (first != null) {
      throw first;
    }
  }

  /** Describes a simulated Google Cloud. */
  public static final class Builder extends SimulatedCloud.Builder<Builder> {
    private static final int PAGE_SIZE = 500;

    private final List<GrpcService> others = new ArrayList<>();
    private String project = "shop-project";
    private boolean keepsDeletedNames;

    private Builder() {
      super("us-central1", PAGE_SIZE);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets the project that {@link SimulatedCloud#config()} opens; every other is there, too.
     *
     * @param id its id
     * @return this builder
     */
    public Builder project(String id) {
      this.project = Objects.requireNonNull(id, "project");
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
     * Adds a service that speaks gRPC.
     *
     * @param service what is started and closed with the cloud
     * @return this builder
     */
    public Builder with(GrpcService service) {
      others.add(Objects.requireNonNull(service, "service"));
      return this;
    }

    /**
     * Starts it.
     *
     * @return the running cloud
     */
    public SimulatedGoogle start() {
      CloudFoundation foundation = foundation(CloudProfile.CLOUD_SQL);
      SqlAdminService sql =
          new SqlAdminService(foundation.servers(), pageSize(), keepsDeletedNames);
      GoogleRoutes routes = new GoogleRoutes();
      sql.register(routes);
      return new SimulatedGoogle(
          foundation, new GoogleProtocol(routes, foundation.secret()), this, sql);
    }
  }
}
