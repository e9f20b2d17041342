/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsProtocol;
import io.clouddb.testkit.simulator.aws.AwsService;
import io.clouddb.testkit.simulator.aws.secretsmanager.SecretsManagerService;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.ResourceStore;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.server.BackupRequest;
import io.clouddb.testkit.simulator.server.ManagedServers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Amazon RDS for PostgreSQL, with a real PostgreSQL behind each instance, in every region.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/Welcome.html">API
 *     Reference</a>
 */
public final class RdsService implements AwsService {
  private static final int INTERNAL = 500;

  /** So many DB parameter groups a region may have. */
  private static final int GROUPS = 100;

  private final RdsState state;
  private final List<AwsProtocol> protocols;

  /**
   * What differs from one simulated RDS to another.
   *
   * @param subnetGroups the names of the DB subnet groups, in every region
   * @param pageSize the most entries of a page, below what the caller asks for
   * @param hiddenDescriptions how often a new instance is not shown yet, as by the service for some
   *     seconds
   */
  public record Settings(Set<String> subnetGroups, int pageSize, int hiddenDescriptions) {
    /** Copies the names. */
    public Settings {
      subnetGroups = Set.copyOf(subnetGroups);
    }
  }

  /**
   * Makes the service, without instances.
   *
   * @param account the account number
   * @param servers where its instances are
   * @param secrets where the passwords are that it manages
   * @param settings how it behaves
   */
  public RdsService(
      String account, ManagedServers servers, SecretsManagerService secrets, Settings settings) {
    this.state =
        new RdsState(
            account,
            servers,
            new ResourceStore<>("parameter group", GROUPS),
            secrets,
            new ParameterCatalog(),
            settings.subnetGroups(),
            settings.pageSize(),
            settings.hiddenDescriptions(),
            new TaggedKinds(),
            new ReplicatedBackups(),
            ConcurrentHashMap.newKeySet());
    this.protocols = List.of(RdsActions.of(state));
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
   * Offers a major version no more, in any region: nothing new is made or restored with it, and
   * what there is stays.
   *
   * @param version the major version, for example {@code 16}
   * @return offers it again, to be run once
   */
  public Runnable withdraw(String version) {
    Integer major = InstanceRules.major(version);
    state.withdrawn().add(major);
    return () -> state.withdrawn().remove(major);
  }

  /**
   * Has AWS Backup take a snapshot of an instance, which RDS lists by its type alone, and deletes
   * for nobody else.
   *
   * @param region the region
   * @param instance the instance's name
   * @return the snapshot's name
   */
  public String takenByAwsBackup(String region, String instance) {
    String name = "awsbackup:job-" + state.servers().engine().newId();
    // How it ends shows in the snapshot's status.
    Object unused =
        state
            .servers()
            .backups()
            .take(
                BackupRequest.of(key(region, name), key(region, instance))
                    .holdInstance()
                    .attribute(Snapshot.TYPE, Snapshot.AWS_BACKUP)
                    .build());
    return name;
  }

  /**
   * The key of an instance.
   *
   * @param region the region
   * @param name the instance's name
   * @return the key, by which {@link ManagedServers} finds it
   */
  public ResourceKey key(String region, String name) {
    return state.key(region, name);
  }

  /**
   * The DB parameter groups of a region, without the default ones.
   *
   * @param region the region
   * @return their names, sorted
   */
  public List<String> parameterGroups(String region) {
    return state.groups().list(key(region, "-").scope()).stream().map(ResourceKey::name).toList();
  }

  @Override
  public String signingName() {
    return "rds";
  }

  @Override
  public List<AwsProtocol> protocols() {
    return protocols;
  }

  @Override
  public AwsError refused(SimulatorException reason) {
    return switch (reason.reason()) {
      case WRONG_STATE -> AwsError.badRequest("InvalidDBInstanceState", reason.sentence());
      case INVALID_PARAMETER -> AwsError.value(reason.sentence());
      case NOT_FOUND, ALREADY_EXISTS, QUOTA, BACKEND, START_FAILED ->
          new AwsError(INTERNAL, "InternalFailure", reason.sentence());
    };
  }
}
