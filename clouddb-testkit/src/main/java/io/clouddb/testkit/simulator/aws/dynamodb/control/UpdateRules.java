/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of a table may be changed at once: mostly one thing. It looks at the request alone. */
final class UpdateRules {
  static final String REPLICAS = "ReplicaUpdates";
  static final String WITNESSES = "GlobalTableWitnessUpdates";
  static final String CONSISTENCY = "MultiRegionConsistency";
  static final String ENCRYPTION = "SSESpecification";
  static final String CLASS = "TableClass";
  static final String PROTECTION = "DeletionProtectionEnabled";
  static final String WARM = "WarmThroughput";
  static final String BILLING = "BillingMode";
  static final String THROUGHPUT = "ProvisionedThroughput";
  static final String INDEXES = "GlobalSecondaryIndexUpdates";
  static final String STREAM = "StreamSpecification";
  static final String ON_DEMAND = "OnDemandThroughput";
  static final String SETTINGS = "GlobalTableSettingsReplicationMode";

  /** In the words and the order of the service, with some that are not for the public. */
  private static final List<String> NAMED =
      List.of(
          THROUGHPUT,
          BILLING,
          "UpdateStreamEnabled",
          INDEXES,
          ENCRYPTION,
          REPLICAS,
          "MultiAccountReplicaReady",
          "ReplicaTransitRoleArn",
          CONSISTENCY,
          PROTECTION,
          ON_DEMAND,
          WARM);

  /** What is a change; the others say more of one. */
  private static final List<String> CHANGES =
      List.of(
          THROUGHPUT,
          BILLING,
          STREAM,
          INDEXES,
          ENCRYPTION,
          REPLICAS,
          PROTECTION,
          ON_DEMAND,
          WARM,
          CLASS,
          SETTINGS);

  private final Members request;

  private UpdateRules(Members request) {
    this.request = request;
  }

  static void check(Members request) {
    UpdateRules rules = new UpdateRules(request);
    rules.something();
    rules.exclusive();
    rules.throughput();
    rules.indexes();
  }

  private boolean has(String member) {
    return member.equals(INDEXES) ? !request.structures(INDEXES).isEmpty() : request.has(member);
  }

  private void something() {
    if (CHANGES.stream().noneMatch(this::has)) {
      List<String> named = new ArrayList<>(NAMED);
      named.removeIf(request::has);
      throw Validation.error(
          "At least one of " + String.join(", ", named) + " or TableClass is required");
    }
  }

  private boolean hasOther(String... but) {
    Set<String> others = new HashSet<>(CHANGES);
    others.removeAll(Set.of(but));
    return others.stream().anyMatch(this::has);
  }

  private void exclusive() {
    if (has(REPLICAS) && hasOther(REPLICAS)) {
      throw Validation.parameter(
          request.has(CONSISTENCY) || request.has(WITNESSES)
              ? "Requests that modify replicas or witnesses must not also modify other fields"
              : "Replica modification must be the only operation in the request");
    }
    only(ENCRYPTION, "Server-Side Encryption modification");
    only(CLASS, "TableClass modification");
    only(PROTECTION, "DeletionProtection modification");
    only(WARM, "WarmThroughput");
    if (has(ON_DEMAND) && hasOther(ON_DEMAND, BILLING)) {
      throw Validation.parameter(
          "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request");
    }
  }

  private void only(String member, String called) {
    if (has(member) && hasOther(member)) {
      throw Validation.parameter(called + " must be the only operation in the request");
    }
  }

  private void throughput() {
    boolean toProvisioned = "PROVISIONED".equals(request.textOrNull(BILLING));
    if ("PAY_PER_REQUEST".equals(request.textOrNull(BILLING)) && has(THROUGHPUT)) {
      throw Validation.parameter(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is"
              + " PAY_PER_REQUEST");
    }
    if (toProvisioned && !has(THROUGHPUT)) {
      throw Validation.parameter(
          "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
    }
    if (has(STREAM) && has(THROUGHPUT)) {
      throw Validation.parameter("You cannot modify stream status while updating table IOPS");
    }
  }

  private void indexes() {
    Set<String> names = new HashSet<>();
    boolean moves = false;
    for (Members update : request.structures(INDEXES)) {
      int actions = 0;
      for (String action : List.of("Update", "Create", "Delete")) {
        Members one = update.membersOrNull(action);
        if (one != null) {
          actions++;
          moves |= !action.equals("Update");
          if (!names.add(one.text("IndexName"))) {
            throw Validation.parameter(
                "Only one global secondary index update per index is allowed simultaneously. Index: "
                    + one.text("IndexName"));
          }
        }
      }
      if (actions == 0) {
        throw Validation.parameter(
            "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create,"
                + " GlobalSecondaryIndexUpdate.Delete must not be null");
      }
      if (actions > 1) {
        throw Validation.parameter(
            "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate"
                + " object");
      }
    }
    if (moves && has(THROUGHPUT)) {
      throw Validation.parameter("You cannot create or delete index while updating table IOPS");
    }
    if (moves && has(STREAM)) {
      throw Validation.parameter("You cannot create or delete index while changing stream status");
    }
  }
}
