/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.CloudConfig;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.text.Quoted;
import io.clouddb.operation.OperationLog;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Workflow;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is written down of the operations of one region, where the caller gives a log for it. */
public final class OperationJournal {
  private static final Logger log = LoggerFactory.getLogger(OperationJournal.class);

  private final CloudConfig config;
  private final CloudDriver driver;
  private final OperationToken tokens;
  private final KnownWorkflows workflows;
  private final OpenCloud open;
  private final Optional<OperationLog> store;

  /**
   * Makes a journal.
   *
   * @param config has the caller's log, and names the region
   * @param driver tells the account
   * @param tokens the form in which an operation is written
   * @param workflows what can be gone on with, by its kind
   * @param open whether the cloud is open
   */
  OperationJournal(
      CloudConfig config,
      CloudDriver driver,
      OperationToken tokens,
      KnownWorkflows workflows,
      OpenCloud open) {
    this.config = config;
    this.driver = driver;
    this.tokens = tokens;
    this.workflows = workflows;
    this.open = open;
    this.store = config.operationLog();
  }

  /** Where an operation stands, and what is written of it. */
  record Found(OperationState state, LogEntry entry) {}

  /** An operation of which nothing is written, nor is to be. */
  static Found unwritten(OperationState state) {
    return new Found(state, LogEntry.none(state.id()));
  }

  /** What errors call it. */
  static String entryOf(OperationState state) {
    return entryOf(state.id());
  }

  private static String entryOf(String id) {
    return "the entry " + id + " of the operation log";
  }

  /** Writes an operation down before its first change. */
  LogEntry begin(OperationState state) {
    LogEntry entry = LogEntry.of(store, state.id(), null);
    boolean begun;
    try {
      begun = write(entry, state);
    } catch (RuntimeException e) {
      throw notBegun(entry, state, e);
    }
    if (!begun) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The operation log has an operation of the id " + state.id() + " already")
          .resource(state.resource().toString())
          .nextStep("Let CloudConfig.ids give each id once.")
          .toException();
    }
    return entry;
  }

  /** Returns false when somebody else has written or removed it. */
  boolean write(LogEntry entry, OperationState state) {
    return !entry.isKept() || entry.write(tokenOf(state));
  }

  private String tokenOf(OperationState state) {
    try {
      return tokens.write(state);
    } catch (CloudDbException e) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The operation cannot be written into the operation log: " + e.details().message())
          .resource(state.resource().toString())
          .nextStep("Use SecretRef.environment, file or store for its password.")
          .toException(e);
    }
  }

  /** What is told of a log that refused, or failed by whatever the caller's own throws. */
  static ErrorDetails.Builder failedWrite(OperationState state, RuntimeException e) {
    return e instanceof CloudDbException ours
        ? ours.details().toBuilder()
        : ErrorDetails.of(
                ErrorCategory.UNAVAILABLE, "The operation log cannot be written: " + e.getMessage())
            .retryable(false)
            .resource(state.resource().toString());
  }

  /** Whose caller is told that it was not begun, it is not to be found among the unfinished. */
  private RuntimeException notBegun(LogEntry entry, OperationState state, RuntimeException e) {
    if (!entry.isUncertain()) {
      return e;
    }
    try {
      if (remove(entry)) {
        return e;
      }
    } catch (RuntimeException another) {
      e.addSuppressed(another);
    }
    String own =
        e instanceof CloudDbException ours
            ? ours.nextStep().map(text -> text + " ").orElse("")
            : "";
    return failedWrite(state, e)
        .leftBehind(entryOf(state) + ", if it was written")
        .nextStep(
            own
                + "Nothing was begun. Where operations().unfinished() lists it, forget() it, so that"
                + " nobody begins it by going on with it.")
        .toException(e);
  }

  /**
   * What the log knows, where the token is older: which request was sent since, and that what was
   * made is being removed. A token that is newer knows what was seen since.
   */
  Found newest(OperationState state) {
    String token = store.map(all -> all.read().get(state.id())).orElse(null);
    OperationState newest =
        Optional.ofNullable(token)
            .flatMap(its -> logged(state.id(), its))
            .map(LoggedOperation::state)
            .filter(its -> its.id().equals(state.id()) && its.isLaterThan(state))
            .orElse(state);
    return new Found(newest, LogEntry.of(store, state.id(), token));
  }

  /** An operation as it was listed. */
  Found listed(LoggedOperation logged) {
    return new Found(logged.state(), entry(logged));
  }

  private LogEntry entry(LoggedOperation logged) {
    return LogEntry.of(store, logged.state().id(), logged.token());
  }

  /**
   * What the log holds of this region and account.
   *
   * @return the operations, oldest first
   */
  public List<LoggedOperation> unfinished() {
    return store
        .map(
            all ->
                all.read().entrySet().stream()
                    .flatMap(entry -> here(entry.getKey(), entry.getValue()).stream())
                    .sorted(Comparator.comparing(found -> found.state().started()))
                    .toList())
        .orElse(List.of());
  }

  /** One operation under two ids would be followed twice, and neither would find out. */
  private Optional<LoggedOperation> here(String id, String token) {
    Optional<LoggedOperation> found = logged(id, token).filter(each -> isHere(each.state()));
    String its = found.map(each -> each.state().id()).orElse(id);
    if (its.equals(id)) {
      return found;
    }
    throw ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            "The entry "
                + Quoted.of(id)
                + " of the operation log holds the operation "
                + Quoted.of(its))
        .nextStep("It is a copy: take it out of the log by hand.")
        .toException();
  }

  /** Also of a kind that only another release knows, so that it is seen; it is not resumed here. */
  private Optional<LoggedOperation> logged(String id, String token) {
    try {
      if (!tokens.isOfThisProvider(token)) {
        return Optional.empty();
      }
      OperationState state =
          tokens.read(token, kind -> workflows.get(kind).flatMap(Workflow::specification));
      return Optional.of(new LoggedOperation(state, token));
    } catch (CloudDbException e) {
      throw e.details().toBuilder().resource(entryOf(id)).toException(e);
    }
  }

  /** What an earlier version wrote without an account is seen, too; it is not resumed. */
  private boolean isHere(OperationState state) {
    ResourceId resource = state.resource();
    return resource.provider().equals(config.provider())
        && state.region().equals(config.location())
        && (resource.account().isEmpty() || resource.account().equals(driver.account()));
  }

  /**
   * Takes an operation out of the log.
   *
   * @param logged what was found there
   */
  public void forget(LoggedOperation logged) {
    String id = logged.state().id();
    if (!entry(logged).remove() && store.filter(all -> all.read().containsKey(id)).isPresent()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "Somebody has gone on with " + logged.state() + " since it was listed")
          .resource(logged.state().resource().toString())
          .nextStep("List what is unfinished again.")
          .toException();
    }
  }

  /**
   * What is over is so all the same where its entry stays; who resumes it finds that out.
   *
   * @return why it stays; null when it does not
   */
  @Nullable Throwable forget(LogEntry entry, OperationState state) {
    try {
      if (entry.isKept() && !remove(entry)) {
        log.debug("{} is in the hands of another process, or forgotten", state);
      }
      return null;
    } catch (RuntimeException | Error e) {
      log.warn("{} stays in the operation log", state, e);
      return e;
    }
  }

  /** A close() interrupts it, which ends what a channel does, or who waits for a connection. */
  private boolean remove(LogEntry entry) {
    try {
      return entry.remove();
    } catch (RuntimeException e) {
      boolean interrupted = Thread.interrupted();
      if (!interrupted && !open.isClosed()) {
        throw e;
      }
      try {
        return entry.remove();
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
