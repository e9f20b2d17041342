/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.rds;

import io.clouddb.testkit.simulator.InstanceState;
import io.clouddb.testkit.simulator.NotSimulatedException;
import io.clouddb.testkit.simulator.ResourceKey;
import io.clouddb.testkit.simulator.SimulatedInstance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The actions on instances that only begin what the engine does, and their description. */
final class InstanceActions {
  private static final int LEAST_RECORDS = 20;
  private static final int MOST_RECORDS = 100;

  /** Beside stopped ones: so RDS itself says when it refuses another state. */
  private static final Set<String> STARTABLE =
      Set.of("inaccessible-encryption-credentials-recoverable", "incompatible-network");

  private final RdsState state;
  private final String region;
  private final RdsForm form;

  InstanceActions(RdsState state, String region, RdsForm form) {
    this.state = state;
    this.region = region;
    this.form = form;
  }

  void describe(Xml xml) {
    Optional<String> name = form.text("DBInstanceIdentifier");
    Optional<String> marker = form.text("Marker").filter(text -> !text.isEmpty());
    int records = records(form);
    form.complete();
    List<SimulatedInstance> all =
        name.map(one -> List.of(shown(RdsState.key(region, one))))
            .orElseGet(() -> state.cloud().list(RdsState.key(region, "-").scope()));
    Page<SimulatedInstance> page =
        Page.of(all, marker, Math.min(records, state.pageSize()), i -> i.key().name());
    xml.text("Marker", page.nextMarker());
    xml.element(
        "DBInstances",
        () -> page.items().forEach(instance -> new InstanceXml(xml, instance).write()));
  }

  static int records(RdsForm form) {
    int records = form.integer("MaxRecords").orElse(MOST_RECORDS);
    if (records < LEAST_RECORDS || records > MOST_RECORDS) {
      throw RdsError.value(
          "Invalid value " + records + " for MaxRecords. Must be between 20 and 100");
    }
    return records;
  }

  private SimulatedInstance shown(ResourceKey key) {
    SimulatedInstance instance = state.instance(key);
    int hidden = instance.attribute(Members.HIDDEN, Integer.class).orElse(0);
    if (hidden > 0) {
      instance.putAttribute(Members.HIDDEN, hidden - 1);
      throw RdsError.notFound("DBInstanceNotFound", "DBInstance " + key.name() + " not found.");
    }
    return instance;
  }

  private SimulatedInstance named() {
    return state.instance(RdsState.key(region, form.required("DBInstanceIdentifier")));
  }

  private static void requireNotImposed(SimulatedInstance instance, Set<String> taken) {
    String imposed = InstanceXml.imposed(instance);
    if (!imposed.isEmpty() && !taken.contains(imposed)) {
      throw RdsError.badRequest(
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
    Object unused = state.cloud().reboot(instance.key());
    instance.putAttribute(Members.GROUP_PENDING, false);
    return instance;
  }

  SimulatedInstance start() {
    SimulatedInstance instance = named();
    form.complete();
    requireNotImposed(instance, STARTABLE);
    Object unused = state.cloud().start(instance.key());
    instance.putAttribute(Members.STATUS, "");
    return instance;
  }

  SimulatedInstance stop() {
    SimulatedInstance instance = named();
    form.complete();
    requireNotImposed(instance, Set.of());
    Object unused = state.cloud().stop(instance.key());
    return instance;
  }

  SimulatedInstance delete() {
    SimulatedInstance instance = named();
    boolean skip = form.bool("SkipFinalSnapshot").orElse(false);
    Optional<String> snapshot = form.text("FinalDBSnapshotIdentifier");
    // There are no automated backups to delete or to keep.
    Object ignored = form.bool("DeleteAutomatedBackups");
    form.complete();
    if (skip == snapshot.isPresent()) {
      throw RdsError.combination(
          skip
              ? "FinalDBSnapshotIdentifier can not be specified when deleting without a snapshot"
              : "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
    }
    if (snapshot.isPresent()) {
      throw new NotSimulatedException("a final snapshot");
    }
    if (instance.attribute(Members.PROTECTED, Boolean.class).orElse(false)) {
      throw RdsError.combination(
          "Cannot delete protected DB Instance, please disable deletion protection and try again.");
    }
    if (instance.state() == InstanceState.DELETING) {
      throw RdsError.badRequest(
          "InvalidDBInstanceState",
          "Instance " + instance.key().name() + " is already being deleted.");
    }
    Object unused = state.cloud().delete(instance.key());
    instance
        .attribute(Members.SECRET, String.class)
        .map(arn -> new ResourceKey(instance.key().scope(), arn))
        .filter(secret -> state.secrets().find(secret).isPresent())
        .ifPresent(
            secret -> {
              String unusedToo = state.secrets().remove(secret);
            });
    return instance;
  }

  /** {@code AddTagsToResource}, for instances and parameter groups. */
  void addTags() {
    String arn = form.required("ResourceName");
    Map<String, String> tags = form.tags();
    form.complete();
    if (tags.isEmpty()) {
      throw RdsError.badRequest("MissingParameter", "The request must contain the parameter Tags");
    }
    Tagged tagged = Tagged.of(state, arn);
    Map<String, String> all = new LinkedHashMap<>(tagged.tags());
    all.putAll(tags);
    InstanceRules.tags(all.size());
    tagged.put(all);
  }

  /** {@code ListTagsForResource}. */
  void listTags(Xml xml) {
    String arn = form.required("ResourceName");
    form.complete();
    Map<String, String> tags = Tagged.of(state, arn).tags();
    xml.element("TagList", () -> InstanceXml.tags(xml, tags));
  }
}
