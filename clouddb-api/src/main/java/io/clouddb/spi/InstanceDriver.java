/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Managed database instances of one cloud. Every method is short and blocking; what takes long is
 * one of the workflows of the {@link CloudDriver}, of the kinds that are named here. The facade has
 * checked the plan and the ids before it calls.
 */
public interface InstanceDriver {
  /** Creates an instance: its specification is an {@link InstanceSpec}. */
  OperationKind<Instance> CREATE = OperationKind.of("instance.create", Instance.class);

  /** Changes an instance: its specification is an {@link InstanceChange}. */
  OperationKind<Instance> MODIFY = OperationKind.of("instance.modify", Instance.class);

  /** Waits until an instance is available, and starts it when it is stopped. */
  OperationKind<Instance> START = OperationKind.of("instance.start", Instance.class);

  /** Stops an instance. */
  OperationKind<Instance> STOP = OperationKind.of("instance.stop", Instance.class);

  /** Deletes an instance with its data; the result is its id. */
  OperationKind<ResourceId> DELETE = OperationKind.of("instance.delete", ResourceId.class);

  /**
   * Deletes an instance and keeps its automated backups, as long as the cloud keeps those of
   * instances that are gone. A driver whose cloud always does has the steps of {@link #DELETE}.
   */
  OperationKind<ResourceId> DELETE_KEEPING_BACKUPS =
      OperationKind.of("instance.delete-keeping-backups", ResourceId.class);

  /**
   * Says what would become of each field of a spec, without a remote call.
   *
   * @param spec the spec
   * @return the plan
   */
  Plan plan(InstanceSpec spec);

  /**
   * Says what would become of each field of a change, without a remote call.
   *
   * @param change the change
   * @return the plan
   */
  Plan plan(InstanceChange change);

  /**
   * Says what would become of each field of a spec or a change, by what the cloud has told of its
   * sizes and versions, without a remote call.
   *
   * @param specification an {@link InstanceSpec} or an {@link InstanceChange}
   * @param catalog what {@link #catalog} gave, for this region
   * @return the plan
   */
  default Plan plan(Specification specification, Catalog catalog) {
    throw noCatalog();
  }

  /**
   * Asks the cloud which sizes and versions of an engine it has in this region.
   *
   * @param engine the engine
   * @param now when it is asked
   * @return what it has
   */
  default Catalog catalog(Engine engine, Instant now) {
    throw noCatalog();
  }

  private static RuntimeException noCatalog() {
    return ErrorDetails.of(
            ErrorCategory.UNSUPPORTED_FEATURE, "This provider reads no catalog of its cloud yet")
        .nextStep("Plan without a catalog.")
        .toException();
  }

  /**
   * Compares an instance with a spec.
   *
   * @param spec what it has to be; its name says which
   * @return what differs
   * @throws io.clouddb.error.NotFoundException when there is none of that name
   */
  default Drift drift(InstanceSpec spec) {
    throw ErrorDetails.of(
            ErrorCategory.UNSUPPORTED_FEATURE, "This provider does not compare instances yet")
        .toException();
  }

  /**
   * Looks for an instance.
   *
   * @param name its name
   * @return the instance, empty when there is none
   */
  Optional<Instance> find(String name);

  /**
   * Tells where an instance of a name is that {@link #find} does not find here. Asked for only to
   * say more in an error, and only of clouds that know it without being asked region by region.
   *
   * @param name its name
   * @return the location; empty when there is none of that name, or the cloud cannot tell
   */
  default Optional<String> locationOf(String name) {
    return Optional.empty();
  }

  /**
   * Lists instances.
   *
   * @param pageToken where to go on; null for the first page
   * @return one page
   */
  Page<Instance> list(@Nullable String pageToken);
}
