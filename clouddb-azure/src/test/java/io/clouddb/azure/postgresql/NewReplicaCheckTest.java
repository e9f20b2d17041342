/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.ResourceId;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.replica.ReplicaSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a look at a source tells of its new replica, of sources that the simulator does not have.
 */
class NewReplicaCheckTest {
  private static final ResourceId ORDERS =
      ResourceId.of("azure", "s/g", "koreacentral", "instance", "orders");
  private static final ResourceId READER =
      ResourceId.of("azure", "s/g", "koreacentral", "instance", "reader");
  private static final ReplicaSpec SPEC = ReplicaSpec.named("reader").of(ORDERS);

  private static ServerInner server(String state) {
    return ServerJson.server(
        "{'name':'orders','sku':{'name':'Standard_D2ds_v5','tier':'GeneralPurpose'},"
            + "'properties':{'state':'"
            + state
            + "'}}");
  }

  private static void check(String state, String disk) {
    new NewReplicaCheck(READER, SPEC, server(state), new ServerAsItIs.Disk(disk, "Disabled"))
        .orThrow(new ServerInner(), 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ready", "Updating", "Starting"})
  void takesASourceThatIsOrWillBeReady(String state) {
    check(state, "");
  }

  @ParameterizedTest
  @CsvSource({
    "Stopped, Start orders first",
    "Stopping, Start orders first",
    "Disabled, Look at orders in Azure"
  })
  void refusesOneThatWillNotBe(String state, String next) {
    ConditionFailedException e =
        catchThrowableOfType(ConditionFailedException.class, () -> check(state, ""));
    assertThat(e).hasMessageContaining("the source is " + state);
    assertThat(e.nextStep().orElseThrow()).startsWith("Nothing was done. ").contains(next);
  }

  /** Also where the zone is the source's, which no spec has named. */
  @Test
  void refusesAZoneThatIsNamedLikeTheReplica() {
    ServerInner source =
        ServerJson.server(
            "{'name':'orders','sku':{'name':'Standard_D2ds_v5','tier':'GeneralPurpose'},"
                + "'properties':{'state':'Ready','network':{'delegatedSubnetResourceId':'/s',"
                + "'privateDnsZoneArmResourceId':'/z/reader.postgres.database.azure.com'}}}");
    ConditionFailedException e =
        catchThrowableOfType(
            ConditionFailedException.class,
            () ->
                new NewReplicaCheck(READER, SPEC, source, ServerAsItIs.Disk.UNKNOWN)
                    .orThrow(new ServerInner().withNetwork(source.network()), 0));
    assertThat(e).hasMessageContaining("has the name of the server's own host");
    assertThat(e.nextStep().orElseThrow()).contains("choose another name for the replica");
    new NewReplicaCheck(ORDERS, SPEC, source, ServerAsItIs.Disk.UNKNOWN)
        .orThrow(new ServerInner().withNetwork(source.network()), 0);
  }

  @Test
  void refusesADiskThatItCannotAskFor() {
    ConditionFailedException e =
        catchThrowableOfType(
            ConditionFailedException.class, () -> check("Stopped", "PremiumV2_LRS"));
    assertThat(e).hasMessageContaining("PremiumV2_LRS").hasMessageContaining("Stopped");
    assertThat(e.nextStep().orElseThrow())
        .contains("Start orders first")
        .contains("vendor's own client");
  }
}
