/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.table.Capacity;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableField;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import io.clouddb.testkit.contract.internal.TableFeatures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans and capabilities: both say the same, and a refusal says it before anything is sent. */
abstract class TablePlanContract extends ControlCases {
  TablePlanContract(TableContract kit) {
    super(kit);
  }

  private GlobalTableSpec asking(TableField field) {
    return kit().asking(least("planned").build(), field);
  }

  private static void speaksOfAll(Plan plan, Specification asked) {
    assertThat(plan.entries())
        .extracting(Plan.Entry::field)
        .containsExactlyInAnyOrderElementsOf(asked.values().keySet());
    assertThat(plan.entries(Plan.Outcome.HONOURED))
        .allSatisfy(entry -> assertThat(entry.vendorField()).isNotBlank());
    assertThat(plan.entries(Plan.Outcome.ADJUSTED)).isEmpty();
  }

  @Test
  void aPlanSpeaksAboutEveryFieldThatIsAskedFor() {
    for (TableField field : TableFeatures.ofSpecs()) {
      GlobalTableSpec spec = asking(field);
      speaksOfAll(cloud().tables().plan(spec), spec);
    }
    ChangeOfTable changes = new ChangeOfTable(kit());
    GlobalTableSpec before = changes.begin(least("planned"));
    for (TableField field : TableFeatures.ofChanges()) {
      TableChange change = changes.of(field, before);
      speaksOfAll(cloud().tables().planModify(change), change);
    }
  }

  @Test
  void whatIsClaimedWithoutAConditionHolds() {
    for (TableField field : TableFeatures.ofSpecs()) {
      Plan.Entry entry = entry(cloud().tables().plan(asking(field)), field);
      Support claim =
          cloud()
              .capabilities()
              .supports(Feature.of(field), FeatureContext.any().withLocation(home()));
      if (claim.answer() != Support.Answer.CONDITIONAL) {
        boolean always = claim.answer() == Support.Answer.YES;
        assertThat(entry.outcome())
            .as("%s, which the capabilities claim: %s", entry, claim)
            .isEqualTo(always ? Plan.Outcome.HONOURED : Plan.Outcome.REFUSED);
      }
    }
  }

  /** What one cloud or another does not have. */
  private List<GlobalTableSpec> unusual() {
    List<GlobalTableSpec> all = new ArrayList<>();
    TableFeatures.ofSpecs().forEach(field -> all.add(asking(field)));
    all.add(least("aged").timeToLive(TimeToLive.after(Duration.ofDays(1))).build());
    all.add(least("elsewhere").region(kit().otherRegion()).build());
    all.add(
        least("fixed")
            .region(home())
            .region(kit().otherRegion())
            .throughput(Throughput.reads(Capacity.fixed(5)).writes(Capacity.fixed(5)))
            .build());
    all.add(
        least("mixed")
            .throughput(TableSamples.scaled(10, 10))
            .index(TableSamples.index("own").throughput(Throughput.onDemand()))
            .build());
    return all;
  }

  @Test
  void refusesByNameBeforeAnythingIsSent() {
    assertThat(cloud().tables().find(newName("unknown"))).isEmpty(); // knows the account now
    for (GlobalTableSpec spec : unusual()) {
      long before = tables().requests();
      Plan plan = cloud().tables().plan(spec);
      if (!plan.feasible()) {
        String field = plan.entries(Plan.Outcome.REFUSED).get(0).field().id();
        for (Runnable call :
            List.<Runnable>of(
                () -> cloud().tables().create(spec),
                () -> cloud().tables().ensure(spec),
                () -> cloud().tables().open(spec))) {
          assertThatThrownBy(call::run)
              .isInstanceOf(UnsupportedFeatureException.class)
              .hasMessageContaining(field);
        }
      }
      assertThat(tables().requests()).as("sent by a plan, or a refusal").isEqualTo(before);
    }
  }
}
