/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** A step whose looks and answers a test puts in; without any it is missing, and then happens. */
final class ScriptedStep implements StepAction {
  private final String name;
  final Deque<Function<StepContext, Look>> looks = new ArrayDeque<>();
  final Deque<Function<StepContext, Begun>> answers = new ArrayDeque<>();
  final Deque<Function<StepContext, Undone>> undos = new ArrayDeque<>();
  final List<String> log;
  boolean happened;
  boolean applies = true;
  boolean changes = true;
  boolean needsSecret;
  boolean guarded;
  String makes = "";
  List<String> items = List.of("");
  int mostTries = 3;

  ScriptedStep(String name, List<String> log) {
    this.name = name;
    this.log = log;
  }

  static ScriptedStep of(String name) {
    return new ScriptedStep(name, new ArrayList<>());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean applies(StepContext context) {
    return applies;
  }

  @Override
  public boolean changes() {
    return changes;
  }

  @Override
  public boolean needsSecret(StepContext context) {
    return needsSecret;
  }

  @Override
  public boolean guarded(StepContext context) {
    return guarded;
  }

  @Override
  public String makes(StepContext context) {
    return makes.isEmpty() || context.item().isEmpty() ? makes : makes + " " + context.item();
  }

  @Override
  public List<String> items(StepContext context) {
    return items;
  }

  @Override
  public Duration limit() {
    return Duration.ofHours(1);
  }

  @Override
  public Duration shownWithin() {
    return Duration.ofMinutes(2);
  }

  @Override
  public int mostTries() {
    return mostTries;
  }

  @Override
  public Look look(StepContext context) {
    log.add("look " + title(context));
    if (!looks.isEmpty()) {
      return looks.removeFirst().apply(context);
    }
    return happened || context.asked() ? Look.happened() : Look.missing();
  }

  @Override
  public Begun begin(StepContext context) {
    log.add("begin " + title(context));
    return answers.isEmpty() ? Begun.done(name + " begun") : answers.removeFirst().apply(context);
  }

  @Override
  public Undone undo(StepContext context) {
    log.add("undo " + title(context));
    return undos.isEmpty() ? Undone.gone() : undos.removeFirst().apply(context);
  }

  private String title(StepContext context) {
    return context.item().isEmpty() ? name : name + "/" + context.item();
  }
}
