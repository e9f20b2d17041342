/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** What becomes of each field of a replica: in its plan, in its request and in the capabilities. */
class ReplicaFieldsTest {
  private static final String HOME = "ap-northeast-2";
  private static final String AWAY = "eu-west-1";
  private static final String GROUP = "sg-0123456789ab";
  private static final String ARN = "arn:aws:rds:" + HOME + ":123456789012:db:orders";
  private static final FieldTable<DBInstance> TABLE = ReplicaFields.table("aws");

  private static ReplicaSpec reader(String sourceRegion) {
    return ReplicaSpec.named("reader")
        .of(
            ResourceId.of("aws", "123456789012", sourceRegion, "instance", "orders")
                .withNativeId(ARN));
  }

  private static Plan plan(Specification specification) {
    return TABLE.plan(new Asked(specification, HOME));
  }

  private static String entry(Specification specification, ReplicaField field) {
    return plan(specification).entries().stream()
        .filter(entry -> entry.field() == field)
        .map(Plan.Entry::toString)
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> members(ReplicaSpec spec) {
    return RequestMembers.of(
        TABLE
            .write(
                CreateDbInstanceReadReplicaRequest.Builder.class,
                CreateDbInstanceReadReplicaRequest.builder(),
                new Asked(spec, HOME))
            .build());
  }

  private static Arguments made(
      ReplicaField field, UnaryOperator<ReplicaSpec> asking, String text, String... members) {
    return Arguments.of(field, asking, text, List.of(members));
  }

  /** The field, what is asked for, what the plan says, and what the request carries for it. */
  static Stream<Arguments> honoured() {
    return Stream.of(
        made(ReplicaField.NAME, s -> s, "DBInstanceIdentifier = reader"),
        made(
            ReplicaField.SIZE,
            s -> s.size(InstanceSize.atLeast(2, DataSize.gib(16))),
            "DBInstanceClass = db.r7g.large",
            "DBInstanceClass=db.r7g.large"),
        made(
            ReplicaField.AVAILABILITY,
            s -> s.availability(Availability.REGIONAL),
            "MultiAZ = true",
            "MultiAZ=true"),
        made(
            ReplicaField.AVAILABILITY,
            s -> s.availability(Availability.ZONAL),
            "MultiAZ = false",
            "MultiAZ=false"),
        made(
            ReplicaField.PRIVATE_NETWORK,
            s -> s.network(Network.privateNetwork("network-1").securityGroup(GROUP)),
            "DBSubnetGroupName = network-1",
            "PubliclyAccessible=false",
            "DBSubnetGroupName=network-1",
            "VpcSecurityGroupIds=[" + GROUP + "]"),
        made(
            ReplicaField.PRIVATE_NETWORK,
            s -> s.network(Network.privateNetwork("network-1")),
            "DBSubnetGroupName = network-1",
            "PubliclyAccessible=false",
            "DBSubnetGroupName=network-1"),
        made(
            ReplicaField.PUBLIC_ACCESS,
            s ->
                s.network(Network.publicAccess("203.0.113.0/24").securityGroup(GROUP))
                    .preferring(ReplicaField.PUBLIC_ACCESS),
            "PubliclyAccessible = true",
            "PubliclyAccessible=true",
            "VpcSecurityGroupIds=[" + GROUP + "]"),
        made(
            ReplicaField.DELETION_PROTECTION,
            s -> s.deletionProtection(true),
            "DeletionProtection = true",
            "DeletionProtection=true"),
        made(
            ReplicaField.DELETION_PROTECTION,
            s -> s.deletionProtection(false),
            "DeletionProtection = false",
            "DeletionProtection=false"),
        made(
            ReplicaField.TAGS,
            s -> s.tag("role", "reader"),
            "Tags = {role=reader}",
            "Tags=[Tag(Key=role, Value=reader)]"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("honoured")
  void theRequestCarriesWhatThePlanSays(
      ReplicaField field, UnaryOperator<ReplicaSpec> asking, String text, List<String> members) {
    ReplicaSpec spec = asking.apply(reader(HOME));
    assertThat(plan(spec).feasible()).as("%s", plan(spec)).isTrue();
    assertThat(entry(spec, field)).contains(": " + text);
    // The source goes in where its name or its ARN is known.
    assertThat(members(spec).entrySet().stream().map(Object::toString))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of("DBInstanceIdentifier=reader"), members.stream()).toList());
  }

  @Test
  void theSourceIsNamedAsTheNetworkDemands() {
    assertThat(entry(reader(HOME), ReplicaField.SOURCE))
        .endsWith("SourceDBInstanceIdentifier = orders; the replica shares its DB parameter group");
    ReplicaSpec apart = reader(HOME).network(Network.privateNetwork("network-1"));
    assertThat(entry(apart, ReplicaField.SOURCE))
        .endsWith(" = " + ARN + "; the replica shares its DB parameter group");
    assertThat(entry(reader(AWAY), ReplicaField.SOURCE))
        .endsWith(
            " = " + ARN + "; the replica has the default DB parameter group and not its source's");
    ReplicaSpec unseen =
        ReplicaSpec.named("reader").of(ResourceId.of("aws", "1", AWAY, "instance", "orders"));
    assertThat(entry(unseen, ReplicaField.SOURCE))
        .as("its ARN is not known before a look")
        .contains(" = orders; ");
  }

  private static Arguments refused(
      ReplicaField field, ReplicaSpec spec, String why, String instead) {
    return Arguments.of(field, spec, why, instead);
  }

  static Stream<Arguments> refused() {
    ReplicaSpec tagged = reader(HOME);
    for (int i = 0; i < 50; i++) {
      tagged = tagged.tag("t" + i, "v");
    }
    return Stream.of(
        refused(ReplicaField.SOURCE, reader("cn-north-1"), "partition aws-cn of AWS", "partition"),
        refused(
            ReplicaField.SIZE,
            reader(HOME).size(InstanceSize.named("n2-standard")),
            "begin with 'db.'",
            "InstanceSize.named"),
        refused(
            ReplicaField.SIZE,
            reader(HOME).size(InstanceSize.atLeast(65, DataSize.gib(1))),
            "no known DB instance class",
            "InstanceSize.named"),
        refused(
            ReplicaField.PRIVATE_NETWORK,
            reader(HOME).network(Network.privateNetwork("n").dnsZone("/z")),
            "no private DNS zone",
            "a private network alone"),
        refused(
            ReplicaField.PRIVATE_NETWORK,
            reader(HOME).network(Network.privateNetwork("n").allowing("203.0.113.0/24")),
            "at once",
            "a private network alone"),
        refused(
            ReplicaField.PUBLIC_ACCESS,
            reader(HOME).network(Network.publicAccess("203.0.113.0/24")),
            "a VPC security group says",
            "allows 203.0.113.0/24, name it by securityGroup(...), and add"
                + " preferring(PUBLIC_ACCESS)"),
        refused(
            ReplicaField.PUBLIC_ACCESS,
            reader(HOME)
                .network(Network.publicAccess("203.0.113.0/24").securityGroup(GROUP).dnsZone("/z")),
            "no private DNS zone",
            "without dnsZone"),
        refused(
            ReplicaField.PUBLIC_ACCESS,
            reader(HOME).network(Network.publicAccess("203.0.113.0/24").securityGroup(GROUP)),
            "security groups [" + GROUP + "] say",
            "preferring"),
        refused(
            ReplicaField.ENCRYPTION_KEY,
            reader(HOME).encryptionKey("alias/k"),
            "has its source's key",
            "a key of the replica's region"),
        refused(
            ReplicaField.ENCRYPTION_KEY,
            reader(AWAY).encryptionKey("arn:aws:kms:" + AWAY + ":1:key/k"),
            "the key is of " + AWAY + ", and the replica is in " + HOME,
            "a key of the replica's region"),
        refused(ReplicaField.TAGS, reader(HOME).tag("aws:x", "y"), "AWS's own", "another key"),
        refused(ReplicaField.TAGS, tagged, "49 tags", "another key"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("refused")
  void theRestIsRefusedByName(ReplicaField field, ReplicaSpec spec, String why, String instead) {
    Plan plan = plan(spec);
    assertThat(plan.entries(Plan.Outcome.REFUSED))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.field()).isEqualTo(field);
              assertThat(entry.text()).contains(why);
              assertThat(entry.alternative()).contains(instead);
            });
  }

  /**
   * Where the source is elsewhere, a key of the replica's region goes along, however it is named.
   */
  @Test
  void aKeyOfTheReplicasRegionIsSent() {
    for (String key :
        List.of("arn:aws:kms:" + HOME + ":1:key/k", "alias/k", "1234abcd", "arn:aws:kms")) {
      ReplicaSpec spec = reader(AWAY).encryptionKey(key);
      assertThat(plan(spec).feasible()).as(key).isTrue();
      assertThat(members(spec)).containsEntry("KmsKeyId", key);
    }
  }

  @Test
  void aSourceOfTheSamePartitionIsHonouredInEachOfThem() {
    ReplicaSpec beijing =
        ReplicaSpec.named("reader").of(ResourceId.of("aws", "1", "cn-north-1", "instance", "o"));
    assertThat(TABLE.plan(new Asked(beijing, "cn-northwest-1")).feasible()).isTrue();
    assertThat(TABLE.plan(new Asked(beijing, "us-gov-west-1")).toString())
        .contains("into aws-us-gov");
  }

  @Test
  void promotionsAreWhatRdsHas() {
    assertThat(entry(Promotion.standalone(), ReplicaField.STANDALONE))
        .contains("PromoteReadReplica = ", "waits for nothing");
    assertThat(entry(Promotion.forced(), ReplicaField.STANDALONE_FORCED))
        .contains("PromoteReadReplica = the same as without force");
    assertThat(plan(Promotion.switchingRoles()).entries(Plan.Outcome.REFUSED))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.text()).contains("Oracle only");
              assertThat(entry.alternative()).contains("Promotion.standalone()");
            });
    assertThat(plan(Promotion.switchingRoles().byForce()).entries(Plan.Outcome.REFUSED))
        .singleElement()
        .satisfies(entry -> assertThat(entry.alternative()).isEqualTo("Promotion.forced()"));
  }

  private static Support support(ReplicaField field) {
    return TABLE.support(field, FeatureContext.any());
  }

  @ParameterizedTest
  @EnumSource(ReplicaField.class)
  void hasARowForEachField(ReplicaField field) {
    assertThat(support(field).reason()).doesNotContain("knows no");
    Support.Answer answer =
        switch (field) {
          case SWITCHOVER, SWITCHOVER_FORCED -> Support.Answer.NO;
          case SIZE, PRIVATE_NETWORK, PUBLIC_ACCESS, ENCRYPTION_KEY, TAGS ->
              Support.Answer.CONDITIONAL;
          default -> Support.Answer.YES;
        };
    assertThat(support(field).answer()).isEqualTo(answer);
  }

  @Test
  void theLimitsThatCapabilitiesNameAreThoseOfThePlan() {
    int cpus = Math.toIntExact(limit(ReplicaField.SIZE, "cpus.max"));
    long gib = limit(ReplicaField.SIZE, "memory.gib.max");
    for (int more : new int[] {0, 1}) {
      assertThat(
              plan(reader(HOME).size(InstanceSize.atLeast(cpus + more, DataSize.gib(1))))
                  .feasible())
          .isEqualTo(more == 0);
      assertThat(
              plan(reader(HOME).size(InstanceSize.atLeast(1, DataSize.gib(gib + more)))).feasible())
          .isEqualTo(more == 0);
    }
    assertThat(limit(ReplicaField.TAGS, "tags.max")).isEqualTo(49);
  }

  @Test
  void partitionsAreToldOfTheirRegionsOnly() {
    for (String region : List.of("cn-north-1", "us-gov-west-1")) {
      assertThat(TABLE.support(ReplicaField.SOURCE, FeatureContext.any().withLocation(region)))
          .extracting(Support::answer, Support::reason)
          .containsExactly(Support.Answer.CONDITIONAL, "A source in the same partition of AWS");
    }
    assertThat(TABLE.support(ReplicaField.SOURCE, FeatureContext.any().withLocation(HOME)).answer())
        .isEqualTo(Support.Answer.YES);
  }

  private static long limit(ReplicaField field, String name) {
    return Objects.requireNonNull(support(field).limits().get(name));
  }
}
