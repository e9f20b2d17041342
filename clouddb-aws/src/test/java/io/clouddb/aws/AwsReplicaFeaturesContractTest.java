/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.testkit.contract.ReplicaFeaturesContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class AwsReplicaFeaturesContractTest extends ReplicaFeaturesContract {
  private static final String KEY = "arn:aws:kms:eu-west-1:123456789012:key/k";

  private static RdsTestCloud rds;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud();
  }

  @AfterAll
  static void stop() {
    rds.close();
  }

  @Override
  protected CloudConfig.Builder config() {
    return rds.config();
  }

  @Override
  protected String otherRegion() {
    return "eu-west-1";
  }

  @Override
  protected InstanceSpec.Builder source(String name, AdminLogin admin, ReplicaField field) {
    return RdsTestCloud.spec(name).admin(admin).backups(BackupPolicy.daily().retainDays(7));
  }

  @Override
  protected ReplicaSpec farReplica(String name) {
    return ReplicaSpec.named(name).encryptionKey(KEY);
  }

  @Override
  protected ReplicaSpec asking(ReplicaSpec base, ReplicaField field) {
    return switch (field) {
      case ENCRYPTION_KEY -> base.encryptionKey(KEY);
      case PUBLIC_ACCESS ->
          base.network(Network.publicAccess("203.0.113.0/24").securityGroup("sg-0123456789"));
      default -> super.asking(base, field);
    };
  }
}
