/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationKind;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The kinds of operation of backups that {@link BackupInterruptionsContract} interrupts. */
enum InterruptedBackupKind implements Interrupted {
  /** Takes a backup. */
  TAKE(Verb.CREATE, Call.BACKUP, BackupDriver.TAKE),
  /** Sets a policy, and takes one: at the request that takes it. */
  PROTECT(Verb.CREATE, Call.BACKUP, BackupDriver.PROTECT),
  /** The same at the request that sets the policy. */
  SET_POLICY(Verb.MODIFY, Call.INSTANCE, BackupDriver.PROTECT),
  /** Copies one into another region. */
  COPY(Verb.CREATE, Call.BACKUP, BackupDriver.COPY),
  /** Makes an instance of one. */
  RESTORE(Verb.CREATE, Call.INSTANCE, BackupDriver.RESTORE),
  /** Makes an instance of another one at a moment. */
  MOMENT(Verb.CREATE, Call.INSTANCE, BackupDriver.RESTORE),
  /** Deletes one. */
  DELETE(Verb.DELETE, Call.BACKUP, BackupDriver.DELETE),
  /** Has automated ones kept in another region, too. */
  REPLICATE(Verb.CREATE, InterruptedBackupKind.AUTOMATED_BACKUPS, BackupDriver.REPLICATE),
  /** Ends that. */
  END_REPLICATION(
      Verb.MODIFY, InterruptedBackupKind.AUTOMATED_BACKUPS, BackupDriver.END_REPLICATION),
  /** Deletes an instance, whose backups are kept. */
  DELETE_KEEPING(Verb.DELETE, Call.INSTANCE, InstanceDriver.DELETE_KEEPING_BACKUPS);

  /** The name of what is backed up. */
  static final String ORDERS = "orders";

  /** The name of what is restored. */
  static final String RESTORED = "orders-restored";

  /** The name of what is deleted. */
  static final String DELETED = "orders-deleted";

  /** The kind that RDS' own requests of replication are of; no other service has any. */
  private static final String AUTOMATED_BACKUPS = "automated-backups";

  /** What {@link #PROTECT} sets. */
  static final BackupPolicy POLICY = BackupPolicy.daily().retainDays(30);

  private static final String KIND = "kind";
  private static final String INSTANCE = "instance";
  private static final String BACKUP = "backup";
  private static final String SPEC = "spec";
  private static final String REGION = "region";

  /**
   * What one of them is about.
   *
   * @param instance what is backed up, or deleted
   * @param backup what is copied, restored or deleted
   * @param spec what is made of it, as JSON
   * @param region where it is made
   */
  record Subject(ResourceId instance, ResourceId backup, String spec, String region) {}

  /** Begins one of them in a {@link KilledProcess}. */
  static final class Beginning implements KilledProcess.Beginning {
    @Override
    public Operation<?> begin(CloudDb cloud, Map<String, String> asked) {
      return valueOf(given(asked, KIND))
          .begin(
              cloud,
              new Subject(
                  ResourceId.parse(given(asked, INSTANCE)),
                  ResourceId.parse(given(asked, BACKUP)),
                  given(asked, SPEC),
                  given(asked, REGION)));
    }

    private static String given(Map<String, String> asked, String name) {
      return Objects.requireNonNull(asked.get(name), name);
    }
  }

  private final Verb verb;
  private final String resourceKind;
  private final String id;
  private final Class<?> result;

  InterruptedBackupKind(Verb verb, String resourceKind, OperationKind<?> kind) {
    this.verb = verb;
    this.resourceKind = resourceKind;
    this.id = kind.id();
    this.result = kind.result();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Class<?> result() {
    return result;
  }

  @Override
  public Verb verb() {
    return verb;
  }

  @Override
  public String resourceKind() {
    return resourceKind;
  }

  /** Each cloud has its own names of backups in requests. */
  @Override
  public Optional<String> resource() {
    return switch (this) {
      case SET_POLICY -> Optional.of(ORDERS);
      case RESTORE, MOMENT -> Optional.of(RESTORED);
      case DELETE_KEEPING -> Optional.of(DELETED);
      default -> Optional.empty();
    };
  }

  /** Whether it is asked of the cloud of the other region. */
  boolean isElsewhere() {
    return this == COPY || isOfReplication();
  }

  boolean isOfReplication() {
    return this == REPLICATE || this == END_REPLICATION;
  }

  /** What {@link Beginning} is told. */
  Map<String, String> asked(Subject subject) {
    return Map.of(
        KIND,
        name(),
        INSTANCE,
        subject.instance().toString(),
        BACKUP,
        subject.backup().toString(),
        SPEC,
        subject.spec(),
        REGION,
        subject.region());
  }

  Operation<?> begin(CloudDb cloud, Subject subject) {
    return switch (this) {
      case TAKE -> cloud.backups().take(subject.instance(), BackupSpec.fromJson(subject.spec()));
      case PROTECT, SET_POLICY ->
          cloud
              .backups()
              .protect(
                  subject.instance(), Protection.of(POLICY, BackupSpec.fromJson(subject.spec())));
      case COPY ->
          cloud
              .in(subject.region())
              .backups()
              .copy(subject.backup(), BackupSpec.fromJson(subject.spec()));
      case RESTORE, MOMENT -> cloud.backups().restore(RestoreSpec.fromJson(subject.spec()));
      case DELETE -> cloud.backups().delete(subject.backup());
      case REPLICATE ->
          cloud
              .in(subject.region())
              .backups()
              .replicate(subject.instance(), BackupReplicationSpec.fromJson(subject.spec()));
      case END_REPLICATION ->
          cloud.in(subject.region()).backups().endReplication(subject.instance());
      case DELETE_KEEPING -> cloud.instances().deleteKeepingBackups(subject.instance());
    };
  }
}
