/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Drift;
import io.clouddb.plan.OnDrift;
import io.clouddb.plan.Plan;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.contract.internal.AskedSpecs;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every feature of instances, done: each field of a spec and of a change is asked for, and read
 * back from what was made, or refused before anything happens. What the capabilities claim has to
 * be what was seen.
 */
abstract class InstanceFeaturesContract extends InstanceCases {
  private static final FeatureContext POSTGRES = FeatureContext.of(Engine.POSTGRESQL);

  /** Of these the least that is asked for has a value of its own. */
  private static final Set<InstanceField> OWN =
      EnumSet.of(
          InstanceField.NAME,
          InstanceField.ENGINE,
          InstanceField.ENGINE_VERSION,
          InstanceField.STORAGE_TYPE,
          InstanceField.STORAGE_SIZE,
          InstanceField.ENCRYPTION,
          InstanceField.DATABASE,
          InstanceField.ADMIN_LOGIN);

  InstanceFeaturesContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void doesWhatItSaysOfEveryFeature() throws IOException, SQLException {
    FeatureRecord seen = kit().record("instances");
    askForEachField(seen);
    useAndChangeOne(seen);
    seen.write();
  }

  private InstanceSpec least() {
    return spec(newName()).build();
  }

  private Plan plan(InstanceSpec spec) {
    return cloud().instances().plan(spec);
  }

  private InstanceSpec asked(InstanceSpec base, InstanceField field) {
    boolean own =
        OWN.contains(field)
            // With addresses over which the test can connect.
            || (field == InstanceField.PUBLIC_ACCESS && base.fields().contains(field));
    return own ? base : kit().asking(base, field);
  }

  private void askForEachField(FeatureRecord seen) throws SQLException {
    Map<InstanceField, InstanceSpec> specs =
        new AskedSpecs<>(
                InstanceField.class, this::plan, this::asked, InstanceFeaturesContract::preferring)
            .of(EnumSet.allOf(InstanceField.class), this::least);
    Map<InstanceSpec, Operation<Instance>> creations = new LinkedHashMap<>();
    for (InstanceSpec spec : new LinkedHashSet<>(specs.values())) {
      if (plan(spec).feasible()) {
        creations.put(spec, cloud().instances().create(spec));
      }
    }
    for (Map.Entry<InstanceSpec, Operation<Instance>> creation : creations.entrySet()) {
      InstanceSpec spec = creation.getKey();
      Instance instance = creation.getValue().await(kit().limit());
      isWhatWasAskedFor(spec, instance);
      Instance same = cloud().instances().ensure(spec, OnDrift.FAIL).await(kit().limit());
      assertThat(same.id()).isEqualTo(instance.id());
    }
    for (InstanceField field : InstanceField.values()) {
      InstanceSpec spec = Objects.requireNonNull(specs.get(field));
      if (!creations.containsKey(spec)) {
        isRefused(spec, field);
      }
      Feature feature = Feature.of(field);
      Support claim = cloud().capabilities().supports(feature, POSTGRES);
      seen.seen(feature.id(), claim, entry(plan(spec), field));
    }
  }

  private void isWhatWasAskedFor(InstanceSpec spec, Instance instance) throws SQLException {
    Drift drift = cloud().instances().drift(spec);
    assertThat(drift.differences()).isEmpty();
    assertThat(drift.unknown())
        .as("a password is told by nobody")
        .extracting(Drift.Difference::field)
        .isSubsetOf(InstanceField.ADMIN_LOGIN, InstanceField.ADMIN_MANAGED_PASSWORD);
    ConnectionDetails details =
        spec.admin().managed() ? instance.connection() : instance.connection(spec.admin());
    if (!drift.unknown().isEmpty() || spec.admin().managed()) {
      assertThat(user(details)).isEqualTo(spec.admin().user());
    }
  }

  private void isRefused(InstanceSpec spec, InstanceField field) {
    assertThatThrownBy(() -> cloud().instances().create(spec))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(field.id());
    assertThat(cloud().instances().find(spec.name())).isEmpty();
  }

  private String user(ConnectionDetails details) throws SQLException {
    return query(details, "SELECT pg_catalog.current_user()");
  }

  private void useAndChangeOne(FeatureRecord seen) throws SQLException {
    InstanceSpec spec = least();
    assertThat(plan(spec).feasible()).isTrue();
    seen.done("instance.plan");
    Instance instance = create(spec);
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    seen.done("instance.create");
    assertThat(cloud().instances().ensure(spec).await(kit().limit()).id()).isEqualTo(instance.id());
    seen.done("instance.ensure");
    assertThat(cloud().instances().get(instance.id()).name()).isEqualTo(spec.name());
    assertThat(cloud().instances().find(spec.name())).isPresent();
    seen.done("instance.get");
    assertThat(cloud().instances().list().stream().map(Instance::id)).contains(instance.id());
    seen.done("instance.list");
    assertThat(user(instance.connection())).isEqualTo(login().user());
    seen.done("instance.connect");
    assertThat(cloud().instances().drift(spec).differences()).isEmpty();
    seen.done("instance.drift");
    change(instance, spec, seen);
    seen.done("instance.modify");
    stopAndStart(instance, seen);
    delete(cloud(), cloud().instances().get(instance.id()));
    assertThat(cloud().instances().find(spec.name())).isEmpty();
    seen.done("instance.delete");
  }

  /** Another process goes on with the stop. */
  private void stopAndStart(Instance instance, FeatureRecord seen) {
    String token = cloud().instances().stop(instance.id()).token();
    try (CloudDb other = CloudDb.open(kit().config().build())) {
      assertThat(other.operations().resume(token, Instance.class).await(kit().limit()).state())
          .isEqualTo(InstanceState.STOPPED);
    }
    seen.done("instance.resume");
    assertThat(cloud().instances().start(instance.id()).await(kit().limit()).state())
        .isEqualTo(InstanceState.AVAILABLE);
    Feature stop = Feature.INSTANCE_STOP;
    seen.done(stop.id(), cloud().capabilities().supports(stop, POSTGRES));
  }

  private void change(Instance instance, InstanceSpec before, FeatureRecord seen)
      throws SQLException {
    ChangeSamples samples = new ChangeSamples(kit()::asking);
    InstanceSpec after = before;
    Map<InstanceField, Plan.Entry> entries = new EnumMap<>(InstanceField.class);
    for (InstanceField field : ChangeSamples.FIELDS) {
      InstanceSpec more = samples.changed(after, field);
      Plan.Entry entry = entry(planned(ChangeSamples.change(before, more)), field);
      if (entry.outcome() == Plan.Outcome.REFUSED) {
        entries.put(field, entry);
        InstanceChange alone = ChangeSamples.change(before, samples.changed(before, field));
        assertThatThrownBy(() -> cloud().instances().modify(instance.id(), alone))
            .isInstanceOf(UnsupportedFeatureException.class)
            .hasMessageContaining(field.id());
      } else {
        after = more;
      }
    }
    InstanceChange change = preferring(ChangeSamples.change(before, after));
    Instance changed = cloud().instances().modify(instance.id(), change).await(kit().limit());
    isWhatWasAskedFor(preferring(after), changed);
    for (InstanceField field : ChangeSamples.FIELDS) {
      seen.changed(
          "instance.change." + field.id(),
          entries.containsKey(field) ? entries.get(field) : entry(planned(change), field));
    }
  }

  private Plan planned(InstanceChange change) {
    return cloud().instances().planModify(preferring(change));
  }

  /** What cannot be as it is asked for is only preferred. */
  private InstanceChange preferring(InstanceChange change) {
    return change.toBuilder().preferring(refused(cloud().instances().planModify(change))).build();
  }

  private InstanceSpec preferring(InstanceSpec spec) {
    return spec.toBuilder().preferring(refused(plan(spec))).build();
  }

  private static InstanceSpec preferring(InstanceSpec spec, Set<InstanceField> fields) {
    return spec.toBuilder().preferring(fields.toArray(InstanceField[]::new)).build();
  }

  private static InstanceField[] refused(Plan plan) {
    return AskedSpecs.refused(InstanceField.class, plan).toArray(InstanceField[]::new);
  }
}
