/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Plan;
import io.clouddb.testkit.contract.CloudContract.RestoredFrom;
import io.clouddb.testkit.contract.internal.AskedSpecs;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Every feature of restores, done: each field of a spec is asked for and read back from the new
 * instance, or refused before anything happens; what is not asked for is as the source has it. What
 * the capabilities claim has to be what was seen.
 */
abstract class RestoreFeaturesContract extends BackupCases {
  /** The moments and places of which something is restored; everything else is asked beside one. */
  private static final Set<RestoreField> OTHERS =
      EnumSet.of(RestoreField.MOMENT, RestoreField.LATEST, RestoreField.OTHER_REGION);

  private static final long ROWS = 3;

  private final Map<Instance, Backup> backups = new HashMap<>();

  RestoreFeaturesContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void doesWhatItSaysOfEveryFeature() throws IOException, SQLException {
    FeatureRecord seen = kit().record("restores");
    Map<RestoreField, Plan.Entry> entries = new EnumMap<>(RestoreField.class);
    Map<Instance, Set<RestoreField>> bySource = new LinkedHashMap<>();
    for (RestoreField field : EnumSet.complementOf(EnumSet.copyOf(OTHERS))) {
      if (!kit().untried().containsKey(field)) {
        bySource
            .computeIfAbsent(sourceFor(field), any -> EnumSet.noneOf(RestoreField.class))
            .add(field);
      }
    }
    for (Map.Entry<Instance, Set<RestoreField>> each : bySource.entrySet()) {
      askFor(each.getKey(), each.getValue(), entries);
    }
    restoreToMoments(entries);
    restoreElsewhere(entries);
    for (RestoreField field : RestoreField.values()) {
      String untried = kit().untried().get(field);
      if (untried != null) {
        seen.untried(Feature.of(field).id(), support(field), untried);
      } else {
        Plan.Entry entry = Objects.requireNonNull(entries.get(field), field.id());
        seen.seen(Feature.of(field).id(), support(field), entry);
      }
    }
    restoreWhatWasDeleted(seen);
    seen.write();
  }

  /** In no field as the service makes an instance by itself. */
  @Override
  InstanceSpec sourceSpec(String name, RestoreField field) {
    return new SourceSamples(kit()::asking, cloud().instances()::plan)
        .source(super.sourceSpec(name, field));
  }

  /** A backup of a source that then has some rows, and no others. */
  private Backup backupOf(Instance source) throws SQLException {
    Backup there = backups.get(source);
    if (there == null) {
      write(source, 1, ROWS);
      there = take(source);
      backups.put(source, there);
    }
    return there;
  }

  private void askFor(
      Instance source, Set<RestoreField> fields, Map<RestoreField, Plan.Entry> entries)
      throws SQLException {
    Backup backup = backupOf(source);
    Supplier<RestoreSpec> least = () -> restoring(RestoreSpec.from(backup));
    Map<RestoreField, RestoreSpec> specs =
        new AskedSpecs<>(
                RestoreField.class, this::plan, kit()::asking, RestoreFeaturesContract::preferring)
            .of(fields, least);
    for (RestoreSpec spec : new LinkedHashSet<>(specs.values())) {
      if (plan(spec).feasible()) {
        RestoreField any =
            specs.entrySet().stream()
                .filter(each -> each.getValue().equals(spec))
                .findFirst()
                .orElseThrow()
                .getKey();
        isWhatWasAskedFor(cloud(), restore(spec), spec, any, RestoredFrom.HERE);
      }
    }
    specs.forEach(
        (field, spec) -> {
          Plan plan = plan(spec);
          if (!plan.feasible()) {
            isRefused(spec, field);
          }
          entries.put(field, entry(plan, field));
        });
  }

  private Plan plan(RestoreSpec spec) {
    return cloud().backups().plan(spec);
  }

  private static RestoreSpec preferring(RestoreSpec spec, Set<RestoreField> fields) {
    Set<RestoreField> all = EnumSet.noneOf(RestoreField.class);
    all.addAll(spec.preferring());
    all.addAll(fields);
    return spec.preferring(all.toArray(RestoreField[]::new));
  }

  private void isWhatWasAskedFor(
      CloudDb where, Instance restored, RestoreSpec spec, RestoreField field, RestoredFrom from)
      throws SQLException {
    assertThat(restored.name()).isEqualTo(spec.name());
    assertThat(rows(restored)).isEqualTo(ROWS);
    RestoredInstance.isAsAsked(kit(), where, spec, sourceSpec(spec.name(), field), from);
  }

  private void isRefused(RestoreSpec spec, RestoreField field) {
    assertThatThrownBy(() -> cloud().backups().restore(spec))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(field.id());
    assertThat(cloud().instances().find(spec.name())).isEmpty();
  }

  private void restoreToMoments(Map<RestoreField, Plan.Entry> entries) throws SQLException {
    Instance orders = orders();
    RestoreSpec least = restoring(RestoreSpec.from(backupOf(orders)));
    isWhatWasAskedFor(cloud(), restore(least), least, RestoreField.BACKUP, RestoredFrom.HERE);
    Instant moment = quietMoment();
    awaitRestorable(cloud(), orders.id(), moment);
    restoreTo(RestoreSpec.of(orders.id()).at(moment), RestoreField.MOMENT, entries);
    restoreTo(RestoreSpec.of(orders.id()).latest(), RestoreField.LATEST, entries);
  }

  private void restoreTo(
      RestoreSpec asked, RestoreField field, Map<RestoreField, Plan.Entry> entries)
      throws SQLException {
    RestoreSpec spec = restoring(asked);
    Plan plan = plan(spec);
    if (plan.feasible()) {
      isWhatWasAskedFor(cloud(), restore(spec), spec, field, RestoredFrom.HERE);
    } else {
      isRefused(spec, field);
    }
    entries.put(field, entry(plan, field));
  }

  /** By a copy that is there, by backups that are kept there, or by what is kept here. */
  private void restoreElsewhere(Map<RestoreField, Plan.Entry> entries) throws SQLException {
    Instance orders = sourceFor(RestoreField.OTHER_REGION);
    Backup backup = backupOf(orders);
    CloudDb away = away();
    RestoreSpec direct = kit().farRestore(RestoreSpec.from(backup));
    RestoreSpec latest = kit().farRestore(RestoreSpec.of(orders.id()).latest());
    RestoreSpec spec = farPlan(direct).feasible() ? far(direct) : far(latest);
    Plan plan = away.backups().plan(spec);
    if (plan.feasible()) {
      boolean replicated = replicateWhereThatIsNeeded(orders, spec);
      Instance restored = away.backups().restore(spec).await(kit().limit());
      isWhatWasAskedFor(
          away, restored, spec, RestoreField.OTHER_REGION, RestoredFrom.ANOTHER_REGION);
      if (replicated) {
        away.backups().endReplication(orders.id()).await(kit().limit());
      }
    } else {
      assertThatThrownBy(() -> away.backups().restore(spec))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining(RestoreField.OTHER_REGION.id());
    }
    entries.put(RestoreField.OTHER_REGION, entry(plan, RestoreField.OTHER_REGION));
    restoreFromACopy(backup);
  }

  private RestoreSpec far(RestoreSpec spec) {
    return spec.named(newName(away())).login(admin());
  }

  private Plan farPlan(RestoreSpec spec) {
    return away().backups().plan(spec.named(freshName()));
  }

  private boolean replicateWhereThatIsNeeded(Instance orders, RestoreSpec spec) {
    BackupReplicationSpec replicated = kit().farReplication();
    if (!spec.isLatest() || !away().backups().plan(orders.id(), replicated).feasible()) {
      return false;
    }
    away().backups().replicate(orders.id(), replicated).await(kit().limit());
    awaitRestorable(away(), orders.id(), now());
    return true;
  }

  /** Where there are copies, which are backups of their own region then. */
  private void restoreFromACopy(Backup backup) throws SQLException {
    BackupSpec copy = kit().farCopy(newBackupName(away()));
    if (away().backups().plan(backup.id(), copy).feasible()) {
      Backup there = away().backups().copy(backup.id(), copy).await(kit().limit());
      RestoreSpec spec = far(kit().farRestore(RestoreSpec.from(there)));
      Instance restored = away().backups().restore(spec).await(kit().limit());
      assertThat(restored.id().location()).isEqualTo(kit().backupRegion());
      isWhatWasAskedFor(
          away(), restored, spec, RestoreField.OTHER_REGION, RestoredFrom.ANOTHER_REGION);
    }
  }

  /** Where a cloud keeps automated backups of what is gone, it is restored to a moment of then. */
  private void restoreWhatWasDeleted(FeatureRecord seen) throws SQLException {
    String id = "backup.keep";
    Support claim =
        cloud()
            .capabilities()
            .supports(Feature.DELETE_KEEPING_BACKUPS, FeatureContext.of(Engine.POSTGRESQL));
    assertThat(claim.reason())
        .as("known: %s", id)
        .doesNotContain("knows no", "Not known to", "does not know");
    InstanceSpec asked =
        sourceSpec(newName(), RestoreField.MOMENT).toBuilder().deletionProtection(false).build();
    Instance gone = withTable(create(asked));
    if (claim.answer() == Support.Answer.NO) {
      UnsupportedFeatureException e =
          catchThrowableOfType(
              UnsupportedFeatureException.class,
              () -> cloud().instances().deleteKeepingBackups(gone.id()));
      assertThat(cloud().instances().find(gone.name())).isPresent();
      seen.refused(id, claim, e.nextStep().orElseThrow());
      return;
    }
    write(gone, 1, ROWS);
    Instant moment = quietMoment();
    execute(connection(gone), "DELETE FROM public.written");
    awaitRestorable(cloud(), gone.id(), moment);
    cloud().instances().deleteKeepingBackups(gone.id()).await(kit().limit());
    assertThat(cloud().instances().find(gone.name())).isEmpty();
    assertThat(cloud().backups().window(gone.id()).instanceDeleted()).isTrue();
    assertThat(
            cloud()
                .backups()
                .list(BackupQuery.of(gone.id()).origin(Backup.Origin.AUTOMATIC))
                .stream())
        .as("its backups are listed")
        .isNotEmpty();
    RestoreSpec again = restoring(RestoreSpec.of(gone.id()).at(moment)).deletionProtection(false);
    isWhatWasAskedFor(
        cloud(), restore(again), again, RestoreField.MOMENT, RestoredFrom.WHAT_WAS_DELETED);
    seen.done(id, claim);
  }
}
