/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.table.TableBackupDriver;
import io.clouddb.spi.table.TableDriver;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** What the steps of the workflows on tables have in common. */
abstract class TableStep implements StepAction {
  /** A replica or an index of a large table takes hours. */
  private static final Duration LONGEST = Duration.ofDays(2);

  /** A key that has just been changed is perhaps not told as such at once. */
  private static final Duration KEY_SHOWN_WITHIN = Duration.ofMinutes(5);

  private static final String ANSWERED = "answered.";

  protected final RegionalCalls regions;
  private final String name;

  TableStep(String name, RegionalCalls regions) {
    this.name = name;
    this.regions = regions;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public Duration limit() {
    return LONGEST;
  }

  final String home() {
    return regions.homeName();
  }

  static boolean isChange(StepContext context) {
    return context.state().kind().equals(TableDriver.MODIFY.id());
  }

  static boolean isRestore(StepContext context) {
    return context.state().kind().equals(TableBackupDriver.RESTORE.id());
  }

  static TableChange change(StepContext context) {
    return context.specification(TableChange.class);
  }

  /** What the table has to be once the operation is over. */
  final Wanted wanted(StepContext context) {
    return wanted(context, regions);
  }

  static Wanted wanted(StepContext context, RegionalCalls regions) {
    return new Wanted(
        context.state().kind().equals(TableDriver.CREATE.id())
            ? context.specification(GlobalTableSpec.class)
            : Notes.spec(context, Notes.AFTER),
        regions.homeName());
  }

  /** The regions in which a change finds the table, and leaves it. */
  final List<String> kept(StepContext context) {
    return kept(context, regions);
  }

  static List<String> kept(StepContext context, RegionalCalls regions) {
    List<String> after = wanted(context, regions).regions();
    return Wanted.regions(Notes.spec(context, Notes.BEFORE), regions.homeName()).stream()
        .filter(after::contains)
        .toList();
  }

  /** The regions that a change, or a creation after the home region, adds. */
  final List<String> added(StepContext context) {
    return added(context, regions);
  }

  static List<String> added(StepContext context, RegionalCalls regions) {
    Wanted wanted = wanted(context, regions);
    if (!isChange(context)) {
      return wanted.others();
    }
    List<String> before = Wanted.regions(Notes.spec(context, Notes.BEFORE), regions.homeName());
    return wanted.regions().stream().filter(region -> !before.contains(region)).toList();
  }

  /** The operation's table; a later one of its name, which an old token may find, is not it. */
  final Optional<TableDescription> find(StepContext context) {
    return find(context, regions);
  }

  private static Optional<TableDescription> find(StepContext context, RegionalCalls regions) {
    Optional<TableDescription> found = regions.home().find(context.name());
    if (found.isPresent() && !isThatOne(context, found.get())) {
      throw gone(context, "There is another table of its name now");
    }
    return found;
  }

  /** The same, where it has to be there. */
  final TableDescription get(StepContext context) {
    return find(context).orElseThrow(() -> gone(context, "There is none of its name"));
  }

  static boolean isThatOne(StepContext context, TableDescription table) {
    Optional<String> id = context.value(Notes.TABLE_ID);
    return id.isEmpty() || id.get().equals(table.tableId());
  }

  static CloudDbException gone(StepContext context, String why) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND, "The table " + context.name() + " is gone. " + why)
        .operation("dynamodb.DescribeTable")
        .resource(context.resource().toString())
        .providerCode("ResourceNotFoundException")
        .toException();
  }

  private String note(StepContext context) {
    return ANSWERED + (context.item().isEmpty() ? name : name + "/" + context.item());
  }

  /** Whether DynamoDB has answered the step's request. */
  final boolean answered(StepContext context) {
    return context.value(note(context)).isPresent();
  }

  /** An answered request, with what later steps need of the answer. */
  final Begun answered(StepContext context, String message, Map<String, String> more) {
    Map<String, String> notes = new HashMap<>(more);
    notes.put(note(context), Notes.YES);
    return Begun.accepted(message).noting(notes);
  }

  /**
   * What a refusal means. A request that was given up on its way can arrive after the look that
   * missed its effect, and DynamoDB refuses the next one for it; or another operator has done the
   * same. What is there then decides. That something goes on does only where an earlier request may
   * have begun it: DynamoDB refuses much before it looks whether a table rests, and whoever changes
   * it in this moment has nothing to do with that.
   */
  final Begun refused(StepContext context, CloudDbException refusal) {
    boolean maybeForIt =
        refusal.category() == ErrorCategory.INVALID_ARGUMENT
            || refusal.category() == ErrorCategory.NOT_FOUND
            || refusal.category() == ErrorCategory.ALREADY_EXISTS;
    if (maybeForIt) {
      Look now = lookAfter(context, refusal);
      if (now instanceof Look.Happened) {
        return Begun.accepted("is as it has to be");
      }
      if (now instanceof Look.Going && (isSentBefore(context) || isUnderWay(context))) {
        return Begun.accepted("was asked for before");
      }
    }
    throw ControlErrors.isOfEncryption(refusal) && isBeingEncrypted(context)
        ? waiting(refusal)
        : refusal;
  }

  /** DynamoDB says the same of a key that is disabled, and of that nothing is to be seen. */
  private boolean isBeingEncrypted(StepContext context) {
    return context.isWithin(KEY_SHOWN_WITHIN)
        || find(context)
            .filter(
                table ->
                    Settling.isBeingEncrypted(table)
                        || table.replicas().stream()
                            .anyMatch(replica -> isBeingEncrypted(context, replica.regionName())))
            .isPresent();
  }

  private boolean isBeingEncrypted(StepContext context, String region) {
    try {
      return regions.in(region).find(context.name()).filter(Settling::isBeingEncrypted).isPresent();
    } catch (CloudDbException e) {
      if (RegionalCalls.isOut(e)) {
        return false;
      }
      throw e;
    }
  }

  private static CloudDbException waiting(CloudDbException refusal) {
    ErrorDetails details = refusal.details();
    return ErrorDetails.of(ErrorCategory.BUSY, details.message())
        .operation(details.operation().orElse(null))
        .resource(details.resource().orElse(null))
        .providerCode(details.providerCode().orElse(null))
        .requestId(details.requestId().orElse(null))
        .toException(refusal);
  }

  private Look lookAfter(StepContext context, CloudDbException refusal) {
    try {
      return look(context);
    } catch (CloudDbException e) {
      e.addSuppressed(refusal);
      throw e;
    }
  }

  /** Whether what goes on is what this step asks for, by whomever. */
  boolean isUnderWay(StepContext context) {
    return false;
  }

  /** Whether a request of this step, before the one that was refused, may have had its effect. */
  private static boolean isSentBefore(StepContext context) {
    return context.state().tries() > 1 || context.state().lost() || context.resumed();
  }
}
