/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import io.clouddb.CloudDb;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import org.junit.jupiter.api.Test;

/** The same resource group in two regions, out of one pool of clients. */
class RegionsTest {
  @Test
  void aServerIsOfOneRegionAndTheOtherNamesIt() {
    try (AzureOnThisMachine azure = new AzureOnThisMachine()) {
      CloudDb cloud = azure.open();
      CloudDb there = cloud.in("japaneast");
      Instance far = there.instances().create(spec("far").build()).await(LIMIT);
      assertThat(far.id().location()).isEqualTo("japaneast");
      assertThat(azure.azure.requests("Servers_Create").get(0).body()).contains("japaneast");
      assertThat(there.instances().find("far")).isPresent();
      assertThat(cloud.instances().find("far")).isEmpty();
      assertThat(cloud.instances().list()).isEmpty();
      NotFoundException e =
          catchThrowableOfType(NotFoundException.class, () -> cloud.instances().get("far"));
      assertThat(e).hasMessageContaining("it is in japaneast");
      assertThatThrownBy(
              () ->
                  cloud
                      .instances()
                      .modify(
                          azure.runs().id("far"), InstanceChange.builder().tag("a", "b").build()))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("no server far in koreacentral");
      assertThatThrownBy(() -> cloud.instances().create(spec("far").build()))
          .isInstanceOf(AlreadyExistsException.class)
          .hasMessageContaining("Japan East");
      assertThat(there.unwrap(PostgreSqlManager.class))
          .isSameAs(cloud.unwrap(PostgreSqlManager.class));
      there.close();
      assertThat(there.instances().find("far")).isPresent();
      cloud.close();
      assertThatThrownBy(() -> there.instances().find("far"))
          .isInstanceOf(UnavailableException.class);
    }
  }
}
