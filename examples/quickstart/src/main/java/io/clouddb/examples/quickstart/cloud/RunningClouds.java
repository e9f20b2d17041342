/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.cloud;

import io.clouddb.CloudConfig;
import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.cloud.StandInCloud;
import io.clouddb.examples.quickstart.process.ChildJvm;
import io.clouddb.instance.Network;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The clouds' process, seen from the one that started it. */
public final class RunningClouds implements AutoCloseable {
  private static final String PROJECT = "clouddb-quickstart";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);

  private final ChildJvm process;
  private final Map<Cloud, Api> endpoints;

  /** Where a cloud's API is, and what it asks of its clients. */
  private record Api(URI endpoint, SecretRef secret) {}

  private RunningClouds(ChildJvm process, Map<Cloud, Api> endpoints) {
    this.process = process;
    this.endpoints = endpoints;
  }

  /**
   * Starts the clouds.
   *
   * @param source one
   * @param target another, or the same
   * @param log where their log goes
   * @return the clouds, which answer
   * @throws IOException when their process cannot be started
   * @throws InterruptedException when this thread is interrupted
   */
  public static RunningClouds start(Cloud source, Cloud target, Path log)
      throws IOException, InterruptedException {
    List<Cloud> clouds = Stream.of(source, target).distinct().toList();
    ChildJvm process =
        ChildJvm.start(
            "clouds",
            CloudsProcess.class,
            // Why a simulated database did not start is told at this level.
            List.of(
                "-Xmx384m",
                "-Dorg.slf4j.simpleLogger.log.io.clouddb.testkit.simulator.server.LifeCycle=debug"),
            clouds.stream().map(Cloud::id).toList(),
            Map.of(),
            log,
            line -> {});
    try {
      String[] found = process.awaitReady(START_LIMIT).split(" ");
      Map<Cloud, Api> endpoints = new EnumMap<>(Cloud.class);
      for (int i = 0; i < clouds.size(); i++) {
        endpoints.put(
            clouds.get(i), new Api(URI.create(found[2 * i]), SecretRef.literal(found[2 * i + 1])));
      }
      return new RunningClouds(process, endpoints);
    } catch (RuntimeException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  /**
   * How to open one of them. The one thing that differs from the real cloud is the endpoint, with
   * the secret of its own.
   *
   * @param cloud which
   * @return what {@code CloudDb.open} takes
   */
  public CloudConfig config(Cloud cloud) {
    Api api = endpoints.get(cloud);
    if (api == null) {
      throw new IllegalArgumentException(cloud + " is not running");
    }
    CloudConfig.Builder config =
        CloudConfig.builder(cloud.id(), cloud.location())
            .endpoint(api.endpoint())
            .endpointSecret(api.secret())
            .pollInterval(POLL);
    switch (cloud) {
      case AWS -> config.databaseRootCertificate(EmbeddedPostgres.certificateAuthority());
      case AZURE ->
          config
              .databaseRootCertificate(EmbeddedPostgres.certificateAuthority())
              .property("subscription", StandInCloud.SUBSCRIPTION)
              .property("resourceGroup", StandInCloud.RESOURCE_GROUP);
      case GCP -> config.property("project", PROJECT);
    }
    return config.build();
  }

  /**
   * Who may reach an instance there.
   *
   * @param cloud which
   * @return a network; empty where an account has one from the start
   */
  public Optional<Network> network(Cloud cloud) {
    return switch (cloud) {
      case AWS -> Optional.empty();
      case AZURE -> Optional.of(Network.publicAccess("127.0.0.1/32"));
      case GCP ->
          Optional.of(Network.privateNetwork("projects/" + PROJECT + "/global/networks/default"));
    };
  }

  /** Which they are. */
  public String describe() {
    return endpoints.keySet().stream().map(Cloud::title).collect(Collectors.joining(" and "));
  }

  @Override
  public void close() {
    process.close();
  }
}
