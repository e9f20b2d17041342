/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.Condition;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * How replicas become RDS' read replicas: <em>CreateDBInstanceReadReplica</em> and
 * <em>PromoteReadReplica</em> in the RDS API Reference, and <em>Working with DB instance read
 * replicas</em> in the user guide.
 */
final class ReplicaFields {
  private static final Class<CreateDbInstanceReadReplicaRequest.Builder> CREATE =
      CreateDbInstanceReadReplicaRequest.Builder.class;

  private static final String SWITCHOVER =
      "RDS changes the roles of a source and its replica for Oracle only"
          + " (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_SwitchoverReadReplica.html)";
  private static final String ALONE =
      "Promotion.standalone() when nothing is written any more, then a new replica the other way";

  private ReplicaFields() {}

  static FieldTable<DBInstance> table(String provider) {
    return FieldTable.of(
        provider,
        "RDS' read replicas",
        List.of(
            FieldRow.<String, DBInstance>of(ReplicaField.NAME, String.class, "DBInstanceIdentifier")
                .to(CREATE, (request, name, asked) -> request.dbInstanceIdentifier(name))
                .build(),
            // The step itself writes it: its name, or its ARN, which a look gives.
            FieldRow.<ResourceId, DBInstance>of(
                    ReplicaField.SOURCE, ResourceId.class, "SourceDBInstanceIdentifier")
                .only(inThePartition())
                .shown((source, asked) -> shown(source, asked))
                .build(),
            size(),
            FieldRow.<Availability, DBInstance>of(
                    ReplicaField.AVAILABILITY, Availability.class, "MultiAZ")
                .shown((asked, all) -> asked == Availability.REGIONAL)
                .to(
                    CREATE,
                    (request, asked, all) -> request.multiAZ(asked == Availability.REGIONAL))
                .build(),
            privateNetwork(),
            publicAccess(),
            encryptionKey(),
            FieldRow.<Boolean, DBInstance>of(
                    ReplicaField.DELETION_PROTECTION, Boolean.class, "DeletionProtection")
                .to(CREATE, (request, on, asked) -> request.deletionProtection(on))
                .build(),
            tags(),
            FieldRow.<Promotion.Form, DBInstance>of(
                    ReplicaField.STANDALONE, Promotion.Form.class, "PromoteReadReplica")
                .shown(
                    (form, asked) ->
                        "the replica leaves its source; RDS waits for nothing that the replica has"
                            + " not received")
                .build(),
            FieldRow.<Promotion.Form, DBInstance>of(
                    ReplicaField.STANDALONE_FORCED, Promotion.Form.class, "PromoteReadReplica")
                .shown((form, asked) -> "the same as without force")
                .build(),
            FieldRow.<Promotion.Form, DBInstance>of(
                    ReplicaField.SWITCHOVER, Promotion.Form.class, "")
                .lacking(SWITCHOVER, ALONE),
            FieldRow.<Promotion.Form, DBInstance>of(
                    ReplicaField.SWITCHOVER_FORCED, Promotion.Form.class, "")
                .lacking(SWITCHOVER, "Promotion.forced()")));
  }

  /**
   * China and GovCloud are partitions of their own, which have regions, accounts and keys of their
   * own: "You can replicate between the AWS GovCloud (US-East) and AWS GovCloud (US-West) Regions,
   * but not into or out of AWS GovCloud (US)" (<em>Cross-Region replication considerations</em> in
   * the user guide). Capabilities tell it of their regions only.
   */
  private static Condition<ResourceId> inThePartition() {
    return new Condition<>(
        "A source in the same partition of AWS",
        Regions::isApart,
        (source, asked) ->
            Regions.apart(source.location(), asked.facts(String.class), "replicates nothing"),
        "a source in the partition of the replica's region");
  }

  /**
   * A source in the replica's region by its name, which keeps the replica in its network; by its
   * ARN where the network is another. RDS lets nobody name the DB parameter group of a replica of
   * PostgreSQL.
   */
  private static String shown(ResourceId source, Asked asked) {
    boolean near = source.location().equals(asked.facts(String.class));
    boolean apart =
        asked
            .value(ReplicaField.PRIVATE_NETWORK, Network.class)
            .flatMap(Network::privateNetwork)
            .isPresent();
    return (near && !apart ? source.name() : source.nativeId().orElse(source.name()))
        + (near
            ? "; the replica shares its DB parameter group"
            : "; the replica has the default DB parameter group and not its source's");
  }

  private static FieldRow<InstanceSize, DBInstance> size() {
    return InstanceClasses.<DBInstance>row(ReplicaField.SIZE)
        .to(
            CREATE,
            (request, size, asked) ->
                request.dbInstanceClass(InstanceClasses.choose(size).orElseThrow()))
        .build();
  }

  private static FieldRow<Network, DBInstance> privateNetwork() {
    return FieldRow.<Network, DBInstance>of(
            ReplicaField.PRIVATE_NETWORK, Network.class, "DBSubnetGroupName")
        .only(
            "Without a private DNS zone, and without public address ranges",
            (network, asked) -> NetworkFields.zone(network).or(() -> NetworkFields.both(network)),
            "a private network alone; a VPC security group says who may connect")
        .shown((network, asked) -> network.privateNetwork().orElse("as RDS chooses it"))
        .to(
            CREATE,
            (request, network, asked) -> {
              request.publiclyAccessible(false);
              network.privateNetwork().ifPresent(request::dbSubnetGroupName);
              securityGroups(request, network);
            })
        .build();
  }

  private static FieldRow<Network, DBInstance> publicAccess() {
    return NetworkFields.<DBInstance>publicAccess(ReplicaField.PUBLIC_ACCESS)
        .to(
            CREATE,
            (request, network, asked) -> {
              request.publiclyAccessible(true);
              securityGroups(request, network);
            })
        .build();
  }

  private static void securityGroups(
      CreateDbInstanceReadReplicaRequest.Builder request, Network network) {
    if (!network.securityGroups().isEmpty()) {
      request.vpcSecurityGroupIds(network.securityGroups());
    }
  }

  private static FieldRow<String, DBInstance> encryptionKey() {
    return FieldRow.<String, DBInstance>of(ReplicaField.ENCRYPTION_KEY, String.class, "KmsKeyId")
        .only(
            "A key of the replica's region, for a source in another region; in the source's region"
                + " the source's key encrypts it",
            (key, asked) -> whyNoKey(key, asked),
            "a key of the replica's region, where the source is in another one")
        .to(CREATE, (request, key, asked) -> request.kmsKeyId(key))
        .build();
  }

  private static Optional<String> whyNoKey(String key, Asked asked) {
    String region = asked.facts(String.class);
    if (asked
        .value(ReplicaField.SOURCE, ResourceId.class)
        .filter(source -> source.location().equals(region))
        .isPresent()) {
      return Optional.of(
          "a replica in its source's region has its source's key, and RDS takes no other");
    }
    return Regions.foreignKey(key, region, "the replica");
  }

  private static FieldRow<Map<String, String>, DBInstance> tags() {
    return FieldRow.<Map<String, String>, DBInstance>of(ReplicaField.TAGS, Texts.TYPE, "Tags")
        .only(
            "Letters, digits, spaces and + - = . _ : / @; none begins with aws: or rds:",
            (tags, asked) -> Tags.whyNot(tags),
            "another key or value")
        .limit("tags.max", Tags.MOST)
        .to(CREATE, (request, tags, asked) -> request.tags(Tags.of(tags)))
        .build();
  }
}
