/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The actions on instances that only begin what the engine does, and their description. */
final class InstanceActions {
  private static final int LEAST_RECORDS = 20;
  private static final int MOST_RECORDS = 100;
  private static final int MOST_RETAINED = 40;

  /** Beside stopped ones: so RDS itself says when it refuses another state. */
  private static final Set<String> STARTABLE =
      Set.of("inaccessible-encryption-credentials-recoverable", "incompatible-network");

  private final RdsState state;
  private final Call call;
  private final String region;
  private final QueryForm form;

  InstanceActions(RdsState state, QueryCall call) {
    this.state = state;
    this.call = call.call();
    this.region = call.region();
    this.form = call.form();
  }

  void describe(QueryXml xml) {
    Optional<String> name = form.text("DBInstanceIdentifier");
    Optional<String> marker = form.text("Marker").filter(text -> !text.isEmpty());
    int records = records(form);
    form.complete();
    List<SimulatedInstance> all =
        name.map(one -> List.of(shown(state.key(region, one))))
            .orElseGet(() -> state.servers().list(state.key(region, "-").scope()));
    Page<SimulatedInstance> page =
        Page.of(all, marker, Math.min(records, state.pageSize()), i -> i.key().name());
    xml.text("Marker", page.nextMarker());
    xml.element(
        "DBInstances",
        () -> page.items().forEach(instance -> new InstanceXml(state, xml, instance).write()));
  }

  static int records(QueryForm form) {
    int records = form.integer("MaxRecords").orElse(MOST_RECORDS);
    if (records < LEAST_RECORDS || records > MOST_RECORDS) {
      throw AwsError.value(
          "Invalid value " + records + " for MaxRecords. Must be between 20 and 100");
    }
    return records;
  }

  private SimulatedInstance shown(ResourceKey key) {
    SimulatedInstance instance = state.instance(key);
    int hidden = instance.attribute(Members.HIDDEN, Integer.class).orElse(0);
    if (hidden > 0) {
      instance.putAttribute(Members.HIDDEN, hidden - 1);
      throw AwsError.notFound("DBInstanceNotFound", "DBInstance " + key.name() + " not found.");
    }
    return instance;
  }

  private SimulatedInstance named() {
    return state.instance(state.key(region, form.required("DBInstanceIdentifier")));
  }

  private static void requireNotImposed(SimulatedInstance instance, Set<String> taken) {
    String imposed = InstanceXml.imposed(instance);
    if (!imposed.isEmpty() && !taken.contains(imposed)) {
      throw AwsError.badRequest(
          "InvalidDBInstanceState",
          "Instance " + instance.key().name() + " cannot be changed: it is " + imposed);
    }
  }

  SimulatedInstance reboot() {
    SimulatedInstance instance = named();
    requireNotImposed(instance, Set.of());
    if (form.bool("ForceFailover").orElse(false)) {
      throw new NotSimulatedException("a failover");
    }
    form.complete();
    Object unused = state.servers().lifeCycle(call).reboot(instance.key());
    instance.putAttribute(Members.GROUP_PENDING, false);
    return instance;
  }

  SimulatedInstance start() {
    SimulatedInstance instance = named();
    form.complete();
    requireNotImposed(instance, STARTABLE);
    Object unused = state.servers().lifeCycle(call).start(instance.key());
    instance.putAttribute(Members.STATUS, "");
    return instance;
  }

  SimulatedInstance stop() {
    SimulatedInstance instance = named();
    form.complete();
    requireNotImposed(instance, Set.of());
    ReplicaRules.stopped(state, instance);
    Object unused = state.servers().lifeCycle(call).stop(instance.key());
    return instance;
  }

  SimulatedInstance delete() {
    SimulatedInstance instance = named();
    boolean skip = form.bool("SkipFinalSnapshot").orElse(false);
    Optional<String> snapshot = form.text("FinalDBSnapshotIdentifier");
    boolean discards = form.bool("DeleteAutomatedBackups").orElse(true);
    form.complete();
    if (skip == snapshot.isPresent()) {
      throw AwsError.combination(
          skip
              ? "FinalDBSnapshotIdentifier can not be specified when deleting without a snapshot"
              : "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
    }
    if (snapshot.isPresent() && instance.source().isPresent()) {
      throw AwsError.combination(
          "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance");
    }
    if (snapshot.isPresent()) {
      throw new NotSimulatedException("a final snapshot");
    }
    if (instance.attribute(Members.PROTECTED, Boolean.class).orElse(false)) {
      throw AwsError.combination(
          "Cannot delete protected DB Instance, please disable deletion protection and try again.");
    }
    if (instance.state() == InstanceState.DELETING) {
      throw AwsError.badRequest(
          "InvalidDBInstanceState",
          "Instance " + instance.key().name() + " is already being deleted.");
    }
    keepBackups(instance, !discards);
    Object unused =
        state
            .servers()
            .lifeCycle(call)
            .delete(instance.key(), replica -> ReplicaRules.inherits(replica, instance));
    instance
        .attribute(Members.SECRET, String.class)
        .filter(arn -> call.failure().isEmpty())
        .ifPresent(arn -> state.secrets().delete(region, arn));
    return instance;
  }

  /**
   * The User Guide, <em>Retaining automated backups</em>: "Automated backups can be retained for a
   * number of days equal to the backup retention period configured for the DB instance at the time
   * when you delete it"; "The maximum number of retained automated backups in one AWS Region is
   * 40". What another region keeps stays there.
   */
  private void keepBackups(SimulatedInstance instance, boolean retains) {
    int days = retains ? AutomatedBackups.retention(instance) : 0;
    if (days > 0 && retained() >= MOST_RETAINED) {
      throw AwsError.badRequest(
          "DBInstanceAutomatedBackupQuotaExceeded",
          "The quota of " + MOST_RETAINED + " retained automated backups is reached");
    }
    // Said anew by each deletion, and of no weight while the instance is there.
    state.servers().backups().keepAfterDeletion(instance.key(), Duration.ofDays(days));
  }

  private long retained() {
    return state.servers().backups().all(state.key(region, "-").scope()).stream()
        .filter(backups -> backups.deleted().isPresent())
        .count();
  }

  /** {@code AddTagsToResource}, for whatever has tags. */
  void addTags() {
    String arn = form.required("ResourceName");
    Map<String, String> tags = form.tags();
    form.complete();
    if (tags.isEmpty()) {
      throw AwsError.badRequest("MissingParameter", "The request must contain the parameter Tags");
    }
    Tagged tagged = Tagged.of(state, arn);
    Map<String, String> all = new LinkedHashMap<>(tagged.tags());
    all.putAll(tags);
    InstanceRules.tags(all.size());
    tagged.put(all);
  }

  /** {@code RemoveTagsFromResource}, for whatever has tags; a key that is not there is none. */
  void removeTags() {
    String arn = form.required("ResourceName");
    List<String> keys = form.texts("TagKeys.member");
    form.complete();
    if (keys.isEmpty()) {
      throw AwsError.badRequest(
          "MissingParameter", "The request must contain the parameter TagKeys");
    }
    Tagged tagged = Tagged.of(state, arn);
    Map<String, String> left = new LinkedHashMap<>(tagged.tags());
    left.keySet().removeAll(keys);
    tagged.put(left);
  }

  /** What these are about, where it is an instance. */
  static Tagged tagged(RdsState state, ResourceKey key) {
    SimulatedInstance instance = state.instance(key);
    return new Tagged(InstanceXml.tags(instance), all -> instance.putAttribute(Members.TAGS, all));
  }

  /** {@code ListTagsForResource}. */
  void listTags(QueryXml xml) {
    String arn = form.required("ResourceName");
    form.complete();
    Map<String, String> tags = Tagged.of(state, arn).tags();
    xml.element("TagList", () -> InstanceXml.tags(xml, tags));
  }
}
