/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.ResourceId;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Network;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSubnetGroup;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.VpcSecurityGroupMembership;

/** What a restored instance gets of its source again, with the restore or after it. */
class RestoredSettingsTest {
  private static final String HOME = "ap-northeast-2";
  private static final ResourceId BACKUP = ResourceId.of("aws", "1", HOME, "backup", "b-1");

  private static RestoredSettings of(DBInstance source, boolean near) {
    OperationState state =
        OperationState.begin(
            BackupDriver.RESTORE.id(),
            ResourceId.of("aws", "1", HOME, "instance", "again"),
            "op",
            Instant.EPOCH,
            RestoreSpec.from(BACKUP).named("again"));
    return new RestoredSettings(
        new StepContext(
            state.with(RestoredSettings.notes(source, near, Map.of())),
            Customizations.NONE,
            SecretRef::resolve,
            Instant.EPOCH));
  }

  private static Map<String, String> sent(
      DBInstance source, boolean near, @Nullable Network asked) {
    RestoreRequest request = new RestoreRequest();
    of(source, near).write(request, Optional.ofNullable(asked));
    Map<String, String> members = RequestMembers.of(request.fromSnapshot("b-1").build());
    assertThat(RequestMembers.of(request.toMoment(null).build()))
        .as("the same to a moment")
        .containsAllEntriesOf(without(members));
    return members;
  }

  private static Map<String, String> without(Map<String, String> members) {
    members.remove("DBSnapshotIdentifier");
    return members;
  }

  private static ModifyDbInstanceRequest rest(DBInstance source, DBInstance restored) {
    return of(source, true).rest(restored).orElse(ModifyDbInstanceRequest.builder().build());
  }

  @Test
  void whatRdsWouldChooseAnewIsSentWithTheRestore() {
    DBInstance source =
        DBInstance.builder()
            .engineLifecycleSupport("open-source-rds-extended-support-disabled")
            .caCertificateIdentifier("rds-ca-ecc384-g1")
            .dedicatedLogVolume(true)
            .networkType("DUAL")
            .dbSubnetGroup(DBSubnetGroup.builder().dbSubnetGroupName("network-1").build())
            .vpcSecurityGroups(
                VpcSecurityGroupMembership.builder().vpcSecurityGroupId("sg-1").build())
            .build();
    assertThat(sent(source, true, null))
        .containsEntry("EngineLifecycleSupport", "open-source-rds-extended-support-disabled")
        .containsEntry("CACertificateIdentifier", "rds-ca-ecc384-g1")
        .containsEntry("DedicatedLogVolume", "true")
        .containsEntry("NetworkType", "DUAL");
    assertThat(sent(source, true, Network.privateNetwork("another")))
        .doesNotContainKeys("NetworkType", "DBSubnetGroupName");
    assertThat(sent(source, true, Network.publicAccess("203.0.113.0/24").securityGroup("sg-2")))
        .as("only who may connect is another")
        .containsEntry("NetworkType", "DUAL")
        .containsEntry("DBSubnetGroupName", "network-1")
        .doesNotContainKey("VpcSecurityGroupIds")
        .containsEntry("PubliclyAccessible", "false");
    assertThat(sent(source, false, null))
        .as("another region")
        .containsKeys("EngineLifecycleSupport", "DedicatedLogVolume")
        .doesNotContainKeys("CACertificateIdentifier", "NetworkType");
  }

  @Test
  void aCertificateAuthorityThatIsOverIsNotAskedFor() {
    DBInstance source =
        DBInstance.builder()
            .caCertificateIdentifier("rds-ca-2019")
            .dedicatedLogVolume(false)
            .networkType("IPV4")
            .build();
    assertThat(sent(source, true, null))
        .doesNotContainKeys("CACertificateIdentifier", "DedicatedLogVolume", "NetworkType");
  }

  @ParameterizedTest
  @CsvSource({
    "100, 90, 100",
    "100, 91, ",
    "100, 95, ",
    "100, 100, ",
    "100, 120, ",
    "110, 100, 110",
  })
  void aLimitOfGrowthIsTenPercentAboveTheSize(int limit, int size, Integer sent) {
    DBInstance source = DBInstance.builder().maxAllocatedStorage(limit).build();
    DBInstance restored = DBInstance.builder().allocatedStorage(size).build();
    assertThat(rest(source, restored).maxAllocatedStorage()).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "07:00-07:30, sun:03:00-sun:03:30, 05:00-05:30, sun:03:00-sun:03:30, ",
    "07:00-07:30, sun:03:00-sun:03:30, 03:00-03:30, sun:03:00-sun:03:30, 07:00-07:30",
    "07:00-07:30, sun:03:00-sun:03:30, , sun:03:00-sun:03:30, ",
    ", sun:03:00-sun:03:30, 03:00-03:30, , ",
  })
  void windowsDoNotOverlapTogether(
      String backups, String maintenance, String restored, String sent, String with) {
    DBInstance source =
        DBInstance.builder()
            .preferredBackupWindow(backups)
            .preferredMaintenanceWindow(maintenance)
            .build();
    ModifyDbInstanceRequest rest =
        rest(source, DBInstance.builder().preferredBackupWindow(restored).build());
    assertThat(rest.preferredMaintenanceWindow()).isEqualTo(sent);
    assertThat(rest.preferredBackupWindow()).isEqualTo(with);
  }
}
