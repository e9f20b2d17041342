/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import io.clouddb.migration.progress.MigrationStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports as a run of about a minute leaves them. */
final class SampleReports {
  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private SampleReports() {}

  static MigrationReport completed() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 280; i++) {
      double second = i / 4.0;
      boolean copying = second > 3 && second < 21;
      double lag = second < 21 ? second * 300 : Math.max(2, 6300 - (second - 21) * 450);
      samples.add(
          new Sample(
              START.plusMillis(i * 250L),
              copying ? 52_000 + 9_000 * Math.sin(second) : 0,
              second > 24 ? 3_400 + 500 * Math.sin(second * 1.7) : 0,
              (long) (lag * 1_400),
              (long) lag));
    }
    return MigrationReport.builder("shop", MigrationReport.Status.COMPLETED)
        .source("orders.ap-northeast-2.rds.amazonaws.com:5432/shop (PostgreSQL 16.15)")
        .target("10.1.2.3:5432/shop (PostgreSQL 16.15)")
        .startedAt(START)
        .endedAt(START.plusSeconds(70))
        .rowsCopied(1_000_000)
        .changesApplied(160_123)
        .rowsValidated(1_080_044)
        .mismatches(0)
        .writePauseMillis(213)
        .pauseParts(pauseParts())
        .steps(
            List.of(
                step(MigrationStep.PREFLIGHT, 0, 900, "2 databases looked at, 1 finding"),
                step(MigrationStep.REPLICATE, 900, 3_000, "Publication and slot clouddb_shop"),
                step(MigrationStep.SYNC, 3_000, 24_300, "1,000,000 rows of 6 tables, 14 indexes"),
                step(MigrationStep.CDC, 24_300, 42_000, "Lag below 1 MiB and 1 s"),
                step(MigrationStep.VALIDATE, 42_000, 68_100, "6 tables equal at one position"),
                step(MigrationStep.CUTOVER, 68_100, 69_000, "Write pause 213 ms"),
                step(MigrationStep.CLEANUP, 69_000, 70_000, "Slot and publication removed")))
        .tables(
            List.of(
                new TableReport(
                    "public.orders",
                    copy(400_000, 96_000_000, 3_000, 15_000),
                    440_044,
                    "9f1c22ab03",
                    "9f1c22ab03",
                    0),
                new TableReport(
                    "public.customers",
                    copy(600_000, 160_000_000, 3_200, 19_000),
                    640_000,
                    "07aa41d9ee",
                    "07aa41d9ee",
                    0)))
        .samples(samples)
        .findings(
            List.of(
                new FindingReport(
                    "collation-version",
                    "WARNING",
                    "public.customers.name",
                    "The collation en_US is of version 2.31 there and 2.36 here",
                    "Indexes are built anew on the target, so nothing is to be done.")))
        .leftBehind(
            List.of("On the source: the fence that refuses writes (schema clouddb_migration)"))
        .build();
  }

  private static Map<String, Long> pauseParts() {
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("drain", 60L);
    parts.put("fence", 41L);
    parts.put("compare", 90L);
    parts.put("triggers", 22L);
    return parts;
  }

  /** Stopped before anything was compared. */
  static MigrationReport stopped() {
    return MigrationReport.builder("shop", MigrationReport.Status.ROLLED_BACK)
        .source("a")
        .target("b")
        .startedAt(START)
        .endedAt(START.plusSeconds(5))
        .rowsCopied(12)
        .tables(List.of(new TableReport("public.orders", copy(12, 300, 0, 5), 0, "", "", 0)))
        .failure("Stopped by Ctrl-C")
        .nextStep("Run it again.")
        .build();
  }

  static MigrationReport failed(String evil) {
    return MigrationReport.builder(evil, MigrationReport.Status.FAILED)
        .source(evil)
        .target(evil)
        .startedAt(START)
        .endedAt(START.plusSeconds(1))
        .steps(
            List.of(
                new StepReport(
                    MigrationStep.PREFLIGHT,
                    START,
                    START.plusSeconds(1),
                    StepReport.Outcome.FAILED,
                    evil)))
        .tables(List.of(new TableReport(evil, copy(1, 1, 0, 1), 1, evil, evil, 1)))
        .findings(List.of(new FindingReport(evil, evil, evil, evil, evil)))
        .failure(evil)
        .nextStep(evil)
        .leftBehind(List.of(evil))
        .build();
  }

  private static Optional<CopyReport> copy(long rows, long bytes, long from, long to) {
    return Optional.of(new CopyReport(rows, bytes, START.plusMillis(from), START.plusMillis(to)));
  }

  private static StepReport step(MigrationStep step, long from, long to, String details) {
    return new StepReport(
        step, START.plusMillis(from), START.plusMillis(to), StepReport.Outcome.DONE, details);
  }
}
