/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Every feature of replicas, done: each field of a spec is asked for and read back from what was
 * made, or refused before anything happens. What the capabilities claim has to be what was seen.
 */
abstract class ReplicaFeaturesContract extends ReplicaCases {
  ReplicaFeaturesContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void doesWhatItSaysOfEveryFeature() throws IOException {
    FeatureRecord seen = kit().record("replicas");
    for (ReplicaField field : ReplicaField.values()) {
      String untried = kit().untried().get(field);
      if (isPromotion(field)) {
        continue;
      }
      if (untried != null) {
        seen.untried(Feature.of(field).id(), support(field), untried);
      } else {
        askFor(field, seen);
      }
    }
    useOne(seen);
    seen.write();
  }

  /** In the source's region, or else in the other one. */
  private void askFor(ReplicaField field, FeatureRecord seen) {
    Instance source = sourceFor(field);
    CloudDb where = cloud();
    ReplicaSpec spec = kit().asking(ReplicaSpec.named(newName()), field);
    if (preferring(where, source, spec).isEmpty()) {
      where = cloud().in(kit().otherRegion());
      spec = kit().asking(kit().farReplica(newName(where)), field);
    }
    Optional<ReplicaSpec> taken = preferring(where, source, spec);
    if (taken.isPresent()) {
      Instance replica = where.replicas().create(source.id(), taken.get()).await(kit().limit());
      InstanceSpec of = kit().source(source.name(), login(), field).build();
      isWhatWasAskedFor(where, source, taken.get(), of, field);
      delete(where, where.instances().get(replica.id()));
    } else {
      isRefused(where, source, spec, field);
    }
    Plan plan = where.replicas().plan(source.id(), taken.orElse(spec));
    seen.seen(Feature.of(field).id(), support(field), entry(plan, field));
  }

  /** What cannot be as it is asked for is only preferred; empty when that is refused, too. */
  private static Optional<ReplicaSpec> preferring(
      CloudDb where, Instance source, ReplicaSpec spec) {
    ReplicaField[] refused =
        where.replicas().plan(source.id(), spec).entries(Plan.Outcome.REFUSED).stream()
            .map(entry -> (ReplicaField) entry.field())
            .toArray(ReplicaField[]::new);
    return Optional.of(spec.preferring(refused))
        .filter(taken -> where.replicas().plan(source.id(), taken).feasible());
  }

  private static void isWhatWasAskedFor(
      CloudDb where, Instance source, ReplicaSpec spec, InstanceSpec of, ReplicaField field) {
    Replica replica = where.replicas().find(spec.name()).orElseThrow();
    assertThat(replica.source().orElseThrow().name()).isEqualTo(source.name());
    if (field != ReplicaField.SOURCE) {
      Drift drift = where.instances().drift(ReplicaSamples.asInstance(spec, of));
      InstanceField same = InstanceField.valueOf(field.name());
      assertThat(drift.differences()).extracting(Drift.Difference::field).doesNotContain(same);
      assertThat(drift.unknown()).extracting(Drift.Difference::field).doesNotContain(same);
    }
  }

  private static void isRefused(
      CloudDb where, Instance source, ReplicaSpec spec, ReplicaField field) {
    assertThatThrownBy(() -> where.replicas().create(source.id(), spec))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(field.id());
    assertThat(where.instances().find(spec.name())).isEmpty();
  }

  private void useOne(FeatureRecord seen) {
    Instance source = sourceFor(ReplicaField.NAME);
    Instance replica = createFar(source);
    CloudDb where = cloudOf(replica);
    seen.done("replica.create");
    assertThat(where.replicas().get(replica.id()).source().orElseThrow().name())
        .isEqualTo(source.name());
    assertThat(where.replicas().find(replica.name())).isPresent();
    seen.done("replica.get");
    assertThat(cloud().replicas().list(source.id())).containsExactly(replica.id());
    seen.done("replica.list");
    assertThat(where.replicas().lag(replica.id(), login())).isNotNull();
    seen.done("replica.lag");
    delete(where, where.instances().get(replica.id()));
    assertThat(where.instances().find(replica.name())).isEmpty();
    seen.done("replica.delete");
  }
}
