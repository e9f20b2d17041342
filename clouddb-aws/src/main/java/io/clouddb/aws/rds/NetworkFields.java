/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static io.clouddb.aws.rds.RdsFields.CREATE;
import static io.clouddb.instance.InstanceField.PRIVATE_NETWORK;
import static io.clouddb.instance.InstanceField.PUBLIC_ACCESS;

import io.clouddb.instance.Network;
import io.clouddb.plan.Field;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;

/** From where an instance can be reached. Security groups are EC2's, and are not made here. */
final class NetworkFields {
  private static final String PUBLIC = "PubliclyAccessible";
  private static final String NO_ZONE = "Without a private DNS zone";
  private static final String WITHOUT_ZONE = "the network without dnsZone(...)";

  private NetworkFields() {}

  static List<FieldRow<?, InstanceAsItIs>> rows() {
    return List.of(privateNetwork(), publicAccess());
  }

  static Optional<String> zone(Network network) {
    return network
        .dnsZone()
        .map(zone -> "RDS takes no private DNS zone: it makes the instance's name itself");
  }

  static Optional<String> both(Network network) {
    return network.allowedCidrs().isEmpty()
        ? Optional.empty()
        : Optional.of("a private network and public address ranges are asked for at once");
  }

  /** A spec without a network asks for one that is not public, whichever it is. */
  private static FieldRow<Network, InstanceAsItIs> privateNetwork() {
    return FieldRow.<Network, InstanceAsItIs>of(PRIVATE_NETWORK, Network.class, PUBLIC)
        .vendorField(
            asked ->
                asked
                    .value(PRIVATE_NETWORK, Network.class)
                    .flatMap(Network::privateNetwork)
                    .map(name -> "DBSubnetGroupName")
                    .orElse(PUBLIC))
        .only(NO_ZONE, (network, asked) -> zone(network), WITHOUT_ZONE)
        .only(
            "Without public address ranges",
            (network, asked) -> both(network),
            "one of the two; in a private network a VPC security group says who may connect")
        .shown((network, asked) -> network.privateNetwork().<Object>map(n -> n).orElse(false))
        .to(
            CREATE,
            (request, network, asked) -> {
              request.publiclyAccessible(false);
              network.privateNetwork().ifPresent(request::dbSubnetGroupName);
              securityGroups(request, network);
            })
        .from((there, asked) -> Optional.of(Reach.of(there.instance())))
        .same((network, actual, asked) -> ((Reach) actual).is(network, false))
        .build();
  }

  private static FieldRow<Network, InstanceAsItIs> publicAccess() {
    return NetworkFields.<InstanceAsItIs>publicAccess(PUBLIC_ACCESS)
        .to(
            CREATE,
            (request, network, asked) -> {
              request.publiclyAccessible(true);
              securityGroups(request, network);
            })
        .from((there, asked) -> Optional.of(Reach.of(there.instance())))
        .same((network, actual, asked) -> ((Reach) actual).is(network, true))
        .build();
  }

  /** What RDS makes of public address ranges, for instances and for replicas. */
  static <R> FieldRow.Builder<Network, R> publicAccess(Field field) {
    return FieldRow.<Network, R>of(field, Network.class, PUBLIC)
        .only(NO_ZONE, (network, asked) -> zone(network), WITHOUT_ZONE)
        .only(
            "With a VPC security group, which says who may connect",
            (network, asked) ->
                network.securityGroups().isEmpty()
                    ? Optional.of("on RDS a VPC security group says which addresses may connect")
                    : Optional.empty(),
            (network, asked) ->
                "make one in EC2 that allows "
                    + String.join(", ", network.allowedCidrs())
                    + ", name it by securityGroup(...), and add preferring("
                    + field
                    + ")")
        .nearest(
            "Only preferred, since the addresses are not the spec's",
            (network, asked) ->
                Optional.of(
                    "which addresses may connect is what the security groups "
                        + network.securityGroups()
                        + " say, not this spec"))
        .shown((network, asked) -> true);
  }

  private static void securityGroups(CreateDbInstanceRequest.Builder request, Network network) {
    if (!network.securityGroups().isEmpty()) {
      request.vpcSecurityGroupIds(network.securityGroups());
    }
  }
}
