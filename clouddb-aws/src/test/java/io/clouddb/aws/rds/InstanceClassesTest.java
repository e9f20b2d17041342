/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.instance.InstanceSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DB instance classes: what they have, and which one is chosen. */
class InstanceClassesTest {
  /**
   * All of the vendor's list that have a rule here, read in November 2026: size, vCPUs, GiB of M,
   * GiB of R, and the families that have the size.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html">
   *     Hardware specifications for DB instance classes</a>
   */
  private static final String PUBLISHED =
      """
      48xlarge, 192, 768, 1536, m8g m8gd m7i r8g r8gd r7i
      32xlarge, 128, 512, 1024, m6i m6id m6idn m6in r6i r6id r6idn r6in
      24xlarge,  96, 384,  768, m8g m8gd m7i m6i m6id m6idn m6in m5 m5d r8g r8gd r7i r6i r6id r6idn r6in r5 r5b r5d
      16xlarge,  64, 256,  512, m8g m8gd m7i m7g m6g m6gd m6i m6id m6idn m6in m5 m5d r8g r8gd r7i r7g r6g r6gd r6i r6id r6idn r6in r5 r5b r5d
      12xlarge,  48, 192,  384, m8g m8gd m7i m7g m6g m6gd m6i m6id m6idn m6in m5 m5d r8g r8gd r7i r7g r6g r6gd r6i r6id r6idn r6in r5 r5b r5d
      8xlarge,   32, 128,  256, m8g m8gd m7i m7g m6g m6gd m6i m6id m6idn m6in m5 m5d r8g r8gd r7i r7g r6g r6gd r6i r6id r6idn r6in r5 r5b r5d
      4xlarge,   16,  64,  128, m8g m8gd m7i m7g m6g m6gd m6i m6id m6idn m6in m5 m5d r8g r8gd r7i r7g r6g r6gd r6i r6id r6idn r6in r5 r5b r5d
      2xlarge,    8,  32,   64, m8g m8gd m7i m7g m6g m6gd m6i m6id m6idn m6in m5 m5d r8g r8gd r7i r7g r6g r6gd r6i r6id r6idn r6in r5 r5b r5d
      xlarge,     4,  16,   32, m8g m8gd m7i m7g m6g m6gd m6i m6id m6idn m6in m5 m5d r8g r8gd r7i r7g r6g r6gd r6i r6id r6idn r6in r5 r5b r5d
      large,      2,   8,   16, m8g m8gd m7i m7g m6g m6gd m6i m6id m6idn m6in m5 m5d r8g r8gd r7i r7g r6g r6gd r6i r6id r6idn r6in r5 r5b r5d
      """;

  private static void has(String name, int cpus, long gib) {
    assertThat(InstanceClasses.hardware(name))
        .as(name)
        .hasValue(new InstanceClasses.Hardware(cpus, DataSize.gib(gib)));
  }

  @ParameterizedTest
  @CsvSource(textBlock = PUBLISHED)
  void classesHaveWhatTheVendorsListSays(
      String size, int cpus, long ofM, long ofR, String families) {
    for (String family : families.split(" ", -1)) {
      has("db." + family + "." + size, cpus, family.startsWith("m") ? ofM : ofR);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "micro, 2, 1",
    "small, 2, 2",
    "medium, 2, 4",
    "large, 2, 8",
    "xlarge, 4, 16",
    "2xlarge, 8, 32"
  })
  void burstableOnesToo(String size, int cpus, long gib) {
    has("db.t4g." + size, cpus, gib);
    has("db.t3." + size, cpus, gib);
  }

  /** They have other ratios, or are named by other rules. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "db.r4.large",
        "db.m4.10xlarge",
        "db.x2g.large",
        "db.x2iedn.32xlarge",
        "db.z1d.3xlarge",
        "db.c6gd.medium",
        "db.t2.micro",
        "db.m6i.metal",
        "db.r7i.metal-24xl",
        "db.r7i.8xlarge.tpc2.mem3x",
        "db.m5.0xlarge",
        "db.m5.99999999999xlarge",
        "m5.large"
      })
  void ofOthersNothingIsSaid(String name) {
    assertThat(InstanceClasses.hardware(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, db.t4g.micro",
    "2, 1, db.t4g.micro",
    "2, 2, db.t4g.small",
    "1, 3, db.t4g.medium",
    "2, 5, db.m7g.large",
    "2, 9, db.r7g.large",
    "2, 17, db.r7g.xlarge",
    "3, 1, db.m7g.xlarge",
    "4, 17, db.r7g.xlarge",
    "8, 32, db.m7g.2xlarge",
    "8, 33, db.r7g.2xlarge",
    "9, 1, db.m7g.4xlarge",
    "16, 128, db.r7g.4xlarge",
    "32, 128, db.m7g.8xlarge",
    "32, 256, db.r7g.8xlarge",
    "33, 1, db.m7g.12xlarge",
    "48, 384, db.r7g.12xlarge",
    "64, 256, db.m7g.16xlarge",
    "1, 512, db.r7g.16xlarge"
  })
  void theSmallestThatFitsIsChosen(int cpus, long gib, String name) {
    InstanceSize size = InstanceSize.atLeast(cpus, DataSize.gib(gib));
    assertThat(InstanceClasses.choose(size)).hasValue(name);
    InstanceClasses.Hardware chosen = InstanceClasses.hardware(name).orElseThrow();
    assertThat(chosen.cpus()).isGreaterThanOrEqualTo(cpus);
    assertThat(chosen.memory()).isGreaterThanOrEqualTo(DataSize.gib(gib));
  }

  @Test
  void whatIsTooLargeOrNoClassHasNone() {
    for (InstanceSize size :
        List.of(
            InstanceSize.atLeast(65, DataSize.gib(1)),
            InstanceSize.atLeast(1, DataSize.gib(513)))) {
      assertThat(InstanceClasses.choose(size)).isEmpty();
      assertThat(InstanceClasses.none(size)).contains("no known DB instance class has " + size);
    }
    InstanceSize another = InstanceSize.named("n2-standard-4");
    assertThat(InstanceClasses.choose(another)).isEmpty();
    assertThat(InstanceClasses.none(another)).contains("'n2-standard-4'", "begin with 'db.'");
    assertThat(InstanceClasses.choose(InstanceSize.named("db.x2g.large"))).hasValue("db.x2g.large");
  }

  @Test
  void onlyOfANameThatTheTableLacksIsThereDoubt() {
    assertThat(InstanceClasses.undecided(InstanceSize.named("db.m7g.large"))).isEmpty();
    assertThat(InstanceClasses.undecided(InstanceSize.atLeast(2, DataSize.gib(8)))).isEmpty();
    assertThat(InstanceClasses.undecided(InstanceSize.named("db.x2g.large")))
        .hasValueSatisfying(text -> assertThat(text).contains("catalog"));
  }

  @Test
  void theTablesOnesComeFirstThenLaterOnesAndBurstableOnesLast() {
    List<String> sorted =
        List.of(
            "db.r7g.large",
            "db.m7g.large",
            "db.t4g.micro",
            "db.m8g.large",
            "db.m6g.large",
            "db.t3.large");
    List<String> names = new ArrayList<>(sorted);
    Collections.reverse(names);
    names.sort(InstanceClasses.preferred(Function.identity()));
    assertThat(names).isEqualTo(sorted);
  }
}
