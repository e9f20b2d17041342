/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static io.clouddb.fuzz.Outcome.valueOrRefusal;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.Page;
import io.clouddb.security.SecretRef;
import io.clouddb.table.Item;
import io.clouddb.table.ItemType;
import io.clouddb.table.Query;
import io.clouddb.table.Table;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables: the tokens of their pages, and the templates of their keys. */
final class TableTargets implements AutoCloseable {
  private static final Query QUERY = Query.partition("a").pageSize(2).limit(4);
  private static final String PREFIX = "clouddb-page-1.";

  private static final List<String> TEMPLATES =
      List.of("USER#{a}", "{a}#{b}", "{{{a}}}-{b}", "ORDER#{b}#{a}#", "{a}");

  private @Nullable SimulatedAws aws;
  private @Nullable CloudDb plain;
  private @Nullable CloudDb sealing;
  private String token = "";
  private String sealed = "";

  /** What keys are made of. */
  record Parts(String a, String b) {}

  List<Target> targets() {
    return List.of(
        new Target("page-token", this::start, this::token),
        new Target("page-position", this::start, this::position),
        new Target("page-token-sealed", this::start, this::sealed),
        new Target("key-template", TableTargets::template));
  }

  private void start() throws Exception {
    if (aws == null) {
      SimulatedAws now = SimulatedAws.start();
      aws = now;
      CloudDb first = CloudDb.open(now.config("us-east-1").build());
      plain = first;
      SampleTables.make(first);
      token = nextOf(first);
      CloudDb second =
          CloudDb.open(
              now.config("us-east-1")
                  .tokenKey(SecretRef.literal("a key of tokens, which is long enough"))
                  .build());
      sealing = second;
      sealed = nextOf(second);
    }
  }

  private static String nextOf(CloudDb cloud) {
    return cloud.tables().open(SampleTables.SPEC).page(QUERY, null).next().orElseThrow();
  }

  private static Optional<Page<Item>> page(@Nullable CloudDb cloud, String token) throws Exception {
    Table table = requireNonNull(cloud).tables().open(SampleTables.SPEC);
    return valueOrRefusal(() -> table.page(QUERY, token));
  }

  private void token(Source source) throws Exception {
    page(plain, source.changed(List.of(token, sealed)));
  }

  /** The text of the driver, behind what the facade says of the query. */
  private void position(Source source) throws Exception {
    assertThat(token).startsWith(PREFIX);
    String[] parts = token.split("[.]", -1);
    String document = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    parts[1] = OperationTargets.base64(ChangedJson.of(source, List.of(document)));
    page(plain, String.join(".", parts))
        .ifPresent(page -> assertThat(page.items()).hasSizeLessThanOrEqualTo(4));
  }

  private void sealed(Source source) throws Exception {
    String changed = source.changed(List.of(sealed, token));
    assertThat(page(sealing, changed).isPresent()).isEqualTo(changed.equals(sealed));
  }

  /** Whatever makes a key, it is read back, and no two objects have one. */
  private static void template(Source source) throws Exception {
    String text = source.changed(TEMPLATES);
    Optional<ItemType<Parts>> made = valueOrRefusal(() -> ItemType.of(Parts.class).key("pk", text));
    if (made.isEmpty()) {
      return;
    }
    ItemType<Parts> type = made.get();
    Parts one = new Parts(source.changed(TEMPLATES), source.changed(TEMPLATES));
    Parts two = new Parts(source.changed(List.of(one.a())), source.changed(List.of(one.b())));
    Optional<Item> first = valueOrRefusal(() -> type.toItem(one));
    Optional<Item> second = valueOrRefusal(() -> type.toItem(two));
    first.ifPresent(item -> assertThat(type.fromItem(item)).isEqualTo(one));
    second.ifPresent(item -> assertThat(type.fromItem(item)).isEqualTo(two));
    boolean both = text.contains("{a}") && text.contains("{b}");
    if (first.isPresent() && second.isPresent() && both && !text.contains("{{")) {
      assertThat(type.keyOf(one).equals(type.keyOf(two))).isEqualTo(one.equals(two));
    }
  }

  @Override
  public void close() {
    if (plain != null) {
      plain.close();
    }
    if (sealing != null) {
      sealing.close();
    }
    if (aws != null) {
      aws.close();
    }
  }
}
