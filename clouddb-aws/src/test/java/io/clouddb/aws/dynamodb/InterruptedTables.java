/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.AWAY;
import static io.clouddb.aws.dynamodb.TableCloud.HOME;
import static io.clouddb.aws.dynamodb.TableCloud.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.operation.Operation;
import io.clouddb.table.ChangeImages;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableClass;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRegion;
import io.clouddb.table.TableRestoreSpec;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;

/** What is interrupted: each kind of operation of tables and their backups, with all its steps. */
enum InterruptedTables {
  CREATE(TableDescription.class) {
    @Override
    void prepare(CloudDb cloud, String name) {}

    @Override
    Operation<?> begin(CloudDb cloud, String name) {
      return cloud.tables().create(whole(name));
    }

    @Override
    void assertDone(CloudDb cloud, String name) {
      assertThat(cloud.tables().drift(whole(name)).differences()).isEmpty();
    }
  },
  /** All that is taken away. */
  TAKE_AWAY(TableDescription.class) {
    @Override
    void prepare(CloudDb cloud, String name) {
      cloud.tables().create(whole(name)).await(LIMIT);
    }

    @Override
    Operation<?> begin(CloudDb cloud, String name) {
      return cloud
          .tables()
          .modify(
              cloud.tables().get(name).id(),
              TableChange.builder()
                  .deletionProtection(false)
                  .removeIndex("gsi1")
                  .removeRegion(AWAY)
                  .throughput(Throughput.onDemand())
                  .noTimeToLive()
                  .noChangeFeed()
                  .pointInTimeRecoveryDays(0)
                  .untag("app")
                  .build());
    }

    @Override
    void assertDone(CloudDb cloud, String name) {
      GlobalTableSpec plain =
          TableCloud.plain(name).region(HOME).throughput(Throughput.onDemand()).build();
      assertThat(cloud.tables().drift(plain).differences()).isEmpty();
    }
  },
  /** All that is added. */
  ADD(TableDescription.class) {
    @Override
    void prepare(CloudDb cloud, String name) {
      cloud.tables().create(TableCloud.plain(name).region(HOME).build()).await(LIMIT);
    }

    @Override
    Operation<?> begin(CloudDb cloud, String name) {
      return cloud
          .tables()
          .modify(
              cloud.tables().get(name).id(),
              TableChange.builder()
                  .deletionProtection(true)
                  .addIndex(TableCloud.index("gsi1"))
                  .addRegion(TableRegion.of(AWAY))
                  .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9)))
                  .timeToLive(TimeToLive.at("expires_at"))
                  .changeFeed(ChangeImages.NEW_AND_OLD)
                  .pointInTimeRecoveryDays(3)
                  .tableClass(TableClass.INFREQUENT_ACCESS)
                  .tag("app", "shop")
                  .build());
    }

    @Override
    void assertDone(CloudDb cloud, String name) {
      CREATE.assertDone(cloud, name);
      assertThat(cloud.tables().get(name).spec().tableClass())
          .contains(TableClass.INFREQUENT_ACCESS);
    }
  },
  DELETE(ResourceId.class) {
    @Override
    void prepare(CloudDb cloud, String name) {
      cloud.tables().create(whole(name).toBuilder().deletionProtection(false).build()).await(LIMIT);
    }

    @Override
    Operation<?> begin(CloudDb cloud, String name) {
      return cloud.tables().delete(cloud.tables().get(name).id());
    }

    @Override
    void assertDone(CloudDb cloud, String name) {
      assertThat(cloud.tables().find(name)).isEmpty();
      assertThat(cloud.in(AWAY).tables().find(name)).isEmpty();
    }
  },
  TAKE(Backup.class) {
    @Override
    void prepare(CloudDb cloud, String name) {
      cloud.tables().create(TableCloud.plain(name).pointInTimeRecoveryDays(5).build()).await(LIMIT);
    }

    @Override
    Operation<?> begin(CloudDb cloud, String name) {
      return cloud.backups().take(cloud.tables().get(name).id(), BackupSpec.named("kept"));
    }

    @Override
    void assertDone(CloudDb cloud, String name) {
      ResourceId table = cloud.tables().get(name).id();
      assertThat(cloud.backups().list(BackupQuery.of(table)).stream())
          .extracting(Backup::name)
          .containsExactly("kept");
    }
  },
  DELETE_BACKUP(ResourceId.class) {
    @Override
    void prepare(CloudDb cloud, String name) {
      TAKE.prepare(cloud, name);
      TAKE.begin(cloud, name).await(LIMIT);
    }

    @Override
    Operation<?> begin(CloudDb cloud, String name) {
      return cloud.backups().delete(backup(cloud, name).id());
    }

    @Override
    void assertDone(CloudDb cloud, String name) {
      ResourceId table = cloud.tables().get(name).id();
      assertThat(cloud.backups().list(BackupQuery.of(table)).stream()).isEmpty();
    }
  },
  RESTORE(TableDescription.class) {
    @Override
    void prepare(CloudDb cloud, String name) {
      DELETE_BACKUP.prepare(cloud, name);
    }

    @Override
    Operation<?> begin(CloudDb cloud, String name) {
      return cloud
          .backups()
          .restoreTable(
              withAll(TableRestoreSpec.from(backup(cloud, name), restored(name))).build());
    }

    @Override
    void assertDone(CloudDb cloud, String name) {
      GlobalTableSpec wanted = whole(restored(name));
      GlobalTableSpec there = cloud.tables().get(restored(name)).spec();
      assertThat(there.throughput()).isEqualTo(wanted.throughput());
      assertThat(there.timeToLive()).isEqualTo(wanted.timeToLive());
      assertThat(there.changeFeed()).isEqualTo(wanted.changeFeed());
      assertThat(there.deletionProtection()).isEqualTo(wanted.deletionProtection());
      assertThat(there.pointInTimeRecoveryDays()).isEqualTo(wanted.pointInTimeRecoveryDays());
      assertThat(there.tags()).isEqualTo(wanted.tags());
    }
  },
  RESTORE_MOMENT(TableDescription.class) {
    @Override
    void prepare(CloudDb cloud, String name) {
      TAKE.prepare(cloud, name);
    }

    @Override
    Operation<?> begin(CloudDb cloud, String name) {
      ResourceId table = cloud.tables().get(name).id();
      return cloud
          .backups()
          .restoreTable(withAll(TableRestoreSpec.of(table, restored(name)).latest()).build());
    }

    @Override
    void assertDone(CloudDb cloud, String name) {
      RESTORE.assertDone(cloud, name);
    }
  };

  private final Class<?> result;

  InterruptedTables(Class<?> result) {
    this.result = result;
  }

  Class<?> result() {
    return result;
  }

  boolean isRestore() {
    return this == RESTORE || this == RESTORE_MOMENT;
  }

  /** Makes what the operation needs. */
  abstract void prepare(CloudDb cloud, String name);

  abstract Operation<?> begin(CloudDb cloud, String name);

  /** It is done, and nothing is there twice. */
  abstract void assertDone(CloudDb cloud, String name);

  private static GlobalTableSpec whole(String name) {
    return TableCloud.plain(name)
        .index(TableCloud.index("gsi1"))
        .region(HOME)
        .region(AWAY)
        .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9)))
        .timeToLive(TimeToLive.at("expires_at"))
        .changeFeed(ChangeImages.NEW_AND_OLD)
        .deletionProtection(true)
        .pointInTimeRecoveryDays(3)
        .tag("app", "shop")
        .build();
  }

  private static TableRestoreSpec.Builder withAll(TableRestoreSpec.Builder spec) {
    return spec.throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9)))
        .timeToLive(TimeToLive.at("expires_at"))
        .changeFeed(ChangeImages.NEW_AND_OLD)
        .deletionProtection(true)
        .pointInTimeRecoveryDays(3)
        .tag("app", "shop");
  }

  private static Backup backup(CloudDb cloud, String name) {
    return cloud.backups().find(cloud.tables().get(name).id(), "kept").orElseThrow();
  }

  private static String restored(String name) {
    return name + "-restored";
  }
}
