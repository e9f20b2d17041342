/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.rds;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.InstanceState;
import io.clouddb.testkit.simulator.Modification;
import io.clouddb.testkit.simulator.NotSimulatedException;
import io.clouddb.testkit.simulator.SimulatedInstance;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code ModifyDBInstance}. What RDS needs time for is pending until the engine's change ends; the
 * rest is changed at once.
 */
final class ModifyAction {
  private final RdsState state;
  private final String region;
  private final RdsForm form;
  private final SimulatedInstance instance;
  private final Map<String, Object> atOnce = new LinkedHashMap<>();
  private final Map<String, Object> later = new LinkedHashMap<>();

  ModifyAction(RdsState state, String region, RdsForm form) {
    this.state = state;
    this.region = region;
    this.form = form;
    this.instance = state.instance(RdsState.key(region, form.required("DBInstanceIdentifier")));
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
    CreateAction.insights(form).ifPresent(mode -> atOnce.put(Members.INSIGHTS_MODE, mode));
    Optional<ParameterGroup> group =
        form.text(Members.GROUP).map(name -> state.group(region, name));
    group.ifPresent(one -> CreateAction.requireFamily(one, instance.version()));
    Optional<String> password = form.text("MasterUserPassword");
    password.ifPresent(this::checkPassword);
    form.complete();
    requireState();
    boolean slow = !later.isEmpty() || group.isPresent() || password.isPresent();
    if (slow && !now) {
      throw new NotSimulatedException("changes that wait for the maintenance window");
    }
    if (slow) {
      begin(group, password);
    }
    atOnce.forEach(instance::putAttribute);
    return instance;
  }

  private void changeLater(String member, Object value) {
    if (!value.equals(instance.attributes().get(member))) {
      later.put(member, value);
    }
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
              changeLater(Members.RETENTION, days);
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
    if (instance.attribute(Members.SECRET, String.class).isPresent()) {
      throw RdsError.combination(
          "You can't specify MasterUserPassword for an instance with ManageMasterUserPassword"
              + " enabled.");
    }
    InstanceRules.password(password);
  }

  private void requireState() {
    if (instance.state() != InstanceState.AVAILABLE) {
      throw RdsError.badRequest(
          "InvalidDBInstanceState",
          "Database instance is not in available state: it is " + InstanceXml.status(instance));
    }
  }

  private void begin(Optional<ParameterGroup> group, Optional<String> password) {
    Map<String, String> pending = new LinkedHashMap<>();
    later.forEach((member, value) -> pending.put(member, value.toString()));
    Modification.Builder change =
        Modification.builder().attribute(Members.PENDING, Map.<String, String>of());
    later.forEach(change::attribute);
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
    atOnce.put(Members.PENDING, pending);
    Map<String, Object> before = new LinkedHashMap<>(instance.attributes());
    // The pending values are there before the change can end, which is at once on some clocks.
    instance.putAttribute(Members.PENDING, pending);
    try {
      Object unused = state.cloud().modify(instance.key(), change.build());
    } catch (RuntimeException e) {
      instance.putAttribute(Members.PENDING, before.getOrDefault(Members.PENDING, Map.of()));
      throw e;
    }
    atOnce.remove(Members.PENDING);
  }
}
