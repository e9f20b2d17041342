/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.rds;

import io.clouddb.testkit.simulator.ResourceKey;
import io.clouddb.testkit.simulator.ResourceStore;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.SimulatedInstance;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the actions share: the instances of the engine, and beside them parameter groups and
 * secrets.
 *
 * @param cloud the engine
 * @param groups parameter groups
 * @param secrets the text of each secret, by its ARN
 * @param catalog the parameters that there are
 * @param subnetGroups the names of the DB subnet groups
 * @param pageSize the most entries of a page
 * @param hiddenDescriptions how often a new instance is not shown yet
 */
record RdsState(
    SimulatedCloud cloud,
    ResourceStore<ParameterGroup> groups,
    ResourceStore<String> secrets,
    ParameterCatalog catalog,
    Set<String> subnetGroups,
    int pageSize,
    int hiddenDescriptions) {
  /** The account of everybody. */
  static final String ACCOUNT = "123456789012";

  static ResourceKey key(String region, String name) {
    return new ResourceKey(ACCOUNT + "/" + region, name.toLowerCase(Locale.ROOT));
  }

  static String region(ResourceKey key) {
    return key.scope().substring(key.scope().indexOf('/') + 1);
  }

  static String arn(ResourceKey key, String kind) {
    return "arn:aws:rds:" + region(key) + ":" + ACCOUNT + ":" + kind + ":" + key.name();
  }

  SimulatedInstance instance(ResourceKey key) {
    return cloud
        .find(key)
        .orElseThrow(
            () ->
                RdsError.notFound(
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
      } catch (RdsError e) {
        // No such version: no such group.
        throw noGroup(name);
      }
    }
    throw noGroup(name);
  }

  private static RdsError noGroup(String name) {
    return RdsError.notFound("DBParameterGroupNotFound", "DBParameterGroup not found: " + name);
  }

  List<SimulatedInstance> using(String region, String group) {
    return cloud.list(key(region, group).scope()).stream()
        .filter(i -> i.attribute(Members.GROUP, String.class).filter(group::equals).isPresent())
        .toList();
  }
}
