/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.workflow.StepContext;
import java.util.function.Supplier;

/**
 * Makes a replica. One request carries all that can be asked for. The service's operation is the
 * source's, which takes no other one meanwhile.
 */
final class ReplicaInsertStep extends InsertStep {
  private final Place place;

  ReplicaInsertStep(SqlAdminCalls calls, Place place) {
    super(calls, place.region());
    this.place = place;
  }

  @Override
  public String makes(StepContext context) {
    return "the replica " + context.name();
  }

  /** It is opened to whom its source is open to, unless it is in a private network alone. */
  @Override
  public boolean guarded(StepContext context) {
    return context
        .specification(ReplicaSpec.class)
        .network()
        .filter(network -> !network.isPublic())
        .isEmpty();
  }

  @Override
  Supplier<Operation> request(StepContext context) {
    DatabaseInstance body = ReplicaRequest.of(context, place, calls.get(busy(context)));
    return () -> calls.insert(body);
  }

  @Override
  String busy(StepContext context) {
    return context.specification(ReplicaSpec.class).source().orElseThrow().name();
  }
}
