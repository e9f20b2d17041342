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

  /** With a value of somebody's; {@link InstanceFeaturesContract} has the cloud's own. */
  @Test
  void whatIsClaimedWithoutAConditionHoldsForAnyValue() {
    InstanceSpec base = spec("planned").build();
    FeatureContext postgres = FeatureContext.of(Engine.POSTGRESQL);
    for (InstanceField field : InstanceField.values()) {
      Plan.Entry entry = entry(cloud().instances().plan(FieldSamples.asking(base, field)), field);
      Support claim = cloud().capabilities().supports(Feature.of(field), postgres);
      if (claim.answer() != Support.Answer.CONDITIONAL) {
        boolean always = claim.answer() == Support.Answer.YES;
        assertThat(entry.outcome())
            .as("%s, which the capabilities claim: %s", entry, claim)
            .isEqualTo(always ? Plan.Outcome.HONOURED : Plan.Outcome.REFUSED);
      }
    }
  }

  @Test
  void whatNobodyKnowsIsNoFeature() {
    Support claim =
        cloud()
            .capabilities()
            .supports(new Feature("no.such.feature"), FeatureContext.of(Engine.POSTGRESQL));
    assertThat(claim.answer()).isEqualTo(Support.Answer.NO);
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
