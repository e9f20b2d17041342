/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Listing;
import io.clouddb.Page;
import io.clouddb.error.NotFoundException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;
import software.amazon.awssdk.services.rds.model.DescribeDbInstanceAutomatedBackupsResponse;
import software.amazon.awssdk.services.rds.model.Filter;
import software.amazon.awssdk.services.rds.model.RdsResponse;
import software.amazon.awssdk.services.rds.model.StartDbInstanceAutomatedBackupsReplicationRequest;

/**
 * The requests about automated backups in one region: those of its instances, those that outlived
 * their instance, and those of instances elsewhere that are kept here.
 */
final class AutomatedBackupCalls {
  /** The most that RDS gives. */
  private static final int PAGE_SIZE = 100;

  private static final String BY_INSTANCE = "db-instance-id";

  private final RdsCalls rds;

  AutomatedBackupCalls(RdsCalls rds) {
    this.rds = rds;
  }

  /**
   * All of an instance, also of former ones of its name. By a filter: the member {@code
   * DBInstanceIdentifier} "must match the identifier of an existing DB instance".
   *
   * @param nameOrArn the name of an instance of this region, or the ARN of any
   */
  List<DBInstanceAutomatedBackup> of(String nameOrArn) {
    try {
      return new Listing<DBInstanceAutomatedBackup>(marker -> page(nameOrArn, marker), null)
          .stream().toList();
    } catch (NotFoundException e) {
      return List.of();
    }
  }

  private Page<DBInstanceAutomatedBackup> page(String nameOrArn, @Nullable String marker) {
    Filter filter = Filter.builder().name(BY_INSTANCE).values(nameOrArn).build();
    DescribeDbInstanceAutomatedBackupsResponse page =
        rds.reads()
            .repeatable(
                "rds.DescribeDBInstanceAutomatedBackups",
                rds.where(nameOrArn),
                () ->
                    RdsCalls.answered(
                        rds.client()
                            .describeDBInstanceAutomatedBackups(
                                request ->
                                    request.filters(filter).maxRecords(PAGE_SIZE).marker(marker))));
    return new Page<>(page.dbInstanceAutomatedBackups(), RdsCalls.next(page.marker()));
  }

  void startReplication(StartDbInstanceAutomatedBackupsReplicationRequest request) {
    change(
        "rds.StartDBInstanceAutomatedBackupsReplication",
        request.sourceDBInstanceArn(),
        () -> rds.client().startDBInstanceAutomatedBackupsReplication(request));
  }

  void stopReplication(String instanceArn) {
    change(
        "rds.StopDBInstanceAutomatedBackupsReplication",
        instanceArn,
        () ->
            rds.client()
                .stopDBInstanceAutomatedBackupsReplication(
                    request -> request.sourceDBInstanceArn(instanceArn)));
  }

  void delete(String arn) {
    change(
        "rds.DeleteDBInstanceAutomatedBackup",
        arn,
        () ->
            rds.client()
                .deleteDBInstanceAutomatedBackup(
                    request -> request.dbInstanceAutomatedBackupsArn(arn)));
  }

  private void change(String operation, String name, Supplier<? extends RdsResponse> call) {
    // What the service answers is looked at by the next look.
    Object unused =
        rds.changes().once(operation, rds.where(name), () -> RdsCalls.answered(call.get()));
  }
}
