/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private final Map<InstanceSpec, Instance> sources = new HashMap<>();

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
    return cloud().capabilities().supports(Feature.of(field), FeatureContext.of(Engine.POSTGRESQL));
  }

  /** Whether it is a form of promotion; the others are fields of a spec. */
  static boolean isPromotion(ReplicaField field) {
    return PROMOTIONS.stream().anyMatch(promotion -> promotion.field() == field);
  }

  /** A source with an empty table {@code public.written}. */
  final Instance createSource() throws SQLException {
    Instance source = create(kit().source(newName(), login()).build());
    WrittenRows.makeTable(kit().reachable(connection(source)));
    return source;
  }

  /** A source for what is asked of its replicas: the same one where it may be the same. */
  final Instance sourceFor(ReplicaField field) {
    return sources.computeIfAbsent(
        kit().source("any", login(), field).build(),
        any -> create(kit().source(newName(), login(), field).build()));
  }

  /** A replica in the other region. */
  final Instance createFar(Instance source) {
    CloudDb away = cloud().in(kit().otherRegion());
    ReplicaSpec far = kit().farReplica(newName(away));
    return away.replicas().create(source.id(), far).await(kit().limit());
  }

  /** The cloud where an instance is. */
  final CloudDb cloudOf(Instance instance) {
    return cloud().in(instance.id().location());
  }

  final ConnectionDetails connection(Instance instance) {
    return toShop(instance.connection(login()));
  }

  final void run(Instance instance, String sql) throws SQLException {
    execute(connection(instance), sql);
  }

  final long count(Instance instance) throws SQLException {
    return Long.parseLong(
        query(connection(instance), "SELECT pg_catalog.count(*) FROM public.written"));
  }
}
