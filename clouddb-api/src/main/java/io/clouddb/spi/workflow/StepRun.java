/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The step machine: takes one operation through its workflow, one poll at a time. A poll looks; it
 * sends a request only where the look says that it is missing, and has the state written down
 * before. Not for use by several threads at once.
 *
 * @param <T> what comes of the operation
 */
public final class StepRun<T> {
  /** What is made and cannot be removed for so long is named instead. */
  private static final Duration UNDO_LIMIT = Duration.ofMinutes(30);

  /** So many processes, one after the other, wait for the removal of one thing. */
  private static final int MOST_UNDOERS = 5;

  private final Workflow<T> workflow;
  private final Consumer<OperationState> writer;
  private final boolean trusted;
  private final boolean resumed;
  private final Leftovers leftovers;
  private final Function<SecretRef, String> secrets;
  private StepContext context;
  private @Nullable RuntimeException unread;
  private boolean withoutSecret;
  private boolean failed;
  private boolean removing;

  /**
   * Takes an operation where it stands.
   *
   * @param workflow its workflow
   * @param context where it stands, and what its steps work with; a state that has been followed
   *     before has a {@link OperationState#since() time}
   * @param writer writes a state down before the change that it leads to; when it throws, the
   *     change is not made
   * @param trusted whether the state comes from this library, and not from a token that anybody can
   *     have written
   */
  public StepRun(
      Workflow<T> workflow, StepContext context, Consumer<OperationState> writer, boolean trusted) {
    this.workflow = workflow;
    this.secrets = context.secrets();
    this.writer = writer;
    this.trusted = trusted;
    this.resumed = context.state().since().isPresent();
    this.context =
        new StepContext(
            context.state(), context.customizations(), this::read, context.now(), resumed);
    this.leftovers = new Leftovers(workflow);
  }

  /**
   * What a poll came to.
   *
   * @param <T> what comes of the operation
   */
  public sealed interface Outcome<T> {
    /**
     * The operation goes on.
     *
     * @param pollAfter when to poll again, null for the cloud's own pause
     * @param message what goes on
     * @param <T> what comes of the operation
     */
    record Running<T>(@Nullable Duration pollAfter, String message) implements Outcome<T> {}

    /**
     * The operation is over.
     *
     * @param value what came of it
     * @param <T> what comes of the operation
     */
    record Done<T>(T value) implements Outcome<T> {}
  }

  /**
   * Where the operation stands now, also after a poll that threw.
   *
   * @return the state
   */
  public OperationState state() {
    return context.state();
  }

  /**
   * Looks, and does what is next.
   *
   * @param now the time
   * @return whether it goes on
   * @throws CloudDbException when a look failed; retryable when another poll may help. Otherwise
   *     the operation is over, unless the error has {@link #canGoOn}.
   */
  public Outcome<T> poll(Instant now) {
    context =
        new StepContext(
            state().notAfter(now), context.customizations(), context.secrets(), now, resumed);
    unread = null;
    withoutSecret = false;
    failed = false;
    while (true) {
      Optional<CloudDbException> failure = state().failure();
      if (failure.isPresent()) {
        return undo(failure.get());
      }
      Optional<StepAction> step = position();
      if (step.isEmpty()) {
        return done();
      }
      Outcome<T> outcome = take(step.get());
      if (outcome != null) {
        return outcome;
      }
    }
  }

  /**
   * Tells whether an operation can be gone on with after an error, by somebody with other
   * credentials or at another time, so that nothing of it is removed: a cloud that was closed, for
   * example, sends nothing more, and no service has refused anything.
   *
   * @param e the error
   * @return true when it can
   */
  public static boolean canGoOn(CloudDbException e) {
    return e.retryable()
        || e.category() == ErrorCategory.AUTHENTICATION
        || e.category() == ErrorCategory.UNAVAILABLE
        || e.category() == ErrorCategory.DEADLINE;
  }

  /**
   * Tells whether an operation ended for good with an error of the last poll, so that there is
   * nothing to resume.
   *
   * @param e the error
   * @return false when it can be gone on with, or nobody knows what became of it
   */
  public boolean isOver(CloudDbException e) {
    // Once all is removed or named there is nothing to go on with, whatever answers were lost.
    boolean clearedUp = state().failure().isPresent() && state().made().isEmpty();
    return clearedUp || failed || (!canGoOn(e) && e.details().outcomeKnown() && !withoutSecret);
  }

  /**
   * The error of looks that failed too often: what became of a request that was sent is not known.
   *
   * @param e what the last look threw
   * @return the error to throw, with what is left behind
   */
  public CloudDbException unseen(CloudDbException e) {
    boolean known = e.details().outcomeKnown() && !state().lost() && state().asked().isEmpty();
    CloudDbException unknown =
        CloudDbException.of(e.details().toBuilder().outcomeKnown(known).build(), e);
    return known ? ended(unknown) : leftovers.goingOn(context, unknown);
  }

  /** What cannot be read here can be elsewhere: no service has refused anything. */
  private String read(SecretRef reference) {
    try {
      return secrets.apply(reference);
    } catch (RuntimeException e) {
      unread = e;
      throw e;
    }
  }

  private CloudDbException ended(CloudDbException e) {
    return leftovers.named(context, e);
  }

  private void reach(OperationState state) {
    context = context.with(state);
  }

  /** The step whose turn it is; empty after the last one. */
  private Optional<StepAction> position() {
    List<StepAction> steps = workflow.steps();
    int at = index(state().step());
    if (at >= 0
        && steps.get(at).applies(context)
        && steps.get(at).items(context).contains(state().item())) {
      return Optional.of(steps.get(at));
    }
    return enter(Math.max(at, 0));
  }

  private int index(String name) {
    if (name.isEmpty()) {
      return -1;
    }
    List<StepAction> steps = workflow.steps();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).name().equals(name)) {
        return i;
      }
    }
    throw ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            "The operation is at a step that this release does not know in "
                + workflow.kind()
                + ": is this its token?")
        // Nor does this release know what became of it.
        .outcomeKnown(false)
        .nextStep("Resume it with the release of clouddb that began it.")
        .toException();
  }

  /** Goes to the first item of the first step from one on that has something to do. */
  private Optional<StepAction> enter(int from) {
    for (StepAction step : workflow.steps().subList(from, workflow.steps().size())) {
      if (step.applies(context)) {
        List<String> items = step.items(context);
        if (!items.isEmpty()) {
          reach(state().at(step.name(), items.get(0), context.now()));
          return Optional.of(step);
        }
      }
    }
    return Optional.empty();
  }

  /** Goes to the next item, or to the next step. Returns false after the last one. */
  private boolean advance(StepAction step) {
    List<String> items = step.items(context);
    int next = items.indexOf(state().item()) + 1;
    if (next < items.size()) {
      reach(state().at(step.name(), items.get(next), context.now()));
      return true;
    }
    return enter(index(step.name()) + 1).isPresent();
  }

  /** One look at a step, and what follows from it; null when the next step's turn has come. */
  private @Nullable Outcome<T> take(StepAction step) {
    Look look;
    try {
      look = step.look(context);
    } catch (CloudDbException e) {
      if (!e.retryable() && e.details().outcomeKnown()) {
        CloudDbException end = unseen(e);
        if (e.category() == ErrorCategory.DEADLINE) {
          // Who resumes it has the same time again.
          reach(state().since(context.now()));
        }
        throw end;
      }
      // A look changes nothing, so that one more does no harm.
      throw CloudDbException.of(e.details().toBuilder().retryable(true).build(), e);
    }
    if (look instanceof Look.Happened happened) {
      reach(state().with(happened.notes()));
      if (happened.own()) {
        reach(state().making(made(step)));
      }
      forgetSecrets(step);
      return advance(step) ? null : done();
    }
    if (look instanceof Look.Failed failed) {
      if (failed.why().category() == ErrorCategory.ALREADY_EXISTS) {
        // What is there is somebody else's, so that no request of this step has made anything.
        OperationState state = state();
        reach(
            state
                .undone(made(step), null, context.now())
                .at(state.step(), state.item(), context.now()));
      }
      return fail(failed.why());
    }
    if (look instanceof Look.Going going) {
      reach(state().with(going.notes()));
      return wait(step, going.message(), going.pollAfter());
    }
    if (look instanceof Look.NotYet notYet) {
      return wait(step, notYet.message(), notYet.pollAfter());
    }
    if (look instanceof Look.Again again) {
      if (state().tries() >= step.mostTries()) {
        return fail(again.why());
      }
      reach(state().again(made(step)));
      var unused = writtenAgain();
      return wait(step, "tried again after: " + again.why().getMessage(), again.pause());
    }
    Look.Missing missing = (Look.Missing) look;
    reach(state().with(missing.notes()));
    return missing(step, missing.message());
  }

  /** All is done, also where what came of it cannot be read: then somebody else reads it. */
  private Outcome<T> done() {
    try {
      return new Outcome.Done<>(workflow.result(context));
    } catch (CloudDbException e) {
      if (e.retryable() || !e.details().outcomeKnown()) {
        throw CloudDbException.of(e.details().toBuilder().retryable(true).build(), e);
      }
      boolean gone = e.category() == ErrorCategory.NOT_FOUND;
      throw leftovers.afterAll(
          context, CloudDbException.of(e.details().toBuilder().outcomeKnown(gone).build(), e));
    }
  }

  private Outcome<T> missing(StepAction step, String message) {
    Optional<Instant> asked = state().asked();
    if (asked.isEmpty() && step.changes()) {
      return begin(step);
    }
    Instant from = asked.or(() -> state().since()).orElse(context.now());
    if (context.isWithin(step.shownWithin(), from)) {
      return wait(step, message.isEmpty() ? "not visible yet" : message, null);
    }
    if (step.changes() && state().tries() < step.mostTries()) {
      // Long enough for its effect to show, so it had none.
      return begin(step);
    }
    reach(afterUnseen());
    return fail(vanished(step, message));
  }

  /** Where the operation stands once nobody has seen what became of a request that was sent. */
  private OperationState afterUnseen() {
    return state().asked().isPresent() ? state().losing() : state();
  }

  private CloudDbException vanished(StepAction step, String message) {
    String name = state().resource().name();
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "The step '%s' of %s is not to be seen%s%s"
                .formatted(
                    title(step),
                    name,
                    state().tries() == 0 ? "" : " after " + state().tries() + " requests",
                    message.isEmpty() ? "" : ": " + message))
        .resource(state().resource().toString())
        .toException();
  }

  private static String made(StepAction step, StepContext context) {
    if (step.makes(context).isEmpty()) {
      return "";
    }
    String item = context.item();
    return item.isEmpty() ? step.name() : step.name() + "/" + item;
  }

  private String made(StepAction step) {
    return made(step, context);
  }

  private String title(StepAction step) {
    return state().item().isEmpty() ? step.name() : step.name() + " " + state().item();
  }

  private Outcome<T> begin(StepAction step) {
    if (!trusted && step.guarded(context)) {
      CloudDbException untrusted =
          ErrorDetails.of(
                  ErrorCategory.INVALID_ARGUMENT,
                  "The next step of %s, '%s', sets a password, opens a network or takes something"
                          .formatted(workflow.kind(), title(step))
                      + " away, and the token was not sealed: anybody can have written it")
              .resource(state().resource().toString())
              .nextStep(
                  "Begin and resume operations with CloudConfig.tokenKey(...), or allow it by"
                      + " trustTokens(true) where nobody else can reach the tokens.")
              .toException();
      throw leftovers.goingOn(context, untrusted);
    }
    // An answer that died with its process, or whose effect does not show, is lost.
    OperationState before = afterUnseen();
    OperationState sent = before.asking(context.now(), made(step));
    writer.accept(sent);
    reach(sent);
    Begun begun;
    try {
      begun = step.begin(context);
    } catch (CloudDbException e) {
      return refused(step, before, e);
    }
    reach(state().accepted(begun.handle()).with(begun.notes()));
    return new Outcome.Running<>(begun.pollAfter(), begun.message());
  }

  private Outcome<T> refused(StepAction step, OperationState before, CloudDbException e) {
    if (!e.details().outcomeKnown()) {
      reach(state().losing());
      return wait(step, "looks what became of: " + e.getMessage(), null);
    }
    if (e.category() == ErrorCategory.ALREADY_EXISTS
        && (before.tries() > 0 || resumed)
        && state().tries() < step.mostTries()) {
      // Perhaps by the request before this one, which took longer to show: the next look tells. A
      // token can be older than that request, and then knows of none.
      reach(state().losing());
      return wait(step, "looks whose it is: " + e.getMessage(), null);
    }
    // It had no effect: as before, but for what an earlier request may have made.
    reach(before);
    if (e.category() == ErrorCategory.BUSY) {
      var unused = writtenAgain();
      return wait(step, "waits: " + e.getMessage(), e.details().retryAfter().orElse(null));
    }
    // Where nothing is made yet there is nothing to keep for somebody else.
    withoutSecret = unread != null && !state().made().isEmpty();
    if (canGoOn(e) || withoutSecret) {
      if (e.category() == ErrorCategory.DEADLINE) {
        // Who resumes it has the same time again.
        reach(state().since(context.now()));
      }
      writtenAgain().ifPresent(e::addSuppressed);
      throw e.retryable() ? e : leftovers.goingOn(context, e);
    }
    return fail(e);
  }

  /**
   * Writes down that a request had no effect: whoever finds it after a kill sends it again, and
   * does not wait for its effect first. A log that cannot be written only costs them that time.
   */
  private Optional<RuntimeException> writtenAgain() {
    try {
      writer.accept(state());
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  private Outcome<T> wait(StepAction step, String message, @Nullable Duration pollAfter) {
    Instant since = context.since();
    Duration waited = Duration.between(since, context.now());
    if (waited.compareTo(step.limit()) <= 0) {
      return new Outcome.Running<>(pollAfter, message);
    }
    String name = state().resource().name();
    CloudDbException late =
        ErrorDetails.of(
                ErrorCategory.DEADLINE,
                "The step '%s' of %s of %s goes on since %s, which is longer than %s; last seen: %s"
                    .formatted(title(step), workflow.kind(), name, since, step.limit(), message))
            .resource(state().resource().toString())
            .retryable(false)
            .outcomeKnown(!state().lost() && state().asked().isEmpty())
            .nextStep("Look at " + name + " at the cloud, then resume it by its token.")
            .toException();
    // Who resumes it has the same time again.
    reach(state().since(context.now()));
    throw ended(late);
  }

  /** After the last item of a step. */
  private void forgetSecrets(StepAction step) {
    List<StepAction> steps = workflow.steps();
    List<StepAction> later = steps.subList(index(step.name()) + 1, steps.size());
    List<String> items = step.items(context);
    boolean last = items.indexOf(state().item()) + 1 >= items.size();
    if (last) {
      reach(Workflow.withoutNeedless(later, context));
    }
  }

  private Outcome<T> fail(CloudDbException why) {
    CloudDbException known =
        state().lost() && why.details().outcomeKnown()
            ? CloudDbException.of(
                why.details().toBuilder().outcomeKnown(false).retryable(false).build(), why)
            : CloudDbException.of(why.details().toBuilder().retryable(false).build(), why);
    if (!workflow.undoes() || state().made().isEmpty() || !trusted) {
      failed = known.details().outcomeKnown();
      // What failed is not done, whatever its request began.
      throw leftovers.named(context.with(state().again("")), known);
    }
    // What removes needs no secret, so that there is a token from now on.
    OperationState failing =
        state()
            .failing(known, context.now())
            .asking(state().specification().map(Specification::withoutSecrets).orElse(null));
    try {
      // Whoever finds it after a kill goes on removing, and makes nothing of it again.
      writer.accept(failing);
    } catch (RuntimeException e) {
      e.addSuppressed(why);
      throw e;
    }
    reach(failing);
    return new Outcome.Running<>(Duration.ZERO, "removes what it made after: " + why.getMessage());
  }

  /** Removes the newest thing that was made; throws the failure when nothing is left to do. */
  private Outcome<T> undo(CloudDbException failure) {
    List<String> made = new ArrayList<>(state().made());
    if (made.isEmpty()) {
      throw ended(failure);
    }
    String newest = made.get(made.size() - 1);
    int slash = newest.indexOf('/');
    String name = slash < 0 ? newest : newest.substring(0, slash);
    StepAction step = workflow.steps().get(index(name));
    OperationState there =
        state().at(name, slash < 0 ? "" : newest.substring(slash + 1), context.now());
    boolean lost = state().lost() && newest.equals(Leftovers.current(state()));
    StepContext at = context.with(lost ? there.losing() : there);
    // A removal is a change, and each look at one may send it: not of what somebody else removes.
    writer.accept(state());
    Undone undone;
    try {
      // A token that anybody can have written takes nothing away.
      undone = trusted ? step.undo(at) : Undone.stays(step.makes(at));
    } catch (CloudDbException e) {
      if (!e.retryable() && e.details().outcomeKnown() && canGoOn(e)) {
        // No service has refused it: who has other credentials, or an open cloud, removes it.
        e.addSuppressed(failure);
        throw leftovers.goingOn(context, e);
      }
      undone =
          e.retryable() || !e.details().outcomeKnown()
              ? Undone.going("is removed: " + e.getMessage())
              : Undone.stays(step.makes(at));
    }
    if (undone instanceof Undone.Going going && !isTriedTooOften()) {
      if (context.isWithin(UNDO_LIMIT)) {
        return new Outcome.Running<>(null, step.makes(at) + " " + going.message());
      }
    }
    if (undone instanceof Undone.Going) {
      undone = Undone.stays(step.makes(at));
    }
    String stays =
        undone instanceof Undone.Stays left && !left.what().isEmpty() ? left.what() : null;
    reach(state().undone(newest, stays, context.now()));
    removing = false;
    // Whoever finds it after a kill does not begin with the removal again.
    writer.accept(state());
    return new Outcome.Running<>(Duration.ZERO, "removes what it made");
  }

  /** Who resumes it has the whole limit again, but not for ever. */
  private boolean isTriedTooOften() {
    if (!removing) {
      removing = true;
      reach(state().tried());
      writer.accept(state());
    }
    return state().tries() > MOST_UNDOERS;
  }
}
