/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.Promotion;
import io.clouddb.spi.workflow.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the application has to change after a promotion, in sentences. */
final class PromotionAdvice {
  private final StepContext context;
  private final Instance promoted;
  private final String source;

  PromotionAdvice(StepContext context, Instance promoted) {
    this.context = context;
    this.promoted = promoted;
    this.source = PromotionNotes.source(context).name();
  }

  List<String> sentences() {
    List<String> all = new ArrayList<>();
    all.add(
        "Write to "
            + promoted.host().map(host -> host + ":" + promoted.port()).orElse(promoted.name())
            + ", which has the logins and passwords of "
            + source
            + "; the address of "
            + source
            + " still leads to "
            + source
            + ".");
    boolean forced = context.specification(Promotion.class).isForced();
    if (PromotionNotes.isSwitchover(context)) {
      switched(all, forced);
    } else {
      alone(all, forced);
    }
    if (forced) {
      all.add(
          "What "
              + source
              + " took and "
              + promoted.name()
              + " had not received is not in "
              + promoted.name()
              + ".");
    }
    all.add(
        promoted.name()
            + " has no standby, and no backup before its first one: set availability by modify"
            + " where it is needed.");
    if (promoted.state() != InstanceState.AVAILABLE) {
      all.add(promoted.name() + " is " + promoted.nativeState() + " now, and has to be Ready.");
    }
    if (PromotionNotes.wasAlready(context)) {
      all.add(
          promoted.name()
              + " took writes already when its promotion was gone on with: by the request of a"
              + " process that ended, or by somebody else's, of which it is not known what "
              + promoted.name()
              + " had received.");
    }
    return List.copyOf(all);
  }

  private void switched(List<String> all, boolean forced) {
    String anew = ", delete it and create a replica anew.";
    Optional<String> former = PromotionNotes.former(context);
    if (former.isPresent()) {
      all.add(
          source
              + " "
              + former.get()
              + ": keep whoever writes away from it; if it does not come back to follow "
              + promoted.name()
              + anew);
    } else {
      all.add(
          forced
              ? source
                  + " follows "
                  + promoted.name()
                  + " and refuses writes as soon as it is there again; if it does not come back"
                  + anew
              : source + " follows " + promoted.name() + " now and refuses writes.");
    }
    if (PromotionNotes.hadStandby(context)) {
      all.add(source + " has lost its standby, which a replica cannot have.");
    }
    others(all, "follow " + promoted.name() + " now");
    PromotionNotes.endpoint(context)
        .ifPresent(
            name ->
                all.add(
                    "The virtual endpoint "
                        + name
                        + hosts()
                        + " leads to "
                        + promoted.name()
                        + " and "
                        + source
                        + (PromotionNotes.madeEndpoint(context).isPresent()
                            ? "; it was made for the switchover, which Azure refuses without,"
                                + " and is needed for the way back."
                            : ".")));
  }

  /** As Azure tells them: each of its clouds has its own domain. */
  private String hosts() {
    List<String> hosts = PromotionNotes.hosts(context);
    return hosts.isEmpty() ? "" : " (" + String.join(", ", hosts) + ")";
  }

  private void alone(List<String> all, boolean forced) {
    all.add(
        source
            + " goes on as it was and takes writes"
            + (forced ? " when it is there" : "")
            + ": keep whoever writes away from it.");
    others(all, "still follow " + source);
    PromotionNotes.endpoint(context)
        .ifPresent(
            name ->
                all.add(
                    "The virtual endpoint "
                        + name
                        + " of "
                        + source
                        + " reads from "
                        + source
                        + " now, and not from "
                        + promoted.name()
                        + " any more."));
    if (forced) {
      all.add("Other replicas of " + source + ", if it has any, still follow it.");
    }
  }

  private void others(List<String> all, String what) {
    if (!PromotionNotes.others(context).isEmpty()) {
      all.add("These replicas " + what + ": " + PromotionNotes.others(context) + ".");
    }
  }
}
