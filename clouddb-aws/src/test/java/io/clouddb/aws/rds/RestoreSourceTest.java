/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.DBEngineVersion;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DescribeDbEngineVersionsResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbInstanceAutomatedBackupsResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbParametersResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsResponse;
import software.amazon.awssdk.services.rds.model.DescribeEngineDefaultParametersRequest;
import software.amazon.awssdk.services.rds.model.DescribeEngineDefaultParametersResponse;
import software.amazon.awssdk.services.rds.model.EngineDefaults;
import software.amazon.awssdk.services.rds.model.Parameter;

/** What a look before a restore refuses that no simulator comes to by itself. */
class RestoreSourceTest {
  private static final String REGION = "eu-west-1";
  private static final ResourceId BACKUP = ResourceId.of("aws", "1", REGION, "backup", "old");

  private static StepContext context() {
    RestoreSpec spec = RestoreSpec.from(BACKUP).named("again").in(REGION);
    return new StepContext(
        OperationState.begin(
            BackupDriver.RESTORE.id(),
            ResourceId.of("aws", "1", REGION, "instance", "again"),
            "op",
            Instant.EPOCH,
            spec),
        Customizations.NONE,
        SecretRef::resolve,
        Instant.EPOCH);
  }

  private static AnsweringRds rds(DBSnapshot.Builder snapshot) {
    return new AnsweringRds()
        .answers(
            DescribeDbSnapshotsResponse.builder()
                .dbSnapshots(
                    snapshot
                        .dbSnapshotIdentifier("old")
                        .dbInstanceIdentifier("orders")
                        .dbiResourceId("db-1")
                        .allocatedStorage(500)
                        .storageType("gp3")
                        .iops(12_000)
                        .build()))
        .answers(
            DescribeDbEngineVersionsResponse.builder()
                .dbEngineVersions(DBEngineVersion.builder().engineVersion("16.4").build()))
        .refuses(DescribeDbInstancesResponse.class, 404, "DBInstanceNotFound")
        .answers(DescribeDbInstanceAutomatedBackupsResponse.builder());
  }

  private static Map<String, String> notes(AnsweringRds rds) {
    return new RestoreSource(region -> rds.calls(), REGION).notes(context());
  }

  @Test
  void aVersionThatIsOfferedNoMoreIsRefusedWithTheWayOut() {
    AnsweringRds rds =
        rds(DBSnapshot.builder().engine("postgres").engineVersion("11.22").status("available"));
    assertThatThrownBy(() -> notes(rds))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("RDS has no PostgreSQL of the major version of 11.22")
        .satisfies(
            e ->
                assertThat(((ConditionFailedException) e).nextStep().orElse(""))
                    .contains("ModifyDBSnapshot with EngineVersion"));
  }

  @Test
  void whereTheVersionsMayNotBeSeenRdsItselfRefuses() {
    AnsweringRds rds =
        new AnsweringRds()
            .answers(
                DescribeDbSnapshotsResponse.builder()
                    .dbSnapshots(
                        DBSnapshot.builder()
                            .dbSnapshotIdentifier("old")
                            .engine("postgres")
                            .engineVersion("11.22")
                            .status("available")
                            .build()))
            .refuses(DescribeDbEngineVersionsResponse.class, 403, "AccessDenied");
    assertThat(notes(rds)).containsEntry(Notes.VERSION, "11.22");
  }

  @Test
  void theDiskIsThatOfTheSnapshot() {
    Map<String, String> notes =
        notes(
            rds(DBSnapshot.builder().engine("postgres").engineVersion("16.2").status("available")));
    assertThat(notes)
        .containsEntry(RestoreSource.TYPE, "gp3")
        .containsEntry(RestoreSource.SIZE, "500")
        .containsEntry(RestoreSource.IOPS, "12000")
        .containsEntry(Notes.VERSION, "16.2");
  }

  /** RDS takes no parameter of a later major version into a group of an earlier one. */
  @Test
  void parametersOfALaterVersionAreLeftOut() {
    DBSnapshot.Builder before =
        DBSnapshot.builder().engine("postgres").engineVersion("15.8").status("available");
    AnsweringRds rds =
        new AnsweringRds()
            .answers(
                DescribeDbSnapshotsResponse.builder()
                    .dbSnapshots(
                        before
                            .dbSnapshotIdentifier("old")
                            .dbInstanceIdentifier("orders")
                            .dbiResourceId("db-1")
                            .build()))
            .answers(
                DescribeDbEngineVersionsResponse.builder()
                    .dbEngineVersions(DBEngineVersion.builder().engineVersion("15.8").build()))
            .answers(
                DescribeDbInstancesResponse.builder()
                    .dbInstances(
                        DBInstance.builder()
                            .dbInstanceIdentifier("orders")
                            .dbiResourceId("db-1")
                            .engineVersion("16.4")
                            .dbParameterGroups(
                                DBParameterGroupStatus.builder()
                                    .dbParameterGroupName("clouddb-orders-1")
                                    .build())
                            .build()))
            .answers(
                DescribeDbParametersResponse.builder()
                    .parameters(set("work_mem", "8192"), set("scram_iterations", "8000")))
            .answers(
                DescribeEngineDefaultParametersResponse.builder()
                    .engineDefaults(
                        EngineDefaults.builder()
                            .parameters(
                                Parameter.builder()
                                    .parameterName("work_mem")
                                    .isModifiable(true)
                                    .build())
                            .build()));
    assertThat(notes(rds))
        .containsEntry("source-parameter.work_mem", "8192")
        .doesNotContainKey("source-parameter.scram_iterations");
    assertThat(rds.sent(DescribeEngineDefaultParametersRequest.class))
        .extracting(DescribeEngineDefaultParametersRequest::dbParameterGroupFamily)
        .containsExactly("postgres15");
  }

  private static Parameter set(String name, String value) {
    return Parameter.builder()
        .parameterName(name)
        .parameterValue(value)
        .source("user")
        .isModifiable(true)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "postgres, creating, cannot be restored before it is made",
    "postgres, pending, cannot be restored before it is made",
    "postgres, failed, old is failed: it cannot be restored",
    "mysql, available, 'of mysql, and only postgres is restored here'"
  })
  void aSnapshotThatIsOfNoUseIsRefused(String engine, String status, String why) {
    AnsweringRds rds =
        rds(DBSnapshot.builder().engine(engine).engineVersion("16.2").status(status));
    assertThatThrownBy(() -> notes(rds))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(why);
  }
}
