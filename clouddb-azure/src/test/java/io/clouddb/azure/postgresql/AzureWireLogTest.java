/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.spi.WireLog;
import io.clouddb.testkit.contract.WireLogContract;
import java.util.List;

class AzureWireLogTest extends WireLogContract {
  @Override
  protected List<WireLog> known() {
    return List.of();
  }

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    try (AzureOnThisMachine azure = new AzureOnThisMachine()) {
      create(azure.config().build(), AzureOnThisMachine.spec("orders").build());
    }
  }
}
