/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Field;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * What every provider has to do, on a real account as on a simulator: one class to extend, with a
 * nested class for each subject. What a test makes it deletes, and nothing else. A provider that
 * has a simulator extends {@link SimulatedCloudContract}, which asks for more.
 *
 * <p>A driver that a provider need not have, such as that of replicas, is asked for only where
 * {@link io.clouddb.Capabilities} say that it is there; where they say no, everything that would
 * need it has to be refused by name.
 *
 * <p>Where the system property {@code clouddb.testkit.features} names a folder, what was seen of
 * each feature is written there, as {@code PROVIDER-instances.jsonl}, {@code
 * PROVIDER-replicas.jsonl}, {@code PROVIDER-promotions.jsonl}, {@code PROVIDER-backups.jsonl},
 * {@code PROVIDER-restores.jsonl} and, where there are no tables, {@code PROVIDER-tables.jsonl}.
 * The pieces that do so have the tag {@value #FEATURES}. A provider of tables extends {@link
 * io.clouddb.testkit.contract.table.TableContract}, too.
 */
public abstract class CloudContract {
  private static final String FEATURES = "features";

  /** Where the instance is of which something is restored. */
  protected enum RestoredFrom {
    /** In the same region. */
    HERE,
    /** In another region. */
    ANOTHER_REGION,
    /** It was in the same region, and is gone. */
    WHAT_WAS_DELETED
  }

  /** Made by JUnit. */
  protected CloudContract() {}

  /**
   * How to open the cloud. Every configuration that this method gives opens the same cloud.
   *
   * @return a new builder
   */
  protected abstract CloudConfig.Builder config();

  /**
   * The least that a spec needs on this cloud, with the database {@code shop} and a network over
   * which the test can connect.
   *
   * @param name the instance's name
   * @param admin its administrator
   * @return a new builder
   */
  protected abstract InstanceSpec.Builder spec(String name, AdminLogin admin);

  /**
   * The least that an instance needs to have replicas, in its own region and in {@link
   * #otherRegion()}.
   *
   * @param name the instance's name
   * @param admin its administrator
   * @return that of {@link #spec}, unless a subclass says otherwise
   */
  protected InstanceSpec.Builder source(String name, AdminLogin admin) {
    return spec(name, admin);
  }

  /**
   * The least that an instance needs to have replicas that ask for a field, or are promoted so, in
   * both regions.
   *
   * @param name the instance's name
   * @param admin its administrator
   * @param field the field, or the form of promotion
   * @return that of {@link #source(String, AdminLogin)}, unless a subclass says otherwise
   */
  protected InstanceSpec.Builder source(String name, AdminLogin admin, ReplicaField field) {
    return source(name, admin);
  }

  /**
   * A spec that asks for a field, with a value that this cloud honours where it honours one.
   *
   * @param base what the provider accepts, and what the new spec asks for as well where it can
   * @param field the field
   * @return one with a value that some cloud honours, unless a subclass says otherwise
   */
  protected InstanceSpec asking(InstanceSpec base, InstanceField field) {
    return FieldSamples.asking(base, field);
  }

  /**
   * A spec of a replica that asks for a field, with a value that this cloud honours where it
   * honours one.
   *
   * @param base what is asked for beside it
   * @param field the field; where it is a form of promotion a spec asks for nothing
   * @return one with a value that some cloud honours, unless a subclass says otherwise
   */
  protected ReplicaSpec asking(ReplicaSpec base, ReplicaField field) {
    return ReplicaSamples.asking(base, field);
  }

  /**
   * What the provider says that it can do with replicas, backups and restores, and the contract
   * cannot have it do here.
   *
   * @return why not, by the field or the form of promotion; nothing, unless a subclass says
   *     otherwise
   */
  protected Map<? extends Field, String> untried() {
    return Map.of();
  }

  /**
   * The least that an instance needs to have backups, and to be restored to any moment, with a
   * retention of more than seven days.
   *
   * @param name the instance's name
   * @param admin its administrator
   * @param field what is asked of a restore of it; of most fields the instance need not know
   * @return that of {@link #spec} with such a policy, unless a subclass says otherwise
   */
  protected InstanceSpec.Builder backedUp(String name, AdminLogin admin, RestoreField field) {
    return spec(name, admin).backups(BackupPolicy.daily().retainDays(8).withPointInTime());
  }

  /**
   * A spec of a backup or of a copy that asks for a field, with a value that this cloud honours
   * where it honours one.
   *
   * @param base what is asked for beside it
   * @param field the field; where it is of the source a spec asks for nothing
   * @return one with a value that some cloud honours, unless a subclass says otherwise
   */
  protected BackupSpec asking(BackupSpec base, BackupField field) {
    return BackupSamples.asking(base, field);
  }

  /**
   * The same of automated backups that are kept in another region, too.
   *
   * @param base what is asked for beside it
   * @param field the field; where it is of a backup nothing is asked for
   * @return one with a value that some cloud honours, unless a subclass says otherwise
   */
  protected BackupReplicationSpec asking(BackupReplicationSpec base, BackupField field) {
    return BackupSamples.asking(base, field);
  }

  /**
   * The same of a restore.
   *
   * @param base what is asked for beside it
   * @param field the field; where it is of the source a spec asks for nothing
   * @return one with a value that some cloud honours, unless a subclass says otherwise
   */
  protected RestoreSpec asking(RestoreSpec base, RestoreField field) {
    return BackupSamples.asking(base, field);
  }

  /**
   * The least that a restore needs in the region of {@link #config()}, so that the test can connect
   * to what comes of it.
   *
   * @param base what is restored
   * @return the same, unless a subclass says otherwise
   */
  protected RestoreSpec restoring(RestoreSpec base) {
    return base;
  }

  /**
   * What a restore has otherwise than its source, though its spec leaves it unset. All else has to
   * be as the source has it; what is named here, the plan has to name as well: {@link
   * io.clouddb.plan.Plan#inherited()}.
   *
   * @param restore what is asked for
   * @param from where its source is
   * @return none, unless a subclass says otherwise
   */
  protected Set<InstanceField> otherThanItsSource(RestoreSpec restore, RestoredFrom from) {
    return Set.of();
  }

  /**
   * A region beside the one of {@link #config()} into which backups can be brought.
   *
   * @return {@link #otherRegion()}, unless a subclass says otherwise
   */
  protected String backupRegion() {
    return otherRegion();
  }

  /**
   * A key of another region than the one of {@link #config()}, which encrypts nothing there.
   *
   * @return the vendor's name of it; empty, unless a subclass says otherwise, where keys have no
   *     regions
   */
  protected Optional<String> foreignKey() {
    return Optional.empty();
  }

  /**
   * The least that a copy in {@link #backupRegion()} needs.
   *
   * @param name its name
   * @return a spec that asks for nothing, unless a subclass says otherwise
   */
  protected BackupSpec farCopy(String name) {
    return BackupSpec.named(name);
  }

  /**
   * The least that automated backups need to be kept in {@link #backupRegion()}.
   *
   * @return a spec that asks for nothing, unless a subclass says otherwise
   */
  protected BackupReplicationSpec farReplication() {
    return BackupReplicationSpec.replicated();
  }

  /**
   * How automated backups are kept in another region, as the vendor's own client tells it. Asked
   * only where the provider says that they can be.
   *
   * @param there the cloud of the region in which they are kept
   * @param instance whose they are
   * @return their retention and their key, in a spec that would ask for them
   */
  protected BackupReplicationSpec replication(CloudDb there, ResourceId instance) {
    throw new UnsupportedOperationException(
        "A provider that replicates backups tells how they are kept");
  }

  /**
   * The least that a restore in {@link #backupRegion()} needs, so that the test can connect to what
   * comes of it.
   *
   * @param base what is restored
   * @return the same, unless a subclass says otherwise
   */
  protected RestoreSpec farRestore(RestoreSpec base) {
    return base;
  }

  /**
   * A region beside the one of {@link #config()}.
   *
   * @return its name
   */
  protected abstract String otherRegion();

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

  /** Told how many pages a list of two instances had; an account has pages of its own size. */
  void sawPagesOfTwo(int pages) {}

  /** Where what is seen of a part's features is written down; the record of an earlier run goes. */
  FeatureRecord record(String part) throws IOException {
    return FeatureRecord.of(config().build().provider(), part);
  }

  @Nested
  class Creation extends CreationContract {
    Creation() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Lookup extends LookupContract {
    Lookup() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Plans extends PlanContract {
    Plans() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Catalogs extends CatalogContract {
    Catalogs() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Drifts extends DriftContract {
    Drifts() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Operations extends OperationContract {
    Operations() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Changes extends ChangeContract {
    Changes() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Deletion extends DeletionContract {
    Deletion() {
      super(CloudContract.this);
    }
  }

  @Nested
  class BadInput extends BadInputContract {
    BadInput() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Replicas extends ReplicaContract {
    Replicas() {
      super(CloudContract.this);
    }
  }

  @Nested
  class TakenBackups extends BackupContract {
    TakenBackups() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Restores extends RestoreContract {
    Restores() {
      super(CloudContract.this);
    }
  }

  @Nested
  class BackupPolicies extends BackupPolicyContract {
    BackupPolicies() {
      super(CloudContract.this);
    }
  }

  @Nested
  @Tag(FEATURES)
  class InstanceFeatures extends InstanceFeaturesContract {
    InstanceFeatures() {
      super(CloudContract.this);
    }
  }

  @Nested
  @Tag(FEATURES)
  class ReplicaFeatures extends ReplicaFeaturesContract {
    ReplicaFeatures() {
      super(CloudContract.this);
    }
  }

  @Nested
  @Tag(FEATURES)
  class PromotionFeatures extends PromotionFeaturesContract {
    PromotionFeatures() {
      super(CloudContract.this);
    }
  }

  @Nested
  @Tag(FEATURES)
  class NoReplicas extends NoReplicaContract {
    NoReplicas() {
      super(CloudContract.this);
    }
  }

  @Nested
  @Tag(FEATURES)
  class BackupFeatures extends BackupFeaturesContract {
    BackupFeatures() {
      super(CloudContract.this);
    }
  }

  @Nested
  @Tag(FEATURES)
  class RestoreFeatures extends RestoreFeaturesContract {
    RestoreFeatures() {
      super(CloudContract.this);
    }
  }

  @Nested
  @Tag(FEATURES)
  class NoBackups extends NoBackupContract {
    NoBackups() {
      super(CloudContract.this);
    }
  }

  @Nested
  @Tag(FEATURES)
  class NoTables extends NoTableContract {
    NoTables() {
      super(CloudContract.this);
    }
  }
}
