/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is needed to connect to one database, and no secret: the password is a supplier
 * that is asked at every connection, since tokens expire and passwords are rotated.
 */
public final class ConnectionDetails {
  private static final int POSTGRESQL_PORT = 5432;
  private static final List<String> SECRET_PARAMETERS = List.of("password", "sslpassword");

  private final String host;
  private final int port;
  private final String database;
  private final String user;
  private final Supplier<String> password;
  private final TlsVerification tls;
  private final @Nullable Path rootCertificate;
  private final Map<String, String> parameters;

  private ConnectionDetails(Builder builder) {
    this.host = builder.host;
    this.port = builder.port;
    this.database = builder.database;
    this.user = builder.user;
    this.password = builder.password;
    this.tls = builder.tls;
    this.rootCertificate = builder.rootCertificate;
    this.parameters = Map.copyOf(builder.parameters);
  }

  /**
   * Starts the details of a PostgreSQL database. TLS is {@link TlsVerification#REQUIRED} unless
   * said otherwise.
   *
   * @param host host name or address
   * @param port TCP port
   * @param database name of the database
   * @param user name of the role
   * @param password where its password is
   * @return a builder
   */
  public static Builder postgresql(
      String host, int port, String database, String user, SecretRef password) {
    Objects.requireNonNull(password, "password");
    return new Builder(host, port, database, user, password::resolve);
  }

  /**
   * Reads a JDBC URL of the form {@code jdbc:postgresql://host:port/database?parameters}.
   *
   * @param url the URL, without user and password
   * @param user name of the role
   * @param password where its password is
   * @return the details
   * @throws io.clouddb.error.InvalidArgumentException when the URL is of another form, or holds a
   *     user or a password
   */
  public static ConnectionDetails ofJdbcUrl(String url, String user, SecretRef password) {
    if (!url.startsWith("jdbc:postgresql://")) {
      throw invalid("A JDBC URL of the form jdbc:postgresql://host:port/database is needed");
    }
    URI uri;
    try {
      uri = new URI(url.substring("jdbc:".length()));
    } catch (URISyntaxException e) {
      // The cause would repeat the URL, which may hold a password.
      throw invalid("The JDBC URL is malformed at character " + e.getIndex());
    }
    if (uri.getRawUserInfo() != null) {
      throw invalid("A user or password in a JDBC URL is refused: URLs end up in logs");
    }
    String path = uri.getPath();
    if (uri.getHost() == null || path == null || path.length() < 2) {
      throw invalid("The JDBC URL names no host or no database");
    }
    Builder builder =
        postgresql(
            uri.getHost(),
            uri.getPort() < 0 ? POSTGRESQL_PORT : uri.getPort(),
            path.substring(1),
            user,
            password);
    builder.tls(TlsVerification.PREFERRED);
    String query = uri.getRawQuery();
    if (query != null) {
      for (String pair : query.split("&")) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        if (SECRET_PARAMETERS.contains(name.toLowerCase(Locale.ROOT))
            || name.equalsIgnoreCase("user")) {
          throw invalid("A user or password in a JDBC URL is refused: URLs end up in logs");
        } else if (name.equals("sslmode")) {
          builder.tls(tlsOf(value));
        } else if (name.equals("sslrootcert")) {
          builder.rootCertificate(Path.of(value));
        } else {
          builder.parameter(name, value);
        }
      }
    }
    return builder.build();
  }

  private static TlsVerification tlsOf(String sslMode) {
    for (TlsVerification candidate : TlsVerification.values()) {
      if (candidate.sslMode().equals(sslMode)) {
        return candidate;
      }
    }
    throw invalid("sslmode is one of disable, prefer, require, verify-full; not '" + sslMode + "'");
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Host name or address.
   *
   * @return the host
   */
  public String host() {
    return host;
  }

  /**
   * TCP port.
   *
   * @return the port
   */
  public int port() {
    return port;
  }

  /**
   * Name of the database.
   *
   * @return the name
   */
  public String database() {
    return database;
  }

  /**
   * Name of the role.
   *
   * @return the name
   */
  public String user() {
    return user;
  }

  /**
   * How the connection is protected.
   *
   * @return the mode
   */
  public TlsVerification tls() {
    return tls;
  }

  /**
   * The certificate that the server's own is checked against.
   *
   * @return a PEM file, empty for the driver's default
   */
  public Optional<Path> rootCertificate() {
    return Optional.ofNullable(rootCertificate);
  }

  /**
   * Further parameters of the JDBC driver.
   *
   * @return name to value
   */
  public Map<String, String> parameters() {
    return parameters;
  }

  /**
   * The JDBC URL, without user and password.
   *
   * @return for example {@code jdbc:postgresql://db.example.com:5432/shop?sslmode=require}
   */
  public String jdbcUrl() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("sslmode", tls.sslMode());
    if (rootCertificate != null) {
      all.put("sslrootcert", rootCertificate.toString());
    }
    parameters.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> all.put(e.getKey(), e.getValue()));
    List<String> pairs = new ArrayList<>();
    all.forEach((name, value) -> pairs.add(encode(name) + "=" + encode(value)));
    String hostPart = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return "jdbc:postgresql://"
        + hostPart
        + ":"
        + port
        + "/"
        + encode(database)
        + "?"
        + String.join("&", pairs);
  }

  /**
   * The properties that {@link java.sql.DriverManager} wants beside the URL: user and password. The
   * password is read now.
   *
   * @return new properties; they hold a secret, so do not log them
   */
  public Properties credentials() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.get());
    return properties;
  }

  /**
   * Opens a connection. The password is read now.
   *
   * @return an open connection
   * @throws SQLException when the driver cannot connect
   */
  public Connection connect() throws SQLException {
    return dataSource().getConnection();
  }

  /**
   * A data source without a pool, which opens a connection at every call. Hand it to a pool, for
   * example HikariCP, where connections are opened often. The driver, {@code
   * org.postgresql:postgresql}, is the application's to add; the error says so when it is missing.
   *
   * @return a data source
   */
  public DataSource dataSource() {
    return new UnpooledDataSource(this);
  }

  /**
   * A builder that starts with these details.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder copy = new Builder(host, port, database, user, password);
    copy.tls = tls;
    copy.rootCertificate = rootCertificate;
    copy.parameters.putAll(parameters);
    return copy;
  }

  /** The URL and the user; no password. */
  @Override
  public String toString() {
    return jdbcUrl() + " as " + user;
  }

  /** Builds {@link ConnectionDetails}. */
  public static final class Builder {
    private String host;
    private int port;
    private String database;
    private String user;
    private Supplier<String> password;
    private TlsVerification tls = TlsVerification.REQUIRED;
    private @Nullable Path rootCertificate;
    private final Map<String, String> parameters = new LinkedHashMap<>();

    private Builder(
        String host, int port, String database, String user, Supplier<String> password) {
      this.host = Objects.requireNonNull(host, "host");
      this.port = port;
      this.database = Objects.requireNonNull(database, "database");
      this.user = Objects.requireNonNull(user, "user");
      this.password = Objects.requireNonNull(password, "password");
    }

    /**
     * Names another host and port, for example a tunnel's.
     *
     * @param newHost host name or address
     * @param newPort TCP port
     * @return this builder
     */
    public Builder at(String newHost, int newPort) {
      this.host = Objects.requireNonNull(newHost, "host");
      this.port = newPort;
      return this;
    }

    /**
     * Names another database of the same server.
     *
     * @param name name of the database
     * @return this builder
     */
    public Builder database(String name) {
      this.database = Objects.requireNonNull(name, "database");
      return this;
    }

    /**
     * Connects as another role.
     *
     * @param name name of the role
     * @param passwordSupplier asked at every connection
     * @return this builder
     */
    public Builder login(String name, Supplier<String> passwordSupplier) {
      this.user = Objects.requireNonNull(name, "user");
      this.password = Objects.requireNonNull(passwordSupplier, "password");
      return this;
    }

    /**
     * Says how the connection is protected.
     *
     * @param mode the mode
     * @return this builder
     */
    public Builder tls(TlsVerification mode) {
      this.tls = Objects.requireNonNull(mode, "tls");
      return this;
    }

    /**
     * Names the certificate that the server's own is checked against.
     *
     * @param pem a PEM file
     * @return this builder
     */
    public Builder rootCertificate(Path pem) {
      this.rootCertificate = Objects.requireNonNull(pem, "rootCertificate");
      return this;
    }

    /**
     * Sets a parameter of the JDBC driver.
     *
     * @param name the parameter's name, not one of a user or a password
     * @param value its value
     * @return this builder
     */
    public Builder parameter(String name, String value) {
      if (SECRET_PARAMETERS.contains(name.toLowerCase(Locale.ROOT))) {
        throw invalid("A password is not a parameter: parameters end up in URLs");
      }
      parameters.put(name, value);
      return this;
    }

    /**
     * Finishes the details.
     *
     * @return the details
     */
    public ConnectionDetails build() {
      return new ConnectionDetails(this);
    }
  }
}
