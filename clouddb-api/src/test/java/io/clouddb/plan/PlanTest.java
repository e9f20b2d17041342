/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.InstanceField;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {
  private record Wish(Set<InstanceField> preferring) implements Specification {
    @Override
    public Map<Field, Object> values() {
      return Map.of(
          InstanceField.SIZE, 1, InstanceField.BACKUP_WINDOW, 2, InstanceField.INSIGHTS, 3);
    }

    @Override
    public Specification withoutSecrets() {
      return this;
    }
  }

  private static Plan.Builder plan(EnumSet<InstanceField> preferring) {
    return Plan.builder("here", new Wish(preferring))
        .honour(InstanceField.SIZE, "class", "small")
        .honour(InstanceField.TAGS, "labels", "not asked for");
  }

  @Test
  void namesEverythingThatIsRefused() {
    Plan refused =
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
    Plan plan =
        plan(EnumSet.of(InstanceField.BACKUP_WINDOW))
            .adjust(InstanceField.BACKUP_WINDOW, "window", "any", "it has none")
            .honour(InstanceField.INSIGHTS, "insights", true)
            .build();
    assertThat(plan.orThrow().feasible()).isTrue();
    assertThat(plan.entries(Plan.Outcome.ADJUSTED)).hasSize(1);
  }

  @Test
  void aForgottenFieldIsADefect() {
    assertThatThrownBy(() -> plan(EnumSet.noneOf(InstanceField.class)).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("backup-window", "insights");
  }
}
