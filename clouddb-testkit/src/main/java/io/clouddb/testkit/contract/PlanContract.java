/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Plan;
import org.junit.jupiter.api.Test;

/** Plans and capabilities: both say the same, and a refusal says it before anything happens. */
abstract class PlanContract extends InstanceCases {
  PlanContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void aPlanSpeaksAboutEveryFieldThatIsAskedFor() {
    InstanceSpec base = spec("planned").build();
    for (InstanceField field : InstanceField.values()) {
      InstanceSpec asking = FieldSamples.asking(base, field);
      Plan plan = cloud().instances().plan(asking);
      assertThat(plan.entries())
          .as("entries for %s", field)
          .extracting(Plan.Entry::field)
          .containsExactlyInAnyOrderElementsOf(asking.fields());
      assertThat(plan.entries(Plan.Outcome.HONOURED))
          .allSatisfy(entry -> assertThat(entry.vendorField()).isNotBlank());
      assertThat(plan.entries(Plan.Outcome.ADJUSTED)).isEmpty();
    }
  }

  @Test
  void capabilitiesAndPlansSayTheSame() {
    InstanceSpec base = spec("planned").build();
    FeatureContext postgres = FeatureContext.of(Engine.POSTGRESQL);
    for (InstanceField field : InstanceField.values()) {
      Support support = cloud().capabilities().supports(Feature.of(field), postgres);
      Plan.Outcome outcome =
          cloud().instances().plan(FieldSamples.asking(base, field)).entries().stream()
              .filter(entry -> entry.field() == field)
              .findFirst()
              .orElseThrow()
              .outcome();
      switch (support.answer()) {
        case YES -> assertThat(outcome).as("%s", field).isEqualTo(Plan.Outcome.HONOURED);
        case NO -> {
          assertThat(outcome).as("%s", field).isEqualTo(Plan.Outcome.REFUSED);
          assertThat(support.reason()).as("reason for %s", field).isNotBlank();
        }
        case CONDITIONAL -> assertThat(support.reason()).as("%s", field).isNotBlank();
      }
      kit().proved(Feature.of(field), support);
    }
    assertThat(cloud().capabilities().supports(new Feature("no.such.feature"), postgres).answer())
        .isEqualTo(Support.Answer.NO);
  }

  @Test
  void refusesByNameBeforeAnythingHappens() {
    for (InstanceField field : InstanceField.values()) {
      String name = newName();
      InstanceSpec asking = FieldSamples.asking(spec(name).build(), field);
      Plan plan = cloud().instances().plan(asking);
      if (plan.feasible()) {
        continue;
      }
      assertThatThrownBy(() -> cloud().instances().create(asking))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining(plan.entries(Plan.Outcome.REFUSED).get(0).field().id());
      assertThat(cloud().instances().find(name)).isEmpty();
    }
  }
}
