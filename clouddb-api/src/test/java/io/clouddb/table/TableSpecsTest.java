/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import nl.jqno.equalsverifier.EqualsVerifier;
import nl.jqno.equalsverifier.Warning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The specs of tables: JSON, checks, and that a plan sees all that they say. */
class TableSpecsTest {
  private static final Key KEY = Key.partition("pk", KeyType.STRING).sort("sk", KeyType.NUMBER);
  private static final Throughput PROVISIONED =
      Throughput.reads(
              Capacity.autoscale(5, 40_000).cooldowns(Duration.ofMinutes(5), Duration.ofMinutes(1)))
          .writes(Capacity.fixed(7));
  private static final IndexSpec INDEX =
      IndexSpec.of("gsi1", Key.partition("g", KeyType.BINARY))
          .projecting(IndexProjection.include("a", "b"))
          .throughput(PROVISIONED);

  private static GlobalTableSpec whole() {
    return GlobalTableSpec.builder("app", KEY)
        .index(INDEX)
        .index(
            IndexSpec.of("local", Key.partition("pk", KeyType.STRING).sort("other", KeyType.STRING))
                .local())
        .region(TableRegion.of("here").key("key-1"))
        .region("there")
        .host(TableHost.named("instance"))
        .writes(Writes.ONE_REGION)
        .consistency(TableConsistency.REGIONAL)
        .throughput(PROVISIONED)
        .timeToLive(TimeToLive.at("expires"))
        .version("version")
        .changeFeed(ChangeImages.NEW_AND_OLD)
        .deletionProtection(false)
        .pointInTimeRecoveryDays(35)
        .tableClass(TableClass.STANDARD)
        .tag("a", "b")
        .preferring(TableField.TAGS)
        .build();
  }

  private static TableChange change() {
    return TableChange.builder()
        .addIndex(INDEX)
        .removeIndex("old-index")
        .addRegion(TableRegion.of("here").key("key-1"))
        .removeRegion("there")
        .regionKey("elsewhere", "key-2")
        .indexThroughput("other", PROVISIONED)
        .consistency(TableConsistency.REGIONAL)
        .throughput(PROVISIONED)
        .noTimeToLive()
        .noChangeFeed()
        .deletionProtection(false)
        .pointInTimeRecoveryDays(0)
        .tableClass(TableClass.STANDARD)
        .tag("a", "b")
        .untag("c")
        .preferring(TableField.TAGS)
        .build();
  }

  private static TableRestoreSpec restore() {
    return TableRestoreSpec.of(
            ResourceId.of("aws", "1", ResourceId.GLOBAL, "table", "app"), "app-2")
        .at(Instant.EPOCH)
        .indexes()
        .throughput(PROVISIONED)
        .encryptionKey("key-1")
        .timeToLive(TimeToLive.after(Duration.ofDays(1)))
        .changeFeed(ChangeImages.KEYS_ONLY)
        .deletionProtection(false)
        .pointInTimeRecoveryDays(1)
        .tag("a", "b")
        .preferring(TableRestoreField.TAGS)
        .build()
        .in("here");
  }

  @Test
  void areWrittenAndReadAsJson() {
    assertThat(GlobalTableSpec.fromJson(whole().toJson())).isEqualTo(whole());
    assertThat(whole().toBuilder().build()).isEqualTo(whole());
    assertThat(TableChange.fromJson(change().toJson())).isEqualTo(change());
    assertThat(change().toBuilder().build()).isEqualTo(change());
    assertThat(change().toBuilder().untag("d").build().removedTags()).containsExactly("c", "d");
    assertThat(TableRestoreSpec.fromJson(restore().toJson())).isEqualTo(restore());
    assertThat(restore().toBuilder().build()).isEqualTo(restore());
    String small =
        "{'schemaVersion':1,'name':'app','key':{'partition':{'name':'pk','type':'STRING'}}}"
            .replace('\'', '"');
    assertThat(GlobalTableSpec.fromJson(small))
        .isEqualTo(GlobalTableSpec.builder("app", Key.partition("pk", KeyType.STRING)).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"nome\":1",
        "\"timeToLive\":{}",
        "\"timeToLive\":{\"attribute\":\"a\",\"after\":\"PT5S\"}",
        "\"throughput\":{\"reads\":{\"minimum\":1,\"maximum\":1}}",
        "\"throughput\":{\"reads\":{\"minimum\":1,\"maximum\":2},\"writes\":{\"minimum\":1,\"maximum\":1}}",
        "\"indexes\":[{\"name\":\"gsi1\",\"key\":{\"partition\":{\"name\":\"a\",\"type\":\"STRING\"}},\"projection\":{\"kind\":\"INCLUDE\"}}]",
        "\"regions\":[{\"name\":\"here\",\"colour\":\"red\"}]",
        "\"pointInTimeRecoveryDays\":1.5",
        "\"deletionProtection\":\"yes\""
      })
  void malformedJsonIsRefused(String more) {
    String json =
        "{\"schemaVersion\":1,\"name\":\"app\",\"key\":{\"partition\":{\"name\":\"pk\",\"type\":\"STRING\"}},"
            + more
            + "}";
    assertThatThrownBy(() -> GlobalTableSpec.fromJson(json))
        .isInstanceOf(InvalidArgumentException.class);
  }

  /** Each optional, list and map of a spec is asked for where it is set, also when it is false. */
  @Test
  void aPlanSeesAllThatIsSaid() throws ReflectiveOperationException {
    for (Specification spec : List.of(whole(), change(), restore())) {
      Set<Object> said = new HashSet<>(spec.values().values());
      for (var method : spec.getClass().getDeclaredMethods()) {
        if (!Modifier.isPublic(method.getModifiers())
            || Modifier.isStatic(method.getModifiers())
            || method.getParameterCount() > 0) {
          continue;
        }
        Object value = method.invoke(spec);
        if (value instanceof java.util.Optional<?> optional
            && optional.isPresent()
            && !method.getName().equals("location")) {
          assertThat(said).as(spec + " " + method.getName()).contains(optional.get());
        }
      }
    }
    assertThat(whole().values().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(TableField.values())
                .filter(f -> !f.name().startsWith("ADDED") && !f.name().startsWith("REMOVED"))
                .toList());
    assertThat(whole().values()).containsEntry(TableField.DELETION_PROTECTION, false);
    assertThat(change().values().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(TableField.values())
                .filter(
                    f ->
                        !Set.of(
                                "NAME",
                                "KEY",
                                "HOST",
                                "INDEXES",
                                "LOCAL_INDEXES",
                                "REGIONS",
                                "WRITES",
                                "VERSION")
                            .contains(f.name()))
                .toList());
    assertThat(change().values())
        .containsEntry(TableField.POINT_IN_TIME_RECOVERY, 0)
        .containsEntry(TableField.DELETION_PROTECTION, false)
        .containsEntry(
            TableField.INDEX_THROUGHPUT, Map.of("gsi1", PROVISIONED, "other", PROVISIONED));
    assertThat(restore().values().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(TableRestoreField.values())
                .map(Field.class::cast)
                .filter(
                    f ->
                        !Set.of(
                                TableRestoreField.BACKUP,
                                TableRestoreField.LATEST,
                                TableRestoreField.OTHER_REGION)
                            .contains(f))
                .toList());
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertThatThrownBy(
            () ->
                GlobalTableSpec.builder("a", Key.partition("", KeyType.STRING))
                    .index("gsi1", Key.partition("g", KeyType.STRING).sort("g", KeyType.STRING))
                    .index("gsi1", Key.partition("g", KeyType.NUMBER))
                    .region("here")
                    .region("here")
                    .throughput(
                        Throughput.reads(Capacity.fixed(0)).writes(Capacity.fixed(1).target(9)))
                    .timeToLive(TimeToLive.at("version"))
                    .version("version")
                    .writes(Writes.ANY_REGION)
                    .pointInTimeRecoveryDays(36)
                    .build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "3 to 255",
            "has not 1 to 255 characters",
            "'gsi1' comes twice",
            "the same attribute for partition and sort",
            "'g' has two types",
            "'here' comes twice",
            "at least 1",
            "not 9",
            "version and time to live are the same",
            "protects from nothing",
            "not 36");
    assertThatThrownBy(
            () ->
                TableChange.builder()
                    .addIndex(INDEX.local())
                    .removeIndex("gsi1")
                    .removeIndex("gsi1")
                    .indexThroughput("gsi1", PROVISIONED)
                    .addRegion(TableRegion.of("here"))
                    .removeRegion("here")
                    .regionKey("here", "k")
                    .timeToLive(TimeToLive.after(Duration.ZERO))
                    .noTimeToLive()
                    .tag("a", "b")
                    .untag("a")
                    .build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "removed index 'gsi1' comes twice",
            "'gsi1' comes twice, or is removed too",
            "is local",
            "gets a throughput, and is removed",
            "added and removed",
            "'here' gets a key, and is removed",
            "at least one second",
            "time to live is set and taken away",
            "a tag is set and taken away");
    assertThatThrownBy(() -> TableChange.builder().build()).hasMessageContaining("changes nothing");
    assertThatThrownBy(() -> restore().toBuilder().latest().encryptionKey(" ").build())
        .hasMessageContainingAll("one of the two", "the key is empty");
  }

  @Test
  void timeToLiveMayBeByAnAttributeThatAnIndexIsOrderedBy() {
    Key table = Key.partition("pk", KeyType.STRING).sort("sk", KeyType.NUMBER);
    Key index = Key.partition("shard", KeyType.STRING).sort("expires", KeyType.NUMBER);
    GlobalTableSpec.Builder spec = GlobalTableSpec.builder("orders", table).index("soon", index);
    assertThat(spec.timeToLive(TimeToLive.at("expires")).build().timeToLive())
        .contains(TimeToLive.at("expires"));
    assertThatThrownBy(() -> spec.timeToLive(TimeToLive.at("sk")).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("is an attribute of the key");
    assertThatThrownBy(() -> spec.timeToLive(TimeToLive.at("shard")).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("in a key a STRING");
  }

  @Test
  void aTableOnDemandHasNoIndexWithAThroughputOfItsOwn() {
    assertThatThrownBy(
            () ->
                TableChange.builder()
                    .throughput(Throughput.onDemand())
                    .addIndex(INDEX.throughput(PROVISIONED))
                    .indexThroughput("other", PROVISIONED)
                    .build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "index '" + INDEX.name() + "' gets a throughput of its own",
            "index 'other' gets a throughput of its own",
            "on demand");
    GlobalTableSpec.Builder spec =
        GlobalTableSpec.builder("orders", Key.partition("pk", KeyType.STRING))
            .index(INDEX.throughput(PROVISIONED));
    String why = "index '" + INDEX.name() + "' has a throughput of its own, and the table is not";
    assertThatThrownBy(spec::build)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(why);
    assertThatThrownBy(() -> spec.throughput(Throughput.onDemand()).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(why);
    assertThat(spec.throughput(PROVISIONED).build().throughput()).contains(PROVISIONED);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Capacity.class,
        GlobalTableSpec.class,
        IndexProjection.class,
        IndexSpec.class,
        Item.class,
        ItemKey.class,
        Key.class,
        Query.class,
        Scan.class,
        TableChange.class,
        TableHost.class,
        TableRegion.class,
        TableRestoreSpec.class,
        Throughput.class,
        TimeToLive.class,
        Transaction.class,
        Update.class
      })
  void areEqualByAllThatTheyHold(Class<?> type) {
    EqualsVerifier.forClass(type).suppress(Warning.NULL_FIELDS).verify();
  }
}
