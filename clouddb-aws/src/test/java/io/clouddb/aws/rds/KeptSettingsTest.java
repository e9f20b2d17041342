/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.error.ConditionFailedException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.DBSubnetGroup;
import software.amazon.awssdk.services.rds.model.Tag;
import software.amazon.awssdk.services.rds.model.VpcSecurityGroupMembership;

/** What an instance leaves as tags is what a restore of it notes. */
class KeptSettingsTest {
  private static final ResourceId ID =
      ResourceId.of("aws", "1", "ap-northeast-2", "instance", "orders");

  private static DBInstance.Builder orders() {
    return DBInstance.builder()
        .multiAZ(true)
        .deletionProtection(false)
        .copyTagsToSnapshot(true)
        .iamDatabaseAuthenticationEnabled(false)
        .autoMinorVersionUpgrade(false)
        .maxAllocatedStorage(200)
        .preferredMaintenanceWindow("sun:05:00-sun:06:00")
        .enabledCloudwatchLogsExports("postgresql", "upgrade")
        .performanceInsightsEnabled(true)
        .performanceInsightsRetentionPeriod(7)
        .performanceInsightsKMSKeyId("arn:aws:kms:ap-northeast-2:1:key/k")
        .databaseInsightsMode("standard")
        .monitoringInterval(60)
        .monitoringRoleArn("arn:aws:iam::1:role/monitoring+more")
        .publiclyAccessible(false)
        .dbSubnetGroup(DBSubnetGroup.builder().dbSubnetGroupName("network one").build())
        .vpcSecurityGroups(
            VpcSecurityGroupMembership.builder().vpcSecurityGroupId("sg-1").build(),
            VpcSecurityGroupMembership.builder().vpcSecurityGroupId("sg-2").build())
        .dbParameterGroups(
            DBParameterGroupStatus.builder().dbParameterGroupName("clouddb-orders-1").build())
        .tagList(tag("team", "shop"), tag("clouddb-attempt", "x"), tag("aws:stack", "y"));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static void comesBack(DBInstance instance) {
    Map<String, String> tags = KeptSettings.tags(instance, ID, Map.of("theirs", "1"));
    assertThat(tags.keySet()).allMatch(key -> key.startsWith("clouddb-settings-"));
    assertThat(Tags.whyNot(tags)).as("RDS takes them").isEmpty();
    assertThat(KeptSettings.notes(tags))
        .isEqualTo(RestoredSettings.notes(instance, true, Map.of()));
  }

  @Test
  void allThatARestoreSetsAgainComesBack() {
    DBInstance instance = orders().build();
    comesBack(instance);
    Map<String, String> tags = KeptSettings.tags(instance, ID, Map.of());
    assertThat(KeptSettings.notes(tags))
        .containsEntry("source.DBSubnetGroupName", "network one")
        .containsEntry("source.VpcSecurityGroupIds", "sg-1,sg-2")
        .containsEntry("source-tag.team", "shop")
        .doesNotContainKeys("source-tag.clouddb-attempt", "source-tag.aws:stack");
    assertThat(KeptSettings.group(tags)).contains("clouddb-orders-1");
    assertThat(KeptSettings.group(Map.of())).isEmpty();
  }

  /** RDS takes no tag of more than 256 characters, and none that begins with aws: or rds: */
  @Test
  void whatIsLongerThanATagComesBackToo() {
    String path = "/a,b*c%d~e" + "/monitoring".repeat(40) + "/";
    comesBack(
        orders()
            .vpcSecurityGroups(
                IntStream.range(0, 40)
                    .mapToObj(i -> "sg-0123456789abcde%02d".formatted(i))
                    .map(id -> VpcSecurityGroupMembership.builder().vpcSecurityGroupId(id).build())
                    .toList())
            .monitoringRoleArn("arn:aws:iam::1:role" + path + "watch+more,=.@-")
            .dbSubnetGroup(DBSubnetGroup.builder().dbSubnetGroupName("n o".repeat(85)).build())
            .tagList(
                tag("aws-like", "aws:rds:".repeat(32).substring(1)),
                tag("a = b / c", " + "),
                tag("none", ""),
                tag("\u540d\u524d", "\u5927\u962a"))
            .build());
  }

  @Test
  void moreThanRdsTakesIsRefused() {
    List<Tag> many = IntStream.range(0, 50).mapToObj(i -> tag("t" + i, "v".repeat(250))).toList();
    assertThatThrownBy(() -> KeptSettings.tags(orders().tagList(many).build(), ID, Map.of()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("RDS takes 50");
  }

  @Test
  void tagsThatTheBackupsHaveCountTooAndThoseOfAnAttemptBeforeDoNot() {
    Map<String, String> there = new TreeMap<>();
    IntStream.range(0, 48).forEach(i -> there.put("theirs-" + i, "v"));
    there.put("aws:backup", "v");
    DBInstance instance = orders().build();
    int own = KeptSettings.tags(instance, ID, Map.of()).size();
    assertThatThrownBy(() -> KeptSettings.tags(instance, ID, there))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("would have " + (48 + own) + " tags");
    Map<String, String> before = new TreeMap<>();
    IntStream.rangeClosed(1, 48).forEach(i -> before.put("clouddb-settings-" + i + "-of-48", "v"));
    assertThat(KeptSettings.tags(instance, ID, before)).hasSize(own);
    assertThat(KeptSettings.keys(before)).hasSize(48);
  }

  /** What somebody has taken out or changed is not guessed: RDS' defaults are told by the log. */
  @Test
  void whatIsNotWholeTellsNothing() {
    Map<String, String> tags = KeptSettings.tags(orders().build(), ID, Map.of());
    assertThat(tags).hasSizeGreaterThan(1);
    for (String key : tags.keySet()) {
      Map<String, String> less = new TreeMap<>(tags);
      less.remove(key);
      assertThat(KeptSettings.notes(less)).as("without %s", key).isEmpty();
      assertThat(KeptSettings.group(less)).isEmpty();
    }
    assertThat(KeptSettings.notes(Map.of("clouddb-settings-1-of-1", "a=+zz"))).isEmpty();
    assertThat(KeptSettings.notes(Map.of("clouddb-settings-1-of-1", "dbi-resource-id=db-2")))
        .as("no other notes")
        .isEmpty();
  }
}
