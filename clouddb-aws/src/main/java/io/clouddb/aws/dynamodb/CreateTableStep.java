/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import io.clouddb.table.GlobalTableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/**
 * Makes a table in its first region. It is known again by the operation's id, which it has as a
 * tag; whatever else has its name is somebody else's.
 */
final class CreateTableStep extends TableStep {
  static final String NAME = "table";

  private final TableFields fields;

  CreateTableStep(RegionalCalls regions, TableFields fields) {
    super(NAME, regions);
    this.fields = fields;
  }

  /** Built also to say at once what is wrong with it. */
  CreateTableRequest request(StepContext context) {
    GlobalTableSpec spec = context.specification(GlobalTableSpec.class);
    // A token that is not sealed may ask for what no plan has seen.
    var unused = fields.plan(spec).orThrow();
    CreateTableRequest.Builder request =
        context.customizations().apply(CreateTableRequest.Builder.class, fields.create(spec));
    CreateTableRequest built = request.build();
    List<Tag> tags = new ArrayList<>(built.tags());
    tags.add(Tag.builder().key(OperationState.CREATION_TAG).value(context.state().id()).build());
    return request.tableName(spec.name()).tags(tags).build();
  }

  static CloudDbException exists(String name, String region) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS, "There is a table " + name + " in " + region + " already")
        .resource(name + " in " + region)
        .nextStep("Choose another name, or take the existing one by ensure(...).")
        .toException();
  }

  /** Empty also while its tags are not to be found, of which DynamoDB tells a while later. */
  private Optional<String> maker(TableDescription table) {
    try {
      return Optional.ofNullable(
          regions
              .home()
              .tags(table.tableName(), table.tableArn())
              .get(OperationState.CREATION_TAG));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /** No tags are told of it until it is made. */
  private static boolean isBeingMade(TableDescription table) {
    return table.tableStatus() == TableStatus.CREATING;
  }

  private boolean isOwn(StepContext context, TableDescription table) {
    return maker(table).filter(context.state().id()::equals).isPresent();
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    Optional<TableDescription> found = regions.home().find(context.name());
    if (found.isEmpty()) {
      return Look.missing();
    }
    if (isBeingMade(found.get()) && (context.asked() || context.resumed())) {
      return Look.going("is CREATING, and does not tell by whom yet");
    }
    Optional<String> maker = maker(found.get());
    if (maker.filter(context.state().id()::equals).isPresent()) {
      return Look.found(Notes.identity(found.get()));
    }
    return context.asked() && maker.isEmpty()
        ? Look.missing("its tags are not visible yet")
        : Look.failed(exists(context.name(), home()));
  }

  @Override
  public Begun begin(StepContext context) {
    Optional<TableDescription> made;
    try {
      made = regions.home().create(request(context));
    } catch (AlreadyExistsException e) {
      if (regions.home().find(context.name()).filter(CreateTableStep::isBeingMade).isPresent()) {
        // By whom, the next look tells.
        return Begun.accepted("is CREATING");
      }
      made = Optional.of(own(context, e));
    }
    return answered(context, "creation has begun", made.map(Notes::identity).orElseGet(Map::of));
  }

  /** The HTTP client may have sent the request twice, or an earlier attempt shows only now. */
  private TableDescription own(StepContext context, AlreadyExistsException e) {
    Optional<TableDescription> found = regions.home().find(context.name());
    if (found.isPresent()) {
      if (!isOwn(context, found.get())) {
        throw exists(context.name(), home());
      }
      return found.get();
    }
    if (context.state().tries() > 1) {
      throw e.details().toBuilder().outcomeKnown(false).retryable(false).toException(e);
    }
    throw e;
  }

  @Override
  public String makes(StepContext context) {
    return "the table " + context.name() + " in " + home();
  }

  /** Nobody has been told of it yet, so that nobody's items go with it. */
  @Override
  public Undone undo(StepContext context) {
    Optional<TableDescription> found = regions.home().find(context.name());
    if (found.isEmpty()) {
      boolean lost =
          context.state().failure().filter(e -> !e.details().outcomeKnown()).isPresent()
              && context.state().lost();
      return lost
          ? Undone.stays(makes(context) + ", if a request whose answer was lost has made it")
          : Undone.gone();
    }
    if (isBeingMade(found.get())) {
      return Undone.going("is CREATING");
    }
    if (!isOwn(context, found.get())) {
      return Undone.gone();
    }
    TableStatus status = found.get().tableStatus();
    if (status == TableStatus.UPDATING || status == TableStatus.DELETING) {
      return Undone.going("is " + status);
    }
    regions.home().delete(context.name());
    return Undone.going("is deleted");
  }
}
