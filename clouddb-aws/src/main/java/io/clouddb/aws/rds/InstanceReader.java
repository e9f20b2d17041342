/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.InstanceSpec;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.Parameter;

/**
 * Reads an instance and, where they are asked for, the parameters of its group. Those of a group
 * that waits for a restart are left out: RDS does not tell which of them are in force. Of a group
 * that is new to the instance none is, be it dynamic: "the modified static and dynamic parameters
 * are applied only after the DB instance is rebooted" (<em>Associating a DB parameter group with a
 * DB instance</em> in the user guide).
 */
final class InstanceReader {
  private final RdsCalls rds;
  private final ParameterGroups groups;

  InstanceReader(RdsCalls rds) {
    this.rds = rds;
    this.groups = new ParameterGroups(rds);
  }

  InstanceAsItIs read(InstanceSpec spec) {
    DBInstance instance = rds.get(spec.name());
    Set<String> parameters = ParameterFields.names(RdsFields.asked(spec));
    return new InstanceAsItIs(
        instance,
        parameters.isEmpty()
            ? Map.of()
            : ParameterGroups.of(instance)
                .map(group -> parameters(group, parameters))
                .orElse(Map.of()));
  }

  private Map<String, String> parameters(DBParameterGroupStatus group, Set<String> names) {
    if (Settling.PENDING_REBOOT.equals(group.parameterApplyStatus())) {
      return Map.of();
    }
    Map<String, Parameter> known = groups.parameters(group.dbParameterGroupName());
    Map<String, String> values = new TreeMap<>();
    for (String name : names) {
      Parameter parameter = known.get(name);
      if (parameter != null && parameter.parameterValue() != null) {
        values.put(name, parameter.parameterValue());
      }
    }
    return values;
  }
}
