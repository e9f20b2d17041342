/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableRegion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;

/**
 * The one table of what becomes of each field on DynamoDB: <em>CreateTable</em>,
 * <em>UpdateTable</em> and the describing actions in the API Reference. What CreateTable does not
 * carry is set by steps of its own, which go by the same rows' plan.
 */
final class TableFields {
  static final Class<CreateTableRequest.Builder> CREATE = CreateTableRequest.Builder.class;

  private static final List<FieldRow<?, LiveTable>> ROWS =
      Stream.of(
              SchemaFields.rows(), RegionFields.rows(), CapacityFields.rows(), SettingFields.rows())
          .<FieldRow<?, LiveTable>>flatMap(List::stream)
          .toList();

  private final FieldTable<LiveTable> table;
  private final String provider;
  private final String home;

  /**
   * Makes it.
   *
   * @param provider the provider's id
   * @param home the region that the cloud is open for
   */
  TableFields(String provider, String home) {
    this.table = FieldTable.of(provider, "DynamoDB", ROWS);
    this.provider = provider;
    this.home = home;
  }

  FieldTable<LiveTable> table() {
    return table;
  }

  Plan plan(Specification specification) {
    return table.plan(new Asked(specification, home));
  }

  /**
   * Refuses what a table cannot become. What its plan refuses of it as it is, DynamoDB has taken
   * nevertheless, for example by a quota that was raised, and does not hold against a change; but
   * what is refused for another reason once regions or indexes are added, it does.
   */
  void requirePossible(GlobalTableSpec before, GlobalTableSpec after) {
    Map<Field, String> already = new HashMap<>();
    plan(before)
        .entries(Plan.Outcome.REFUSED)
        .forEach(entry -> already.put(entry.field(), entry.text()));
    boolean grows =
        !names(before.regions(), TableRegion::name)
                .containsAll(names(after.regions(), TableRegion::name))
            || !names(before.indexes(), IndexSpec::name)
                .containsAll(names(after.indexes(), IndexSpec::name));
    Plan.Builder possible = Plan.builder(provider, after);
    for (Plan.Entry entry : plan(after).entries()) {
      boolean taken =
          already.containsKey(entry.field())
              && (!grows || entry.text().equals(already.get(entry.field())));
      if (entry.outcome() == Plan.Outcome.REFUSED && !taken) {
        possible.refuse(entry.field(), entry.text(), entry.alternative());
      } else {
        possible.honour(entry.field(), entry.vendorField(), entry.text());
      }
    }
    var unused = possible.build().orThrow();
  }

  private static <T> Set<String> names(List<T> all, Function<T, String> name) {
    return all.stream().map(name).collect(Collectors.toSet());
  }

  Drift drift(LiveTable live, GlobalTableSpec spec) {
    return table.drift(live, new Asked(spec, home));
  }

  /** The request of a new table. The plan has been checked before. */
  CreateTableRequest.Builder create(GlobalTableSpec spec) {
    CreateTableRequest.Builder request =
        CreateTableRequest.builder().billingMode(BillingMode.PAY_PER_REQUEST);
    Wanted wanted = new Wanted(spec, home);
    wanted.stream()
        .filter(images -> !wanted.strong())
        .ifPresent(images -> request.streamSpecification(SettingFields.stream(images)));
    return table.write(CREATE, request, new Asked(spec, home));
  }
}
