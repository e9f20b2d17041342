/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceState;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Deletion: with all data, and not of what is protected. */
abstract class DeletionContract extends InstanceCases {
  DeletionContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void deletesWithItsData() {
    Instance instance = create(spec(newName()).build());
    ConnectionDetails details = instance.connection();
    ResourceId gone = cloud().instances().delete(instance.id()).await(kit().limit());
    assertThat(gone).isEqualTo(instance.id());
    assertThat(cloud().instances().find(instance.name())).isEmpty();
    assertThatThrownBy(() -> query(details, "SELECT 1")).isInstanceOf(SQLException.class);
  }

  @Test
  void deletionProtectionProtects() {
    Feature protection = Feature.of(InstanceField.DELETION_PROTECTION);
    Support support =
        cloud().capabilities().supports(protection, FeatureContext.of(Engine.POSTGRESQL));
    if (support.answer() == Support.Answer.NO) {
      // InstanceFeatures has shown that it is refused, and why.
      return;
    }
    Instance instance = create(spec(newName()).deletionProtection(true).build());
    assertThat(instance.deletionProtection()).isTrue();
    assertThatThrownBy(() -> cloud().instances().delete(instance.id()).await(kit().limit()))
        .isInstanceOf(ConditionFailedException.class);
    assertThat(cloud().instances().get(instance.id()).state()).isEqualTo(InstanceState.AVAILABLE);
    cloud()
        .instances()
        .modify(instance.id(), InstanceChange.builder().deletionProtection(false).build())
        .await(kit().limit());
    cloud().instances().delete(instance.id()).await(kit().limit());
    assertThat(cloud().instances().find(instance.name())).isEmpty();
  }
}
