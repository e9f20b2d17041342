/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backup of an instance: by hand, by itself, or a copy of one. Skins read it here and make it
 * through {@link Backups}.
 */
public final class SimulatedBackup {
  /** Where a backup comes from. */
  public enum Origin {
    /** Somebody asked for it; it stays until somebody deletes it. */
    MANUAL,
    /** By the instance's {@link BackupSchedule}, which says how long it stays. */
    AUTOMATED,
    /** Copied from another one; it stays until somebody deletes it. */
    COPY
  }

  /** What a backup is doing. */
  public enum State {
    /** It is being made. */
    CREATING,
    /** It can be restored. */
    AVAILABLE,
    /** It is about to be deleted. */
    DELETING,
    /** It could not be made; it can only be deleted. */
    FAILED
  }

  private final ResourceKey key;
  private final String uid;
  private final Origin origin;
  private final Source source;
  private final Instant started;
  private final Instant taken;
  private final SimulatedClock clock;
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final @Nullable SimulatedBackup original;
  private @Nullable BackedUp data;
  private State state = State.CREATING;
  private @Nullable Instant completed;
  private @Nullable Instant expires;
  private @Nullable SimulatorException failure;

  /** What the instance was when it was backed up. */
  record Source(
      ResourceKey key,
      String uid,
      Instant created,
      int version,
      String adminName,
      Map<String, String> parameters,
      Map<String, Object> attributes) {
    static Source of(SimulatedInstance instance) {
      return new Source(
          instance.key(),
          instance.uid(),
          instance.created(),
          instance.version(),
          instance.adminName(),
          instance.parameters(),
          instance.attributes());
    }
  }

  /**
   * A new backup, of now or of an earlier moment.
   *
   * @param taken the moment whose data it has
   * @param data that data; null for one whose instance keeps it
   */
  SimulatedBackup(
      ResourceKey key,
      String uid,
      Origin origin,
      Source source,
      Instant started,
      Instant taken,
      SimulatedClock clock,
      @Nullable BackedUp data) {
    this(key, uid, origin, source, started, taken, clock, data, null);
  }

  private SimulatedBackup(
      ResourceKey key,
      String uid,
      Origin origin,
      Source source,
      Instant started,
      Instant taken,
      SimulatedClock clock,
      @Nullable BackedUp data,
      @Nullable SimulatedBackup original) {
    this.key = key;
    this.uid = uid;
    this.origin = origin;
    this.source = source;
    this.started = started;
    this.taken = taken;
    this.clock = clock;
    this.data = data;
    this.original = original;
  }

  /** A new copy, with a hold of its own on the data of the other one. */
  static SimulatedBackup copy(
      SimulatedBackup original, ResourceKey key, String uid, SimulatedClock clock, BackedUp data) {
    return new SimulatedBackup(
        key,
        uid,
        Origin.COPY,
        original.source,
        clock.instant(),
        original.taken,
        clock,
        data,
        original);
  }

  /**
   * Scope and name. Those of one by hand, or of a copy, are as asked; one by itself has the scope
   * of its instance, and that one's name with the date and the time of its start.
   *
   * @return the key
   */
  public ResourceKey key() {
    return key;
  }

  /**
   * An id that no other backup has.
   *
   * @return the id
   */
  public String uid() {
    return uid;
  }

  /**
   * Where it comes from.
   *
   * @return the origin
   */
  public Origin origin() {
    return origin;
  }

  /**
   * The instance whose data it has, which may be gone, and another one have its name.
   *
   * @return its key
   */
  public ResourceKey instance() {
    return source.key();
  }

  /**
   * The {@link SimulatedInstance#uid()} of that instance.
   *
   * @return the id
   */
  public String instanceUid() {
    return source.uid();
  }

  /**
   * When that instance was created.
   *
   * @return simulated time
   */
  public Instant instanceCreated() {
    return source.created();
  }

  /**
   * What the skin kept of that instance when it was backed up.
   *
   * @return a copy
   */
  public Map<String, Object> instanceAttributes() {
    return new LinkedHashMap<>(source.attributes());
  }

  /**
   * The parameters of that instance when it was backed up.
   *
   * @return by the cloud's own names
   */
  public Map<String, String> instanceParameters() {
    return new LinkedHashMap<>(source.parameters());
  }

  /**
   * PostgreSQL's major version.
   *
   * @return for example 16
   */
  public int version() {
    return source.version();
  }

  /**
   * The admin's name.
   *
   * @return the role's name
   */
  public String adminName() {
    return source.adminName();
  }

  /**
   * When it was begun.
   *
   * @return simulated time
   */
  public Instant started() {
    return started;
  }

  /**
   * The moment whose data it has: its start, or, of a copy, that of the first one.
   *
   * @return simulated time
   */
  public Instant taken() {
    return taken;
  }

  /**
   * When it was there in whole.
   *
   * @return simulated time; empty while it is being made, and when it failed
   */
  public synchronized Optional<Instant> completed() {
    return Optional.ofNullable(completed).filter(time -> !time.isAfter(clock.instant()));
  }

  /**
   * When it will be deleted by itself.
   *
   * @return simulated time; empty when it stays
   */
  public synchronized Optional<Instant> expires() {
    return Optional.ofNullable(expires);
  }

  /**
   * What it is doing.
   *
   * @return the state
   */
  public synchronized State state() {
    return state == State.CREATING && completed().isPresent() ? State.AVAILABLE : state;
  }

  /**
   * Why it is {@link State#FAILED}.
   *
   * @return empty in other states
   */
  public synchronized Optional<SimulatorException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * What the skin keeps.
   *
   * @return a copy
   */
  public synchronized Map<String, Object> attributes() {
    return new LinkedHashMap<>(attributes);
  }

  /**
   * One thing that the skin keeps.
   *
   * @param name the skin's own name
   * @param type what it is
   * @param <T> what it is
   * @return the value, empty when there is none
   * @throws ClassCastException when it is something else
   */
  public synchronized <T> Optional<T> attribute(String name, Class<T> type) {
    return Optional.ofNullable(attributes.get(name)).map(type::cast);
  }

  /**
   * Replaces one thing that the skin keeps, at once.
   *
   * @param name the skin's own name
   * @param value an immutable value
   */
  public synchronized void putAttribute(String name, Object value) {
    attributes.put(name, value);
  }

  synchronized SimulatedBackup take(Map<String, Object> kept) {
    attributes.putAll(kept);
    return this;
  }

  Source source() {
    return source;
  }

  /** Its own data; empty when its instance keeps it, or it has none any more. */
  synchronized Optional<BackedUp> data() {
    return Optional.ofNullable(data);
  }

  /** Fails where it is a copy of another one that is still being made. */
  synchronized void failCopyOf(SimulatedBackup other, SimulatorException reason) {
    if (original == other && state() == State.CREATING) {
      fail(reason);
    }
  }

  /**
   * It is there from a time on.
   *
   * @param time now, or later
   * @throws SimulatorException when it has failed meanwhile
   */
  synchronized SimulatedBackup complete(Instant time) {
    if (failure != null) {
      throw failure;
    }
    completed = time;
    return this;
  }

  synchronized void expireAt(@Nullable Instant time) {
    expires = time;
  }

  /** Moves on from one of some states, and tells which it was. */
  synchronized State begin(State next, State... from) {
    State before = state();
    for (State allowed : from) {
      if (before == allowed) {
        state = next;
        return before;
      }
    }
    throw wrong(before);
  }

  /** Refuses a backup that has no data to restore. */
  void requireAvailable() {
    State now = state();
    if (now != State.AVAILABLE) {
      throw wrong(now);
    }
  }

  private SimulatorException wrong(State now) {
    return new SimulatorException(
        SimulatorException.Reason.WRONG_STATE, "The backup " + key + " is " + now);
  }

  synchronized void enter(State next) {
    state = next;
  }

  synchronized void fail(SimulatorException reason) {
    state = State.FAILED;
    failure = reason;
    release();
  }

  /** Lets go of its data. */
  synchronized void release() {
    if (data != null) {
      data.close();
      data = null;
    }
  }

  @Override
  public String toString() {
    return key + " of " + source.key() + " (" + origin + ", " + state() + ")";
  }
}
