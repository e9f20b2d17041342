/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every feature of replicas, done: each field of a spec is asked for and read back from what was
 * made, and each form of promotion is made, or refused before anything happens. What the
 * capabilities claim has to be what was seen. Where the system property {@code
 * clouddb.testkit.features} names a folder, the outcome is written there as {@code
 * PROVIDER-replicas.jsonl}.
 */
public abstract class ReplicaFeaturesContract {
  private static final FeatureContext POSTGRES = FeatureContext.of(Engine.POSTGRESQL);
  private static final Set<ReplicaField> PROMOTIONS =
      Set.of(
          ReplicaField.STANDALONE,
          ReplicaField.STANDALONE_FORCED,
          ReplicaField.SWITCHOVER,
          ReplicaField.SWITCHOVER_FORCED);

  private final AdminLogin login =
      AdminLogin.of("app_admin", SecretRef.literal("Contract-" + UUID.randomUUID()));

  /** Replicas stand before their sources. */
  private final List<Instance> created = new ArrayList<>();

  private @Nullable Instance current;
  private @Nullable InstanceSpec currentSpec;
  private int names;

  @SuppressWarnings("NullAway.Init") // Opened before each test.
  private CloudDb home;

  /** Made by JUnit. */
  protected ReplicaFeaturesContract() {}

  /**
   * How to open the cloud.
   *
   * @return a new builder
   */
  protected abstract CloudConfig.Builder config();

  /**
   * A region beside the one of {@link #config()}.
   *
   * @return its name
   */
  protected abstract String otherRegion();

  /**
   * The least that an instance needs to have replicas that ask for a field, or are promoted so, in
   * both regions.
   *
   * @param name the instance's name
   * @param admin its administrator
   * @param field the field, or the form of promotion
   * @return a new builder
   */
  protected abstract InstanceSpec.Builder source(String name, AdminLogin admin, ReplicaField field);

  /**
   * The least that a replica in the other region needs.
   *
   * @param name its name
   * @return a spec that asks for nothing, unless a subclass says otherwise
   */
  protected ReplicaSpec farReplica(String name) {
    return ReplicaSpec.named(name);
  }

  /**
   * A spec that asks for a field, with a value that this cloud honours where it honours one.
   *
   * @param base what is asked for beside it
   * @param field the field
   * @return the spec
   */
  protected ReplicaSpec asking(ReplicaSpec base, ReplicaField field) {
    return ReplicaSamples.asking(base, field);
  }

  /**
   * What the provider says that it can do, and this contract cannot have it do here.
   *
   * @return why not, by the field
   */
  protected Map<ReplicaField, String> untried() {
    return Map.of();
  }

  /**
   * How long a change of an instance takes at most.
   *
   * @return two minutes, unless a subclass says otherwise
   */
  protected Duration limit() {
    return Duration.ofMinutes(2);
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

  @BeforeEach
  void openCloud() {
    home = CloudDb.open(config().build());
  }

  /** Deletes what the test has created, and closes the cloud. */
  @AfterEach
  void deleteInstances() {
    try {
      deleteAll();
    } finally {
      home.close();
    }
  }

  private CloudDb cloudOf(Instance instance) {
    return home.in(instance.id().location());
  }

  private void deleteAll() {
    // What has changed places is no longer in its order: replicas go first.
    List<Instance> all = new ArrayList<>(created);
    all.sort((a, b) -> Boolean.compare(isAlone(a), isAlone(b)));
    all.forEach(this::delete);
    created.clear();
    current = null;
  }

  private boolean isAlone(Instance instance) {
    return cloudOf(instance).replicas().find(instance.name()).isEmpty();
  }

  private void delete(Instance instance) {
    CloudDb cloud = cloudOf(instance);
    if (cloud.instances().find(instance.name()).isEmpty()) {
      return;
    }
    if (cloud.instances().get(instance.name()).deletionProtection()) {
      InstanceChange open = InstanceChange.builder().deletionProtection(false).build();
      cloud.instances().modify(instance.id(), open).await(limit());
    }
    cloud.instances().delete(instance.id()).await(limit());
  }

  private String newName() {
    return "fr-" + UUID.randomUUID().toString().substring(0, 8).replace("-", "x") + "-" + names++;
  }

  @Test
  void doesWhatItSaysOfEveryFeature() throws IOException, SQLException {
    FeatureRecord seen = FeatureRecord.of(config().build().provider(), "replicas");
    for (ReplicaField field : ReplicaField.values()) {
      String untried = untried().get(field);
      if (untried != null) {
        seen.untried(Feature.of(field).id(), claim(field), untried);
      } else if (!PROMOTIONS.contains(field)) {
        askFor(field, seen);
      }
    }
    promote(Promotion.standalone(), seen);
    promote(Promotion.forced(), seen);
    changePlacesAndBackByForce(seen);
    useOne(seen);
    seen.write();
  }

  private Support claim(ReplicaField field) {
    return home.capabilities().supports(Feature.of(field), POSTGRES);
  }

  private static Plan.Entry entry(Plan plan, ReplicaField field) {
    return plan.entries().stream()
        .filter(entry -> entry.field() == field)
        .findFirst()
        .orElseThrow(() -> new AssertionError("Nothing is said of " + field + " in " + plan));
  }

  /** The source that there is, where it is one for this field as well; or else a new one. */
  private Instance sourceFor(ReplicaField field) {
    if (current == null
        || currentSpec == null
        || !source(current.name(), login, field).build().equals(currentSpec)) {
      deleteAll();
      InstanceSpec spec = source(newName(), login, field).build();
      Instance source = home.instances().create(spec).await(limit());
      created.add(source);
      currentSpec = spec;
      current = source;
      return source;
    }
    return current;
  }

  /** In the source's region, or else in the other one. */
  private void askFor(ReplicaField field, FeatureRecord seen) {
    Instance source = sourceFor(field);
    ReplicaSpec spec = asking(ReplicaSpec.named(newName()), field);
    CloudDb cloud = home;
    if (preferring(cloud, source, spec).isEmpty()) {
      cloud = home.in(otherRegion());
      spec = asking(farReplica(newName()), field);
    }
    Optional<ReplicaSpec> taken = preferring(cloud, source, spec);
    if (taken.isPresent()) {
      Instance replica = cloud.replicas().create(source.id(), taken.get()).await(limit());
      created.add(0, replica);
      isWhatWasAskedFor(
          cloud, source, taken.get(), source(source.name(), login, field).build(), field);
      delete(replica);
      created.remove(replica);
    } else {
      isRefused(cloud, source, spec, field);
    }
    Plan plan = cloud.replicas().plan(source.id(), taken.orElse(spec));
    seen.seen(Feature.of(field).id(), claim(field), entry(plan, field));
  }

  /** What cannot be as it is asked for is only preferred; empty when that is refused, too. */
  private static Optional<ReplicaSpec> preferring(
      CloudDb cloud, Instance source, ReplicaSpec spec) {
    ReplicaField[] refused =
        cloud.replicas().plan(source.id(), spec).entries(Plan.Outcome.REFUSED).stream()
            .map(entry -> (ReplicaField) entry.field())
            .toArray(ReplicaField[]::new);
    return Optional.of(spec.preferring(refused))
        .filter(taken -> cloud.replicas().plan(source.id(), taken).feasible());
  }

  private static void isWhatWasAskedFor(
      CloudDb cloud, Instance source, ReplicaSpec spec, InstanceSpec of, ReplicaField field) {
    Replica replica = cloud.replicas().find(spec.name()).orElseThrow();
    assertThat(replica.source().orElseThrow().name()).isEqualTo(source.name());
    if (field != ReplicaField.SOURCE) {
      Drift drift = cloud.instances().drift(ReplicaSamples.asInstance(spec, of));
      InstanceField same = InstanceField.valueOf(field.name());
      assertThat(drift.differences()).extracting(Drift.Difference::field).doesNotContain(same);
      assertThat(drift.unknown()).extracting(Drift.Difference::field).doesNotContain(same);
    }
  }

  private static void isRefused(
      CloudDb cloud, Instance source, ReplicaSpec spec, ReplicaField field) {
    assertThatThrownBy(() -> cloud.replicas().create(source.id(), spec))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(field.id());
    assertThat(cloud.instances().find(spec.name())).isEmpty();
  }

  /** A replica in the other region, of the only source that there is. */
  private Instance farOf(Instance source) {
    Instance replica =
        home.in(otherRegion()).replicas().create(source.id(), farReplica(newName())).await(limit());
    created.add(0, replica);
    return replica;
  }

  private boolean promises(Instance replica, Promotion promotion, FeatureRecord seen) {
    ReplicaField form = promotion.field();
    CloudDb cloud = cloudOf(replica);
    Plan.Entry entry = entry(cloud.replicas().planPromote(promotion), form);
    seen.seen(Feature.of(form).id(), claim(form), entry);
    if (entry.outcome() == Plan.Outcome.REFUSED) {
      assertThatThrownBy(() -> cloud.replicas().promote(replica.id(), promotion).await(limit()))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining(form.id());
      assertThat(cloud.replicas().find(replica.name())).isPresent();
      return false;
    }
    return true;
  }

  private void promote(Promotion promotion, FeatureRecord seen) throws SQLException {
    Instance replica = farOf(sourceFor(promotion.field()));
    if (promises(replica, promotion, seen)) {
      write(cloudOf(replica).replicas().promote(replica.id(), promotion).await(limit()));
      assertThat(isAlone(replica)).isTrue();
    }
    delete(replica);
    created.remove(replica);
  }

  private void changePlacesAndBackByForce(FeatureRecord seen) throws SQLException {
    Instance source = sourceFor(ReplicaField.SWITCHOVER);
    Instance replica = farOf(source);
    Promotion switchover = Promotion.switchingRoles();
    if (promises(replica, switchover, seen)) {
      write(cloudOf(replica).replicas().promote(replica.id(), switchover).await(limit()));
      assertThat(home.replicas().get(source.id()).source().orElseThrow().name())
          .isEqualTo(replica.name());
    }
    Instance follower = isAlone(replica) ? source : replica;
    Promotion forced = switchover.byForce();
    if (promises(follower, forced, seen)) {
      write(cloudOf(follower).replicas().promote(follower.id(), forced).await(limit()));
      assertThat(isAlone(follower)).isTrue();
    }
    deleteAll();
  }

  private void write(Promoted promoted) throws SQLException {
    ConnectionDetails details =
        promoted.instance().connection(login).toBuilder().database("shop").build();
    try (Connection connection = reachable(details).connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS public.written (id pg_catalog.int4)");
    }
  }

  private void useOne(FeatureRecord seen) {
    Instance source = sourceFor(ReplicaField.NAME);
    Instance replica = farOf(source);
    CloudDb cloud = cloudOf(replica);
    seen.done("replica.create");
    assertThat(cloud.replicas().get(replica.id()).source().orElseThrow().name())
        .isEqualTo(source.name());
    assertThat(cloud.replicas().find(replica.name())).isPresent();
    seen.done("replica.get");
    assertThat(home.replicas().list(source.id())).containsExactly(replica.id());
    seen.done("replica.list");
    assertThat(cloud.replicas().lag(replica.id(), login)).isNotNull();
    seen.done("replica.lag");
    deleteAll();
    assertThat(cloud.instances().find(replica.name())).isEmpty();
    seen.done("replica.delete");
  }
}
