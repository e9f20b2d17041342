/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.server.BackupRequest;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.SimulatedBackup;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code CreateDBSnapshot}, {@code DeleteDBSnapshot} and their description. The words of refusals
 * are those that callers of the service have published: terraform-provider-aws 13800,
 * ministryofjustice/cloud-platform-user-guide 1842, and recorded traffic of cloud-custodian.
 */
final class SnapshotActions {
  private static final Pattern IDENTIFIER = Pattern.compile("[a-zA-Z](-?[a-zA-Z0-9]){0,254}");

  /** "The source DB instance must be in the available or storage-optimization state." */
  private static final Set<String> TAKEN_OF = Set.of("available", "storage-optimization");

  private static final Set<String> OF_THIS_ACCOUNT =
      Set.of(Snapshot.AUTOMATED, Snapshot.MANUAL, Snapshot.AWS_BACKUP);

  private final RdsState state;
  private final Call call;
  private final String region;
  private final QueryForm form;

  SnapshotActions(RdsState state, QueryCall call) {
    this.state = state;
    this.call = call.call();
    this.region = call.region();
    this.form = call.form();
  }

  static String identifier(String name, String member) {
    if (!IDENTIFIER.matcher(name).matches()) {
      throw AwsError.value(
          "The parameter "
              + member
              + " is not a valid identifier. Identifiers must begin with a letter; must contain only"
              + " ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two"
              + " consecutive hyphens.");
    }
    return name.toLowerCase(Locale.ROOT);
  }

  void create(QueryXml xml) {
    String name = identifier(form.required("DBSnapshotIdentifier"), "DBSnapshotIdentifier");
    SimulatedInstance instance =
        state.instance(state.key(region, form.required("DBInstanceIdentifier")));
    Map<String, String> asked = form.tags();
    form.complete();
    boolean copies =
        asked.isEmpty() && instance.attribute(Members.COPY_TAGS, Boolean.class).orElse(false);
    Map<String, String> tags = copies ? InstanceXml.tags(instance) : asked;
    InstanceRules.tags(tags.size());
    ResourceKey key = state.key(region, name);
    if (state.servers().backups().find(key).isPresent()) {
      throw exists(name);
    }
    String status = InstanceXml.status(instance);
    if (instance.state() != InstanceState.AVAILABLE || !TAKEN_OF.contains(status)) {
      throw ReplicaRules.invalidState(
          "Cannot create a snapshot because the database instance "
              + instance.key().name()
              + " is not currently in the available state.");
    }
    try {
      // How it ends shows in the snapshot's status.
      Object unused =
          state
              .servers()
              .backups(call)
              .take(
                  BackupRequest.of(key, instance.key())
                      .holdInstance()
                      .attribute(Members.TAGS, tags)
                      .attribute(Members.HIDDEN, state.hiddenDescriptions())
                      .build());
    } catch (SimulatorException e) {
      throw refused(e, name);
    }
    new SnapshotXml(xml, state.snapshots().get(region, name)).write();
  }

  static AwsError exists(String name) {
    return AwsError.badRequest(
        "DBSnapshotAlreadyExists",
        "Cannot create the snapshot because a snapshot with the identifier "
            + name
            + " already exists.");
  }

  static RuntimeException refused(SimulatorException e, String name) {
    return switch (e.reason()) {
      case ALREADY_EXISTS -> exists(name);
      case QUOTA ->
          AwsError.badRequest(
              "SnapshotQuotaExceeded",
              "Cannot create more than 100 manual snapshots in this region");
      default -> e;
    };
  }

  void delete(QueryXml xml) {
    String name = form.required("DBSnapshotIdentifier");
    form.complete();
    Snapshot snapshot = state.snapshots().get(region, name);
    if (snapshot.isAutomated()) {
      throw invalidState("automated snapshots cannot be deleted.");
    }
    if (snapshot.type().equals(Snapshot.AWS_BACKUP)) {
      // That it is refused is known, and with which words is not.
      throw new NotSimulatedException("the deletion of a snapshot of AWS Backup");
    }
    boolean failed = snapshot.backup().state() == SimulatedBackup.State.FAILED;
    if (!snapshot.isAvailable() && !failed) {
      throw invalidState(
          "Cannot delete the snapshot because it is not currently in the available or failed"
              + " state.");
    }
    Object unused = state.servers().backups(call).delete(snapshot.backup());
    endCopies(snapshot);
    new SnapshotXml(xml, snapshot, "deleted").write();
  }

  /**
   * The API Reference, {@code DeleteDBSnapshot}: "If the snapshot is being copied, the copy
   * operation is terminated." What is left of the copy, the user guide says in <em>Copying a DB
   * snapshot</em>: "If you delete a source snapshot before the target snapshot becomes available,
   * the snapshot copy might fail."
   */
  private void endCopies(Snapshot deleted) {
    if (call.failure().isEmpty()) {
      state
          .servers()
          .backups()
          .failCopies(
              deleted.backup(),
              new SimulatorException(
                  SimulatorException.Reason.NOT_FOUND,
                  "The snapshot " + deleted.arn() + " was deleted while it was copied"));
    }
  }

  static AwsError invalidState(String text) {
    return AwsError.badRequest("InvalidDBSnapshotState", text);
  }

  void describe(QueryXml xml) {
    Optional<String> name = form.text("DBSnapshotIdentifier").filter(text -> !text.isEmpty());
    Optional<String> type = form.text("SnapshotType");
    SnapshotFilter filter = new SnapshotFilter(state, region, form);
    Optional<String> marker = form.text("Marker").filter(text -> !text.isEmpty());
    int records = InstanceActions.records(form);
    form.bool("IncludeShared").ifPresent(SnapshotActions::requireOwn);
    form.bool("IncludePublic").ifPresent(SnapshotActions::requireOwn);
    form.complete();
    type.filter(other -> !OF_THIS_ACCOUNT.contains(other))
        .ifPresent(
            other -> {
              throw new NotSimulatedException("snapshots of the type " + other);
            });
    Page<Snapshot> page =
        Page.of(
            name
                .map(one -> List.of(shown(one, type)))
                .orElseGet(() -> state.snapshots().list(region))
                .stream()
                .filter(snapshot -> isOf(snapshot, type, name.isPresent()))
                .filter(filter::takes)
                .toList(),
            marker,
            Math.min(records, state.pageSize()),
            Snapshot::name);
    xml.text("Marker", page.nextMarker());
    xml.element(
        "DBSnapshots",
        () -> page.items().forEach(snapshot -> new SnapshotXml(xml, snapshot).write()));
  }

  /**
   * The API Reference: "If you don't specify a SnapshotType value, then both automated and manual
   * snapshots are returned."
   */
  private static boolean isOf(Snapshot snapshot, Optional<String> type, boolean named) {
    return type.map(snapshot.type()::equals)
        .orElse(named || !snapshot.type().equals(Snapshot.AWS_BACKUP));
  }

  private static void requireOwn(boolean others) {
    if (others) {
      throw new NotSimulatedException("snapshots of other accounts");
    }
  }

  /**
   * The API Reference: "If this identifier is for an automated snapshot, the SnapshotType parameter
   * must also be specified."
   */
  private Snapshot shown(String name, Optional<String> type) {
    Snapshot snapshot = state.snapshots().get(region, name);
    boolean asked = !snapshot.isAutomated() || type.filter(Snapshot.AUTOMATED::equals).isPresent();
    if (!asked || snapshot.isHidden()) {
      throw Snapshots.notFound(name);
    }
    return snapshot;
  }

  /** What {@code AddTagsToResource} and {@code ListTagsForResource} are about. */
  static Tagged tagged(RdsState state, ResourceKey key) {
    Snapshot snapshot = state.snapshots().get(RdsState.region(key), key.name());
    return new Tagged(
        snapshot.tags(), all -> snapshot.backup().putAttribute(Members.TAGS, Map.copyOf(all)));
  }
}
