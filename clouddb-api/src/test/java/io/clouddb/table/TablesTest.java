/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationLog;
import io.clouddb.operation.UnfinishedOperation;
import io.clouddb.plan.Drift;
import io.clouddb.plan.OnDrift;
import io.clouddb.spi.table.TableDriver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Key KEY = Key.partition("pk", KeyType.STRING);
  private static final GlobalTableSpec SPEC = GlobalTableSpec.builder("app", KEY).build();

  private final TablesProvider provider = new TablesProvider();
  private final CloudDb cloud = provider.open(config -> config.trustTokens(true));
  private final Tables tables = cloud.tables();

  @AfterEach
  void close() {
    cloud.close();
  }

  private static Drift.Difference different(TableField field) {
    return new Drift.Difference(field, Drift.State.DIFFERENT, "field", "this", "that");
  }

  @Test
  void makesFindsListsAndDeletes() {
    TableDescription made = tables.create(SPEC).await(LIMIT);
    assertThat(made.id()).hasToString("clouddb:model:one:global:table:app");
    assertThat(tables.get("app").spec()).isEqualTo(SPEC);
    assertThat(tables.list()).containsExactly(made.id());
    assertThat(cloud.in("west").tables().get(made.id()).id()).isEqualTo(made.id());
    assertThatThrownBy(() -> tables.create(SPEC)).isInstanceOf(AlreadyExistsException.class);
    assertThat(cloud.in("west").tables().delete(made.id()).await(LIMIT)).isEqualTo(made.id());
    assertThat(tables.find("app")).isEmpty();
    assertThatThrownBy(() -> tables.get("app"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no table app");
    assertThatThrownBy(() -> tables.get(made.id())).isInstanceOf(NotFoundException.class);
  }

  @Test
  void goesOnOnlyWhereItWasBegun() {
    Operation<TableDescription> made = cloud.in("west").tables().create(SPEC);
    String token = made.token();
    made.await(LIMIT);
    assertThatThrownBy(() -> cloud.operations().resume(token, TableDescription.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("The token is for 'model:west', this cloud is model:east")
        .hasMessageContaining("cloud.in('west')");
    assertThat(
            cloud.in("west").operations().resume(token, TableDescription.class).await(LIMIT).spec())
        .isEqualTo(SPEC);
  }

  @Test
  void isListedAmongTheUnfinishedWhereItWasBegun(@TempDir Path folder) {
    provider.request = ErrorDetails.of(ErrorCategory.AUTHENTICATION, "expired").toException();
    OperationLog log = OperationLog.directory(folder);
    try (CloudDb killed = provider.open(config -> config.operationLog(log))) {
      Operation<TableDescription> begun = killed.in("west").tables().create(SPEC);
      assertThatThrownBy(() -> begun.await(LIMIT)).hasMessageContaining("expired");
    }
    provider.request = null;
    try (CloudDb next = provider.open(config -> config.operationLog(log))) {
      assertThat(next.operations().unfinished()).isEmpty();
      List<UnfinishedOperation> left = next.in("west").operations().unfinished();
      assertThat(left)
          .extracting(UnfinishedOperation::kind)
          .containsExactly(TableDriver.CREATE.id());
      assertThat(left.get(0).resume(TableDescription.class).await(LIMIT).spec()).isEqualTo(SPEC);
      assertThat(next.in("west").operations().unfinished()).isEmpty();
    }
  }

  @Test
  void refusesAnIdOfSomethingElse() {
    for (ResourceId id :
        List.of(
            ResourceId.of("model", "two", ResourceId.GLOBAL, "table", "app"),
            ResourceId.of("model", "one", "east", "table", "app"),
            ResourceId.of("model", "one", ResourceId.GLOBAL, "instance", "app"),
            ResourceId.of("aws", "one", ResourceId.GLOBAL, "table", "app"))) {
      assertThatThrownBy(() -> tables.get(id))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("not of this cloud");
      assertThatThrownBy(() -> tables.delete(id)).isInstanceOf(InvalidArgumentException.class);
    }
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .get(ResourceId.of("model", "one", ResourceId.GLOBAL, "instance", "app")))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void refusesWhatThePlanRefuses() {
    GlobalTableSpec refused = SPEC.toBuilder().tableClass(TableClass.STANDARD).build();
    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> tables.create(refused),
            () -> tables.ensure(refused),
            () -> tables.open(refused),
            () ->
                tables.modify(
                    ResourceId.of("model", "one", ResourceId.GLOBAL, "table", "app"),
                    TableChange.builder().tableClass(TableClass.STANDARD).build()))) {
      assertThatThrownBy(call)
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("table-class");
    }
    assertThat(provider.specs).isEmpty();
  }

  @Test
  void ensures() {
    assertThat(tables.ensure(SPEC).await(LIMIT).spec()).isEqualTo(SPEC);
    provider.drift = List.of(different(TableField.DELETION_PROTECTION));
    assertThat(tables.ensure(SPEC).await(LIMIT).spec()).isEqualTo(SPEC);
    assertThatThrownBy(() -> tables.ensure(SPEC, OnDrift.FAIL))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("deletion-protection");
    GlobalTableSpec wanted = SPEC.toBuilder().deletionProtection(true).build();
    tables.ensure(wanted, OnDrift.APPLY).await(LIMIT);
    assertThat(provider.changes.get("app"))
        .isEqualTo(TableChange.builder().deletionProtection(true).build());
    provider.drift = List.of(different(TableField.DELETION_PROTECTION), different(TableField.HOST));
    assertThatThrownBy(() -> tables.ensure(wanted, OnDrift.APPLY))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("host")
        .hasMessageNotContaining("deletion-protection");
    assertThatThrownBy(
            () ->
                tables.ensure(
                    GlobalTableSpec.builder("app", Key.partition("other", KeyType.STRING)).build()))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("other STRING");
  }

  /** The spec that was found is as this region has it, and says nothing of the others. */
  @Test
  void appliesWhatDiffersInAnotherRegionAlone() {
    Throughput own = Throughput.reads(Capacity.fixed(3)).writes(Capacity.fixed(3));
    GlobalTableSpec wanted =
        SPEC.toBuilder()
            .throughput(Throughput.reads(Capacity.fixed(1)).writes(Capacity.fixed(1)))
            .index(IndexSpec.of("gsi", Key.partition("other", KeyType.STRING)).throughput(own))
            .tag("team", "shop")
            .build();
    tables.create(wanted).await(LIMIT);
    provider.drift = List.of(different(TableField.TAGS), different(TableField.INDEX_THROUGHPUT));
    tables.ensure(wanted, OnDrift.APPLY).await(LIMIT);
    assertThat(provider.changes.get("app"))
        .isEqualTo(TableChange.builder().tag("team", "shop").indexThroughput("gsi", own).build());
  }

  @Test
  void waitsForOneThatIsMadeByOthers() {
    provider.specs.put("app", SPEC);
    provider.status = TableStatus.CREATING;
    Operation<TableDescription> ensured = tables.ensure(SPEC);
    assertThat(ensured.status()).isEqualTo(Operation.Status.RUNNING);
    provider.status = TableStatus.ACTIVE;
    assertThat(ensured.await(LIMIT).status()).isEqualTo(TableStatus.ACTIVE);
    provider.status = TableStatus.INACCESSIBLE;
    assertThatThrownBy(() -> tables.ensure(SPEC).await(LIMIT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("INACCESSIBLE");
  }

  @Test
  void changesTowardsASpec() {
    IndexSpec a = IndexSpec.of("aaa", Key.partition("a", KeyType.STRING));
    IndexSpec b = IndexSpec.of("bbb", Key.partition("b", KeyType.STRING));
    IndexSpec other = IndexSpec.of("aaa", Key.partition("x", KeyType.STRING));
    GlobalTableSpec there =
        SPEC.toBuilder().index(a).region("east").region("west").tag("k", "1").tag("o", "1").build();
    GlobalTableSpec wanted =
        SPEC.toBuilder()
            .index(b)
            .region(TableRegion.of("east").key("mine"))
            .region("north")
            .tag("k", "2")
            .build();
    TowardsSpec towards = new TowardsSpec(wanted, there);
    assertThat(
            towards.change(
                List.of(
                    TableField.INDEXES,
                    TableField.REGIONS,
                    TableField.ENCRYPTION_KEY,
                    TableField.TAGS)))
        .isEqualTo(
            TableChange.builder()
                .addIndex(b)
                .removeIndex("aaa")
                .addRegion(TableRegion.of("north"))
                .removeRegion("west")
                .regionKey("east", "mine")
                .tag("k", "2")
                .build());
    assertThat(towards.canChange(TableField.KEY)).isFalse();
    assertThat(towards.canChange(TableField.INDEXES)).isTrue();
    // With an index that is added; never of one that is there.
    assertThat(towards.canChange(TableField.INDEX_PROJECTION)).isTrue();
    assertThat(towards.change(List.of(TableField.INDEXES, TableField.INDEX_PROJECTION)))
        .isEqualTo(towards.change(List.of(TableField.INDEXES)));
    assertThat(
            new TowardsSpec(SPEC.toBuilder().index(other).build(), there)
                .canChange(TableField.INDEXES))
        .isFalse();
    // Made with the table, or anew: one that is added beside it does not bring it.
    GlobalTableSpec sorted =
        GlobalTableSpec.builder("app", KEY.sort("s", KeyType.STRING)).index(a).build();
    IndexSpec local = IndexSpec.of("lll", KEY.sort("l", KeyType.STRING)).local();
    IndexSpec projected = a.projecting(IndexProjection.keysOnly());
    GlobalTableSpec more = sorted.toBuilder().index(b).build();
    assertThat(new TowardsSpec(more, sorted).canChange(TableField.INDEXES)).isTrue();
    for (GlobalTableSpec no :
        List.of(
            more.toBuilder().index(local).build(),
            GlobalTableSpec.builder("app", sorted.key()).index(projected).index(b).build())) {
      assertThat(new TowardsSpec(no, sorted).canChange(TableField.INDEXES)).isFalse();
    }
    // What differs of an index that is there with its key is nothing that a change can say.
    assertThat(
            new TowardsSpec(there.toBuilder().tag("k", "2").build(), there)
                .canChange(TableField.INDEXES))
        .isFalse();
  }

  @Test
  void saysThatACloudHasNone() {
    provider.tables = false;
    CloudDb gcp = new TablesProvider("gcp").open();
    assertThatThrownBy(() -> tables.open(SPEC))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("no tables on model")
        .hasMessageContaining("clouddb:aws");
    assertThatThrownBy(() -> tables.create(SPEC)).isInstanceOf(UnsupportedFeatureException.class);
    assertThatThrownBy(tables::list).isInstanceOf(UnsupportedFeatureException.class);
    gcp.close();
  }

  @Test
  void opensNothingOnceTheCloudIsClosed() {
    Table table = tables.open(SPEC);
    cloud.close();
    assertThatThrownBy(() -> tables.open(SPEC)).hasMessageContaining("closed");
    assertThatThrownBy(() -> table.get(ItemKey.of("a"))).hasMessageContaining("closed");
    assertThatThrownBy(() -> table.async().get(ItemKey.of("a"))).hasMessageContaining("closed");
  }
}
