/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static io.clouddb.fuzz.Outcome.valueOrRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.Migration;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.HtmlReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.StepReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteMember;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.migration.state.StateStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a migration reads: patterns, the journal, the route, a report. */
final class MigrationTargets {
  /** What is damaged is refused by one of these, with the file's name. */
  private static final Set<ErrorCategory> DAMAGED =
      Set.of(ErrorCategory.DATA, ErrorCategory.UNAVAILABLE, ErrorCategory.INVALID_ARGUMENT);

  private final Path folder;
  private final List<byte[]> routes;
  private final List<byte[]> members;
  private final List<byte[]> journals;
  private final List<JournalEntry> entries;
  private final List<String> reports;

  MigrationTargets(Path folder) throws IOException {
    this.folder = folder;
    Path written = Files.createDirectories(folder.resolve("written"));
    try (RouteStore store = RouteStore.file(written.resolve("route.json"))) {
      Route first = store.read();
      Route next =
          new Route(
              first.id(),
              1,
              Route.State.PAUSED,
              Route.Side.TARGET,
              Instant.parse("2026-11-28T20:00:00.123456Z"),
              Duration.ofSeconds(30),
              Duration.ofMillis(20),
              Duration.ofSeconds(3));
      assertThat(store.compareAndSet(first, next)).isTrue();
      store.beat(new RouteMember("app", "an application", 3, 1, 2, Duration.ofSeconds(5)));
    }
    this.routes = List.of(Files.readAllBytes(written.resolve("route.json")));
    this.members = List.of(Files.readAllBytes(written.resolve("route.json.members/app.json")));
    try (Journal journal = StateStore.directory(written).open("shop")) {
      journal.append("begun", Map.of("slot", "clouddb_shop", "snapshot", "0000-1"));
      journal.append("copied", Map.of("rows", "17"));
      journal.append("ended", Map.of());
      this.entries = journal.entries();
    }
    this.journals = List.of(Files.readAllBytes(written.resolve("shop.journal")));
    this.reports = List.of(report().toJson());
  }

  List<Target> all() {
    return List.of(
        new Target("table-patterns", MigrationTargets::patterns),
        new Target("route", this::route),
        new Target("route-member", this::member),
        new Target("journal", this::journal),
        new Target("journal-flips", this::journalFlips),
        new Target("report", this::reportJson),
        new Target("migration-values", this::values));
  }

  private static MigrationReport report() {
    Instant start = Instant.parse("2026-11-22T10:00:00Z");
    return MigrationReport.builder("shop", MigrationReport.Status.FAILED)
        .source("a")
        .target("b")
        .startedAt(start)
        .endedAt(start.plusSeconds(70))
        .rowsCopied(1_000_000)
        .writePauseMillis(213)
        .pauseParts(Map.of("drain", 12L))
        .failure("because")
        .steps(
            List.of(
                new StepReport(
                    MigrationStep.PREFLIGHT,
                    start,
                    start.plusSeconds(1),
                    StepReport.Outcome.DONE,
                    "looked")))
        .leftBehind(List.of("a slot"))
        .build();
  }

  private static void patterns(Source source) throws Exception {
    String pattern =
        source.changed(
            List.of("public.*", "*.*", "\"My Schema\".\"a.b\"", "p\"\"q.r", "*a*a*.b*b*b*b*b*b*b"));
    Optional<TableSelection> read = valueOrRefusal(() -> TableSelection.of(pattern));
    if (read.isPresent()) {
      TableSelection selection = read.get();
      assertThat(TableSelection.of(selection.patterns())).isEqualTo(selection);
      String name = "a".repeat(62) + source.pick(List.of("c", "b", "\uD83D\uDE00"));
      selection.includes(new TableName("public", name));
      selection.includes(new TableName(name, name));
      // Quoted, each name selects itself and no other.
      String schema = source.text().replace("\0", "");
      if (!schema.isEmpty() && schema.length() <= 63 && TableSelection.isUserSchema(schema)) {
        TableSelection one = TableSelection.of("\"" + schema.replace("\"", "\"\"") + "\".t");
        assertThat(one.includes(new TableName(schema, "t"))).as(schema).isTrue();
        assertThat(one.includes(new TableName(schema + "x", "t"))).as(schema).isFalse();
      }
    }
  }

  private void route(Source source) throws Exception {
    Path file = folder.resolve("route.json");
    write(source, file, routes);
    try (RouteStore store = RouteStore.file(file)) {
      Optional<Route> read = valueOrRefusal(store::read, DAMAGED);
      if (read.isPresent()) {
        Route route = read.get();
        assertThat(route.epoch()).isNotNegative();
        // A follower counts with these.
        assertThat(List.of(route.pauseLease(), route.delay(), route.delayLease()))
            .allSatisfy(each -> assertThat(each).isBetween(Duration.ZERO, Duration.ofDays(36_500)));
      }
    }
  }

  private void member(Source source) throws Exception {
    Path file = folder.resolve("members.json");
    Path beats = Files.createDirectories(folder.resolve("members.json.members"));
    write(source, beats.resolve("app.json"), members);
    try (RouteStore store = RouteStore.file(file)) {
      valueOrRefusal(store::members, DAMAGED)
          .ifPresent(
              all ->
                  assertThat(all)
                      .allSatisfy(
                          each ->
                              assertThat(each.lease())
                                  .isBetween(Duration.ZERO, Duration.ofDays(36_500))));
    }
  }

  private void write(Source source, Path file, List<byte[]> samples) throws IOException {
    List<String> texts =
        samples.stream().map(each -> new String(each, StandardCharsets.UTF_8)).toList();
    Files.write(
        file,
        source.chance(60)
            ? ChangedJson.of(source, texts).getBytes(StandardCharsets.UTF_8)
            : source.changedBytes(samples));
  }

  private void journal(Source source) throws Exception {
    Files.write(folder.resolve("shop.journal"), source.changedBytes(journals));
    opened();
  }

  /**
   * Each single bit: what was written is read, or its beginning where the end is cut off, or none.
   */
  private void journalFlips(Source source) throws Exception {
    byte[] content = journals.get(0).clone();
    int bit = source.below(content.length * Byte.SIZE);
    content[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
    source.noted("bit " + bit);
    Files.write(folder.resolve("shop.journal"), content);
    Optional<List<JournalEntry>> read = opened();
    if (read.isPresent()) {
      assertThat(entries).startsWith(read.get().toArray(JournalEntry[]::new));
    }
  }

  private Optional<List<JournalEntry>> opened() throws Exception {
    return valueOrRefusal(
        () -> {
          try (Journal journal = StateStore.directory(folder).open("shop")) {
            List<JournalEntry> all = journal.entries();
            for (int i = 0; i < all.size(); i++) {
              assertThat(all.get(i).sequence()).isEqualTo(i + 1L);
            }
            return all;
          }
        },
        DAMAGED);
  }

  private void reportJson(Source source) throws Exception {
    String json = ChangedJson.of(source, reports);
    Optional<MigrationReport> read = valueOrRefusal(() -> MigrationReport.fromJson(json));
    if (read.isPresent()) {
      MigrationReport report = read.get();
      assertThat(MigrationReport.fromJson(report.toJson())).isEqualTo(report);
      HtmlReport.write(report, folder.resolve("report.html"));
    }
  }

  private void values(Source source) throws Exception {
    ConnectionDetails from =
        ConnectionDetails.postgresql("a", 5432, "shop", "app", SecretRef.literal("x")).build();
    valueOrRefusal(
            () ->
                Migration.builder()
                    .id(source.changed(List.of("shop", "a_1")))
                    .from(from)
                    .to(from.toBuilder().at("b", 5432).build())
                    .state(StateStore.directory(folder))
                    .lagLimit(source.duration())
                    .drainLimit(source.duration())
                    .fenceLimit(source.duration())
                    .catchUpLimit(source.duration())
                    .reverseReplication(source.duration())
                    .slotLimit(source.duration())
                    .connections((int) source.number())
                    .cutoverAttempts((int) source.number())
                    .build())
        .ifPresent(migration -> assertThat(migration).isInstanceOf(Migration.class));
  }
}
