/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.backup.Backups;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instances;
import io.clouddb.internal.Problems;
import io.clouddb.internal.WireLogs;
import io.clouddb.internal.operation.CloudSession;
import io.clouddb.internal.operation.OpenCloud;
import io.clouddb.internal.operation.OperationScheduler;
import io.clouddb.operation.Operations;
import io.clouddb.replica.Replicas;
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.table.Tables;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One cloud, opened for one region and account: the way in to everything else. Safe for use by
 * several threads; make one and keep it.
 *
 * <p>Closing it closes the clients that it made, with their threads and connections, not those that
 * were handed in. Remote work goes on; operations that are still awaited fail with their token, by
 * which they can be resumed. No further request is sent: a call that is under way is cut off and
 * says what it may have left, and what asks a closed one for something is told so, {@link
 * io.clouddb.error.UnavailableException}. Closing waits for an operation's own step up to a second;
 * one that nothing interrupts, as where an operation log stands still, may end after that.
 */
public final class CloudDb implements AutoCloseable {
  private final CloudConfig config;
  private final CloudDriver driver;
  private final OperationScheduler scheduler;
  private final Instances instances;
  private final Replicas replicas;
  private final Backups backups;
  private final Tables tables;
  private final Operations operations;

  private final @Nullable CloudDb whole;
  private final Map<String, CloudDb> regions = new ConcurrentHashMap<>();

  private CloudDb(
      CloudConfig config,
      CloudDriver driver,
      OperationScheduler scheduler,
      @Nullable CloudDb whole) {
    this.config = config;
    this.driver = driver;
    this.scheduler = scheduler;
    this.whole = whole;
    CloudSession session = new CloudSession(config, driver, scheduler);
    this.instances = new Instances(session);
    this.replicas = new Replicas(session);
    this.backups = new Backups(session);
    this.tables = new Tables(session);
    this.operations = new Operations(scheduler);
  }

  /**
   * Opens a cloud.
   *
   * @param url for example {@code clouddb:aws:ap-northeast-2}, {@code
   *     clouddb:azure:koreacentral?subscription=...&resourceGroup=...}, {@code
   *     clouddb:gcp:asia-northeast3?project=...}
   * @return the cloud
   * @throws io.clouddb.error.InvalidArgumentException when the URL is malformed
   * @throws io.clouddb.error.NotFoundException when no provider of that id is on the class path;
   *     the message lists those that are
   */
  public static CloudDb open(String url) {
    return open(CloudConfig.fromUrl(url).build());
  }

  /**
   * Opens a cloud.
   *
   * @param config which cloud, and with what
   * @return the cloud
   * @throws io.clouddb.error.InvalidArgumentException when a property or an object is not one that
   *     the provider takes
   * @throws io.clouddb.error.NotFoundException when no provider of that id is on the class path;
   *     the message lists those that are
   */
  public static CloudDb open(CloudConfig config) {
    CloudDbProvider provider = config.providerObject().orElseGet(() -> discover(config));
    Problems problems = new Problems("The configuration of " + config);
    for (String name : config.properties().keySet()) {
      problems.require(
          provider.properties().contains(name),
          "unknown property '" + name + "'; known are " + provider.properties());
    }
    for (Class<?> type : config.objects().keySet()) {
      problems.require(
          provider.acceptedObjects().contains(type),
          type.getName()
              + " is not taken; taken are "
              + provider.acceptedObjects().stream().map(Class::getName).sorted().toList());
    }
    problems.orThrow();
    WireLogs.warn(provider.wireLogs());
    OpenCloud open = new OpenCloud(config);
    RemoteCalls calls =
        new RemoteCalls(
                provider.id(), config.retryPolicy(), config.observations(), e -> Optional.empty())
            .until(open::refusal);
    CloudDriver driver = provider.open(new DriverContext(config, calls));
    return new CloudDb(config, driver, new OperationScheduler(config, driver, open), null);
  }

  private static CloudDbProvider discover(CloudConfig config) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader =
        config.classLoader().orElse(context == null ? CloudDb.class.getClassLoader() : context);
    Map<String, CloudDbProvider> found = new LinkedHashMap<>();
    ServiceLoader.load(CloudDbProvider.class, loader).forEach(p -> found.putIfAbsent(p.id(), p));
    if (config.classLoader().isEmpty()) {
      ServiceLoader.load(CloudDbProvider.class, CloudDb.class.getClassLoader())
          .forEach(p -> found.putIfAbsent(p.id(), p));
    }
    CloudDbProvider provider = found.get(config.provider());
    if (provider == null) {
      throw ErrorDetails.of(
              ErrorCategory.NOT_FOUND,
              "No provider '"
                  + config.provider()
                  + "' is on the class path; found: "
                  + (found.isEmpty() ? "none" : String.join(", ", found.keySet())))
          .nextStep(
              "Add the dependency io.clouddb:clouddb-"
                  + config.provider()
                  + ", or correct the URL.")
          .toException();
    }
    return provider;
  }

  /**
   * The same cloud and account in another region. Makes no remote call: whether there is such a
   * region, the first call tells.
   *
   * @param region its name, for example {@code us-west-2}
   * @return the cloud there, which shares clients and threads with this one and is closed with it;
   *     closing it by itself does nothing
   * @throws io.clouddb.error.InvalidArgumentException when that is no name of a region
   */
  public CloudDb in(String region) {
    scheduler.requireOpen();
    if (region.equals(config.location())) {
      return this;
    }
    if (whole != null) {
      return whole.in(region);
    }
    return regions.computeIfAbsent(
        region,
        name -> {
          CloudConfig there = config.in(name);
          CloudDriver its = driver.in(there);
          return new CloudDb(there, its, scheduler.in(there, its), this);
        });
  }

  /**
   * Managed database instances.
   *
   * @return the instances of this region and account
   */
  public Instances instances() {
    return instances;
  }

  /**
   * Replicas of instances.
   *
   * @return the replicas of this region and account
   */
  public Replicas replicas() {
    return replicas;
  }

  /**
   * Backups of instances, and what is restored from them.
   *
   * @return the backups of this region and account
   */
  public Backups backups() {
    return backups;
  }

  /**
   * Tables of items by key.
   *
   * @return the tables of this account, seen from this region
   */
  public Tables tables() {
    return tables;
  }

  /**
   * Long-running work, to go on with what another process began.
   *
   * @return the operations
   */
  public Operations operations() {
    return operations;
  }

  /**
   * What this cloud can do.
   *
   * @return the capabilities
   */
  public Capabilities capabilities() {
    return new Capabilities(driver);
  }

  /**
   * What this cloud was opened with.
   *
   * @return the configuration
   */
  public CloudConfig config() {
    return config;
  }

  /**
   * Gives the vendor's client. Outside the compatibility promise of this library.
   *
   * @param type the vendor's class, for example {@code
   *     software.amazon.awssdk.services.rds.RdsClient}
   * @param <T> the vendor's class
   * @return the client, which is closed with this object unless it was handed in
   * @throws io.clouddb.error.UnsupportedFeatureException when the provider has none of that class
   */
  public <T> T unwrap(Class<T> type) {
    scheduler.requireOpen();
    return driver
        .unwrap(type)
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.UNSUPPORTED_FEATURE,
                        config + " does not unwrap to " + type.getName())
                    .toException());
  }

  @Override
  public void close() {
    if (whole != null) {
      return;
    }
    scheduler.stop();
    try {
      driver.close();
    } finally {
      // Last, since this runs what others hang on the end of an operation.
      scheduler.close();
    }
  }

  @Override
  public String toString() {
    return config.toString();
  }
}
