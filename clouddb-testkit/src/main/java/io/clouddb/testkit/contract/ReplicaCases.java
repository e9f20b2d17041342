/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.instance.Instance;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the pieces have in common that make replicas. They are left out where the cloud says that it
 * has none; {@link NoReplicaContract} holds it to that.
 */
abstract class ReplicaCases extends InstanceCases {
  static final List<Promotion> PROMOTIONS =
      List.of(
          Promotion.standalone(),
          Promotion.forced(),
          Promotion.switchingRoles(),
          Promotion.switchingRoles().byForce());

  ReplicaCases(CloudContract kit) {
    super(kit);
  }

  @BeforeEach
  void onlyWhereThereAreReplicas() {
    assumeTrue(hasReplicas(), "The cloud says that it has no replicas");
  }

  /** Whether the cloud says that it has anything of replicas. */
  final boolean hasReplicas() {
    return Arrays.stream(ReplicaField.values())
        .anyMatch(field -> support(field).answer() != Support.Answer.NO);
  }

  final Support support(ReplicaField field) {
    return cloud().capabilities().supports(Feature.of(field), FeatureContext.any());
  }

  /** A source with an empty table {@code public.written}. */
  final Instance createSource() throws SQLException {
    Instance source = create(kit().source(newName(), login()).build());
    run(source, "CREATE TABLE public.written (id bigint PRIMARY KEY, at pg_catalog.timestamptz)");
    return source;
  }

  /** No cloud tells which database the source was made with, so the test says it. */
  final ConnectionDetails connection(Instance instance) {
    return instance.connection(login()).toBuilder().database("shop").build();
  }

  final void run(Instance instance, String sql) throws SQLException {
    execute(connection(instance), sql);
  }

  final long count(Instance instance) throws SQLException {
    return Long.parseLong(
        query(connection(instance), "SELECT pg_catalog.count(*) FROM public.written"));
  }
}
