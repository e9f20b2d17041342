/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which snapshots {@code DescribeDBSnapshots} is asked for. */
final class SnapshotFilter {
  private static final String BY_INSTANCE = "db-instance-id";
  private static final String BY_SNAPSHOT = "db-snapshot-id";
  private static final String BY_RESOURCE = "dbi-resource-id";
  private static final String BY_TYPE = "snapshot-type";
  private static final String BY_ENGINE = "engine";

  private final Map<String, List<String>> filters;
  private final Optional<String> instance;
  private final Optional<String> resource;

  SnapshotFilter(RdsState state, String region, QueryForm form) {
    this.filters =
        filters(form, List.of(BY_INSTANCE, BY_SNAPSHOT, BY_RESOURCE, BY_TYPE, BY_ENGINE));
    this.instance =
        form.text("DBInstanceIdentifier")
            .filter(text -> !text.isEmpty())
            .map(text -> text.toLowerCase(Locale.ROOT));
    this.resource = form.text("DbiResourceId").filter(text -> !text.isEmpty());
    instance
        .filter(name -> state.servers().find(state.key(region, name)).isEmpty())
        .ifPresent(
            name -> {
              // "If supplied, must match the identifier of an existing DBInstance"; what RDS says
              // of
              // another one is told nowhere.
              throw new NotSimulatedException(
                  "snapshots by a DBInstanceIdentifier that is none, " + name);
            });
  }

  /** The member {@code Filters}: what is wanted, by what is looked at. */
  static Map<String, List<String>> filters(QueryForm form, List<String> known) {
    Map<String, List<String>> all = new HashMap<>();
    for (int i = 1; form.text("Filters.Filter." + i + ".Name").isPresent(); i++) {
      String prefix = "Filters.Filter." + i;
      String name = form.required(prefix + ".Name");
      if (!known.contains(name)) {
        throw AwsError.value("Unrecognized filter name: " + name);
      }
      List<String> values = form.texts(prefix + ".Values.Value");
      if (values.isEmpty()) {
        throw AwsError.value("The filter " + name + " has no values");
      }
      all.put(name, values);
    }
    return all;
  }

  boolean takes(Snapshot snapshot) {
    String name = snapshot.backup().instance().name();
    String id = RdsState.resourceId(snapshot.backup().instanceUid());
    return instance.map(name::equals).orElse(true)
        && resource.map(id::equalsIgnoreCase).orElse(true)
        && wants(BY_INSTANCE, name, RdsState.arn(snapshot.backup().instance(), "db"))
        && wants(BY_SNAPSHOT, snapshot.name(), snapshot.arn())
        && wants(BY_RESOURCE, id)
        && wants(BY_TYPE, snapshot.type())
        && wants(BY_ENGINE, "postgres");
  }

  private boolean wants(String filter, String... names) {
    List<String> values = filters.get(filter);
    return values == null
        || List.of(names).stream()
            .anyMatch(name -> values.stream().anyMatch(name::equalsIgnoreCase));
  }
}
