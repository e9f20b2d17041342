/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.Modification;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code ModifyDBInstance}. What RDS needs time for is pending until the engine's change ends; the
 * rest is changed at once. What waits for the maintenance window, which never comes here, waits
 * until a request says {@code ApplyImmediately}, be it for something else: the API Reference, "the
 * modifications in this request and any pending modifications".
 */
final class ModifyAction {
  private final RdsState state;
  private final Call call;
  private final String region;
  private final QueryForm form;
  private final SimulatedInstance instance;
  private final Map<String, Object> atOnce = new LinkedHashMap<>();
  private final Map<String, Object> soon = new LinkedHashMap<>();
  private final Map<String, Object> inWindow = new LinkedHashMap<>();

  ModifyAction(RdsState state, QueryCall call) {
    this.state = state;
    this.call = call.call();
    this.region = call.region();
    this.form = call.form();
    this.instance = state.instance(state.key(region, form.required("DBInstanceIdentifier")));
  }

  SimulatedInstance run() {
    boolean now = form.bool("ApplyImmediately").orElse(false);
    form.text(Members.CLASS)
        .ifPresent(
            name -> {
              InstanceRules.instanceClass(name);
              changeLater(Members.CLASS, name);
            });
    storage();
    form.bool(Members.MULTI_AZ).ifPresent(on -> changeLater(Members.MULTI_AZ, on));
    policies();
    form.bool(Members.PROTECTED).ifPresent(on -> atOnce.put(Members.PROTECTED, on));
    form.bool("EnablePerformanceInsights")
        .ifPresent(on -> atOnce.put(Members.PERFORMANCE_INSIGHTS, on));
    boolean insights =
        form.bool("EnablePerformanceInsights")
            .orElseGet(
                () ->
                    instance.attribute(Members.PERFORMANCE_INSIGHTS, Boolean.class).orElse(false));
    form.integer(Members.INSIGHTS_RETENTION)
        .ifPresent(
            days ->
                atOnce.put(
                    Members.INSIGHTS_RETENTION, InstanceRules.insightsRetention(days, insights)));
    CreateAction.insights(form).ifPresent(mode -> atOnce.put(Members.INSIGHTS_MODE, mode));
    Optional<ParameterGroup> group =
        form.text(Members.GROUP).map(name -> state.group(region, name));
    group.ifPresent(one -> CreateAction.requireFamily(one, instance.version()));
    Optional<String> password = form.text("MasterUserPassword");
    password.ifPresent(this::checkPassword);
    form.complete();
    requireState();
    Map<String, String> others = new LinkedHashMap<>(pending());
    inWindow.keySet().forEach(others::remove);
    if (now) {
      others.forEach((member, text) -> inWindow.put(member, typed(member, text)));
      others.clear();
      soon.putAll(inWindow);
    } else {
      inWindow.forEach((member, value) -> others.put(member, value.toString()));
    }
    if (soon.isEmpty() && group.isEmpty() && password.isEmpty()) {
      atOnce.put(Members.PENDING, others);
    } else {
      begin(group, password, others);
    }
    if (soon.containsKey(Members.STORAGE) || atOnce.containsKey(Members.STORAGE_LIMIT)) {
      atOnce.put(Members.STATUS, "");
    }
    atOnce.forEach(instance::putAttribute);
    if (atOnce.containsKey(Members.BACKUP_WINDOW)) {
      AutomatedBackups.schedule(state, instance);
    }
    return instance;
  }

  /** A value that is named again takes back what was to come. */
  private void changeLater(String member, Object value) {
    if (!value.equals(instance.attributes().get(member)) || pending().containsKey(member)) {
      inWindow.put(member, value);
    }
  }

  @SuppressWarnings("unchecked") // Only this class and tests put it there.
  private Map<String, String> pending() {
    return instance.attribute(Members.PENDING, Map.class).orElse(Map.of());
  }

  private static Object typed(String member, String text) {
    return switch (member) {
      case Members.STORAGE, Members.IOPS, Members.THROUGHPUT, Members.RETENTION ->
          Integer.valueOf(text);
      case Members.MULTI_AZ -> Boolean.valueOf(text);
      default -> text;
    };
  }

  private void storage() {
    Disk before = Disk.of(instance);
    Disk after = before.changed(form);
    changeLater(Members.STORAGE, after.size());
    after.allIops().ifPresent(iops -> changeLater(Members.IOPS, iops));
    after.allThroughput().ifPresent(mib -> changeLater(Members.THROUGHPUT, mib));
    after.limit().ifPresent(gib -> atOnce.put(Members.STORAGE_LIMIT, gib));
  }

  private void policies() {
    form.integer(Members.RETENTION)
        .ifPresent(
            days -> {
              InstanceRules.retention(days);
              ReplicaRules.retention(state, instance, days);
              ReplicaRules.backups(instance, days);
              if (days == 0 && !state.replicated().of(instance.uid()).isEmpty()) {
                throw new NotSimulatedException(
                    "that automated backups are switched off which another region keeps");
              }
              int before = instance.attribute(Members.RETENTION, Integer.class).orElse(0);
              if ((before == 0) == (days == 0) && !pending().containsKey(Members.RETENTION)) {
                soon.put(Members.RETENTION, days);
              } else {
                changeLater(Members.RETENTION, days);
              }
            });
    Optional<String> backup = form.text(Members.BACKUP_WINDOW);
    Optional<String> maintenance = form.text(Members.MAINTENANCE_WINDOW);
    InstanceRules.windows(
        backup.or(() -> instance.attribute(Members.BACKUP_WINDOW, String.class)),
        maintenance.or(() -> instance.attribute(Members.MAINTENANCE_WINDOW, String.class)));
    backup.ifPresent(window -> atOnce.put(Members.BACKUP_WINDOW, window));
    maintenance.ifPresent(window -> atOnce.put(Members.MAINTENANCE_WINDOW, window));
  }

  private void checkPassword(String password) {
    if (instance.source().isPresent()) {
      throw AwsError.combination(
          "Cannot change master user password on an RDS postgres Read Replica because it uses"
              + " physical replication and therefore cannot differ from its parent.");
    }
    if (instance.attribute(Members.SECRET, String.class).isPresent()) {
      throw AwsError.combination(
          "You can't specify MasterUserPassword for an instance with ManageMasterUserPassword"
              + " enabled.");
    }
    InstanceRules.password(password);
  }

  private void requireState() {
    String imposed = InstanceXml.imposed(instance);
    boolean takes =
        imposed.isEmpty()
            || (imposed.equals("storage-full")
                && (inWindow.containsKey(Members.STORAGE)
                    || atOnce.containsKey(Members.STORAGE_LIMIT)));
    if (instance.state() != InstanceState.AVAILABLE || !takes) {
      throw AwsError.badRequest(
          "InvalidDBInstanceState",
          "Database instance is not in available state: it is " + InstanceXml.status(instance));
    }
  }

  private void begin(
      Optional<ParameterGroup> group, Optional<String> password, Map<String, String> waiting) {
    Map<String, String> pending = new LinkedHashMap<>(waiting);
    soon.forEach((member, value) -> pending.put(member, value.toString()));
    Modification.Builder change =
        Modification.builder().attribute(Members.PENDING, Map.copyOf(waiting));
    soon.forEach(change::attribute);
    if (password.isPresent()) {
      pending.put("MasterUserPassword", "****");
      change.adminPassword(SecretRef.literal(password.get()));
    }
    if (group.isPresent()) {
      Set<String> reset = new HashSet<>(instance.parameters().keySet());
      reset.removeAll(group.get().parameters().keySet());
      change.parameters(group.get().parameters()).resetParameters(reset);
      atOnce.put(Members.GROUP, group.get().name());
      atOnce.put(Members.GROUP_PENDING, true);
    }
    Map<String, String> before = pending();
    // The pending values are there before the change can end, which is at once on some clocks.
    instance.putAttribute(Members.PENDING, pending);
    try {
      SimulatedOperation operation =
          state.servers().lifeCycle(call).modify(instance.key(), change.build());
      // What a test has fail comes to nothing, and is waited for no longer.
      boolean fails = call.failure().isPresent();
      var unused =
          operation
              .completion()
              .thenAccept(
                  ended -> {
                    if (fails) {
                      instance.putAttribute(Members.PENDING, before);
                    } else {
                      AutomatedBackups.schedule(state, instance);
                    }
                  });
    } catch (RuntimeException e) {
      instance.putAttribute(Members.PENDING, before);
      throw e;
    }
  }
}
