/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.postgres.EmbeddedPostgresBuilder;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.ResourceStore;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The managed database servers of one simulated cloud, and the real databases behind them. It
 * speaks no protocol; a skin puts one on it. What it does with one of them takes time: see {@link
 * #lifeCycle()}. May be used from any thread.
 */
public final class ManagedServers implements AutoCloseable {
  private final CloudProfile profile;
  private final CloudEngine engine;
  private final Timings timings;
  private final boolean durable;
  private final long archiveLimit;
  private final ParameterCheck parameterCheck;
  private final ResourceStore<SimulatedInstance> instances;
  private final BackupStore backups;

  private ManagedServers(Builder builder) {
    this.profile = builder.profile;
    this.engine = builder.engine;
    this.timings = builder.timings;
    this.instances = new ResourceStore<>("instance", builder.instancesPerScope);
    this.backups = new BackupStore(engine, timings.backup(), builder.backupsPerScope);
    this.durable = builder.durable;
    this.archiveLimit = builder.archiveLimit;
    this.parameterCheck = new ParameterCheck(profile);
  }

  /**
   * Starts the description of servers.
   *
   * @param profile of which service
   * @param engine what they share with their cloud; closed with them
   * @return a builder
   */
  public static Builder builder(CloudProfile profile, CloudEngine engine) {
    return new Builder(profile, engine);
  }

  /**
   * Which cloud this is.
   *
   * @return the profile
   */
  public CloudProfile profile() {
    return profile;
  }

  /**
   * What they share with whatever else is in their cloud.
   *
   * @return the engine
   */
  public CloudEngine engine() {
    return engine;
  }

  /**
   * Checks parameters as the real server does, before anything is changed.
   *
   * @param version PostgreSQL's major version
   * @param parameters in the cloud's own names
   * @return what they are, by their names in lower case
   * @throws SimulatorException naming all that are unknown, not to be set, or not to that value
   */
  public Map<String, ParameterDescription> checkParameters(
      int version, Map<String, String> parameters) {
    return parameterCheck.check(version, parameters);
  }

  /**
   * Begins what takes an instance time.
   *
   * @return the beginnings of changes
   */
  public LifeCycle lifeCycle() {
    return new LifeCycle(this, timings, null);
  }

  /**
   * The same for a request of which a test may have asked that its operation fails.
   *
   * @param call the request's
   * @return the beginnings of changes
   */
  public LifeCycle lifeCycle(Call call) {
    return new LifeCycle(this, timings, call.failureOrNull());
  }

  /**
   * Begins what takes replicas time.
   *
   * @return the beginnings of changes
   */
  public Replicas replicas() {
    return new Replicas(this, timings, null);
  }

  /**
   * The same for a request of which a test may have asked that its operation fails.
   *
   * @param call the request's
   * @return the beginnings of changes
   */
  public Replicas replicas(Call call) {
    return new Replicas(this, timings, call.failureOrNull());
  }

  /**
   * Begins what takes backups time, and looks at them.
   *
   * @return the backups
   */
  public Backups backups() {
    return new Backups(this, timings, null);
  }

  /**
   * The same for a request of which a test may have asked that its operation fails.
   *
   * @param call the request's
   * @return the backups
   */
  public Backups backups(Call call) {
    return new Backups(this, timings, call.failureOrNull());
  }

  SimulatedInstance add(
      ReplicaRequest request, SimulatedInstance source, Map<String, String> parameters) {
    engine.tasks().requireOpen();
    SimulatedInstance instance =
        new SimulatedInstance(
            request, source, parameters, engine.newId(), engine.clock().instant());
    return add(instance);
  }

  SimulatedInstance add(InstanceRequest request) {
    engine.tasks().requireOpen();
    SimulatedInstance instance =
        new SimulatedInstance(request, engine.newId(), engine.clock().instant());
    return add(instance);
  }

  SimulatedInstance add(
      RestoreRequest request, SimulatedBackup.Source source, Map<String, String> parameters) {
    engine.tasks().requireOpen();
    SimulatedInstance instance =
        new SimulatedInstance(
            request, source, parameters, engine.newId(), engine.clock().instant());
    return add(instance);
  }

  private SimulatedInstance add(SimulatedInstance instance) {
    backups.begin(instance, () -> instances.create(instance.key(), instance));
    return instance;
  }

  BackupStore backupStore() {
    return backups;
  }

  void remove(SimulatedInstance instance) {
    SimulatedInstance unused = instances.remove(instance.key());
  }

  ManagedDatabase startDatabase(InstanceRequest request) {
    return PostgresDatabase.start(profile, request, durable, archiveLimit);
  }

  /**
   * Looks for an instance.
   *
   * @param key which
   * @return empty when there is none
   */
  public Optional<SimulatedInstance> find(ResourceKey key) {
    return instances.find(key);
  }

  /**
   * Gets an instance.
   *
   * @param key which
   * @return the instance
   * @throws SimulatorException when there is none
   */
  public SimulatedInstance get(ResourceKey key) {
    return instances.get(key);
  }

  /**
   * The instances of a scope.
   *
   * @param scope the scope
   * @return sorted by name
   */
  public List<SimulatedInstance> list(String scope) {
    // One may be gone between the two.
    return instances.list(scope).stream().flatMap(key -> find(key).stream()).toList();
  }

  /**
   * The replicas of an instance, in whichever scope: those that are being made or deleted, too, and
   * none that has become an instance of its own.
   *
   * @param source the instance
   * @return in the order in which they were made
   */
  public List<SimulatedInstance> replicasOf(SimulatedInstance source) {
    return instances.all().stream()
        .filter(instance -> instance.source().orElse(null) == source)
        .toList();
  }

  /**
   * Stops and deletes all databases. What has not happened yet will not. Also on a thread that is
   * interrupted, which it is afterwards, too.
   *
   * @throws io.clouddb.error.CloudDbException when something is left; it says what
   */
  @Override
  public void close() {
    List<Runnable> ends = new ArrayList<>();
    ends.add(engine::close);
    ends.add(backups::close);
    // After the engine's end there are no further ones.
    ends.add(() -> all(instances.all().stream().map(ManagedServers::end).toList()));
    all(ends);
  }

  private static Runnable end(SimulatedInstance instance) {
    return () -> instance.managed().ifPresent(ManagedDatabase::close);
  }

  /** Does all of it, whatever fails, and throws what did. */
  static void all(List<Runnable> ends) {
    RuntimeException first = null;
    for (Runnable end : ends) {
      try {
        end.run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Describes servers. */
  public static final class Builder {
    private final CloudProfile profile;
    private final CloudEngine engine;
    private Timings timings = Timings.USUAL;
    private int instancesPerScope = 40;
    private int backupsPerScope = 100;
    private boolean durable;
    private long archiveLimit = EmbeddedPostgresBuilder.ARCHIVE_LIMIT;

    private Builder(CloudProfile profile, CloudEngine engine) {
      this.profile = Objects.requireNonNull(profile, "profile");
      this.engine = Objects.requireNonNull(engine, "engine");
    }

    /**
     * Says how long changes take; as long as the real clouds need by default.
     *
     * @param value the timings
     * @return this builder
     */
    public Builder timings(Timings value) {
      this.timings = Objects.requireNonNull(value, "timings");
      return this;
    }

    /**
     * Limits the instances of a scope; 40 by default, as on RDS.
     *
     * @param limit the limit
     * @return this builder
     */
    public Builder instancesPerScope(int limit) {
      this.instancesPerScope = limit;
      return this;
    }

    /**
     * Limits the backups by hand, and the copies, of a scope; 100 by default, as on RDS.
     *
     * @param limit the limit
     * @return this builder
     */
    public Builder backupsPerScope(int limit) {
      this.backupsPerScope = limit;
      return this;
    }

    /**
     * Says whether the databases wait for the disk at a commit. They do not by default: a simulated
     * cloud does not outlive its machine. They survive a kill of the server all the same.
     *
     * @param value true to wait
     * @return this builder
     */
    public Builder durable(boolean value) {
      this.durable = value;
      return this;
    }

    /**
     * Says how much write-ahead log of an instance is kept at most for backups and moments; by
     * default 8 GiB. An instance that has written more cannot be restored any more: the operation
     * of a restore fails, and says so.
     *
     * @param bytes the limit
     * @return this builder
     * @see EmbeddedPostgresBuilder#archiveLimit
     */
    public Builder archiveLimit(long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("No log has fewer than 0 bytes, so not " + bytes);
      }
      this.archiveLimit = bytes;
      return this;
    }

    /**
     * Makes the servers, of which there are none yet.
     *
     * @return the servers
     */
    public ManagedServers build() {
      return new ManagedServers(this);
    }
  }
}
