/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Backups;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Plan;
import io.clouddb.testkit.contract.internal.AskedSpecs;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every feature of backups, done: each field of a spec is asked for and read back from what was
 * made, or refused before anything happens. What the capabilities claim has to be what was seen.
 */
abstract class BackupFeaturesContract extends BackupCases {
  private static final Set<BackupField> OF_REPLICATIONS =
      EnumSet.of(
          BackupField.REPLICATION, BackupField.REPLICATION_RETENTION, BackupField.REPLICATION_KEY);

  BackupFeaturesContract(CloudContract kit) {
    super(kit);
  }

  /** How something can be asked for: by a backup of the source, or by a copy here or there. */
  private final class Way {
    private final CloudDb where;
    private final ResourceId of;

    Way(CloudDb where, ResourceId of) {
      this.where = where;
      this.of = of;
    }

    private boolean copies() {
      return of.kind().equals(Backups.KIND);
    }

    Plan plan(BackupSpec spec) {
      return where.backups().plan(of, spec);
    }

    BackupSpec least() {
      String name = newBackupName(where);
      return where == cloud() ? BackupSpec.named(name) : kit().farCopy(name);
    }

    boolean takes(BackupField field) {
      return plan(kit().asking(least(), field)).feasible();
    }

    Operation<Backup> begin(BackupSpec spec) {
      return copies() ? where.backups().copy(of, spec) : where.backups().take(of, spec);
    }
  }

  @Test
  void doesWhatItSaysOfEveryFeature() throws IOException {
    FeatureRecord seen = kit().record("backups");
    Instance orders = orders();
    Way take = new Way(cloud(), orders.id());
    Backup backup = take(orders);
    Way copyHere = new Way(cloud(), backup.id());
    Way copyThere = new Way(away(), backup.id());
    Map<BackupField, Plan.Entry> entries = new EnumMap<>(BackupField.class);
    Set<BackupField> ofTake =
        EnumSet.complementOf(EnumSet.of(BackupField.COPY, BackupField.OTHER_REGION));
    ofTake.removeAll(OF_REPLICATIONS);
    Set<BackupField> ofCopyHere = EnumSet.noneOf(BackupField.class);
    Set<BackupField> ofCopyThere = EnumSet.of(BackupField.OTHER_REGION);
    (copyHere.takes(BackupField.COPY) ? ofCopyHere : ofCopyThere).add(BackupField.COPY);
    if (!take.takes(BackupField.ENCRYPTION_KEY)) {
      if (copyHere.takes(BackupField.ENCRYPTION_KEY)) {
        ofTake.remove(BackupField.ENCRYPTION_KEY);
        ofCopyHere.add(BackupField.ENCRYPTION_KEY);
      } else if (copyThere.takes(BackupField.ENCRYPTION_KEY)) {
        ofTake.remove(BackupField.ENCRYPTION_KEY);
        ofCopyThere.add(BackupField.ENCRYPTION_KEY);
      }
    }
    ask(take, ofTake, entries);
    ask(copyHere, ofCopyHere, entries);
    ask(copyThere, ofCopyThere, entries);
    askForReplication(orders, entries);
    for (BackupField field : BackupField.values()) {
      String untried = kit().untried().get(field);
      if (untried != null) {
        seen.untried(Feature.of(field).id(), support(field), untried);
      } else {
        Plan.Entry entry = Objects.requireNonNull(entries.get(field), field.id());
        seen.seen(Feature.of(field).id(), support(field), entry);
      }
    }
    useOne(orders, backup, seen);
    seen.write();
  }

  private void ask(Way way, Set<BackupField> fields, Map<BackupField, Plan.Entry> entries) {
    Set<BackupField> tried = EnumSet.noneOf(BackupField.class);
    fields.stream().filter(field -> !kit().untried().containsKey(field)).forEach(tried::add);
    Map<BackupField, BackupSpec> specs =
        new AskedSpecs<>(
                BackupField.class, way::plan, kit()::asking, BackupFeaturesContract::preferring)
            .of(tried, way::least);
    for (BackupSpec spec : new LinkedHashSet<>(specs.values())) {
      if (way.plan(spec).feasible()) {
        isWhatWasAskedFor(way, spec, way.begin(spec).await(kit().limit()));
      }
    }
    specs.forEach(
        (field, spec) -> {
          Plan plan = way.plan(spec);
          if (!plan.feasible()) {
            isRefused(way, spec, field);
          }
          entries.put(field, entry(plan, field));
        });
  }

  private static BackupSpec preferring(BackupSpec spec, Set<BackupField> fields) {
    Set<BackupField> all = EnumSet.noneOf(BackupField.class);
    all.addAll(spec.preferring());
    all.addAll(fields);
    return spec.preferring(all.toArray(BackupField[]::new));
  }

  private void isWhatWasAskedFor(Way way, BackupSpec spec, Backup made) {
    assertThat(made.name()).isEqualTo(spec.name());
    assertThat(made.state()).isEqualTo(Backup.State.AVAILABLE);
    assertThat(made.origin()).isEqualTo(way.copies() ? Backup.Origin.COPY : Backup.Origin.MANUAL);
    if (!way.copies()) {
      assertThat(made.instance()).contains(orders().id());
    }
    if (!spec.preferring().contains(BackupField.TAGS)) {
      assertThat(made.tags()).isEqualTo(spec.tags());
    }
    spec.encryptionKey().ifPresent(key -> assertThat(made.encryptionKey()).contains(key));
    assertThat(way.where.backups().get(made.id())).isEqualTo(made);
  }

  private void isRefused(Way way, BackupSpec spec, BackupField field) {
    assertThatThrownBy(() -> way.begin(spec))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(field.id());
    assertThat(find(way.where, spec.name())).isEmpty();
  }

  private void askForReplication(Instance orders, Map<BackupField, Plan.Entry> entries) {
    Backups there = away().backups();
    BackupReplicationSpec all = kit().farReplication();
    for (BackupField field : OF_REPLICATIONS) {
      BackupReplicationSpec alone = kit().asking(kit().farReplication(), field);
      Plan plan = there.plan(orders.id(), alone);
      if (plan.feasible()) {
        all = kit().asking(all, field);
      } else {
        assertThatThrownBy(() -> there.replicate(orders.id(), alone))
            .isInstanceOf(UnsupportedFeatureException.class)
            .hasMessageContaining(field.id());
      }
      entries.put(field, entry(plan, field));
    }
    if (there.plan(orders.id(), all).feasible()) {
      replicate(orders, all);
    }
  }

  private void replicate(Instance orders, BackupReplicationSpec spec) {
    Backups there = away().backups();
    there.replicate(orders.id(), spec).await(kit().limit());
    awaitRestorable(away(), orders.id(), now());
    BackupReplicationSpec kept = kit().replication(away(), orders.id());
    assertThat(spec.retentionDays()).isPresent().isEqualTo(kept.retentionDays());
    spec.encryptionKey().ifPresent(key -> assertThat(kept.encryptionKey()).contains(key));
    there.endReplication(orders.id()).await(kit().limit());
    assertThatThrownBy(() -> there.window(orders.id())).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> there.endReplication(orders.id()).await(kit().limit()))
        .isInstanceOf(NotFoundException.class);
  }

  private void useOne(Instance orders, Backup backup, FeatureRecord seen) {
    Backups backups = cloud().backups();
    assertThat(backups.get(backup.id()).id()).isEqualTo(backup.id());
    assertThat(backups.find(orders.id(), backup.name())).isPresent();
    seen.done("backup.get");
    assertThat(backups.list(BackupQuery.of(orders.id())))
        .extracting(Backup::id)
        .contains(backup.id());
    seen.done("backup.list");
    BackupSpec more = BackupSpec.named(newBackupName(cloud()));
    BackupPolicy policy = BackupPolicy.daily().retainDays(30);
    ProtectedInstance now =
        backups.protect(orders.id(), Protection.of(policy, more)).await(kit().limit());
    assertThat(now.backup().name()).isEqualTo(more.name());
    seen.done("backup.protect");
    awaitRestorable(cloud(), orders.id(), now());
    assertThat(backups.window(orders.id()).instanceDeleted()).isFalse();
    seen.done("backup.window");
    backups.delete(now.backup().id()).await(kit().limit());
    assertThat(backups.find(orders.id(), more.name())).isEmpty();
    seen.done("backup.delete");
  }
}
