/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.postgres.ReplicationLag;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A managed PostgreSQL instance of a simulated cloud. Skins read it here and change it through
 * {@link ManagedServers}.
 */
public final class SimulatedInstance {
  private final ResourceKey key;
  private final String uid;
  private final int version;
  private final String adminName;
  private final Instant created;
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private InstanceState state = InstanceState.CREATING;
  private @Nullable ManagedDatabase database;
  private @Nullable SimulatedInstance source;
  private @Nullable Runnable rejoining;
  private @Nullable SimulatorException failure;
  private volatile Runnable onChange = () -> {};

  SimulatedInstance(InstanceRequest request, String uid, Instant created) {
    this.key = request.key();
    this.uid = uid;
    this.version = request.version();
    this.adminName = request.adminName();
    this.created = created;
    this.attributes.putAll(request.attributes());
    this.parameters.putAll(request.parameters());
  }

  /** A replica of another one. */
  SimulatedInstance(
      ReplicaRequest request,
      SimulatedInstance source,
      Map<String, String> parameters,
      String uid,
      Instant created) {
    this.key = request.key();
    this.uid = uid;
    this.version = source.version;
    this.adminName = source.adminName;
    this.created = created;
    this.source = source;
    this.attributes.putAll(request.attributes());
    this.parameters.putAll(parameters);
  }

  /** One that is restored. */
  SimulatedInstance(
      RestoreRequest request,
      SimulatedBackup.Source source,
      Map<String, String> parameters,
      String uid,
      Instant created) {
    this.key = request.key();
    this.uid = uid;
    this.version = source.version();
    this.adminName = source.adminName();
    this.created = created;
    this.attributes.putAll(request.attributes());
    this.parameters.putAll(parameters);
  }

  /** Has something be done whenever it has come to another state, source or database. */
  void onChange(Runnable work) {
    onChange = work;
  }

  /**
   * Scope and name.
   *
   * @return the key
   */
  public ResourceKey key() {
    return key;
  }

  /**
   * An id that no other instance has, also not one of the same name made later.
   *
   * @return the id
   */
  public String uid() {
    return uid;
  }

  /**
   * PostgreSQL's major version.
   *
   * @return for example 16
   */
  public int version() {
    return version;
  }

  /**
   * The admin's name.
   *
   * @return the role's name
   */
  public String adminName() {
    return adminName;
  }

  /**
   * When it was asked for.
   *
   * @return simulated time
   */
  public Instant created() {
    return created;
  }

  /**
   * What it is doing.
   *
   * @return the state
   */
  public synchronized InstanceState state() {
    return state;
  }

  /**
   * The instance that it is a replica of; also one that has been deleted since.
   *
   * @return empty when it is no replica
   */
  public synchronized Optional<SimulatedInstance> source() {
    return Optional.ofNullable(source);
  }

  /**
   * How far it has come as a replica, in truth.
   *
   * @return empty when it is no replica, or its database does not run
   */
  public Optional<ReplicationLag> lag() {
    return source().isPresent()
        ? runningDatabase().filter(ManagedDatabase::isReplica).map(ManagedDatabase::lag)
        : Optional.empty();
  }

  /**
   * Why it is {@link InstanceState#FAILED}.
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
   * Replaces one thing that the skin keeps, at once: what the real cloud changes without an
   * operation.
   *
   * @param name the skin's own name
   * @param value an immutable value
   */
  public synchronized void putAttribute(String name, Object value) {
    attributes.put(name, value);
  }

  /**
   * The parameters that were set, whether or not they have taken effect.
   *
   * @return by the cloud's own names, in the caller's spelling
   */
  public synchronized Map<String, String> parameters() {
    return new LinkedHashMap<>(parameters);
  }

  /**
   * The server's own parameters that take effect at the next reboot only.
   *
   * @return for example {@code wal_level}; empty while the database does not run
   */
  public Set<String> pendingReboot() {
    return runningDatabase().map(ManagedDatabase::pendingRestart).orElse(Set.of());
  }

  /**
   * The address of the database.
   *
   * @return always a loopback address
   */
  public String host() {
    return "127.0.0.1";
  }

  /**
   * The port of the database, which stays the same.
   *
   * @return empty until the database has been started for the first time
   */
  public OptionalInt port() {
    return managed().map(m -> OptionalInt.of(m.port())).orElse(OptionalInt.empty());
  }

  /**
   * What the server's certificate is checked against.
   *
   * @return a PEM file, empty until the database has been started for the first time
   */
  public Optional<Path> certificate() {
    return managed().flatMap(ManagedDatabase::certificate);
  }

  /**
   * The server itself, for tests that kill it or look into it as its superuser. No client of the
   * real cloud could.
   *
   * @return empty until the database has been started for the first time
   */
  public Optional<EmbeddedPostgres> server() {
    return managed().flatMap(ManagedDatabase::postgres);
  }

  /**
   * Creates a user with the rights of an admin, as Cloud SQL's API does.
   *
   * @param name the role's name
   * @param password where its password is; a literal one is fine here
   * @throws SimulatorException when the database does not run, or refuses it
   */
  public void createUser(String name, SecretRef password) {
    required().createUser(name, password);
  }

  /**
   * Gives a user another password, at once.
   *
   * @param name the role's name
   * @param password where its password is
   * @throws SimulatorException when the database does not run, or refuses it
   */
  public void setPassword(String name, SecretRef password) {
    required().setPassword(name, password);
  }

  /**
   * Deletes a user.
   *
   * @param name the role's name
   * @throws SimulatorException when the database does not run, or refuses it, for example because
   *     the user owns something
   */
  public void dropUser(String name) {
    required().dropUser(name);
  }

  /**
   * The users who can log in.
   *
   * @return their names, without the cloud's own
   * @throws SimulatorException when the database does not run
   */
  public List<String> users() {
    return required().users();
  }

  /**
   * Creates a database.
   *
   * @param name its name
   * @throws SimulatorException when the database server does not run, or refuses it
   */
  public void createDatabase(String name) {
    required().createDatabase(name);
  }

  /**
   * Deletes a database, and disconnects those who use it.
   *
   * @param name its name
   * @throws SimulatorException when the database server does not run, or refuses it
   */
  public void dropDatabase(String name) {
    required().dropDatabase(name);
  }

  /**
   * The databases.
   *
   * @return their names, without templates
   * @throws SimulatorException when the database server does not run
   */
  public List<String> databases() {
    return required().databases();
  }

  synchronized Optional<ManagedDatabase> managed() {
    return Optional.ofNullable(database);
  }

  private Optional<ManagedDatabase> runningDatabase() {
    return managed().filter(ManagedDatabase::isRunning);
  }

  private ManagedDatabase required() {
    return runningDatabase()
        .orElseThrow(
            () ->
                new SimulatorException(
                    SimulatorException.Reason.WRONG_STATE,
                    "The database of " + key + " does not run: the instance is " + state()));
  }

  void attach(ManagedDatabase started) {
    synchronized (this) {
      database = started;
    }
    onChange.run();
  }

  void follow(SimulatedInstance other) {
    synchronized (this) {
      source = other;
    }
    onChange.run();
  }

  void becomePrimary() {
    synchronized (this) {
      source = null;
    }
    onChange.run();
  }

  /** Has its next start make it a replica of the one that has taken its place. */
  synchronized void rejoinAtStart(Runnable work) {
    rejoining = work;
  }

  /** What its start does instead, until it has been done. */
  synchronized Optional<Runnable> rejoining() {
    return Optional.ofNullable(rejoining);
  }

  /** It is a replica of the one that has taken its place. */
  synchronized void rejoined() {
    rejoining = null;
  }

  /** Refuses other states. */
  synchronized void require(Set<InstanceState> from) {
    if (!from.contains(state)) {
      throw new SimulatorException(
          SimulatorException.Reason.WRONG_STATE,
          "The instance " + key + " is " + state + ", not one of " + from);
    }
  }

  /** Moves on from one of some states, and tells which it was. */
  synchronized InstanceState begin(InstanceState next, Set<InstanceState> from) {
    require(from);
    InstanceState before = state;
    state = next;
    return before;
  }

  /**
   * Has an instance take no changes until what is returned is run.
   *
   * @param from the states in which it can be held
   * @throws SimulatorException when it is in another one
   */
  Runnable hold(Set<InstanceState> from) {
    return hold(InstanceState.MODIFYING, from);
  }

  /**
   * The same, in a state of one's own.
   *
   * @param during the state meanwhile; another one that it has come to by then is left alone
   */
  Runnable hold(InstanceState during, Set<InstanceState> from) {
    InstanceState before = begin(during, from);
    return () -> {
      if (state() == during) {
        enter(before);
      }
    };
  }

  void enter(InstanceState next) {
    synchronized (this) {
      state = next;
      failure = null;
    }
    onChange.run();
  }

  void fail(SimulatorException reason) {
    synchronized (this) {
      state = InstanceState.FAILED;
      failure = reason;
    }
    onChange.run();
  }

  synchronized void take(Map<String, Object> changed) {
    attributes.putAll(changed);
  }

  synchronized void take(Modification change) {
    attributes.putAll(change.attributes());
    change.reset().forEach(parameters::remove);
    parameters.putAll(change.parameters());
  }

  @Override
  public String toString() {
    return key + " (PostgreSQL " + version + ", " + state() + ")";
  }
}
