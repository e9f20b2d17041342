/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.Modification;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The actions on DB parameter groups. */
final class GroupActions {
  private static final Pattern NAME = Pattern.compile("[a-z](-?[a-z0-9])*");
  private static final int LONGEST_NAME = 255;
  private static final int MOST_PARAMETERS = 20;
  private static final String DEFAULT = "default.";

  private final RdsState state;
  private final String region;
  private final QueryForm form;

  GroupActions(RdsState state, QueryCall call) {
    this.state = state;
    this.region = call.region();
    this.form = call.form();
  }

  /** What {@code AddTagsToResource} and {@code ListTagsForResource} are about. */
  static Tagged tagged(RdsState state, ResourceKey key) {
    return new Tagged(
        state.group(RdsState.region(key), key.name()).tags(),
        all -> {
          ParameterGroup unused = state.groups().change(key, current -> current.tagged(all));
        });
  }

  private String name() {
    return form.required("DBParameterGroupName").toLowerCase(Locale.ROOT);
  }

  void create(QueryXml xml) {
    String name = name();
    String family = form.required("DBParameterGroupFamily");
    String description = form.required("Description");
    Map<String, String> tags = form.tags();
    form.complete();
    if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
      throw AwsError.value("The parameter DBParameterGroupName is not a valid identifier.");
    }
    ParameterGroup.checkFamily(family);
    ResourceKey key = state.key(region, name);
    ParameterGroup group = new ParameterGroup(name, family, description, Map.of(), tags);
    try {
      state.groups().create(key, group);
    } catch (SimulatorException e) {
      throw e.reason() == SimulatorException.Reason.QUOTA
          ? AwsError.badRequest(
              "DBParameterGroupQuotaExceeded", "Cannot create more than 100 parameter groups")
          : AwsError.badRequest(
              "DBParameterGroupAlreadyExists", "Parameter group " + name + " already exists");
    }
    write(xml, group);
  }

  private void write(QueryXml xml, ParameterGroup group) {
    xml.element(
        "DBParameterGroup",
        () ->
            xml.text("DBParameterGroupName", group.name())
                .text("DBParameterGroupFamily", group.family())
                .text("Description", group.description())
                .text("DBParameterGroupArn", RdsState.arn(state.key(region, group.name()), "pg")));
  }

  void describe(QueryXml xml) {
    Optional<String> name = form.text("DBParameterGroupName");
    Optional<String> marker = form.text("Marker").filter(text -> !text.isEmpty());
    int records = InstanceActions.records(form);
    form.complete();
    List<ParameterGroup> all =
        name.map(one -> List.of(state.group(region, one)))
            .orElseGet(
                () ->
                    state.groups().list(state.key(region, "-").scope()).stream()
                        .map(key -> state.group(region, key.name()))
                        .toList());
    Page<ParameterGroup> page = Page.of(all, marker, records, ParameterGroup::name);
    xml.text("Marker", page.nextMarker());
    xml.element("DBParameterGroups", () -> page.items().forEach(group -> write(xml, group)));
  }

  void modify(QueryXml xml) {
    String name = name();
    ParameterGroup group = state.group(region, name);
    Map<String, String> values = parameters(group);
    form.complete();
    if (name.startsWith(DEFAULT)) {
      throw AwsError.badRequest(
          "InvalidDBParameterGroupState", "The parameter group " + name + " cannot be modified");
    }
    try {
      var unused = state.servers().checkParameters(group.major(), values);
    } catch (SimulatorException e) {
      throw AwsError.value(e.sentence());
    }
    List<SimulatedInstance> users = state.using(region, name);
    if (!users.stream().allMatch(GroupActions::takesParameters)) {
      throw AwsError.badRequest(
          "InvalidDBParameterGroupState",
          "The parameter group " + name + " is used by an instance that is changing");
    }
    ParameterGroup changed =
        state.groups().change(state.key(region, name), current -> current.setting(values));
    for (SimulatedInstance instance : users) {
      Object unused =
          state
              .servers()
              .lifeCycle()
              .modify(
                  instance.key(), Modification.builder().parameters(changed.parameters()).build());
    }
    xml.text("DBParameterGroupName", name);
  }

  /** One that does not start with its parameters is mended by others. */
  private static boolean takesParameters(SimulatedInstance instance) {
    return instance.state() == InstanceState.AVAILABLE
        || InstanceXml.status(instance).equals("incompatible-parameters");
  }

  private Map<String, String> parameters(ParameterGroup group) {
    Map<String, ParameterCatalog.Entry> known = state.catalog().of(group.major());
    Map<String, String> values = new LinkedHashMap<>();
    for (Map<String, String> one :
        form.structures("Parameters.Parameter", "ParameterName", "ParameterValue", "ApplyMethod")) {
      String name = one.getOrDefault("ParameterName", "").toLowerCase(Locale.ROOT);
      ParameterCatalog.Entry entry = known.get(name);
      if (entry == null) {
        throw AwsError.value("Could not find parameter with name: " + name);
      }
      if (!entry.modifiable()) {
        throw AwsError.value("The parameter " + name + " cannot be modified.");
      }
      String method = one.getOrDefault("ApplyMethod", "");
      if (entry.fixed() && method.equals("immediate")) {
        throw AwsError.combination(
            "cannot use immediate apply method for static parameter " + name);
      }
      if (!method.equals("immediate") && !method.equals("pending-reboot")) {
        throw AwsError.value("Invalid apply method '" + method + "' of parameter " + name);
      }
      values.put(
          name,
          Optional.ofNullable(one.get("ParameterValue"))
              .orElseThrow(() -> AwsError.value("The parameter " + name + " has no value")));
    }
    if (values.isEmpty() || values.size() > MOST_PARAMETERS) {
      throw AwsError.value("1 to " + MOST_PARAMETERS + " parameters can be modified in a request");
    }
    return values;
  }

  void describeParameters(QueryXml xml) {
    ParameterGroup group = state.group(region, name());
    Optional<String> marker = form.text("Marker").filter(text -> !text.isEmpty());
    int records = InstanceActions.records(form);
    form.complete();
    Page<ParameterCatalog.Entry> page =
        Page.of(
            List.copyOf(state.catalog().of(group.major()).values()),
            marker,
            records,
            ParameterCatalog.Entry::name);
    xml.element("Parameters", () -> page.items().forEach(entry -> write(xml, entry, group)));
    xml.text("Marker", page.nextMarker());
  }

  private static void write(QueryXml xml, ParameterCatalog.Entry entry, ParameterGroup group) {
    String own = group.parameters().get(entry.name());
    xml.element(
        "Parameter",
        () ->
            xml.text("ParameterName", entry.name())
                .text("ParameterValue", own == null ? entry.value() : own)
                .text("Source", own == null ? "engine-default" : "user")
                .text("ApplyType", entry.fixed() ? "static" : "dynamic")
                .text("DataType", entry.type())
                .text("AllowedValues", entry.allowed())
                .text("IsModifiable", entry.modifiable())
                .text("ApplyMethod", "pending-reboot"));
  }

  void delete() {
    String name = name();
    ParameterGroup group = state.group(region, name);
    form.complete();
    if (name.startsWith(DEFAULT) || !state.using(region, name).isEmpty()) {
      throw AwsError.badRequest(
          "InvalidDBParameterGroupState",
          "One or more database instances are still members of this parameter group "
              + group.name()
              + ", so the group cannot be deleted");
    }
    ParameterGroup unused = state.groups().remove(state.key(region, name));
  }
}
