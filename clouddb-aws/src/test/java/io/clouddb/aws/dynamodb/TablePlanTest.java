/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.AWAY;
import static io.clouddb.aws.dynamodb.TableCloud.HOME;
import static io.clouddb.aws.dynamodb.TableCloud.index;
import static io.clouddb.aws.dynamodb.TableCloud.plain;
import static io.clouddb.aws.dynamodb.TableCloud.scaled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.OperationState;
import io.clouddb.table.Capacity;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexProjection;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableHost;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import io.clouddb.table.Writes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsDescription;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;

/** What the plan says of each field, without any cloud. */
class TablePlanTest {
  private static final TableFields FIELDS = new TableFields("aws", HOME);

  private static GlobalTableSpec.Builder strong() {
    return plain("strong")
        .region(HOME)
        .region("us-east-2")
        .region("us-west-2")
        .consistency(TableConsistency.GLOBAL);
  }

  private static Throughput fixed() {
    return Throughput.reads(Capacity.fixed(5)).writes(Capacity.fixed(5));
  }

  private static IndexSpec local(String name) {
    return IndexSpec.of(name, Key.partition("pk", KeyType.STRING).sort(name + "sk", KeyType.STRING))
        .local();
  }

  private static GlobalTableSpec many(int global, int locals) {
    GlobalTableSpec.Builder spec = plain("many");
    IntStream.range(0, global).forEach(at -> spec.index(index("gsi" + at)));
    IntStream.range(0, locals).forEach(at -> spec.index(local("lsi" + at)));
    return spec.build();
  }

  private static GlobalTableSpec projecting(int indexes, int attributes) {
    GlobalTableSpec.Builder spec = plain("app");
    IntStream.range(0, indexes)
        .forEach(
            at ->
                spec.index(
                    index("gsi" + at)
                        .projecting(
                            IndexProjection.include(
                                IntStream.range(0, attributes)
                                    .mapToObj(one -> "a" + one)
                                    .toArray(String[]::new)))));
    return spec.build();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("host", plain("app").host(TableHost.named("shop")).build(), "unset"),
        Arguments.of("indexes", many(21, 0), "at most 20"),
        Arguments.of("local-indexes", many(0, 6), "at most 5"),
        Arguments.of("local-indexes", strong().index(local("lsi")).build(), "no local indexes"),
        Arguments.of("index-projection", projecting(6, 20), "at most 100"),
        Arguments.of("index-projection", projecting(1, 21), "at most 20"),
        Arguments.of(
            "index-projection",
            plain("app")
                .index(index("gsi1").projecting(IndexProjection.include("a".repeat(256))))
                .build(),
            "256 characters"),
        Arguments.of(
            "throughput",
            plain("app")
                .throughput(
                    Throughput.reads(Capacity.autoscale(1, Integer.MAX_VALUE + 1L))
                        .writes(Capacity.fixed(1)))
                .build(),
            "does not scale by"),
        Arguments.of("regions", plain("app").region(AWAY).build(), "in(\"eu-west-1\")"),
        Arguments.of(
            "regions", plain("app").region(HOME).region("cn-north-1").build(), "partition"),
        Arguments.of(
            "encryption-key",
            plain("app").region(TableRegion.of(HOME).key("k")).region(AWAY).build(),
            "there is none for eu-west-1"),
        Arguments.of(
            "encryption-key",
            plain("app")
                .region(TableRegion.of(HOME).key("arn:aws:kms:eu-west-1:123456789012:key/k"))
                .build(),
            "of another region"),
        Arguments.of(
            "consistency", plain("app").consistency(TableConsistency.GLOBAL).build(), "three"),
        Arguments.of(
            "consistency",
            plain("app")
                .region(HOME)
                .region("us-east-2")
                .region(AWAY)
                .consistency(TableConsistency.GLOBAL)
                .build(),
            "sets of regions"),
        Arguments.of("consistency", strong().region("ca-central-1").build(), "three"),
        Arguments.of(
            "throughput",
            plain("app").region(HOME).region(AWAY).throughput(fixed()).build(),
            "autoscale"),
        Arguments.of(
            "index-throughput",
            plain("app")
                .index(index("gsi1").throughput(Throughput.onDemand()))
                .throughput(fixed())
                .build(),
            "cannot be alone"),
        Arguments.of(
            "index-throughput",
            plain("app")
                .index(index("gsi1").throughput(fixed()))
                .region(HOME)
                .region(AWAY)
                .throughput(Throughput.reads(scaled(9)).writes(scaled(9)))
                .build(),
            "those of gsi1 are fixed"),
        Arguments.of(
            "time-to-live",
            plain("app").timeToLive(TimeToLive.after(Duration.ofDays(1))).build(),
            "TimeToLive.at(attribute)"),
        Arguments.of(
            "time-to-live", strong().timeToLive(TimeToLive.at("e")).build(), "do not expire"),
        Arguments.of(
            "change-feed",
            TableChange.builder().addRegion(TableRegion.of(AWAY)).noChangeFeed().build(),
            "NEW_AND_OLD"),
        Arguments.of(
            "removed-regions",
            TableChange.builder().removeRegion(HOME).build(),
            "region that stays"),
        Arguments.of(
            "encryption-key",
            TableChange.builder().regionKey(AWAY, "a-key").build(),
            "in(\"eu-west-1\")"),
        Arguments.of(
            "added-regions",
            TableChange.builder().addRegion(TableRegion.of(HOME)).build(),
            "already"),
        Arguments.of(
            "throughput",
            TableChange.builder().addRegion(TableRegion.of(AWAY)).throughput(fixed()).build(),
            "autoscale"),
        Arguments.of(
            "removed-tags",
            TableChange.builder().untag(OperationState.CREATION_TAG).build(),
            "which operation made the table"),
        Arguments.of(
            "consistency",
            TableChange.builder().consistency(TableConsistency.GLOBAL).build(),
            "three"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource
  void refused(String field, Specification specification, String text) {
    Plan plan = FIELDS.plan(specification);
    assertThat(plan.entries(Plan.Outcome.REFUSED))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.field().id()).isEqualTo(field);
              assertThat(entry.toString()).contains(text);
              assertThat(entry.alternative()).isNotBlank();
            });
  }

  /** As others may have made it: no spec has more than one attribute of a kind. */
  @Test
  void anIndexWithAKeyOfSeveralAttributesIsNoneOfASpecs() {
    GlobalTableSpec spec = plain("app").index(TableCloud.index("gsi1")).build();
    var request = FIELDS.create(spec).build();
    List<KeySchemaElement> several =
        List.of(element("gsi1pk", "HASH"), element("more", "HASH"), element("gsi1sk", "RANGE"));
    assertThat(Schemas.key(several, request.attributeDefinitions()))
        .isEqualTo(TableCloud.index("gsi1").key());
    assertThat(FIELDS.drift(live(request, several), spec).differences())
        .singleElement()
        .satisfies(
            difference -> {
              assertThat(difference.field().id()).isEqualTo("indexes");
              assertThat(difference.toString()).contains("partition [gsi1pk, more]");
            });
    List<KeySchemaElement> one = request.globalSecondaryIndexes().get(0).keySchema();
    assertThat(FIELDS.drift(live(request, one), spec).differences()).isEmpty();
  }

  private static KeySchemaElement element(String name, String role) {
    return KeySchemaElement.builder().attributeName(name).keyType(role).build();
  }

  private static LiveTable live(CreateTableRequest request, List<KeySchemaElement> ofIndex) {
    TableDescription table =
        TableDescription.builder()
            .tableName(request.tableName())
            .keySchema(request.keySchema())
            .attributeDefinitions(request.attributeDefinitions())
            .billingModeSummary(billing -> billing.billingMode(request.billingMode()))
            .globalSecondaryIndexes(
                GlobalSecondaryIndexDescription.builder()
                    .indexName("gsi1")
                    .keySchema(ofIndex)
                    .projection(projection -> projection.projectionType("ALL"))
                    .build())
            .build();
    return new LiveTable(
        HOME,
        Map.of(
            HOME,
            new LiveTable.Copy(
                table, Map.of(), ContinuousBackupsDescription.builder().build(), Map.of())),
        Map.of(),
        TimeToLiveDescription.builder().build());
  }

  @Test
  void allThatDynamoDbHasIsHonoured() {
    Plan plan =
        FIELDS.plan(TableCloud.whole("app").writes(Writes.ONE_REGION).version("version").build());
    assertThat(plan.entries()).isNotEmpty();
    assertThat(plan.feasible()).as(plan.toString()).isTrue();
    assertThat(plan.toString())
        .contains("counted by this library")
        .contains("this library refuses writes in the other regions");
    assertThat(FIELDS.plan(strong().build()).toString())
        .contains("MultiRegionConsistency = STRONG");
  }

  @Test
  void theRequestHasWhatThePlanSays() {
    var request = FIELDS.create(TableCloud.whole("app").build()).build();
    assertThat(request.billingModeAsString()).isEqualTo("PROVISIONED");
    assertThat(request.provisionedThroughput().readCapacityUnits()).isEqualTo(5);
    assertThat(request.globalSecondaryIndexes()).hasSize(2);
    assertThat(request.globalSecondaryIndexes().get(1).provisionedThroughput().writeCapacityUnits())
        .isEqualTo(5);
    assertThat(request.localSecondaryIndexes()).hasSize(1);
    assertThat(request.attributeDefinitions())
        .extracting(definition -> definition.attributeName())
        .containsExactlyInAnyOrder("pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "other");
    assertThat(request.streamSpecification().streamViewTypeAsString())
        .isEqualTo("NEW_AND_OLD_IMAGES");
    // Set last, so that a creation that fails can be taken back.
    assertThat(request.deletionProtectionEnabled()).isNull();
    assertThat(FIELDS.create(plain("app").build()).build().billingModeAsString())
        .isEqualTo("PAY_PER_REQUEST");
  }

  /** That a region is out, and does not tell its key, is no leave to add one without. */
  @Test
  void whatATableIsAlreadyIsHeldAgainstNoChangeButWhatComesWithItIs() {
    TableFields fields = new TableFields("aws", "us-east-1");
    GlobalTableSpec before =
        TableCloud.plain("app")
            .region(TableRegion.of("us-east-1").key("alias/ours"))
            .region("eu-west-1")
            .region("eu-west-2")
            .build();
    GlobalTableSpec.Builder keyed =
        before.toBuilder().region(TableRegion.of("ap-south-1").key("alias/ours"));
    assertThatCode(() -> fields.requirePossible(before, keyed.build())).doesNotThrowAnyException();
    GlobalTableSpec fewer =
        TableCloud.plain("app")
            .region(TableRegion.of("us-east-1").key("alias/ours"))
            .region("eu-west-1")
            .build();
    assertThatCode(() -> fields.requirePossible(before, fewer)).doesNotThrowAnyException();
    assertThatThrownBy(
            () -> fields.requirePossible(before, before.toBuilder().region("ap-south-1").build()))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("ap-south-1");
  }
}
