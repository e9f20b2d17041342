/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.Listing;
import io.clouddb.Native;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.operation.CloudSession;
import io.clouddb.internal.operation.Ensured;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.OnDrift;
import io.clouddb.plan.Plan;
import io.clouddb.spi.table.TableDriver;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one account, seen from one region: making and changing them, and {@link #open} for
 * their data. Calls block for one or a few requests; what takes longer is an {@link Operation}. The
 * id of a table is of no region: each of its account takes it.
 */
public final class Tables {
  /** The kind in the resource ids of tables. */
  public static final String KIND = "table";

  private static final String FEATURE = "clouddb.tables";

  private final CloudSession session;

  /**
   * Made by {@link io.clouddb.CloudDb}.
   *
   * @param session what every facade works with
   */
  public Tables(CloudSession session) {
    this.session = session;
  }

  /**
   * Says what would become of each field of a spec. Makes no remote call.
   *
   * @param spec the spec
   * @return for each field whether it is honoured, adjusted or refused
   * @throws io.clouddb.error.UnsupportedFeatureException when the cloud has no tables
   */
  public Plan plan(GlobalTableSpec spec) {
    return driver().plan(spec);
  }

  /**
   * Says what would become of each field of a change. Makes no remote call.
   *
   * @param change the change
   * @return for each field whether it is honoured, adjusted or refused
   * @throws io.clouddb.error.UnsupportedFeatureException when the cloud has no tables
   */
  public Plan planModify(TableChange change) {
    return driver().plan(change);
  }

  /**
   * Begins to create a table.
   *
   * @param spec what it has to be
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the table can be used in all its regions, as the spec
   *     says
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   * @throws io.clouddb.error.AlreadyExistsException when there is one of that name
   */
  public Operation<TableDescription> create(GlobalTableSpec spec, Native... customizations) {
    return creation(spec, null, customizations);
  }

  private Operation<TableDescription> creation(
      GlobalTableSpec spec,
      @Nullable Function<AlreadyExistsException, Operation<TableDescription>> otherwise,
      Native... customizations) {
    plan(spec).orThrow();
    return observed(
        "create",
        spec.name(),
        id ->
            session.beginNew(
                session.required(TableDriver.CREATE), id, spec, otherwise, customizations));
  }

  /**
   * Takes the table of that name as it is, or begins to create it: {@link #ensure(GlobalTableSpec,
   * OnDrift, Native...)} with {@link OnDrift#KEEP}.
   *
   * @param spec what it has to be when there is none
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the table can be used
   * @throws io.clouddb.error.AlreadyExistsException when there is one with another key
   */
  public Operation<TableDescription> ensure(GlobalTableSpec spec, Native... customizations) {
    return ensure(spec, OnDrift.KEEP, customizations);
  }

  /**
   * Takes the table of that name, or begins to create it.
   *
   * @param spec what it has to be
   * @param onDrift what is done with one that is there and differs. To apply the spec removes
   *     indexes and regions that the table has and the spec lacks, where it names any
   * @param customizations changes to the vendor's own requests, where one is created
   * @return the operation, which ends when the table can be used
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field, or a field
   *     that differs cannot be changed; nothing has happened then
   * @throws io.clouddb.error.AlreadyExistsException when there is one with another key
   * @throws io.clouddb.error.ConditionFailedException when it differs, and that is to be an error;
   *     nothing has happened then
   */
  public Operation<TableDescription> ensure(
      GlobalTableSpec spec, OnDrift onDrift, Native... customizations) {
    plan(spec).orThrow();
    return new EnsuredTable(spec, onDrift, customizations).begin();
  }

  private final class EnsuredTable extends Ensured<GlobalTableSpec, TableDescription> {
    private final GlobalTableSpec spec;
    private final Native[] customizations;

    EnsuredTable(GlobalTableSpec spec, OnDrift onDrift, Native... customizations) {
      super(spec, onDrift);
      this.spec = spec;
      this.customizations = customizations;
    }

    @Override
    protected Optional<TableDescription> find() {
      return Tables.this.find(spec.name());
    }

    @Override
    protected Operation<TableDescription> create(
        Function<AlreadyExistsException, Operation<TableDescription>> otherwise) {
      return creation(spec, otherwise, customizations);
    }

    @Override
    protected void requireSame(TableDescription found) {
      if (!found.spec().key().equals(spec.key())) {
        throw ErrorDetails.of(
                ErrorCategory.ALREADY_EXISTS,
                spec.name() + " exists with the key " + found.spec().key() + ", not " + spec.key())
            .resource(found.id().toString())
            .nextStep("Choose another name, or delete the existing table.")
            .toException();
      }
    }

    @Override
    protected Drift drift() {
      return Tables.this.drift(spec);
    }

    @Override
    protected Operation<TableDescription> await(TableDescription found) {
      return observed(
          "ensure",
          spec.name(),
          id -> session.begin(session.required(TableDriver.AWAIT), id, null));
    }

    @Override
    protected boolean canChange(TableDescription found, Field field) {
      return new TowardsSpec(spec, found.spec()).canChange(field);
    }

    @Override
    protected Operation<TableDescription> change(TableDescription found, Drift drift) {
      TableChange change = new TowardsSpec(spec, found.spec()).change(fields(drift));
      planModify(change).orThrow();
      return observed(
          "ensure",
          spec.name(),
          id -> session.begin(session.required(TableDriver.MODIFY), id, change));
    }

    @Override
    protected ResourceId id(TableDescription found) {
      return found.id();
    }
  }

  /**
   * Compares a table with a spec, as the cloud has it now.
   *
   * @param spec what it has to be; its name says which
   * @return what differs; what the spec leaves unset is not compared
   * @throws io.clouddb.error.NotFoundException when there is none of that name
   */
  public Drift drift(GlobalTableSpec spec) {
    return observed("drift", spec.name(), id -> driver().drift(spec));
  }

  /**
   * Begins to change a table.
   *
   * @param id the table
   * @param change what is to change
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the table is as the change says, in all its regions
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   */
  public Operation<TableDescription> modify(
      ResourceId id, TableChange change, Native... customizations) {
    planModify(change).orThrow();
    return session.observed(
        FEATURE,
        "modify",
        KIND,
        id,
        () -> session.begin(session.required(TableDriver.MODIFY), id, change, customizations));
  }

  /**
   * Begins to delete a table with its data, in all its regions, with all that was made for it.
   *
   * @param id the table
   * @return the operation, which ends when it is gone
   * @throws io.clouddb.error.ConditionFailedException when it is protected from deletion
   */
  public Operation<ResourceId> delete(ResourceId id) {
    driver();
    return session.observed(
        FEATURE,
        "delete",
        KIND,
        id,
        () -> session.begin(session.required(TableDriver.DELETE), id, null));
  }

  /**
   * Looks for a table.
   *
   * @param name its name
   * @return the table, empty when there is none in this region
   */
  public Optional<TableDescription> find(String name) {
    TableDriver driver = driver();
    return observed("get", name, id -> driver.find(name));
  }

  /**
   * Gets a table.
   *
   * @param name its name
   * @return the table
   * @throws io.clouddb.error.NotFoundException when there is none in this region
   */
  public TableDescription get(String name) {
    return find(name).orElseThrow(() -> notFound(name));
  }

  /**
   * Gets a table.
   *
   * @param id its id
   * @return the table
   * @throws io.clouddb.error.NotFoundException when there is none in this region
   * @throws io.clouddb.error.InvalidArgumentException when the id is of another cloud or account
   */
  public TableDescription get(ResourceId id) {
    TableDriver driver = driver();
    return session
        .observed(FEATURE, "get", KIND, id, () -> driver.find(id.name()))
        .orElseThrow(() -> notFound(id.name()));
  }

  private RuntimeException notFound(String name) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND, "There is no table " + name + " in " + session.config())
        .resource(name)
        .nextStep("Look from one of its regions: cloud.in(region).tables().")
        .toException();
  }

  /**
   * Lists the tables that have this region, page by page while the list is read.
   *
   * @return their ids
   */
  public Listing<ResourceId> list() {
    return list(null);
  }

  /**
   * Lists the tables that have this region from a page on.
   *
   * @param pageToken what {@link Page#next()} gave; null for the beginning
   * @return their ids
   */
  public Listing<ResourceId> list(@Nullable String pageToken) {
    TableDriver driver = driver();
    return new Listing<>(token -> observed("list", "-", id -> driver.list(token)), pageToken);
  }

  /**
   * Opens a table for its data. Makes no remote call, and needs no right to look at the table:
   * whether it is there, the first call tells.
   *
   * @param spec what it is
   * @return its data, from this region
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field, or the
   *     cloud has no tables
   */
  public Table open(GlobalTableSpec spec) {
    session.scheduler().requireOpen();
    TableDriver driver = driver();
    driver.plan(spec).orThrow();
    return new Table(new OpenTable(spec, session, driver.open(spec)));
  }

  private TableDriver driver() {
    return session
        .driver()
        .driver(TableDriver.class)
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.UNSUPPORTED_FEATURE,
                        "This release has no tables on " + session.config().provider())
                    .nextStep(
                        "Use the vendor's client ("
                            + vendors()
                            + "), or open a table on AWS: clouddb:aws:<region>.")
                    .toException());
  }

  private String vendors() {
    return switch (session.config().provider()) {
      case "azure" -> "azure-cosmos";
      case "gcp" -> "google-cloud-spanner";
      default -> "unwrap(...)";
    };
  }

  private <T> T observed(String call, String name, Function<ResourceId, T> body) {
    return session.observed(FEATURE, call, KIND, name, body);
  }
}
