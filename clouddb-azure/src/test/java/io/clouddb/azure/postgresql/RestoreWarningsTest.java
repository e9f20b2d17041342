/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.ServerJson.server;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a restore says of what it loses. */
class RestoreWarningsTest {
  private static final Instant NOW = Instant.parse("2026-01-10T12:00:00Z");
  private static final ResourceId ORDERS =
      new ArmScope("sub", "group", "koreacentral").instance("orders");
  private static final ResourceId FAR = new ArmScope("sub", "group", "koreasouth").instance("far");
  private static final String GEO = "'backup':{'geoRedundantBackup':'Enabled'}";

  private static RestoreSource source(String properties) {
    return new RestoreSource(
        ServerArmId.of(ORDERS),
        CreateMode.GEO_RESTORE,
        NOW,
        null,
        server("{'name':'orders','properties':{" + properties + "}}"),
        ServerAsItIs.Disk.UNKNOWN,
        Map.of(),
        Map.of(),
        null);
  }

  @Test
  void backupsThatWillStayInOneRegionAreSaid() {
    ServerInner geo = server("{'properties':{" + GEO + "}}");
    assertThat(RestoreWarnings.before(FAR, source(GEO), geo)).isEmpty();
    assertThat(RestoreWarnings.before(FAR, source("'backup':{}"), new ServerInner())).isEmpty();
    assertThat(RestoreWarnings.before(FAR, source(GEO), new ServerInner()))
        .singleElement()
        .asString()
        .contains("stay in koreasouth for good", "withBackup");
    assertThat(
            RestoreWarnings.before(
                FAR,
                source(GEO + ",'dataEncryption':{'primaryKeyURI':'https://v/keys/k'}"),
                new ServerInner()))
        .singleElement()
        .asString()
        .contains("a second key");
    assertThat(
            RestoreWarnings.before(
                FAR,
                source(GEO),
                server("{'properties':{'dataEncryption':{'primaryKeyURI':'https://v/keys/k'}}}")))
        .singleElement()
        .asString()
        .contains("a second key")
        .doesNotContain("withBackup");
  }

  @Test
  void ofASourceThatIsNotShownAllIsSaidThatItMayHaveHad() {
    RestoreSource gone = RestoreSource.notShown(ServerArmId.of(ORDERS), RestoreSource.REVIVED, NOW);
    assertThat(RestoreWarnings.before(FAR, gone, new ServerInner()))
        .hasSize(2)
        .anyMatch(line -> line.contains("shows nothing of orders"))
        .anyMatch(line -> line.contains("for good"));
  }

  @Test
  void publicAccessThatNobodyAskedForIsSaid() {
    ServerInner open =
        server("{'name':'far','properties':{'network':{'publicNetworkAccess':'Enabled'}}}");
    ServerInner closed =
        server("{'name':'far','properties':{'network':{'publicNetworkAccess':'Disabled'}}}");
    assertThat(RestoreWarnings.after(true, open).orElseThrow())
        .contains("switch public access off");
    assertThat(PublicAccess.opened(true, open, "the firewall rules of its source"))
        .hasValueSatisfying(
            text -> assertThat(text).contains("It has the firewall rules of its source"));
    assertThat(RestoreWarnings.after(true, closed)).isEmpty();
    assertThat(RestoreWarnings.after(false, open)).isEmpty();
  }
}
