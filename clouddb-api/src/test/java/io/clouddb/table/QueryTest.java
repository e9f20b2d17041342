/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Page;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.security.SecretRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class QueryTest {
  private static final GlobalTableSpec SPEC =
      GlobalTableSpec.builder("app", Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING))
          .index("gsi", Key.partition("pk", KeyType.STRING).sort("n", KeyType.NUMBER))
          .build();
  private static final Query QUERY = Query.partition("one");

  private final TablesProvider provider = new TablesProvider();
  private final CloudDb cloud =
      provider.open(config -> config.tokenKey(SecretRef.literal("0123456789abcdef")));
  private final Table table = cloud.tables().open(SPEC);
  private final ModelTable model = provider.data("app");

  @BeforeEach
  void fill() {
    table.putAll(
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    Item.builder()
                        .set("pk", "one")
                        .set("sk", "s" + i)
                        .set("even", i % 2 == 0)
                        .set("n", i)
                        .build())
            .toList());
    model.requests.clear();
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  private static List<String> sorts(Stream<Item> items) {
    return items.map(item -> item.text("sk")).toList();
  }

  @Test
  void readsAllPages() {
    assertThat(sorts(table.query(QUERY).stream()))
        .containsExactly("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9");
    assertThat(model.requests).hasSize(4);
    assertThat(table.query(QUERY.pageSize(4)).pages())
        .extracting(it -> it.items().size())
        .containsExactly(4, 4, 2);
  }

  @Test
  void countsTheLimitOverAllPages() {
    assertThat(sorts(table.query(QUERY.limit(7)).stream())).hasSize(7);
    assertThat(sorts(table.query(QUERY.limit(5).pageSize(2)).stream())).hasSize(5);
    assertThat(model.requests).containsExactly("query 7", "query 2", "query 2", "query 1");
    Query even = QUERY.filter(Condition.attribute("even").equalTo(true)).limit(3).pageSize(2);
    assertThat(sorts(table.query(even).stream())).containsExactly("s0", "s2", "s4");
    Page<Item> first = table.page(even, null);
    Page<Item> second = table.page(even, first.nextToken());
    Page<Item> third = table.query(even).page(second.nextToken());
    assertThat(third.items()).hasSize(1);
    assertThat(third.nextToken()).isNull();
  }

  @Test
  void hasEmptyPages() {
    Query none = QUERY.filter(Condition.attribute("even").equalTo(3)).pageSize(5);
    Page<Item> first = table.page(none, null);
    assertThat(first.items()).isEmpty();
    assertThat(first.next()).isPresent();
    assertThat(table.query(none)).isEmpty();
  }

  @Test
  void goesOnFromAToken() throws Exception {
    Page<Item> page = table.page(QUERY.pageSize(4), null);
    String token = page.next().orElseThrow();
    assertThat(sorts(table.query(QUERY, token).stream())).hasSize(6).startsWith("s4");
    assertThat(sorts(cloud.in("west").tables().open(SPEC).query(QUERY, token).stream())).hasSize(6);
    assertThat(
            table
                .async()
                .query(QUERY.pageSize(1), token)
                .toCompletableFuture()
                .get(1, TimeUnit.SECONDS)
                .items())
        .hasSize(1);
    assertThat(token).doesNotContain("one", "app", "s3");
  }

  private void refused(Query query, String token, String words) {
    int before = model.requests.size();
    assertThatThrownBy(() -> table.page(query, token))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(words);
    assertThatThrownBy(() -> table.query(query, token))
        .isInstanceOf(InvalidArgumentException.class);
    assertThat(model.requests).hasSize(before);
  }

  @Test
  void refusesATokenOfSomethingElse() {
    String token = table.page(QUERY.limit(9).pageSize(4), null).next().orElseThrow();
    refused(QUERY, token, "another query");
    refused(QUERY.limit(8), token, "another query");
    refused(Query.partition("two").limit(9), token, "another query");
    refused(QUERY.limit(9).descending(), token, "another query");
    refused(QUERY.limit(9).consistent(), token, "another query");
    refused(QUERY.limit(9).sortBeginsWith("s"), token, "another query");
    refused(QUERY.limit(9).filter(Condition.attribute("x").exists()), token, "another query");
    refused(Query.index("gsi").partition("one").limit(9), token, "another query");
    Table other = cloud.tables().open(GlobalTableSpec.builder("other", SPEC.key()).build());
    assertThatThrownBy(() -> other.page(QUERY.limit(9), token))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("'model:app'");
    refused(QUERY, "", "cut off");
    refused(QUERY, "clouddb-op-2.x", "no page token");
    refused(QUERY, token.substring(0, token.indexOf('.', 16)), "not sealed");
  }

  @Test
  void refusesATokenThatWasChanged() {
    String token = table.page(QUERY.pageSize(4), null).next().orElseThrow();
    String[] parts = token.split("\\.");
    String json = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String changed = json.replace("\"position\":\"4\"", "\"position\":\"0\"");
    assertThat(changed).isNotEqualTo(json);
    String forged =
        parts[0]
            + "."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(changed.getBytes(StandardCharsets.UTF_8))
            + "."
            + parts[2];
    refused(QUERY, forged, "changed since");
    refused(QUERY, token.substring(0, token.length() - 4), "changed since");
  }

  @Test
  void tellsQueriesApart() {
    Value set = Value.textSet(List.of("a", "b"));
    List<Query> all =
        List.of(
            QUERY,
            Query.partition("two"),
            Query.partition(Value.of("one".getBytes(StandardCharsets.UTF_8))),
            Query.index("one").partition("one"),
            QUERY.descending(),
            QUERY.consistent(),
            QUERY.limit(1),
            QUERY.limit(2),
            QUERY.sortBeginsWith("a"),
            QUERY.sortEquals(Value.of("a")),
            QUERY.sortBetween(Value.of("a"), Value.of("b")),
            QUERY.sort(Condition.Comparison.LESS, Value.of("a")),
            QUERY.filter(Condition.attribute("a").exists()),
            QUERY.filter(Condition.attribute("a").notExists()),
            QUERY.filter(Condition.attribute("a.b").exists()),
            QUERY.filter(Condition.at(AttributePath.of("a").member("b")).exists()),
            QUERY.filter(Condition.at(AttributePath.of("a").element(1)).exists()),
            QUERY.filter(Condition.not(Condition.attribute("a").exists())),
            QUERY.filter(Condition.attribute("a").equalTo(1)),
            QUERY.filter(Condition.attribute("a").equalTo("1")),
            QUERY.filter(Condition.attribute("a").equalTo(true)),
            QUERY.filter(Condition.attribute("a").equalTo(Value.ofNull())),
            QUERY.filter(Condition.attribute("a").equalTo(set)),
            QUERY.filter(Condition.attribute("a").equalTo(Value.list(Value.of("a")))),
            QUERY.filter(Condition.attribute("a").in(Value.of("a"), Value.of("b"))),
            QUERY.filter(Condition.attribute("a").contains(Value.of("a"))),
            QUERY.filter(Condition.attribute("a").beginsWith("a")),
            QUERY.filter(Condition.attribute("a").isOfType(Condition.ValueType.TEXT)));
    Set<String> prints = new HashSet<>();
    for (Query query : all) {
      assertThat(prints.add(Fingerprint.of(query))).as(query.toString()).isTrue();
      assertThat(Fingerprint.of(query.pageSize(5))).isEqualTo(Fingerprint.of(query));
    }
    assertThat(
            Fingerprint.of(
                QUERY.filter(Condition.attribute("a").equalTo(Value.textSet(List.of("b", "a"))))))
        .isEqualTo(Fingerprint.of(QUERY.filter(Condition.attribute("a").equalTo(set))));
  }

  @Test
  void refusesAFilterByWhatAnIndexDoesNotHave() {
    GlobalTableSpec spec =
        SPEC.toBuilder()
            .index(
                IndexSpec.of("keys", Key.partition("gpk", KeyType.STRING))
                    .projecting(IndexProjection.keysOnly()))
            .build();
    Table projected = cloud.tables().open(spec);
    Condition filter =
        Condition.attribute("sk")
            .exists()
            .and(Condition.attribute("note").notEqualTo(Value.of("x")));
    int before = model.requests.size();
    for (Executable read :
        List.<Executable>of(
            () ->
                projected.query(Query.index("keys").partition("a").filter(filter)).stream().count(),
            () -> projected.page(Scan.all().filter(filter).index("keys"), null))) {
      assertThatThrownBy(read::execute)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("'note', which index 'keys' does not have");
    }
    assertThat(model.requests).hasSize(before);
    assertThat(Scan.all().segments(4).filter(filter).index("keys"))
        .isEqualTo(Scan.all().index("keys").filter(filter).segments(4));
  }

  @Test
  void scansSegmentsSideBySide() throws Exception {
    for (int segments : List.of(1, 4, 100)) {
      assertThat(sorts(table.scan(Scan.all().segments(segments))))
          .hasSize(10)
          .doesNotHaveDuplicates();
      List<Item> pushed = new ArrayList<>();
      table
          .async()
          .scan(Scan.all().segments(segments).pageSize(1), pushed::add)
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
      assertThat(pushed).hasSize(10);
    }
  }

  @Test
  void readsAScanPageByPage() throws Exception {
    for (int segments : List.of(1, 4)) {
      Scan scan = Scan.all().segments(segments).pageSize(2);
      List<String> read = new ArrayList<>();
      String token = null;
      do {
        Page<Item> page = table.page(scan, token);
        assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
        read.addAll(sorts(page.items().stream()));
        token = page.nextToken();
      } while (token != null);
      assertThat(read).hasSize(10).doesNotHaveDuplicates();
    }
    String token = table.page(Scan.all().pageSize(4), null).next().orElseThrow();
    assertThat(token).doesNotContain("one", "app", "s3");
    assertThat(
            cloud
                .in("west")
                .tables()
                .open(SPEC)
                .async()
                .page(Scan.all().pageSize(7), token)
                .toCompletableFuture()
                .get(1, TimeUnit.SECONDS))
        .satisfies(page -> assertThat(page.items()).hasSize(6))
        .satisfies(page -> assertThat(page.next()).isEmpty());
  }

  private void refused(Scan scan, String token, String words) {
    int before = model.requests.size();
    assertThatThrownBy(() -> table.page(scan, token))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(words);
    assertThat(model.requests).hasSize(before);
  }

  @Test
  void refusesATokenOfAnotherScan() {
    Scan scan = Scan.all().pageSize(4);
    String token = table.page(scan, null).next().orElseThrow();
    String query = table.page(QUERY.pageSize(4), null).next().orElseThrow();
    refused(Scan.all().index("gsi"), token, "another scan");
    refused(scan.consistent(), token, "another scan");
    refused(scan.segments(2), token, "another scan");
    refused(scan.filter(Condition.attribute("x").exists()), token, "another scan");
    refused(scan, query, "another scan");
    refused(QUERY, token, "another query");
    refused(scan, token.substring(0, token.length() - 4), "changed since");
    Table other = cloud.tables().open(GlobalTableSpec.builder("other", SPEC.key()).build());
    assertThatThrownBy(() -> other.page(scan, token))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("'model:app'");
  }

  @Test
  void readsOnePageAheadOfEachSegment() {
    try (Stream<Item> items = table.scan(Scan.all().segments(2).pageSize(1))) {
      assertThat(model.requests).isEmpty();
      assertThat(items.limit(1).toList()).hasSize(1);
    }
    // The first of both, and what follows the one that was taken.
    assertThat(model.requests.size()).isLessThanOrEqualTo(4);
  }

  @Test
  void endsAScanThatFailsOrIsGivenUp() {
    model.around = body -> CompletableFuture.failedFuture(new IllegalStateException("a defect"));
    assertThatThrownBy(() -> table.scan(Scan.all().segments(3)).toList()).hasMessage("a defect");
    assertThatThrownBy(
            () ->
                table
                    .async()
                    .scan(Scan.all(), item -> {})
                    .toCompletableFuture()
                    .get(1, TimeUnit.SECONDS))
        .hasRootCauseMessage("a defect");
    model.around = body -> null;
    assertThatThrownBy(
            () ->
                table
                    .async()
                    .scan(
                        Scan.all().pageSize(1),
                        item -> {
                          throw new IllegalStateException("enough");
                        })
                    .toCompletableFuture()
                    .get(1, TimeUnit.SECONDS))
        .hasRootCauseMessage("enough");
  }
}
