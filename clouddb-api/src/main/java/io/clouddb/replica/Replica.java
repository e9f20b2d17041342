/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import io.clouddb.ResourceId;
import io.clouddb.instance.Instance;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A replica, as its cloud shows it. Immutable. */
public final class Replica {
  /** Whether it follows its source. */
  public enum State {
    /** It does. */
    REPLICATING,
    /** It is being made, and does not yet. */
    STARTING,
    /** It does not, and says why: {@link Replica#nativeState()}. */
    BROKEN,
    /** It does not any more, and never will: its source is gone. */
    TERMINATED,
    /** The cloud does not tell. */
    UNKNOWN
  }

  private final Instance instance;
  private final @Nullable ResourceId source;
  private final State state;
  private final String nativeState;

  /**
   * A replica. Called by providers.
   *
   * @param instance the instance that it is
   * @param source what it follows, null when the cloud does not tell
   * @param state whether it follows its source
   * @param nativeState the vendor's word for it
   */
  public Replica(Instance instance, @Nullable ResourceId source, State state, String nativeState) {
    this.instance = Objects.requireNonNull(instance, "instance");
    this.source = source;
    this.state = Objects.requireNonNull(state, "state");
    this.nativeState = Objects.requireNonNull(nativeState, "nativeState");
  }

  /**
   * Its id, which is that of its instance.
   *
   * @return the id
   */
  public ResourceId id() {
    return instance.id();
  }

  /**
   * The instance that it is, with its address, size and tags.
   *
   * @return the instance
   */
  public Instance instance() {
    return instance;
  }

  /**
   * What it follows.
   *
   * @return the source's id; empty when the cloud does not tell
   */
  public Optional<ResourceId> source() {
    return Optional.ofNullable(source);
  }

  /**
   * Whether it follows its source.
   *
   * @return the state
   */
  public State state() {
    return state;
  }

  /**
   * The vendor's word for it.
   *
   * @return the word; empty when it has none
   */
  public String nativeState() {
    return nativeState;
  }

  /**
   * The same with another form of its instance.
   *
   * @param other the instance
   * @return a new value
   */
  public Replica with(Instance other) {
    return new Replica(other, source, state, nativeState);
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {instance, source, state, nativeState};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Replica that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "Replica " + id() + " of " + source + ", " + state;
  }
}
