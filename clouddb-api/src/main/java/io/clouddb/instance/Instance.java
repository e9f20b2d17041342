/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a cloud says of one instance at one moment. Immutable; ask again for what is there now. */
public final class Instance {
  private final ResourceId id;
  private final Engine engine;
  private final String engineVersion;
  private final InstanceState state;
  private final String nativeState;
  private final @Nullable String host;
  private final int port;
  private final @Nullable String database;
  private final @Nullable AdminLogin admin;
  private final @Nullable String nativeSize;
  private final @Nullable DataSize storageSize;
  private final @Nullable Availability availability;
  private final @Nullable TlsMode tls;
  private final boolean deletionProtection;
  private final Map<String, String> tags;
  private final List<Object> natives;
  private final Function<SecretRef, String> secrets;
  private final TlsVerification verification;
  private final @Nullable String rootCertificates;
  private final @Nullable Path rootCertificate;

  private Instance(Builder builder) {
    this.id = builder.id;
    this.engine = builder.engine;
    this.engineVersion = builder.engineVersion;
    this.state = builder.state;
    this.nativeState = builder.nativeState;
    this.host = builder.host;
    this.port = builder.port;
    this.database = builder.database;
    this.admin = builder.admin;
    this.nativeSize = builder.nativeSize;
    this.storageSize = builder.storageSize;
    this.availability = builder.availability;
    this.tls = builder.tls;
    this.deletionProtection = builder.deletionProtection;
    this.tags = java.util.Collections.unmodifiableMap(new TreeMap<>(builder.tags));
    this.natives = List.copyOf(builder.natives);
    this.secrets = builder.secrets;
    this.verification = builder.verification;
    this.rootCertificates = builder.rootCertificates;
    this.rootCertificate = builder.rootCertificate;
  }

  /**
   * Starts an instance. Called by providers.
   *
   * @param id its id
   * @param engine its engine
   * @param engineVersion its version as the cloud reports it
   * @param state what it is doing
   * @param nativeState the same in the vendor's word
   * @return a builder
   */
  public static Builder builder(
      ResourceId id, Engine engine, String engineVersion, InstanceState state, String nativeState) {
    return new Builder(id, engine, engineVersion, state, nativeState);
  }

  /**
   * Its id.
   *
   * @return the id
   */
  public ResourceId id() {
    return id;
  }

  /**
   * Its name.
   *
   * @return the name
   */
  public String name() {
    return id.name();
  }

  /**
   * Its engine.
   *
   * @return the engine
   */
  public Engine engine() {
    return engine;
  }

  /**
   * Its version as the cloud reports it.
   *
   * @return for example {@code 16.4}, or {@code 16} where the cloud reports no more
   */
  public String engineVersion() {
    return engineVersion;
  }

  /**
   * What it is doing.
   *
   * @return the state
   */
  public InstanceState state() {
    return state;
  }

  /**
   * What it is doing, in the vendor's word.
   *
   * @return for example {@code backing-up}
   */
  public String nativeState() {
    return nativeState;
  }

  /**
   * Where it can be reached.
   *
   * @return host name or address; empty until it is known
   */
  public Optional<String> host() {
    return Optional.ofNullable(host);
  }

  /**
   * Where it can be reached.
   *
   * @return the TCP port; the engine's default until it is known
   */
  public int port() {
    return port;
  }

  /**
   * The database that was made with it.
   *
   * @return the name; empty when there is none or the cloud does not say
   */
  public Optional<String> database() {
    return Optional.ofNullable(database);
  }

  /**
   * The administrator, as far as it is known.
   *
   * @return the login; empty when the cloud does not say
   */
  public Optional<AdminLogin> admin() {
    return Optional.ofNullable(admin);
  }

  /**
   * The compute, by the vendor's name.
   *
   * @return for example {@code db.m7g.large}
   */
  public Optional<String> nativeSize() {
    return Optional.ofNullable(nativeSize);
  }

  /**
   * The size of the disk.
   *
   * @return the size
   */
  public Optional<DataSize> storageSize() {
    return Optional.ofNullable(storageSize);
  }

  /**
   * What it survives without a hand.
   *
   * @return the availability; empty when the cloud does not say
   */
  public Optional<Availability> availability() {
    return Optional.ofNullable(availability);
  }

  /**
   * What the server demands of connections.
   *
   * @return the mode; empty when the cloud does not say
   */
  public Optional<TlsMode> tls() {
    return Optional.ofNullable(tls);
  }

  /**
   * Whether the cloud refuses to delete it.
   *
   * @return true when it does
   */
  public boolean deletionProtection() {
    return deletionProtection;
  }

  /**
   * Its tags, without those that this library uses itself.
   *
   * @return key to value
   */
  public Map<String, String> tags() {
    return tags;
  }

  /**
   * How to connect to it as the administrator. The server has to prove who it is, by a certificate
   * of the cloud's own authority or of the one that {@link
   * io.clouddb.CloudConfig.Builder#databaseRootCertificate} names.
   *
   * @return the details; to the database that was made with it, else to the engine's default one
   * @throws io.clouddb.error.InvalidArgumentException when it has no address yet, or this object
   *     does not know the password, as after {@link Instances#get}
   */
  public ConnectionDetails connection() {
    if (admin == null || admin.password().isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "The cloud does not tell the password of " + name())
          .resource(id.toString())
          .nextStep("Call connection(AdminLogin.of(user, password)).")
          .toException();
    }
    return connection(admin);
  }

  /**
   * How to connect to it. The server has to prove who it is, as for {@link #connection()}.
   *
   * @param login the role and where its password is
   * @return the details; to the database that was made with it, else to the engine's default one
   * @throws io.clouddb.error.InvalidArgumentException when it has no address yet, or the login no
   *     password
   */
  public ConnectionDetails connection(AdminLogin login) {
    SecretRef secret = login.password().orElse(null);
    if (host == null || secret == null) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              host == null
                  ? name() + " has no address yet: it is " + nativeState
                  : "The login " + login.user() + " has no password")
          .resource(id.toString())
          .nextStep("Wait until it is available, and name where the password is.")
          .toException();
    }
    if (!engine.equals(Engine.POSTGRESQL)) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE, "No connection details for " + engine + " yet")
          .toException();
    }
    ConnectionDetails.Builder details =
        ConnectionDetails.postgresql(
                host, port, database == null ? "postgres" : database, login.user(), secret)
            .login(login.user(), () -> secrets.apply(secret))
            .tls(verification);
    if (rootCertificate != null) {
      // It may sign for many, so the host has to be in the server's certificate.
      details.tls(TlsVerification.VERIFY_FULL).rootCertificate(rootCertificate);
    } else if (rootCertificates != null) {
      details.rootCertificates(rootCertificates);
    }
    return details.build();
  }

  /**
   * Gives the vendor's own object. Outside the compatibility promise of this library.
   *
   * @param type the vendor's class, for example {@code
   *     software.amazon.awssdk.services.rds.model.DBInstance}
   * @param <T> the vendor's class
   * @return the object
   * @throws io.clouddb.error.UnsupportedFeatureException when there is none of that class; the
   *     message lists those that there are
   */
  public <T> T unwrap(Class<T> type) {
    for (Object candidate : natives) {
      if (type.isInstance(candidate)) {
        return type.cast(candidate);
      }
    }
    throw ErrorDetails.of(
            ErrorCategory.UNSUPPORTED_FEATURE,
            name()
                + " unwraps to "
                + natives.stream().map(object -> object.getClass().getName()).toList()
                + ", not to "
                + type.getName())
        .toException();
  }

  /**
   * A builder that starts with this instance.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder copy = new Builder(id, engine, engineVersion, state, nativeState);
    copy.host = host;
    copy.port = port;
    copy.database = database;
    copy.admin = admin;
    copy.nativeSize = nativeSize;
    copy.storageSize = storageSize;
    copy.availability = availability;
    copy.tls = tls;
    copy.deletionProtection = deletionProtection;
    copy.tags.putAll(tags);
    copy.natives.addAll(natives);
    copy.secrets = secrets;
    copy.verification = verification;
    copy.rootCertificates = rootCertificates;
    copy.rootCertificate = rootCertificate;
    return copy;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      id,
      engine,
      engineVersion,
      state,
      nativeState,
      host,
      port,
      database,
      admin,
      nativeSize,
      storageSize,
      availability,
      tls,
      deletionProtection,
      tags
    };
  }

  /** Compares what the cloud says, not the vendor's objects. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Instance that && java.util.Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return java.util.Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "Instance[" + id + ", " + engine + " " + engineVersion + ", " + nativeState + "]";
  }

  /** Builds an {@link Instance}. Used by providers. */
  public static final class Builder {
    private static final int POSTGRESQL_PORT = 5432;

    private final ResourceId id;
    private final Engine engine;
    private final String engineVersion;
    private final InstanceState state;
    private final String nativeState;
    private @Nullable String host;
    private int port = POSTGRESQL_PORT;
    private @Nullable String database;
    private @Nullable AdminLogin admin;
    private @Nullable String nativeSize;
    private @Nullable DataSize storageSize;
    private @Nullable Availability availability;
    private @Nullable TlsMode tls;
    private boolean deletionProtection;
    private final Map<String, String> tags = new TreeMap<>();
    private final List<Object> natives = new ArrayList<>();
    private Function<SecretRef, String> secrets = SecretRef::resolve;
    private TlsVerification verification = TlsVerification.VERIFY_FULL;
    private @Nullable String rootCertificates;
    private @Nullable Path rootCertificate;

    private Builder(
        ResourceId id,
        Engine engine,
        String engineVersion,
        InstanceState state,
        String nativeState) {
      this.id = Objects.requireNonNull(id, "id");
      this.engine = Objects.requireNonNull(engine, "engine");
      this.engineVersion = Objects.requireNonNull(engineVersion, "engineVersion");
      this.state = Objects.requireNonNull(state, "state");
      this.nativeState = Objects.requireNonNull(nativeState, "nativeState");
    }

    /**
     * Sets where it can be reached.
     *
     * @param newHost host name or address
     * @param newPort TCP port
     * @return this builder
     */
    public Builder endpoint(String newHost, int newPort) {
      this.host = Objects.requireNonNull(newHost, "host");
      this.port = newPort;
      return this;
    }

    /**
     * Sets the database that was made with it.
     *
     * @param value the name, null when it is not known
     * @return this builder
     */
    public Builder database(@Nullable String value) {
      this.database = value;
      return this;
    }

    /**
     * Sets the administrator.
     *
     * @param value the login, null when it is not known
     * @return this builder
     */
    public Builder admin(@Nullable AdminLogin value) {
      this.admin = value;
      return this;
    }

    /**
     * Sets the compute, by the vendor's name.
     *
     * @param value the name, null when it is not known
     * @return this builder
     */
    public Builder nativeSize(@Nullable String value) {
      this.nativeSize = value;
      return this;
    }

    /**
     * Sets the size of the disk.
     *
     * @param value the size, null when it is not known
     * @return this builder
     */
    public Builder storageSize(@Nullable DataSize value) {
      this.storageSize = value;
      return this;
    }

    /**
     * Sets what it survives without a hand.
     *
     * @param value the availability, null when it is not known
     * @return this builder
     */
    public Builder availability(@Nullable Availability value) {
      this.availability = value;
      return this;
    }

    /**
     * Sets what the server demands of connections.
     *
     * @param value the mode, null when it is not known
     * @return this builder
     */
    public Builder tls(@Nullable TlsMode value) {
      this.tls = value;
      return this;
    }

    /**
     * Sets whether the cloud refuses to delete it.
     *
     * @param value true when it does
     * @return this builder
     */
    public Builder deletionProtection(boolean value) {
      this.deletionProtection = value;
      return this;
    }

    /**
     * Sets the tags, those that this library uses itself left out: keys beginning with {@code
     * clouddb}.
     *
     * @param values key to value
     * @return this builder
     */
    public Builder tags(Map<String, String> values) {
      tags.clear();
      values.forEach(
          (key, value) -> {
            if (!key.startsWith("clouddb")) {
              tags.put(key, value);
            }
          });
      return this;
    }

    /**
     * Adds one of the vendor's own objects, for {@link Instance#unwrap(Class)}.
     *
     * @param object the object
     * @return this builder
     */
    public Builder nativeObject(Object object) {
      natives.add(Objects.requireNonNull(object, "object"));
      return this;
    }

    /**
     * Sets how secrets are read; from this process' environment and files by default.
     *
     * @param reader reads a secret
     * @return this builder
     */
    public Builder secrets(Function<SecretRef, String> reader) {
      this.secrets = Objects.requireNonNull(reader, "reader");
      return this;
    }

    /**
     * Sets what the cloud's certificates of servers come from; without, they come from a root that
     * JVMs trust.
     *
     * @param pem the text of a PEM file with one or more certificates
     * @return this builder
     */
    public Builder rootCertificates(String pem) {
      this.rootCertificates = Objects.requireNonNull(pem, "rootCertificates");
      return this;
    }

    /**
     * Names the certificates that the server's own has to come from. It wins over {@link
     * #rootCertificates(String)}.
     *
     * @param pem a PEM file
     * @return this builder
     */
    public Builder rootCertificate(Path pem) {
      this.rootCertificate = Objects.requireNonNull(pem, "rootCertificate");
      return this;
    }

    /**
     * Sets how the server is checked; {@link TlsVerification#VERIFY_FULL} unless said otherwise.
     *
     * @param value {@link TlsVerification#VERIFY_CA} where the roots sign for this server only
     * @return this builder
     */
    public Builder verification(TlsVerification value) {
      this.verification = Objects.requireNonNull(value, "verification");
      return this;
    }

    /**
     * Finishes the instance.
     *
     * @return the instance
     */
    public Instance build() {
      return new Instance(this);
    }
  }
}
