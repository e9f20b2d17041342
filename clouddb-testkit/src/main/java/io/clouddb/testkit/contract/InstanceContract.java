/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Native;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Drift;
import io.clouddb.plan.OnDrift;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every provider has to do with managed PostgreSQL instances. A provider proves itself by
 * extending this class, on a simulator or on a real account; instances that a test leaves are
 * deleted after it.
 */
public abstract class InstanceContract {
  private static final int MANY_CPUS = 96;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Made by JUnit.
  private Path folder;

  @SuppressWarnings("NullAway.Init") // Written before each test.
  private SecretRef password;

  private final List<String> created = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // Opened before each test.
  private CloudDb cloud;

  /** Made by JUnit. */
  protected InstanceContract() {}

  /**
   * How to open the cloud. Every configuration that this method gives opens the same cloud.
   *
   * @return a new builder
   */
  protected abstract CloudConfig.Builder config();

  /**
   * The least that a spec needs on this cloud, with {@link #login()} as administrator, the database
   * {@code shop} and a network over which the test can connect.
   *
   * @param name the instance's name
   * @return a new builder
   */
  protected abstract InstanceSpec.Builder spec(String name);

  /**
   * How long a change of an instance takes at most.
   *
   * @return two minutes, unless a subclass says otherwise
   */
  protected Duration limit() {
    return Duration.ofMinutes(2);
  }

  /**
   * The administrator of the instances that the tests create.
   *
   * @return the login
   */
  protected AdminLogin login() {
    return AdminLogin.of("app_admin", password);
  }

  /**
   * How the test itself connects; a subclass may go through a tunnel.
   *
   * @param details what the library says
   * @return where the test connects to
   */
  protected ConnectionDetails reachable(ConnectionDetails details) {
    return details;
  }

  /**
   * Writes a password into a file, where another process could read it too, and opens the cloud.
   *
   * @throws IOException when the file cannot be written
   */
  @BeforeEach
  protected void openCloud() throws IOException {
    Path file = folder.resolve("password");
    Files.writeString(file, "Contract-" + UUID.randomUUID());
    password = SecretRef.file(file);
    cloud = CloudDb.open(config().build());
  }

  /** Deletes what the test has created, and closes the cloud. */
  @AfterEach
  protected void deleteInstances() {
    try {
      for (String name : created) {
        cloud
            .instances()
            .find(name)
            .ifPresent(
                instance -> {
                  if (instance.deletionProtection()) {
                    cloud
                        .instances()
                        .modify(
                            instance.id(),
                            InstanceChange.builder().deletionProtection(false).build())
                        .await(limit());
                  }
                  cloud.instances().delete(instance.id()).await(limit());
                });
      }
    } finally {
      cloud.close();
    }
  }

  /**
   * A name that no other instance has, which is deleted after the test.
   *
   * @return the name
   */
  protected String newName() {
    String name = "ct-" + UUID.randomUUID().toString().substring(0, 12).replace("-", "x");
    created.add(name);
    return name;
  }

  private Instance create(InstanceSpec spec) {
    return cloud.instances().create(spec).await(limit());
  }

  private String query(ConnectionDetails details, String sql) throws SQLException {
    try (Connection connection = reachable(details).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private void execute(ConnectionDetails details, String sql) throws SQLException {
    try (Connection connection = reachable(details).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void createsADatabaseThatTheAdministratorCanUse() throws SQLException {
    InstanceSpec spec = spec(newName()).tag("team", "contract").build();
    Instance instance = create(spec);
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(instance.name()).isEqualTo(spec.name());
    assertThat(instance.engine()).isEqualTo(Engine.POSTGRESQL);
    assertThat(instance.engineVersion()).startsWith(spec.engineVersion());
    assertThat(instance.tags()).containsEntry("team", "contract").hasSize(1);
    assertThat(instance.storageSize()).contains(spec.storage().size());
    ConnectionDetails details = instance.connection();
    assertThat(details.database()).isEqualTo("shop");
    assertThat(details.tls().verifies()).as("the server proves who it is").isTrue();
    execute(details, "CREATE TABLE t (id int PRIMARY KEY)");
    assertThat(query(details, "SELECT current_user")).isEqualTo("app_admin");
    assertThat(query(details, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
        .isEqualTo("t");
  }

  @Test
  void theAdministratorIsNoSuperuser() throws SQLException {
    Instance instance = create(spec(newName()).build());
    assertThat(
            query(
                instance.connection(),
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        .isEqualTo("f");
  }

  @Test
  void findsListsAndGetsWhatIsThere() {
    Instance first = create(spec(newName()).build());
    Instance second = create(spec(newName()).build());
    assertThat(cloud.instances().get(first.id()).id()).isEqualTo(first.id());
    assertThat(cloud.instances().find(second.name())).map(Instance::id).contains(second.id());
    assertThat(cloud.instances().list().stream().map(Instance::id))
        .contains(first.id(), second.id());
    assertThat(ResourceId.parse(first.id().toString())).isEqualTo(first.id());
    assertThat(first.id().nativeId()).isPresent();
  }

  @Test
  void aListGoesOnFromAPageToken() {
    create(spec(newName()).build());
    create(spec(newName()).build());
    List<ResourceId> all = cloud.instances().list().stream().map(Instance::id).toList();
    List<ResourceId> paged = new ArrayList<>();
    String token = null;
    do {
      Page<Instance> page = cloud.instances().list(token).pages().iterator().next();
      page.items().forEach(instance -> paged.add(instance.id()));
      token = page.nextToken();
    } while (token != null);
    assertThat(paged).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    String name = newName();
    assertThat(cloud.instances().find(name)).isEmpty();
    assertThatThrownBy(() -> cloud.instances().get(name))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(name);
    ResourceId id = idOf(name);
    assertThatThrownBy(() -> cloud.instances().delete(id).await(limit()))
        .isInstanceOf(NotFoundException.class);
    InstanceChange change = InstanceChange.builder().tag("a", "b").build();
    assertThatThrownBy(() -> cloud.instances().modify(id, change).await(limit()))
        .isInstanceOf(NotFoundException.class);
  }

  private ResourceId idOf(String name) {
    NotFoundException e =
        catchThrowableOfType(NotFoundException.class, () -> cloud.instances().get(name));
    return ResourceId.parse(e.details().resource().orElseThrow());
  }

  @Test
  void refusesToCreateWhatExists() throws SQLException {
    InstanceSpec spec = spec(newName()).tag("round", "one").build();
    Instance existing = create(spec);
    execute(existing.connection(), "CREATE TABLE kept (id int)");
    assertThatThrownBy(() -> create(spec.toBuilder().tag("round", "two").build()))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(spec.name());
    assertThat(cloud.instances().get(spec.name()).tags()).containsEntry("round", "one");
    assertThat(query(existing.connection(), "SELECT count(*) FROM kept")).isEqualTo("0");
  }

  @Test
  void ensureCreatesOnceAndThenTakesWhatExists() {
    InstanceSpec spec = spec(newName()).build();
    Instance first = cloud.instances().ensure(spec).await(limit());
    Instance second =
        cloud.instances().ensure(spec.toBuilder().tag("more", "tags").build()).await(limit());
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.tags()).doesNotContainKey("more");
    assertThat(second.connection().jdbcUrl()).isEqualTo(first.connection().jdbcUrl());
  }

  @Test
  void ensureRefusesAnotherVersion() {
    InstanceSpec spec = spec(newName()).build();
    create(spec);
    InstanceSpec.Builder other =
        InstanceSpec.builder(spec.name(), Engine.POSTGRESQL, "14")
            .size(spec.size())
            .storage(spec.storage())
            .admin(spec.admin());
    spec.network().ifPresent(other::network);
    assertThatThrownBy(() -> cloud.instances().ensure(other.build()))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("14");
  }

  @Test
  void aPlanSpeaksAboutEveryFieldThatIsAskedFor() {
    InstanceSpec base = spec("planned").build();
    for (InstanceField field : InstanceField.values()) {
      InstanceSpec asking = FieldSamples.asking(base, field);
      Plan plan = cloud.instances().plan(asking);
      assertThat(plan.entries())
          .as("entries for %s", field)
          .extracting(Plan.Entry::field)
          .containsExactlyInAnyOrderElementsOf(asking.fields());
      assertThat(plan.entries(Plan.Outcome.HONOURED))
          .allSatisfy(entry -> assertThat(entry.vendorField()).isNotBlank());
      assertThat(plan.entries(Plan.Outcome.ADJUSTED)).isEmpty();
    }
  }

  @Test
  void aCatalogHasWhatIsMadeHereAndAPlanRefusesWhatItLacks() {
    InstanceSpec spec = spec("planned").build();
    Catalog catalog = cloud.instances().catalog(spec.engine());
    assertThat(catalog.sizes()).isNotEmpty();
    assertThat(catalog.offers(spec.engineVersion())).as("%s", catalog).isTrue();
    assertThat(cloud.instances().plan(spec, catalog).feasible()).isTrue();
    // Whatever create would choose for the least of something, the cloud has it.
    for (int cpus = 1; cpus <= MANY_CPUS; cpus++) {
      for (int gib = cpus; gib <= cpus * 8; gib = gib + cpus) {
        InstanceSpec least =
            spec.toBuilder().size(InstanceSize.atLeast(cpus, DataSize.gib(gib))).build();
        assertThat(cloud.instances().plan(least, catalog).feasible())
            .as("%s", least.size())
            .isEqualTo(cloud.instances().plan(least).feasible());
      }
    }
    List<InstanceSpec> possible = new ArrayList<>();
    for (CatalogSize size : catalog.sizes()) {
      InstanceSpec named = spec.toBuilder().size(size.toSize()).build();
      Plan plan = cloud.instances().plan(named, catalog);
      assertThat(plan.toString()).doesNotContain("has no size");
      if (plan.feasible()) {
        possible.add(named);
      }
    }
    assertThat(possible).as("sizes of the catalog that can be had").isNotEmpty();
    InstanceSpec listed = possible.get(0);
    Catalog empty =
        Catalog.builder(catalog.provider(), catalog.location(), spec.engine(), catalog.readAt())
            .build();
    Plan plan = cloud.instances().plan(listed, empty);
    assertThat(plan.entries(Plan.Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactlyInAnyOrder(InstanceField.SIZE, InstanceField.ENGINE_VERSION);
    assertThatThrownBy(plan::orThrow)
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(catalog.location())
        .hasMessageContaining(listed.size().toString());
    assertThatThrownBy(() -> cloud.instances().catalog(new Engine("no-such-engine")))
        .isInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void capabilitiesAndPlansSayTheSame() {
    InstanceSpec base = spec("planned").build();
    FeatureContext postgres = FeatureContext.of(Engine.POSTGRESQL);
    for (InstanceField field : InstanceField.values()) {
      Support support = cloud.capabilities().supports(Feature.of(field), postgres);
      Plan.Outcome outcome =
          cloud.instances().plan(FieldSamples.asking(base, field)).entries().stream()
              .filter(entry -> entry.field() == field)
              .findFirst()
              .orElseThrow()
              .outcome();
      switch (support.answer()) {
        case YES -> assertThat(outcome).as("%s", field).isEqualTo(Plan.Outcome.HONOURED);
        case NO -> {
          assertThat(outcome).as("%s", field).isEqualTo(Plan.Outcome.REFUSED);
          assertThat(support.reason()).as("reason for %s", field).isNotBlank();
        }
        case CONDITIONAL -> assertThat(support.reason()).as("%s", field).isNotBlank();
      }
    }
    assertThat(cloud.capabilities().supports(new Feature("no.such.feature"), postgres).answer())
        .isEqualTo(Support.Answer.NO);
  }

  /** All that a cloud honours, as far as one spec can ask for it. */
  private InstanceSpec askingForEverything(String name) {
    InstanceSpec all = spec(name).build();
    // The samples below have one part of a policy each, and would take the others away.
    InstanceSpec safe =
        all.toBuilder()
            .availability(Availability.REGIONAL)
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7).withPointInTime())
            .build();
    if (cloud.instances().plan(safe).feasible()) {
      all = safe;
    }
    for (InstanceField field : InstanceField.values()) {
      InstanceSpec more = FieldSamples.asking(all, field).toBuilder().admin(all.admin()).build();
      if (more.fields().containsAll(all.fields()) && cloud.instances().plan(more).feasible()) {
        all = more;
      }
    }
    return all;
  }

  @Test
  void whatWasAskedForIsWhatIsThereTheDriftOfANewInstanceIsEmpty() {
    InstanceSpec spec = askingForEverything(newName());
    create(spec);
    Drift drift = cloud.instances().drift(spec);
    assertThat(drift.differences()).isEmpty();
    assertThat(drift.unknown())
        .as("a password is told by nobody")
        .extracting(Drift.Difference::field)
        .isSubsetOf(InstanceField.ADMIN_LOGIN, InstanceField.ADMIN_MANAGED_PASSWORD);
    assertThat(cloud.instances().ensure(spec, OnDrift.FAIL).await(limit()).name())
        .isEqualTo(spec.name());
  }

  @Test
  void whatDiffersFromItsSpecIsNamedKeptOrChanged() {
    InstanceSpec spec = spec(newName()).tag("team", "contract").build();
    create(spec);
    InstanceSpec other = spec.toBuilder().tag("team", "other").build();
    assertThat(cloud.instances().drift(other).differences())
        .extracting(Drift.Difference::field)
        .containsExactly(InstanceField.TAGS);
    assertThatThrownBy(() -> cloud.instances().ensure(other, OnDrift.FAIL))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(InstanceField.TAGS.id());
    assertThat(cloud.instances().ensure(other, OnDrift.KEEP).await(limit()).tags())
        .containsEntry("team", "contract");
    assertThat(cloud.instances().ensure(other, OnDrift.APPLY).await(limit()).tags())
        .containsEntry("team", "other");
    assertThat(cloud.instances().drift(other).isEmpty()).isTrue();
    InstanceSpec missing = spec(newName()).build();
    assertThatThrownBy(() -> cloud.instances().drift(missing))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void refusesByNameBeforeAnythingHappens() {
    for (InstanceField field : InstanceField.values()) {
      String name = newName();
      InstanceSpec asking = FieldSamples.asking(spec(name).build(), field);
      Plan plan = cloud.instances().plan(asking);
      if (plan.feasible()) {
        continue;
      }
      assertThatThrownBy(() -> cloud.instances().create(asking))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining(plan.entries(Plan.Outcome.REFUSED).get(0).field().id());
      assertThat(cloud.instances().find(name)).isEmpty();
    }
  }

  @Test
  void anotherProcessGoesOnWithACreationByItsToken() throws SQLException {
    InstanceSpec spec = spec(newName()).build();
    String token;
    try (CloudDb first = CloudDb.open(config().build())) {
      token = first.instances().create(spec).token();
    }
    assertThat(token).doesNotContain(password.resolve());
    try (CloudDb other = CloudDb.open(config().build())) {
      Instance instance = other.operations().resume(token, Instance.class).await(limit());
      assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
      ConnectionDetails details = instance.connection(login()).toBuilder().database("shop").build();
      assertThat(query(details, "SELECT current_database()")).isEqualTo("shop");
    }
  }

  @Test
  void aTokenOfAnotherCloudIsRefused() {
    Operation<Instance> operation = cloud.instances().create(spec(newName()).build());
    operation.await(limit());
    String token = operation.token();
    assertThatThrownBy(() -> cloud.operations().resume(token, ResourceId.class))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> cloud.operations().resume(token + "x{", Instance.class))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> cloud.operations().resume("nonsense", Instance.class))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void aDeadlineLeavesTheWorkGoingOn() {
    Operation<Instance> operation = cloud.instances().create(spec(newName()).build());
    try {
      operation.await(Duration.ofNanos(1));
      // A cloud may be done before it is asked.
      assertThat(operation.status()).isEqualTo(Operation.Status.SUCCEEDED);
    } catch (DeadlineException e) {
      assertThat(e.details().resource()).contains(operation.resource().toString());
    }
    assertThat(operation.await(limit()).state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(operation.status()).isEqualTo(Operation.Status.SUCCEEDED);
  }

  @Test
  void closingFailsWhatIsAwaitedAndLeavesTheWorkGoingOn() {
    String name = newName();
    CloudDb other = CloudDb.open(config().build());
    Operation<Instance> operation = other.instances().create(spec(name).build());
    String token = operation.token();
    other.close();
    if (operation.status() == Operation.Status.FAILED) {
      assertThatThrownBy(() -> operation.toCompletableFuture().join())
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              CloudDbException.class, e -> assertThat(e.details().operationToken()).isPresent());
    }
    Instance found = cloud.operations().resume(token, Instance.class).await(limit());
    assertThat(found.name()).isEqualTo(name);
    assertThat(found.state()).isEqualTo(InstanceState.AVAILABLE);
  }

  @Test
  void modifiesWhatIsAskedForAndNothingElse() throws SQLException {
    Instance before = create(spec(newName()).tag("team", "contract").build());
    execute(before.connection(), "CREATE TABLE kept (id int)");
    DataSize larger = DataSize.gib(before.storageSize().orElseThrow().toGibExact() * 2);
    SecretRef newPassword = SecretRef.literal("Changed-" + UUID.randomUUID());
    Instance after =
        cloud
            .instances()
            .modify(
                before.id(),
                InstanceChange.builder()
                    .storageSize(larger)
                    .tag("stage", "two")
                    .adminPassword(newPassword)
                    .build())
            .await(limit());
    assertThat(after.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(after.storageSize()).contains(larger);
    assertThat(after.tags()).containsEntry("team", "contract").containsEntry("stage", "two");
    assertThat(after.nativeSize()).isEqualTo(before.nativeSize());
    ConnectionDetails details =
        after.connection(AdminLogin.of("app_admin", newPassword)).toBuilder()
            .database("shop")
            .build();
    assertThat(query(details, "SELECT count(*) FROM kept")).isEqualTo("0");
    assertThatThrownBy(() -> query(before.connection(), "SELECT 1"))
        .isInstanceOf(SQLException.class)
        .hasMessageNotContaining(password.resolve());
  }

  @Test
  void logicalReplicationIsOffUntilItIsAskedFor() throws SQLException {
    Instance instance = create(spec(newName()).build());
    ConnectionDetails details = instance.connection();
    assertThat(query(details, "SHOW wal_level")).isNotEqualTo("logical");
    cloud
        .instances()
        .modify(instance.id(), InstanceChange.builder().logicalReplication(true).build())
        .await(limit());
    assertThat(query(details, "SHOW wal_level")).isEqualTo("logical");
    assertThat(
            query(
                details,
                "SELECT slot_name FROM pg_create_logical_replication_slot('s', 'pgoutput')"))
        .isEqualTo("s");
    execute(details, "SELECT pg_drop_replication_slot('s')");
  }

  @Test
  void logicalReplicationIsOnFromTheStartWhenTheSpecAsksForIt() throws SQLException {
    Instance instance = create(spec(newName()).logicalReplication(true).build());
    assertThat(query(instance.connection(), "SHOW wal_level")).isEqualTo("logical");
  }

  @Test
  void parametersTakeEffect() throws SQLException {
    Instance instance = create(spec(newName()).parameter("max_connections", "77").build());
    assertThat(query(instance.connection(), "SHOW max_connections")).isEqualTo("77");
  }

  @Test
  void stopsAndStartsWithItsData() throws SQLException {
    Support stop =
        cloud.capabilities().supports(Feature.INSTANCE_STOP, FeatureContext.of(Engine.POSTGRESQL));
    assertThat(stop.answer()).isNotEqualTo(Support.Answer.NO);
    Instance instance = create(spec(newName()).build());
    ConnectionDetails details = instance.connection();
    execute(details, "CREATE TABLE kept AS SELECT 42 AS answer");
    Instance stopped = cloud.instances().stop(instance.id()).await(limit());
    assertThat(stopped.state()).isEqualTo(InstanceState.STOPPED);
    assertThatThrownBy(() -> query(details, "SELECT 1")).isInstanceOf(SQLException.class);
    Instance started = cloud.instances().start(instance.id()).await(limit());
    assertThat(started.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(query(details, "SELECT answer FROM kept")).isEqualTo("42");
  }

  @Test
  void deletesWithItsData() {
    Instance instance = create(spec(newName()).build());
    ConnectionDetails details = instance.connection();
    ResourceId gone = cloud.instances().delete(instance.id()).await(limit());
    assertThat(gone).isEqualTo(instance.id());
    assertThat(cloud.instances().find(instance.name())).isEmpty();
    assertThatThrownBy(() -> query(details, "SELECT 1")).isInstanceOf(SQLException.class);
  }

  @Test
  void deletionProtectionProtects() {
    Feature protection = Feature.of(InstanceField.DELETION_PROTECTION);
    Support support =
        cloud.capabilities().supports(protection, FeatureContext.of(Engine.POSTGRESQL));
    if (support.answer() == Support.Answer.NO) {
      // capabilitiesAndPlansSayTheSame has shown that it is refused, and why.
      return;
    }
    Instance instance = create(spec(newName()).deletionProtection(true).build());
    assertThat(instance.deletionProtection()).isTrue();
    assertThatThrownBy(() -> cloud.instances().delete(instance.id()).await(limit()))
        .isInstanceOf(ConditionFailedException.class);
    assertThat(cloud.instances().get(instance.id()).state()).isEqualTo(InstanceState.AVAILABLE);
    cloud
        .instances()
        .modify(instance.id(), InstanceChange.builder().deletionProtection(false).build())
        .await(limit());
    cloud.instances().delete(instance.id()).await(limit());
    assertThat(cloud.instances().find(instance.name())).isEmpty();
  }

  @Test
  void refusesToCustomizeWhatItDoesNotBuild() {
    String name = newName();
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .create(
                        spec(name).build(),
                        Native.customize(StringBuilder.class, b -> b.append(1))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("accepted are");
    assertThat(cloud.instances().find(name)).isEmpty();
  }

  @Test
  void refusesToUnwrapWhatItIsNot() {
    assertThatThrownBy(() -> cloud.unwrap(StringBuilder.class))
        .isInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void refusesAnIdOfAnotherCloud() {
    ResourceId foreign = ResourceId.of("elsewhere", "1", "nowhere", "instance", "orders");
    assertThatThrownBy(() -> cloud.instances().get(foreign))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> cloud.instances().delete(foreign))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void refusesAnUnknownProperty() {
    assertThatThrownBy(() -> CloudDb.open(config().property("colour", "blue").build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("colour");
  }

  @Test
  void severalInstancesAreMadeAtTheSameTime() {
    List<Operation<Instance>> operations =
        Arrays.asList(
            cloud.instances().create(spec(newName()).build()),
            cloud.instances().create(spec(newName()).build()),
            cloud.instances().create(spec(newName()).build()));
    Set<String> addresses = new java.util.HashSet<>();
    for (Operation<Instance> operation : operations) {
      addresses.add(operation.await(limit()).connection().jdbcUrl());
    }
    assertThat(addresses).hasSize(operations.size());
  }
}
