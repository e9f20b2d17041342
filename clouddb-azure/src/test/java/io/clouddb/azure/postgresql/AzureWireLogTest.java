/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.spi.WireLog;
import io.clouddb.testkit.contract.WireLogContract;
import java.util.Set;

class AzureWireLogTest extends WireLogContract {
  @Override
  protected Set<WireLog> known() {
    return Set.of();
  }

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    try (AzureOnThisMachine azure = new AzureOnThisMachine()) {
      create(azure.config().build(), AzureOnThisMachine.spec("orders").build());
    }
  }
}
