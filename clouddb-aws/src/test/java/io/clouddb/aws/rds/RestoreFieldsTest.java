/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.plan.Plan;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** What becomes of each field of a restore: in its plan, in its requests, in the capabilities. */
class RestoreFieldsTest {
  private static final String HOME = "ap-northeast-2";
  private static final String GROUP = "sg-0123456789ab";
  private static final FieldTable<DBInstance> TABLE = RestoreFields.table("aws");
  private static final ResourceId BACKUP = ResourceId.of("aws", "1", HOME, "backup", "b-1");
  private static final ResourceId ORDERS = ResourceId.of("aws", "1", HOME, "instance", "orders");

  private static RestoreSpec again() {
    return RestoreSpec.from(BACKUP).named("again").in(HOME);
  }

  private static Plan plan(RestoreSpec spec, String region) {
    return RestoreFields.plan(TABLE, spec, region);
  }

  private static String entry(Plan plan, RestoreField field) {
    return plan.entries().stream()
        .filter(entry -> entry.field() == field)
        .map(Plan.Entry::toString)
        .findFirst()
        .orElseThrow();
  }

  private static Arguments made(
      RestoreField field, UnaryOperator<RestoreSpec> asking, String text, String... members) {
    return Arguments.of(field, asking, text, List.of(members));
  }

  /** The field, what is asked for, what the plan says, and what both requests carry for it. */
  static Stream<Arguments> honoured() {
    return Stream.of(
        made(
            RestoreField.SIZE,
            s -> s.size(InstanceSize.atLeast(2, DataSize.gib(16))),
            "DBInstanceClass = db.r7g.large",
            "DBInstanceClass=db.r7g.large"),
        made(
            RestoreField.AVAILABILITY,
            s -> s.availability(Availability.REGIONAL),
            "MultiAZ = true",
            "MultiAZ=true"),
        made(
            RestoreField.PRIVATE_NETWORK,
            s -> s.network(Network.privateNetwork("network-1").securityGroup(GROUP)),
            "DBSubnetGroupName = network-1",
            "PubliclyAccessible=false",
            "DBSubnetGroupName=network-1",
            "VpcSecurityGroupIds=[" + GROUP + "]"),
        made(
            RestoreField.PUBLIC_ACCESS,
            s ->
                s.network(Network.publicAccess("203.0.113.0/24").securityGroup(GROUP))
                    .preferring(RestoreField.PUBLIC_ACCESS),
            "PubliclyAccessible = true",
            "PubliclyAccessible=true",
            "VpcSecurityGroupIds=[" + GROUP + "]"),
        made(
            RestoreField.DELETION_PROTECTION,
            s -> s.deletionProtection(false),
            "DeletionProtection = false",
            "DeletionProtection=false"),
        made(
            RestoreField.TAGS,
            s -> s.tag("team", "shop"),
            "Tags = {team=shop}",
            "Tags=[Tag(Key=team, Value=shop)]"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("honoured")
  void bothRequestsCarryWhatThePlanSays(
      RestoreField field, UnaryOperator<RestoreSpec> asking, String text, List<String> members) {
    RestoreSpec spec = asking.apply(again());
    Plan plan = plan(spec, HOME);
    assertThat(plan.feasible()).as("%s", plan).isTrue();
    assertThat(entry(plan, field)).contains(": " + text);
    RestoreRequest request =
        TABLE.write(RestoreRequest.class, new RestoreRequest(), new Asked(spec, HOME));
    assertThat(texts(RequestMembers.of(request.fromSnapshot("b-1").build())))
        .contains("DBInstanceIdentifier=again", "DBSnapshotIdentifier=b-1")
        .containsAll(members);
    assertThat(texts(RequestMembers.of(request.toMoment(Instant.EPOCH).build())))
        .contains("TargetDBInstanceIdentifier=again", "RestoreTime=1970-01-01T00:00:00Z")
        .containsAll(members);
    assertThat(RequestMembers.of(request.toMoment(null).build()))
        .containsEntry("UseLatestRestorableTime", "true")
        .doesNotContainKey("RestoreTime");
  }

  private static List<String> texts(Map<String, String> members) {
    return new TreeMap<>(members).entrySet().stream().map(Object::toString).toList();
  }

  @Test
  void parametersGoIntoAGroup() {
    RestoreSpec spec = again().parameter("work_mem", "8192");
    assertThat(entry(plan(spec, HOME), RestoreField.PARAMETERS)).contains("DB parameter group");
    assertThat(
            TABLE
                .write(GroupParameters.class, new GroupParameters(), new Asked(spec, HOME))
                .values())
        .containsExactly(Map.entry("work_mem", "8192"));
  }

  @Test
  void whatRdsDoesNotDoIsRefusedWithAnotherWay() {
    assertThat(entry(plan(again().encryptionKey("k"), HOME), RestoreField.ENCRYPTION_KEY))
        .contains("neither restore has a member KmsKeyId", "backups().copy(...)");
    RestoreSpec far = again().in("eu-west-1");
    assertThat(entry(plan(far, "eu-west-1"), RestoreField.OTHER_REGION))
        .contains("RDS restores a snapshot in its own region, ap-northeast-2");
    RestoreSpec moment =
        RestoreSpec.of(ORDERS).at(Instant.parse("2026-01-01T00:00:00.123456Z")).named("again");
    assertThat(plan(moment.in("eu-west-1"), "eu-west-1").entries())
        .filteredOn(entry -> entry.field() == RestoreField.OTHER_REGION)
        .extracting(Plan.Entry::outcome)
        .containsExactly(Plan.Outcome.HONOURED);
    assertThat(entry(plan(moment.in(HOME), HOME), RestoreField.MOMENT))
        .contains("RDS counts in milliseconds");
    assertThat(
            entry(plan(moment.in(HOME).preferring(RestoreField.MOMENT), HOME), RestoreField.MOMENT))
        .as("not later than asked")
        .contains("2026-01-01T00:00:00.123Z");
  }

  @Test
  void thePlanTellsWhatComesFromTheSource() {
    Plan plan = plan(again(), HOME);
    assertThat(plan.inherited())
        .extracting(Plan.Inherited::field)
        .contains(
            InstanceField.ENGINE_VERSION,
            InstanceField.ADMIN_LOGIN,
            InstanceField.ENCRYPTION_KEY,
            RestoreField.SIZE,
            RestoreField.AVAILABILITY,
            RestoreField.PRIVATE_NETWORK,
            RestoreField.PARAMETERS,
            RestoreField.TAGS)
        .doesNotHaveDuplicates();
    assertThat(plan.inherited())
        .as("RDS upgrades a version whose support is over")
        .filteredOn(inherited -> inherited.field() == InstanceField.ENGINE_VERSION)
        .asString()
        .contains("a later one", "RDS Extended Support disabled");
    assertThat(plan(again().availability(Availability.ZONAL), HOME).inherited())
        .extracting(Plan.Inherited::field)
        .doesNotContain(RestoreField.AVAILABILITY);
  }

  @ParameterizedTest
  @EnumSource(RestoreField.class)
  void capabilitiesSayTheSame(RestoreField field) {
    Support support = TABLE.support(field, FeatureContext.of(Engine.POSTGRESQL));
    assertThat(support.answer() == Support.Answer.NO)
        .isEqualTo(field == RestoreField.ENCRYPTION_KEY);
  }
}
