/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyStore;
import java.util.Arrays;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

/** Azure's servers are checked against the JVM's trust store, which has to have their roots. */
class ServerRootsTest {
  @Test
  void theJvmTrustsTheRootsThatAzureDocuments() throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init((KeyStore) null);
    X509TrustManager manager = (X509TrustManager) trust.getTrustManagers()[0];
    assertThat(Arrays.stream(manager.getAcceptedIssuers()))
        .extracting(root -> root.getSubjectX500Principal().getName())
        .anyMatch(name -> name.contains("CN=DigiCert Global Root G2,"))
        .anyMatch(name -> name.contains("CN=Microsoft RSA Root Certificate Authority 2017,"));
  }
}
