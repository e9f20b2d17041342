/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.Support;
import io.clouddb.instance.InstanceField;
import io.clouddb.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureRecordTest {
  private static final String ID = "instance.spec.tags";
  private static final Support YES = Support.yes();
  private static final Support IF = Support.conditional("letters only");
  private static final Support NO = Support.no("it has none");

  private static Plan.Entry entry(Plan.Outcome outcome) {
    return new Plan.Entry(InstanceField.TAGS, outcome, "labels", "text", "fewer");
  }

  @Test
  void whatIsClaimedIsWhatWasSeen() throws IOException {
    for (Plan.Outcome outcome : Plan.Outcome.values()) {
      for (Support claim : new Support[] {YES, IF, NO}) {
        boolean same =
            switch (outcome) {
              case HONOURED -> !claim.equals(NO);
              case ADJUSTED -> claim.equals(IF);
              case REFUSED -> claim.equals(NO);
            };
        FeatureRecord seen = new FeatureRecord(null);
        if (same) {
          assertThatCode(() -> seen.seen(ID, claim, entry(outcome))).doesNotThrowAnyException();
        } else {
          assertThatThrownBy(() -> seen.seen(ID, claim, entry(outcome)))
              .isInstanceOf(AssertionError.class)
              .hasMessageContaining(ID);
        }
      }
    }
  }

  @Test
  void refusesAFeatureThatIsToldTwiceOrWithoutReason() throws IOException {
    FeatureRecord seen = new FeatureRecord(null);
    seen.done(ID);
    assertThatThrownBy(() -> seen.done(ID)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> seen.done("instance.stop", NO)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> seen.refused("replica.get", IF, ""))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(
            () -> seen.seen("instance.spec.tls", Support.no(" "), entry(Plan.Outcome.REFUSED)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void writesALineForEachFeatureAndLeavesNothingOfAnEarlierRun(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("features/mine-instances.jsonl");
    FeatureRecord seen = new FeatureRecord(file);
    seen.seen(ID, IF, entry(Plan.Outcome.HONOURED));
    seen.untried("instance.spec.tls", YES, "no keys");
    seen.refused("replica.get", NO, "a copy");
    seen.write();
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"id\":\"instance.spec.tags\",\"outcome\":\"conditional\",\"carrier\":\"labels\","
                + "\"text\":\"letters only\",\"instead\":\"fewer\"}",
            "{\"id\":\"instance.spec.tls\",\"outcome\":\"untried\",\"carrier\":\"\","
                + "\"text\":\"no keys\",\"instead\":\"\"}",
            "{\"id\":\"replica.get\",\"outcome\":\"no\",\"carrier\":\"\","
                + "\"text\":\"it has none\",\"instead\":\"a copy\"}");
    FeatureRecord failing = new FeatureRecord(file);
    failing.done(ID);
    assertThat(file).doesNotExist();
  }
}
