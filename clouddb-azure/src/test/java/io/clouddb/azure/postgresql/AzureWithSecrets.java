/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.testkit.contract.WireLogContract;

/** The program with secrets on Azure, whose logs {@link WireLogContract} reads. */
final class AzureWithSecrets {
  private AzureWithSecrets() {}

  public static void main(String[] arguments) throws Exception {
    try (AzureOnThisMachine azure = new AzureOnThisMachine()) {
      WireLogContract.create(azure.config().build(), AzureOnThisMachine.spec("orders").build());
    }
  }
}
