/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.plan.Specification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a long operation stands: all that another process needs to go on with it. It becomes the
 * operation's token, so it holds references to secrets only; one whose specification has a literal
 * secret has no token until the step that needs the secret is over. Immutable.
 */
public final class OperationState {
  /** Far above any of ours; messages repeat these names. */
  private static final int LONGEST_NAME = 400;

  private static final int LONGEST_SENTENCE = 4000;

  /** Far above what any workflow makes. */
  private static final int MOST_LEFT = 100;

  /** A value beside those of the steps, so that the form of a token is the same for all. */
  private static final String REGION = "clouddb-region";

  // Not final, since copies are made and JSON is read by setting them; nobody else can.
  private String kind = "";
  private @Nullable ResourceId resource;
  private String id = "";
  private @Nullable Instant started;
  private List<String> customized = List.of();
  private String step = "";
  private String item = "";
  private int tries;
  private boolean lost;
  private @Nullable Instant since;
  private @Nullable Instant asked;
  private @Nullable String handle;
  private Map<String, String> values = Map.of();
  private List<String> made = List.of();
  private List<String> left = List.of();
  private @Nullable Failure failure;

  /** Beside the JSON, whose document holds it in its own form. */
  private transient @Nullable Specification specification;

  private OperationState() {}

  private OperationState(OperationState other) {
    this.kind = other.kind;
    this.resource = other.resource;
    this.id = other.id;
    this.started = other.started;
    this.customized = other.customized;
    this.step = other.step;
    this.item = other.item;
    this.tries = other.tries;
    this.lost = other.lost;
    this.since = other.since;
    this.asked = other.asked;
    this.handle = other.handle;
    this.values = other.values;
    this.made = other.made;
    this.left = other.left;
    this.failure = other.failure;
    this.specification = other.specification;
  }

  /**
   * An operation that has changed nothing yet.
   *
   * @param kind what is done
   * @param resource to what
   * @param id unique among all operations: lower case letters, digits and hyphens
   * @param started when it was begun
   * @param specification what is asked for, null where the kind needs nothing more
   * @return the state
   */
  public static OperationState begin(
      String kind,
      ResourceId resource,
      String id,
      Instant started,
      @Nullable Specification specification) {
    OperationState state = new OperationState();
    state.kind = kind;
    state.resource = resource;
    state.id = id;
    state.started = started;
    state.specification = specification;
    return state.checked();
  }

  /**
   * Checks what was read from JSON, whose lists and maps may be anything.
   *
   * @return this
   * @throws io.clouddb.error.InvalidArgumentException when a part is missing, or a name is no name,
   *     but a text of more than 400 characters
   */
  public OperationState checked() {
    requireName("kind", kind);
    requireName("id", id);
    require(!kind.isEmpty() && resource != null && !id.isEmpty() && started != null);
    require(customized != null && values != null && made != null && left != null && tries >= 0);
    requireName("step", step);
    requireName("item", item);
    require(values.entrySet().stream().allMatch(e -> e.getKey() != null && e.getValue() != null));
    require(noneIsNull(made) && noneIsNull(left) && noneIsNull(customized));
    require(failure == null || failure.isWhole());
    values = Map.copyOf(values);
    made = List.copyOf(made);
    left = left.stream().limit(MOST_LEFT).map(OperationState::shortened).toList();
    customized = List.copyOf(customized);
    made.forEach(each -> requireName("step", each));
    customized.forEach(each -> requireName("customization", each));
    if (failure != null) {
      failure.shorten();
    }
    return this;
  }

  /** Errors repeat it, so that it has to be a sentence. */
  static String shortened(String sentence) {
    return sentence.length() <= LONGEST_SENTENCE
        ? sentence
        : sentence.substring(0, LONGEST_SENTENCE) + "...";
  }

  private static boolean noneIsNull(List<String> list) {
    return list.stream().allMatch(Objects::nonNull);
  }

  private static void require(boolean complete) {
    if (!complete) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "A part of the operation is missing: is this its token?")
          .nextStep("Take it as it was given.")
          .toException();
    }
  }

  private static void requireName(String what, @Nullable String name) {
    require(name != null);
    if (Objects.requireNonNull(name).length() > LONGEST_NAME) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The %s of an operation has at most %d characters, not %d: is this its token?"
                  .formatted(what, LONGEST_NAME, name.length()))
          .toException();
    }
  }

  /**
   * What is done.
   *
   * @return the kind's name, for example {@code instance.create}
   */
  public String kind() {
    return kind;
  }

  /**
   * To what.
   *
   * @return the resource
   */
  public ResourceId resource() {
    return Objects.requireNonNull(resource);
  }

  /**
   * Where it was begun, and is gone on with: elsewhere its steps would mean something else, where
   * the resource is of no region.
   *
   * @return the region that was noted, or else the location of the resource
   */
  public String region() {
    return value(REGION).orElseGet(() -> resource().location());
  }

  /**
   * With the region of an operation whose resource is of none.
   *
   * @param region where it is begun
   * @return a new state
   */
  public OperationState begunIn(String region) {
    return with(REGION, region);
  }

  /**
   * The operation's own id, unique among all. A driver stores it with what it creates, under {@link
   * #CREATION_TAG}, and by it knows its own lost attempt again.
   *
   * @return lower case letters, digits and hyphens
   */
  public String id() {
    return id;
  }

  /** The key of the tag that holds {@link #id()} on what an operation created. */
  public static final String CREATION_TAG = "clouddb-attempt";

  /**
   * When it was begun.
   *
   * @return a time
   */
  public Instant started() {
    return Objects.requireNonNull(started);
  }

  /**
   * What is asked for.
   *
   * @param type its class
   * @param <S> its class
   * @return the caller's spec or change
   */
  public <S extends Specification> S specification(Class<S> type) {
    return type.cast(Objects.requireNonNull(specification, "specification"));
  }

  /**
   * What is asked for.
   *
   * @return the caller's spec or change; empty where the kind needs nothing more
   */
  public Optional<Specification> specification() {
    return Optional.ofNullable(specification);
  }

  /**
   * The vendor's requests that the caller customized.
   *
   * @return names of classes, sorted
   */
  public List<String> customized() {
    return customized;
  }

  /**
   * The step that was reached.
   *
   * @return its name; empty before the first look
   */
  public String step() {
    return step;
  }

  /**
   * Which of the step's items is the turn's.
   *
   * @return the item; empty where the step has only one thing to do
   */
  public String item() {
    return item;
  }

  /**
   * How often the step's request was sent; after a failure, how many processes have followed the
   * removal of what was made last.
   *
   * @return 0 before the first time
   */
  public int tries() {
    return tries;
  }

  /**
   * Whether the answer to one of the step's requests was lost, so that it may have had its effect.
   *
   * @return true when one was
   */
  public boolean lost() {
    return lost;
  }

  /**
   * Since when the step goes on, or the operation where it has come to none.
   *
   * @return a time; empty before the first look, unless somebody has resumed it since
   */
  public Optional<Instant> since() {
    return Optional.ofNullable(since);
  }

  /**
   * Tells of two states of one operation whether this one came after the other. A request that was
   * sent, or a failure, makes one later; so does a step that began later.
   *
   * @param other the other one
   * @return false also where nothing tells
   */
  public boolean isLaterThan(OperationState other) {
    if (failure().isPresent() != other.failure().isPresent()) {
      return failure().isPresent();
    }
    Instant its = other.since().orElse(Instant.MIN);
    int order = since().orElse(Instant.MIN).compareTo(its);
    boolean sameStep = step.equals(other.step) && item.equals(other.item);
    return order > 0 || (order == 0 && sameStep && tries > other.tries);
  }

  /**
   * When the step's request was sent last.
   *
   * @return a time; empty when it is still, or again, to be sent
   */
  public Optional<Instant> asked() {
    return Optional.ofNullable(asked);
  }

  /**
   * The vendor's id of the step's own operation.
   *
   * @return the id; empty when there is none
   */
  public Optional<String> handle() {
    return Optional.ofNullable(handle);
  }

  /**
   * What was made so far, or may have been.
   *
   * @return in the order in which it was made: the step's name, and its item after a slash
   */
  public List<String> made() {
    return made;
  }

  /**
   * What was made, and could not be removed after a failure.
   *
   * @return sentences
   */
  public List<String> left() {
    return left;
  }

  /**
   * Why the operation failed, while what it made is being removed.
   *
   * @return the failure; empty while it goes on
   */
  public Optional<CloudDbException> failure() {
    return Optional.ofNullable(failure).map(Failure::toException);
  }

  /**
   * What a step noted for later ones.
   *
   * @param name its name
   * @return the value, empty when there is none
   */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * What the steps noted.
   *
   * @return the values by their names
   */
  public Map<String, String> values() {
    return values;
  }

  /**
   * With something that later steps need.
   *
   * @param name its name
   * @param value the value, not secret
   * @return a new state
   */
  public OperationState with(String name, String value) {
    OperationState next = new OperationState(this);
    Map<String, String> all = new TreeMap<>(values);
    all.put(name, value);
    next.values = Map.copyOf(all);
    return next;
  }

  /**
   * With all that later steps need.
   *
   * @param more values by their names, not secret
   * @return a new state
   */
  public OperationState with(Map<String, String> more) {
    OperationState next = new OperationState(this);
    Map<String, String> all = new TreeMap<>(values);
    all.putAll(more);
    next.values = Map.copyOf(all);
    return next;
  }

  /**
   * With the vendor's requests that the caller customized.
   *
   * @param types names of classes
   * @return a new state
   */
  public OperationState customizing(List<String> types) {
    OperationState next = new OperationState(this);
    next.customized = types.stream().distinct().sorted().toList();
    return next;
  }

  /**
   * With what is asked for.
   *
   * @param asks the caller's spec or change
   * @return a new state
   */
  public OperationState asking(@Nullable Specification asks) {
    OperationState next = new OperationState(this);
    next.specification = asks;
    return next;
  }

  /**
   * At the beginning of a step.
   *
   * @param name the step
   * @param its which of its items; empty where it has only one thing to do
   * @param now when it begins
   * @return a new state
   */
  public OperationState at(String name, String its, Instant now) {
    OperationState next = new OperationState(this);
    next.step = name;
    next.item = its;
    next.tries = 0;
    next.lost = false;
    next.since = now;
    next.asked = null;
    next.handle = null;
    return next;
  }

  /**
   * With the step's time beginning anew.
   *
   * @param now from when on
   * @return a new state
   */
  public OperationState since(Instant now) {
    OperationState next = new OperationState(this);
    next.since = now;
    return next;
  }

  /**
   * With no time that is still to come: the clock of whoever wrote one was ahead, or this one was
   * set back. Waiting until then would not end.
   *
   * @param now the time
   * @return a state whose times are not later
   */
  public OperationState notAfter(Instant now) {
    boolean sinceLater = since != null && since.isAfter(now);
    boolean askedLater = asked != null && asked.isAfter(now);
    if (!sinceLater && !askedLater) {
      return this;
    }
    OperationState next = new OperationState(this);
    next.since = sinceLater ? now : since;
    next.asked = askedLater ? now : asked;
    return next;
  }

  /**
   * With the step's request on its way.
   *
   * @param now when it is sent
   * @param makes what may be made by it; empty for nothing that would have to be named or removed
   * @return a new state
   */
  public OperationState asking(Instant now, String makes) {
    OperationState next = new OperationState(this);
    next.tries = tries + 1;
    next.asked = now;
    next.handle = null;
    if (!makes.isEmpty() && !made.contains(makes)) {
      next.made = with(made, makes);
    }
    return next;
  }

  /**
   * With one process more that follows the removal of what was made.
   *
   * @return a new state
   */
  public OperationState tried() {
    OperationState next = new OperationState(this);
    next.tries = tries + 1;
    return next;
  }

  /**
   * With something that was found to be made by it.
   *
   * @param makes what; empty for nothing that would have to be named or removed
   * @return a new state
   */
  public OperationState making(String makes) {
    if (makes.isEmpty() || made.contains(makes)) {
      return this;
    }
    OperationState next = new OperationState(this);
    next.made = with(made, makes);
    return next;
  }

  /**
   * With an accepted request.
   *
   * @param its the vendor's id of the operation, null when it has none
   * @return a new state
   */
  public OperationState accepted(@Nullable String its) {
    OperationState next = new OperationState(this);
    next.handle = its;
    return next;
  }

  /**
   * With a request whose answer was lost.
   *
   * @return a new state
   */
  public OperationState losing() {
    OperationState next = new OperationState(this);
    next.lost = true;
    return next;
  }

  /**
   * With a request that had no effect, and is to be sent again.
   *
   * @param makes what it would have made
   * @return a new state
   */
  public OperationState again(String makes) {
    OperationState next = new OperationState(this);
    next.asked = null;
    next.handle = null;
    if (!lost && made.contains(makes)) {
      next.made = made.stream().filter(each -> !each.equals(makes)).toList();
    }
    return next;
  }

  /**
   * With the failure that ended it, while what it made is being removed.
   *
   * @param why the failure
   * @param now when
   * @return a new state
   */
  public OperationState failing(CloudDbException why, Instant now) {
    OperationState next = new OperationState(this);
    next.failure = Failure.of(why);
    next.since = now;
    next.asked = null;
    next.handle = null;
    next.tries = 0;
    return next;
  }

  /**
   * With one thing less to remove.
   *
   * @param what which
   * @param stays why it stays, in a sentence that names it; null when it is gone
   * @param now when
   * @return a new state
   */
  public OperationState undone(String what, @Nullable String stays, Instant now) {
    OperationState next = new OperationState(this);
    next.made = made.stream().filter(each -> !each.equals(what)).toList();
    if (stays != null) {
      next.left = with(left, stays);
    }
    next.tries = 0;
    next.since = now;
    return next;
  }

  private static List<String> with(List<String> list, String one) {
    List<String> all = new ArrayList<>(list);
    all.add(one);
    return List.copyOf(all);
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      kind,
      resource,
      id,
      started,
      customized,
      step,
      item,
      tries,
      lost,
      since,
      asked,
      handle,
      values,
      made,
      left,
      failure,
      specification
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OperationState that && java.util.Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return java.util.Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return kind + " of " + resource + " at " + step + (item.isEmpty() ? "" : "/" + item);
  }
}
