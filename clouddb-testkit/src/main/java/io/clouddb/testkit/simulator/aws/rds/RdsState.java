/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.aws.secretsmanager.SecretsManagerService;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.ResourceStore;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the actions share: the instances, and beside them parameter groups and secrets.
 *
 * @param account the account number
 * @param servers the instances
 * @param groups parameter groups
 * @param secrets where managed passwords are
 * @param catalog the parameters that there are
 * @param subnetGroups the names of the DB subnet groups
 * @param pageSize the most entries of a page
 * @param hiddenDescriptions how often a new instance is not shown yet
 * @param tagged what has tags
 * @param replicated automated backups that are kept in another region, too
 * @param withdrawn the major versions that are offered no more
 */
record RdsState(
    String account,
    ManagedServers servers,
    ResourceStore<ParameterGroup> groups,
    SecretsManagerService secrets,
    ParameterCatalog catalog,
    Set<String> subnetGroups,
    int pageSize,
    int hiddenDescriptions,
    TaggedKinds tagged,
    ReplicatedBackups replicated,
    Set<Integer> withdrawn) {
  /** A version of which there are instances and backups still may be offered no more. */
  boolean isOffered(int major) {
    return !withdrawn.contains(major);
  }

  void requireOffered(int major) {
    if (!isOffered(major)) {
      throw AwsError.combination("Cannot find version " + major + " for postgres");
    }
  }

  /** The snapshots of all regions. */
  Snapshots snapshots() {
    return new Snapshots(this);
  }

  /** What tells an instance from a later one of its name. */
  static String resourceId(String instanceUid) {
    return "db-" + instanceUid.replace("-", "").toUpperCase(Locale.ROOT);
  }

  ResourceKey key(String region, String name) {
    return new ResourceKey(account + "/" + region, name.toLowerCase(Locale.ROOT));
  }

  static String region(ResourceKey key) {
    return key.scope().substring(key.scope().indexOf('/') + 1);
  }

  static String account(ResourceKey key) {
    return key.scope().substring(0, key.scope().indexOf('/'));
  }

  static String arn(ResourceKey key, String kind) {
    return arn(key, "rds", kind + ":" + key.name());
  }

  /** Of something of a service, beside an instance. */
  static String arn(ResourceKey key, String service, String resource) {
    return String.join(
        ":", "arn", AwsPartition.of(region(key)), service, region(key), account(key), resource);
  }

  SimulatedInstance instance(ResourceKey key) {
    return servers
        .find(key)
        .orElseThrow(
            () ->
                AwsError.notFound(
                    "DBInstanceNotFound", "DBInstance " + key.name() + " not found."));
  }

  ParameterGroup group(String region, String name) {
    Optional<ParameterGroup> own = groups.find(key(region, name));
    if (own.isPresent()) {
      return own.get();
    }
    String prefix = "default.postgres";
    if (name.startsWith(prefix)) {
      try {
        return ParameterGroup.byDefault(InstanceRules.major(name.substring(prefix.length())));
      } catch (AwsError e) {
        // No such version: no such group.
        throw noGroup(name);
      }
    }
    throw noGroup(name);
  }

  private static AwsError noGroup(String name) {
    return AwsError.notFound("DBParameterGroupNotFound", "DBParameterGroup not found: " + name);
  }

  List<SimulatedInstance> using(String region, String group) {
    return servers.list(key(region, group).scope()).stream()
        .filter(i -> i.attribute(Members.GROUP, String.class).filter(group::equals).isPresent())
        .toList();
  }
}
