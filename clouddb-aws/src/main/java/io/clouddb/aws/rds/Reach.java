/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.Network;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.VpcSecurityGroupMembership;

/**
 * From where an instance can be reached.
 *
 * @param isPublic whether it has a public address
 * @param subnets its subnet group; empty when RDS shows none
 * @param securityGroups the ids of the VPC security groups, which say who may connect
 */
record Reach(boolean isPublic, String subnets, Set<String> securityGroups) {
  static Reach of(DBInstance instance) {
    List<VpcSecurityGroupMembership> groups = instance.vpcSecurityGroups();
    Set<String> ids = new TreeSet<>();
    groups.forEach(group -> ids.add(group.vpcSecurityGroupId()));
    return new Reach(
        Boolean.TRUE.equals(instance.publiclyAccessible()),
        instance.dbSubnetGroup() == null || instance.dbSubnetGroup().dbSubnetGroupName() == null
            ? ""
            : instance.dbSubnetGroup().dbSubnetGroupName(),
        ids);
  }

  /**
   * RDS keeps the name of a subnet group in lower case. Where no subnet group or security group is
   * named, it is the account's own that RDS takes.
   */
  boolean is(Network network, boolean wantedPublic) {
    return isPublic == wantedPublic
        && network.privateNetwork().filter(name -> !name.equalsIgnoreCase(subnets)).isEmpty()
        && (network.securityGroups().isEmpty()
            || securityGroups.equals(new TreeSet<>(network.securityGroups())));
  }

  @Override
  public String toString() {
    return subnets
        + (isPublic ? ", public" : ", not public")
        + ", with the security groups "
        + securityGroups;
  }
}
