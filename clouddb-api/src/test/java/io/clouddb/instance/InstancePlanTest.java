/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.UnsupportedFeatureException;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class InstancePlanTest {
  private static final EnumSet<InstanceField> ASKED =
      EnumSet.of(InstanceField.SIZE, InstanceField.BACKUP_WINDOW, InstanceField.INSIGHTS);

  private static InstancePlan.Builder plan(EnumSet<InstanceField> preferring) {
    return InstancePlan.builder("here", "orders", ASKED, preferring)
        .honour(InstanceField.SIZE, "class", "small")
        .honour(InstanceField.TAGS, "labels", "not asked for");
  }

  @Test
  void namesEverythingThatIsRefused() {
    InstancePlan refused =
        plan(EnumSet.of(InstanceField.INSIGHTS))
            .adjust(InstanceField.BACKUP_WINDOW, "window", "any", "it has none")
            .refuse(InstanceField.INSIGHTS, "it has none", "an agent")
            .build();
    assertThat(refused.entries()).hasSize(3);
    assertThatThrownBy(refused::orThrow)
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContainingAll("backup-window", "insights", "an agent", "preferring");
  }

  @Test
  void adjustsWhatIsPreferred() {
    InstancePlan plan =
        plan(EnumSet.of(InstanceField.BACKUP_WINDOW))
            .adjust(InstanceField.BACKUP_WINDOW, "window", "any", "it has none")
            .honour(InstanceField.INSIGHTS, "insights", true)
            .build();
    assertThat(plan.orThrow().feasible()).isTrue();
    assertThat(plan.entries(InstancePlan.Outcome.ADJUSTED)).hasSize(1);
  }

  @Test
  void aForgottenFieldIsADefect() {
    assertThatThrownBy(() -> plan(EnumSet.noneOf(InstanceField.class)).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("BACKUP_WINDOW", "INSIGHTS");
  }
}
