/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.testkit.contract.InstanceContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The provider contract on the simulated Azure, with two servers on a page of a list. */
class AzureInstanceContractTest extends InstanceContract {
  private static AzureOnThisMachine azure;

  @BeforeAll
  static void start() {
    azure = new AzureOnThisMachine(2, 40);
  }

  @AfterAll
  static void stop() {
    try {
      assertThat(azure.azure.bugs()).isEmpty();
      assertThat(azure.azure.notSimulated()).isEmpty();
      assertThat(azure.azure.requests().toString())
          .doesNotContain("Contract-", "Changed-")
          .contains("administratorLoginPassword");
    } finally {
      azure.close();
    }
  }

  @Override
  protected CloudConfig.Builder config() {
    return azure.config();
  }

  @Override
  protected InstanceSpec.Builder spec(String name) {
    return AzureOnThisMachine.spec(name).admin(login()).database("shop");
  }
}
