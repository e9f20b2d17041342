/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.testkit.contract.InstanceFeaturesContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class AwsInstanceFeaturesContractTest extends InstanceFeaturesContract {
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
  protected InstanceSpec.Builder spec(String name, AdminLogin admin) {
    return RdsTestCloud.spec(name).admin(admin);
  }

  @Override
  protected InstanceSpec asking(InstanceSpec base, InstanceField field) {
    return switch (field) {
      case PUBLIC_ACCESS ->
          base.toBuilder()
              .network(Network.publicAccess("203.0.113.0/24").securityGroup("sg-0123456789"))
              .build();
      default -> super.asking(base, field);
    };
  }
}
