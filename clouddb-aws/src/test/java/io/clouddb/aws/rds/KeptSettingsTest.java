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

  @Test
  void allThatARestoreSetsAgainComesBack() {
    DBInstance instance = orders().build();
    Map<String, String> tags = KeptSettings.tags(instance, ID, Map.of());
    assertThat(tags)
        .containsEntry("team", "shop")
        .containsEntry("clouddb-parameter-group", "clouddb-orders-1")
        .doesNotContainKeys("clouddb-attempt", "aws:stack");
    assertThat(tags.values()).allMatch(value -> value.length() <= 256);
    assertThat(Tags.whyNot(Map.copyOf(tags))).as("RDS takes them").isEmpty();
    assertThat(KeptSettings.notes(tags))
        .isEqualTo(RestoredSettings.notes(instance, true, Map.of()))
        .containsEntry("source.DBSubnetGroupName", "network one")
        .containsEntry("source.VpcSecurityGroupIds", "sg-1,sg-2")
        .containsEntry("source-tag.team", "shop");
    assertThat(KeptSettings.group(tags)).contains("clouddb-orders-1");
    assertThat(KeptSettings.group(Map.of())).isEmpty();
  }

  @Test
  void moreTagsThanRdsTakesAreRefused() {
    List<Tag> many = IntStream.range(0, 48).mapToObj(i -> tag("t" + i, "v")).toList();
    assertThatThrownBy(() -> KeptSettings.tags(orders().tagList(many).build(), ID, Map.of()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("RDS takes 50");
  }

  /** RDS only adds tags, so that those of a deletion that was refused would tell of it for ever. */
  @Test
  void whatAnAttemptBeforeHasKeptIsWrittenOver() {
    Map<String, String> before =
        KeptSettings.tags(orders().publiclyAccessible(true).build(), ID, Map.of());
    DBInstance now =
        orders()
            .performanceInsightsEnabled(false)
            .monitoringInterval(0)
            .dbParameterGroups(
                DBParameterGroupStatus.builder().dbParameterGroupName("default.postgres16").build())
            .build();
    assertThat(KeptSettings.tags(now, ID, Map.of()).keySet())
        .as("fewer than before")
        .hasSizeLessThan(before.size() - 1);
    Map<String, String> there = new TreeMap<>(before);
    there.putAll(KeptSettings.tags(now, ID, before));
    assertThat(KeptSettings.notes(there))
        .isEqualTo(RestoredSettings.notes(now, true, Map.of()))
        .containsEntry("source.PubliclyAccessible", "false");
    assertThat(KeptSettings.group(there)).isEmpty();
    assertThat(Tags.whyNot(there)).as("RDS takes them").isEmpty();
  }

  @Test
  void tagsThatTheBackupsHaveCountToo() {
    Map<String, String> there = new TreeMap<>();
    IntStream.range(0, 46).forEach(i -> there.put("theirs-" + i, "v"));
    there.put("aws:backup", "v");
    assertThatThrownBy(() -> KeptSettings.tags(orders().build(), ID, there))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("would have 51 tags");
  }
}
