/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.PercentEncoding;
import io.clouddb.internal.PlainText;
import io.clouddb.internal.Problems;
import io.clouddb.internal.text.Quoted;
import io.clouddb.operation.OperationLog;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.OperationTimer;
import io.clouddb.spi.RetryPolicy;
import io.micrometer.observation.ObservationRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which cloud to open, and with what. Made from a URL, {@code
 * clouddb:<provider>:<location>?<properties>}, or by a builder, which also takes objects: vendor
 * clients, HTTP clients, credentials. Without credentials each cloud's own chain finds them. In a
 * URL, {@code endpoint}, {@code endpointSecret} (where the secret of a stand-in on this machine is,
 * such as {@code file:/path} or {@code env:NAME}), {@code tokenKey} (where the key is that seals
 * the tokens of operations), {@code pollInterval} (an ISO 8601 duration such as {@code PT30S}) and
 * {@code databaseRootCertificate} (a file) mean the same for every provider; the other properties
 * are the provider's own.
 */
public final class CloudConfig {
  private static final String SCHEME = "clouddb";
  private static final String ENDPOINT = "endpoint";
  private static final String ENDPOINT_SECRET = "endpointSecret";
  private static final String TOKEN_KEY = "tokenKey";
  private static final String POLL_INTERVAL = "pollInterval";
  private static final String DATABASE_ROOT_CERTIFICATE = "databaseRootCertificate";
  private static final List<String> SECRET_WORDS =
      List.of("password", "secret", "token", "credential", "accesskey", "access-key", "apikey");

  private final String provider;
  private final String location;
  private final @Nullable URI endpoint;
  private final @Nullable SecretRef endpointSecret;
  private final Map<String, String> properties;
  private final Map<Class<?>, Object> objects;
  private final RetryPolicy retryPolicy;
  private final Duration pollInterval;
  private final @Nullable OperationTimer timer;
  private final ObservationRegistry observations;
  private final Supplier<String> ids;
  private final @Nullable ClassLoader classLoader;
  private final @Nullable CloudDbProvider providerObject;
  private final @Nullable Path databaseRootCertificate;
  private final Clock clock;
  private final @Nullable OperationLog operationLog;
  private final @Nullable SecretRef tokenKey;
  private final boolean trustTokens;

  private CloudConfig(Builder builder) {
    this.provider = builder.provider;
    this.location = builder.location;
    this.endpoint = builder.endpoint;
    this.endpointSecret = builder.endpointSecret;
    this.properties = java.util.Collections.unmodifiableMap(new TreeMap<>(builder.properties));
    this.objects = Map.copyOf(builder.objects);
    this.retryPolicy = builder.retryPolicy;
    this.pollInterval = builder.pollInterval;
    this.timer = builder.timer;
    this.observations = builder.observations;
    this.ids = builder.ids;
    this.classLoader = builder.classLoader;
    this.providerObject = builder.providerObject;
    this.databaseRootCertificate = builder.databaseRootCertificate;
    this.clock = builder.clock;
    this.operationLog = builder.operationLog;
    this.tokenKey = builder.tokenKey;
    this.trustTokens = builder.trustTokens;
  }

  /**
   * The same for another region.
   *
   * @param region its name, for example {@code us-west-2}
   * @return a new configuration, with the same objects and settings
   * @throws io.clouddb.error.InvalidArgumentException when that is no name of a region
   */
  public CloudConfig in(String region) {
    return new Builder(this, region).build();
  }

  /**
   * Starts a configuration.
   *
   * @param provider the provider's id, for example {@code aws}
   * @param location the region, for example {@code ap-northeast-2}
   * @return a builder
   */
  public static Builder builder(String provider, String location) {
    return new Builder(provider, location);
  }

  /**
   * Starts a configuration from a URL, to which objects can be added.
   *
   * @param url for example {@code clouddb:gcp:asia-northeast3?project=shop}
   * @return a builder
   * @throws io.clouddb.error.InvalidArgumentException when the URL is malformed or holds a secret
   */
  public static Builder fromUrl(String url) {
    int question = url.indexOf('?');
    String[] parts = (question < 0 ? url : url.substring(0, question)).split(":", -1);
    if (parts.length != 3 || !parts[0].equals(SCHEME)) {
      // Not repeated in full: a malformed URL may hold a password.
      throw invalid(
          "A cloud's URL has the form clouddb:<provider>:<location>?<properties>, for example"
              + " clouddb:aws:ap-northeast-2");
    }
    Builder builder = new Builder(parts[1], parts[2]);
    if (question >= 0 && question + 1 < url.length()) {
      for (String pair : url.substring(question + 1).split("&")) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
          throw invalid("A property in a cloud's URL has the form name=value");
        }
        String name = decode(pair.substring(0, equals));
        String value = decode(pair.substring(equals + 1));
        if (name.equals(ENDPOINT)) {
          builder.endpoint(toUri(value));
        } else if (name.equals(ENDPOINT_SECRET)) {
          builder.endpointSecret(SecretRef.parse(value));
        } else if (name.equals(TOKEN_KEY)) {
          builder.tokenKey(SecretRef.parse(value));
        } else if (name.equals(POLL_INTERVAL)) {
          builder.pollInterval(toDuration(value));
        } else if (name.equals(DATABASE_ROOT_CERTIFICATE)) {
          builder.databaseRootCertificate(toPath(value));
        } else {
          builder.property(name, value);
        }
      }
    }
    return builder;
  }

  private static URI toUri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      // Neither repeated nor named as the cause, which repeats it: it may hold a password.
      throw invalid("The endpoint is no URL such as https://rds.example.com");
    }
  }

  private static Duration toDuration(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw invalid(
          "The poll interval is no ISO 8601 duration such as PT0.25S or PT30S: " + Quoted.of(text));
    }
  }

  private static Path toPath(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw invalid("databaseRootCertificate is no path of a file");
    }
  }

  private static String decode(String text) {
    // As in a form, a plus sign is a space. The JDK's decoder makes another value of what is no
    // UTF-8.
    return PercentEncoding.decode(text.replace('+', ' '))
        .orElseThrow(
            () ->
                invalid(
                    "A property in a cloud's URL is not encoded as URLs are: in a value, % is"
                        + " written %25"));
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  /**
   * The provider's id.
   *
   * @return for example {@code aws}
   */
  public String provider() {
    return provider;
  }

  /**
   * The region.
   *
   * @return for example {@code ap-northeast-2}
   */
  public String location() {
    return location;
  }

  /**
   * Where the cloud's API is, instead of the vendor's own address.
   *
   * @return a URL, https or on this machine; empty for the vendor's own
   */
  public Optional<URI> endpoint() {
    return Optional.ofNullable(endpoint);
  }

  /**
   * Where the secret is that a stand-in for the cloud on this machine asks for, such as the
   * testkit's simulators. A provider shows it to the {@link #endpoint()} and to nothing else.
   *
   * @return the reference; empty where the endpoint asks for none, and always where it is not on
   *     this machine
   */
  public Optional<SecretRef> endpointSecret() {
    return Optional.ofNullable(endpointSecret);
  }

  /**
   * The provider's own properties.
   *
   * @return name to value
   */
  public Map<String, String> properties() {
    return properties;
  }

  /**
   * One of the provider's own properties.
   *
   * @param name its name
   * @return the value
   */
  public Optional<String> property(String name) {
    return Optional.ofNullable(properties.get(name));
  }

  /**
   * One of the provider's own properties, which has to be there.
   *
   * @param name its name
   * @return the value
   * @throws io.clouddb.error.InvalidArgumentException when it is missing
   */
  public String requiredProperty(String name) {
    return property(name)
        .orElseThrow(
            () ->
                invalid(
                    "clouddb:"
                        + provider
                        + " needs the property "
                        + name
                        + ", for example clouddb:"
                        + provider
                        + ":"
                        + location
                        + "?"
                        + name
                        + "=..."));
  }

  /**
   * An object that the caller handed in.
   *
   * @param type the class under which it was handed in
   * @param <T> the class under which it was handed in
   * @return the object
   */
  public <T> Optional<T> object(Class<T> type) {
    return Optional.ofNullable(objects.get(type)).map(type::cast);
  }

  /**
   * All objects that the caller handed in.
   *
   * @return by the class under which they were handed in
   */
  public Map<Class<?>, Object> objects() {
    return objects;
  }

  /**
   * How often a single request is made again.
   *
   * @return the policy
   */
  public RetryPolicy retryPolicy() {
    return retryPolicy;
  }

  /**
   * The pause between two looks at a long operation, where the vendor names none.
   *
   * @return the pause
   */
  public Duration pollInterval() {
    return pollInterval;
  }

  /**
   * What the pauses between two looks at a long operation are taken from.
   *
   * @return the timer; empty for real time
   */
  public Optional<OperationTimer> timer() {
    return Optional.ofNullable(timer);
  }

  /**
   * Where calls are reported.
   *
   * @return the registry
   */
  public ObservationRegistry observations() {
    return observations;
  }

  /**
   * Makes unique ids.
   *
   * @return a source of lower case letters, digits and hyphens, at most 40 of them
   */
  public Supplier<String> ids() {
    return ids;
  }

  /**
   * What the certificates of this cloud's database servers have to come from.
   *
   * @return a PEM file; empty for the cloud's own certificate authority
   */
  public Optional<Path> databaseRootCertificate() {
    return Optional.ofNullable(databaseRootCertificate);
  }

  /**
   * The time by which long operations are followed.
   *
   * @return a clock
   */
  public Clock clock() {
    return clock;
  }

  /**
   * Where operations are written down before each change.
   *
   * @return the log, empty when there is none
   */
  public Optional<OperationLog> operationLog() {
    return Optional.ofNullable(operationLog);
  }

  /**
   * Where the key is by which tokens of operations are sealed.
   *
   * @return the reference, empty when they are not sealed
   */
  public Optional<SecretRef> tokenKey() {
    return Optional.ofNullable(tokenKey);
  }

  /**
   * Whether tokens that are not sealed are believed.
   *
   * @return false unless the caller said so
   */
  public boolean trustTokens() {
    return trustTokens;
  }

  Optional<ClassLoader> classLoader() {
    return Optional.ofNullable(classLoader);
  }

  Optional<CloudDbProvider> providerObject() {
    return Optional.ofNullable(providerObject);
  }

  /** The URL form, without the objects. */
  @Override
  public String toString() {
    return SCHEME + ":" + provider + ":" + location + (properties.isEmpty() ? "" : properties);
  }

  /** Builds a {@link CloudConfig}. */
  public static final class Builder {
    private static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(10);
    private static final Duration LONGEST_POLL_INTERVAL = Duration.ofDays(1);
    private static final int HIGHEST_PORT = 65_535;
    private static final int LONGEST_ID = 100;

    private final String provider;
    private final String location;
    private @Nullable URI endpoint;
    private @Nullable SecretRef endpointSecret;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<Class<?>, Object> objects = new LinkedHashMap<>();
    private RetryPolicy retryPolicy = RetryPolicy.DEFAULT;
    private Duration pollInterval = DEFAULT_POLL_INTERVAL;
    private @Nullable OperationTimer timer;
    private ObservationRegistry observations = ObservationRegistry.NOOP;
    private Supplier<String> ids = () -> UUID.randomUUID().toString();
    private @Nullable ClassLoader classLoader;
    private @Nullable CloudDbProvider providerObject;
    private @Nullable Path databaseRootCertificate;
    private Clock clock = Clock.systemUTC();
    private @Nullable OperationLog operationLog;
    private @Nullable SecretRef tokenKey;
    private boolean trustTokens;

    private Builder(String provider, String location) {
      this.provider = Objects.requireNonNull(provider, "provider");
      this.location = Objects.requireNonNull(location, "location");
    }

    private Builder(CloudConfig config, String location) {
      this(config.provider, location);
      this.endpoint = config.endpoint;
      this.endpointSecret = config.endpointSecret;
      this.properties.putAll(config.properties);
      this.objects.putAll(config.objects);
      this.retryPolicy = config.retryPolicy;
      this.pollInterval = config.pollInterval;
      this.timer = config.timer;
      this.observations = config.observations;
      this.ids = config.ids;
      this.classLoader = config.classLoader;
      this.providerObject = config.providerObject;
      this.databaseRootCertificate = config.databaseRootCertificate;
      this.clock = config.clock;
      this.operationLog = config.operationLog;
      this.tokenKey = config.tokenKey;
      this.trustTokens = config.trustTokens;
    }

    /**
     * Sets where the cloud's API is.
     *
     * @param value a URL, https or on this machine
     * @return this builder
     */
    public Builder endpoint(URI value) {
      this.endpoint = Objects.requireNonNull(value, "endpoint");
      return this;
    }

    /**
     * Sets where the secret is that a stand-in for the cloud on this machine asks for. It is shown
     * as the service's own credentials are: as a bearer token, or by a signature with it. What is
     * handed in by {@link #using} and would be sent to such an endpoint comes before it.
     *
     * @param value the reference, in this process' memory or environment or in a file
     * @return this builder
     */
    public Builder endpointSecret(SecretRef value) {
      this.endpointSecret = Objects.requireNonNull(value, "endpointSecret");
      return this;
    }

    /**
     * Sets one of the provider's own properties, for example {@code project}.
     *
     * @param name its name
     * @param value its value, never a secret
     * @return this builder
     */
    public Builder property(String name, String value) {
      properties.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Hands in an object: a vendor client, an HTTP client, credentials. It stays the caller's: the
     * library does not close it.
     *
     * @param type the class under which the provider looks for it
     * @param object the object
     * @param <T> the class under which the provider looks for it
     * @return this builder
     */
    public <T> Builder using(Class<T> type, T object) {
      objects.put(type, Objects.requireNonNull(object, "object"));
      return this;
    }

    /**
     * Sets how often a single request is made again.
     *
     * @param value the policy
     * @return this builder
     */
    public Builder retryPolicy(RetryPolicy value) {
      this.retryPolicy = Objects.requireNonNull(value, "retryPolicy");
      return this;
    }

    /**
     * Sets the pause between two looks at a long operation; 10 s unless said otherwise.
     *
     * @param value the pause
     * @return this builder
     */
    public Builder pollInterval(Duration value) {
      this.pollInterval = Objects.requireNonNull(value, "pollInterval");
      return this;
    }

    /**
     * Sets what the pauses between two looks at a long operation are taken from, so that a test
     * need not wait for them; real time unless said otherwise. The limit of {@link
     * io.clouddb.operation.Operation#await} is real time always.
     *
     * @param value for example the testkit's simulated clock; it stays the caller's to close, after
     *     the cloud
     * @return this builder
     */
    public Builder timer(OperationTimer value) {
      this.timer = Objects.requireNonNull(value, "timer");
      return this;
    }

    /**
     * Sets where calls are reported.
     *
     * @param value a registry
     * @return this builder
     */
    public Builder observations(ObservationRegistry value) {
      this.observations = Objects.requireNonNull(value, "observations");
      return this;
    }

    /**
     * Sets the source of unique ids; random UUIDs unless said otherwise.
     *
     * @param value makes lower case letters, digits and hyphens, at most 40 of them
     * @return this builder
     */
    public Builder ids(Supplier<String> value) {
      this.ids = Objects.requireNonNull(value, "ids");
      return this;
    }

    /**
     * Sets where providers are looked for; the thread's context class loader, then this library's,
     * unless said otherwise.
     *
     * @param value a class loader
     * @return this builder
     */
    public Builder classLoader(ClassLoader value) {
      this.classLoader = Objects.requireNonNull(value, "classLoader");
      return this;
    }

    /**
     * Sets the provider itself, so that none is looked for.
     *
     * @param value a provider
     * @return this builder
     */
    public Builder providerObject(CloudDbProvider value) {
      this.providerObject = Objects.requireNonNull(value, "provider");
      return this;
    }

    /**
     * Names what the certificates of this cloud's database servers have to come from, in the place
     * of the cloud's own certificate authority: for a region whose authority this library does not
     * know, or a certificate of the user's own. The file is read at every connection.
     *
     * @param pem a PEM file with one or more certificates
     * @return this builder
     */
    public Builder databaseRootCertificate(Path pem) {
      this.databaseRootCertificate = Objects.requireNonNull(pem, "databaseRootCertificate");
      return this;
    }

    /**
     * Sets the time by which waits of long operations are limited; the system's unless said
     * otherwise.
     *
     * @param value for example the testkit's simulated clock
     * @return this builder
     */
    public Builder clock(Clock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /**
     * Sets where operations are written down before each change, so that those of a killed process
     * are found by {@link io.clouddb.operation.Operations#unfinished()}.
     *
     * @param value a log
     * @return this builder
     */
    public Builder operationLog(OperationLog value) {
      this.operationLog = Objects.requireNonNull(value, "operationLog");
      return this;
    }

    /**
     * Sets where the key is by which tokens of operations are sealed (HMAC-SHA256). A cloud with a
     * key takes no token that was not sealed with it.
     *
     * @param value the reference, in this process' memory or environment or in a file, to at least
     *     16 bytes; 32 random ones are good
     * @return this builder
     */
    public Builder tokenKey(SecretRef value) {
      this.tokenKey = Objects.requireNonNull(value, "tokenKey");
      return this;
    }

    /**
     * Says that tokens are believed though they are not sealed: steps that set a password, open a
     * network or take something away are begun from them, and files and variables that they refer
     * to are read. Right only where nobody else can reach the tokens.
     *
     * @param value true to believe them
     * @return this builder
     */
    public Builder trustTokens(boolean value) {
      this.trustTokens = value;
      return this;
    }

    /**
     * Finishes the configuration.
     *
     * @return the configuration
     * @throws io.clouddb.error.InvalidArgumentException naming all that is wrong, at once
     */
    public CloudConfig build() {
      Problems problems = new Problems("The configuration of " + Quoted.of("clouddb:" + provider));
      problems.require(isId(provider), "the provider is no id such as aws");
      problems.require(isId(location), "the location is no region such as us-east-1");
      if (endpoint != null) {
        problems.require(
            endpoint.getRawUserInfo() == null
                && (endpoint.getRawAuthority() == null
                    || endpoint.getRawAuthority().indexOf('@') < 0),
            "the endpoint holds a user or a password");
        problems.require(
            endpoint.getHost() != null && endpoint.getPort() <= HIGHEST_PORT,
            "the endpoint names no host, or no port that there is");
        problems.require(
            "https".equals(endpoint.getScheme())
                || ("http".equals(endpoint.getScheme()) && isLoopback(endpoint.getHost())),
            "the endpoint is neither https nor on this machine");
      }
      if (endpointSecret != null) {
        problems.require(
            endpoint != null && "http".equals(endpoint.getScheme()),
            "there is a secret for an http endpoint on this machine, and no such endpoint");
        problems.require(
            endpointSecret.kind() != SecretRef.Kind.STORE,
            "the endpoint's secret is in a cloud's store, which is what is to be opened");
      }
      problems.require(
          tokenKey == null || tokenKey.kind() != SecretRef.Kind.STORE,
          "the tokenKey is in a cloud's store, which is what is to be opened");
      for (String name : properties.keySet()) {
        String lower = name.toLowerCase(Locale.ROOT);
        problems.require(
            SECRET_WORDS.stream().noneMatch(lower::contains),
            "the property "
                + Quoted.of(name)
                + " looks like a secret, which has no place here: hand in credentials by using()");
      }
      properties.forEach(
          (name, value) ->
              problems.require(
                  PlainText.is(name) && PlainText.is(value),
                  "the property "
                      + Quoted.of(name)
                      + " has half a character or a zero one in its name or value"));
      problems.require(
          databaseRootCertificate == null || PlainText.is(databaseRootCertificate.toString()),
          "the path of the databases' root certificate has half a character or a zero one");
      problems.require(!pollInterval.isNegative(), "the poll interval is negative");
      problems.require(
          pollInterval.compareTo(LONGEST_POLL_INTERVAL) <= 0,
          "the poll interval is longer than a day");
      problems.orThrow();
      return new CloudConfig(this);
    }

    private static boolean isId(String text) {
      return text.length() <= LONGEST_ID && text.matches("[a-z][a-z0-9-]*");
    }

    private static boolean isLoopback(@Nullable String host) {
      if (host == null) {
        return false;
      }
      boolean literal = host.matches("[0-9.]+") || host.contains(":");
      if (!literal) {
        return host.equals("localhost");
      }
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        return false;
      }
    }
  }
}
