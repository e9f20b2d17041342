/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.OperationState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says in an error what an operation made and did, and what it did not do. */
final class Leftovers {
  private static final String DONE = "done: ";

  private final Workflow<?> workflow;

  Leftovers(Workflow<?> workflow) {
    this.workflow = workflow;
  }

  CloudDbException named(StepContext context, CloudDbException e) {
    boolean goesOn = StepRun.canGoOn(e) && context.state().failure().isEmpty();
    return named(context, e, steps(context), goesOn);
  }

  /** As {@link #named}, where somebody else can go on, or nobody knows how far it is. */
  CloudDbException goingOn(StepContext context, CloudDbException e) {
    return named(context, e, steps(context), true);
  }

  /** As {@link #named}, once no step is left to do. */
  CloudDbException afterAll(StepContext context, CloudDbException e) {
    return named(context, e, "", !e.details().outcomeKnown());
  }

  private CloudDbException named(
      StepContext context, CloudDbException e, String steps, boolean goesOn) {
    OperationState state = context.state();
    List<String> left = new ArrayList<>();
    e.details().leftBehind().ifPresent(left::add);
    for (String made : state.made()) {
      String what = what(context, made);
      if (left.stream().noneMatch(text -> text.contains(what))) {
        left.add(what);
      }
    }
    left.addAll(state.left());
    if (state.failure().isEmpty()
        && !steps.isEmpty()
        && (!left.isEmpty() || steps.startsWith(DONE))) {
      left.add(steps);
    }
    if (left.isEmpty()) {
      return e;
    }
    ErrorDetails.Builder details = e.details().toBuilder().leftBehind(String.join(", ", left));
    details.nextStep(
        goesOn || (state.left().isEmpty() && state.made().isEmpty())
            ? e.nextStep().orElse(null)
            : nextStep(e));
    return CloudDbException.of(details.build(), e);
  }

  /** Which steps are done, begun and not done; empty when all are done. */
  private String steps(StepContext context) {
    List<String> done = new ArrayList<>();
    List<String> begun = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    boolean reached = false;
    for (StepAction step : workflow.steps()) {
      boolean current = step.name().equals(context.state().step());
      reached |= current;
      // Who only waits says by its name what the steps before it have not come to yet.
      if ((step.changes() || current) && step.applies(context) && !step.items(context).isEmpty()) {
        if (current && context.asked()) {
          begun.add(step.name());
        } else {
          (reached ? missing : done).add(step.name());
        }
      }
    }
    if (begun.isEmpty() && missing.isEmpty()) {
      return "";
    }
    return Stream.of(list(DONE, done), list("begun: ", begun), list("not done: ", missing))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private static String list(String what, List<String> steps) {
    return steps.isEmpty() ? "" : what + String.join(", ", steps);
  }

  private @Nullable String nextStep(CloudDbException e) {
    Optional<String> own = e.nextStep();
    if (!workflow.creates()) {
      return own.orElse(null);
    }
    return own.map(text -> text + " ").orElse("")
        + "Remove what is left behind, and create it again.";
  }

  private String what(StepContext context, String made) {
    int slash = made.indexOf('/');
    String name = slash < 0 ? made : made.substring(0, slash);
    OperationState there =
        context.state().at(name, slash < 0 ? "" : made.substring(slash + 1), context.now());
    String what =
        workflow.steps().stream()
            .filter(step -> step.name().equals(name))
            .map(step -> step.makes(context.with(there)))
            .findFirst()
            .orElse(made);
    return context.state().lost() && made.equals(current(context.state()))
        ? what + ", if a request whose answer was lost has made it"
        : what;
  }

  /** As it is called in what was made. */
  static String current(OperationState state) {
    return state.item().isEmpty() ? state.step() : state.step() + "/" + state.item();
  }
}
