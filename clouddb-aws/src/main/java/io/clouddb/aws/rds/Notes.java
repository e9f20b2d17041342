/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/**
 * The names of what the steps note for later ones. None of them is believed where it could harm.
 */
final class Notes {
  /** The value of a note that only has to be there. */
  static final String YES = "yes";

  /** The ARN of a replica's source. */
  static final String SOURCE = "source";

  /** What tells a replica's source from a later one of its name. */
  static final String SOURCE_ID = "source-dbi-resource-id";

  /** For how many days a promoted replica's backups are kept. */
  static final String RETENTION = "retention";

  /** The parameter group that a change makes; what else is known of it. */
  static final String NEW_GROUP = "new-group";

  static final String FAMILY = "family";

  /** Whether the instance does not use the new group yet. */
  static final String ATTACH = "attach";

  /** Whether what a change is about has been compared with what is there. */
  static final String COMPARED = "compared";

  /** The parameters that differ from a change's: those that need a restart, and the others. */
  static final String STATIC = "differs.static";

  static final String DYNAMIC = "differs.dynamic";

  /** Whether a change of parameters restarts the instance: {@link #NEEDED}, {@link #IF_MARKED}. */
  static final String RESTART = "restart";

  static final String NEEDED = "needed";
  static final String IF_MARKED = "if-marked";

  /** Set when RDS has marked the instance for the restart that is to come. */
  static final String MARKED = "marked";

  static final String RESTARTED = "restarted";

  /** The failed state out of which a change is to bring the instance. */
  static final String MENDS = "mends";

  /** The members that {@code ModifyDBInstance} was sent with, so that they can be pending. */
  static final String CHANGED = "changed";

  /** What tells an instance from a later one of its name: {@link #identified}. */
  static final String RESOURCE = "dbi-resource-id";

  /** That RDS has taken this very operation's request to delete the instance. */
  static final String DELETED = "deleted";

  /** The parameter group that goes with the instance. */
  static final String GROUP = "group";

  /** What tells a DB snapshot from a later one of its name: {@link #snapshot}. */
  static final String SNAPSHOT = "snapshot-taken";

  /** The version whose DB parameter group a restored instance needs. */
  static final String VERSION = "engine-version";

  static final String SEPARATOR = ",";

  private Notes() {}

  /**
   * Notes which instance an operation is about, so that no later one of its name is taken for it.
   */
  static OperationState identified(OperationState state, DBInstance instance) {
    return state.with(identity(instance));
  }

  /** The same as a note; none where RDS does not tell. */
  static Map<String, String> identity(DBInstance instance) {
    String id = instance.dbiResourceId();
    return id == null ? Map.of() : Map.of(RESOURCE, id);
  }

  /**
   * Notes which snapshot an operation is about: it has no id of its own but the time at which it
   * was made. The time of the data all copies of it have in common.
   */
  static Map<String, String> snapshot(DBSnapshot snapshot) {
    return made(snapshot).map(made -> Map.of(SNAPSHOT, made)).orElse(Map.of());
  }

  private static Optional<String> made(DBSnapshot snapshot) {
    return Optional.ofNullable(snapshot.snapshotCreateTime())
        .or(() -> SnapshotView.taken(snapshot))
        .map(Instant::toString);
  }

  /** Whether a snapshot is the one that was noted; one that was noted without a time is. */
  static boolean isNoted(StepContext context, DBSnapshot snapshot) {
    Optional<String> noted = context.value(SNAPSHOT);
    return noted.isEmpty() || made(snapshot).equals(noted);
  }

  /** Hands on a note that is a number, or says by an empty text that there is to be none. */
  static void number(StepContext context, String name, Consumer<@Nullable Integer> setter) {
    if (context.value(name).isPresent()) {
      setter.accept(number(context, name));
    }
  }

  /** A note that is a number; null where it is empty, or there is none. */
  static @Nullable Integer number(StepContext context, String name) {
    String text = context.value(name).orElse("");
    try {
      return text.isEmpty() ? null : Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw damaged(name, e);
    }
  }

  /** A note that is a time. */
  static Optional<Instant> time(StepContext context, String name) {
    try {
      return context.value(name).map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw damaged(name, e);
    }
  }

  private static CloudDbException damaged(String name, RuntimeException e) {
    return ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            "The operation's note '" + name + "' cannot be read: is this its token?")
        .nextStep("Take it as it was given.")
        .toException(e);
  }
}
