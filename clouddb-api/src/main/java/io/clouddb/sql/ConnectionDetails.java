/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import io.clouddb.internal.PlainText;
import io.clouddb.internal.Problems;
import io.clouddb.security.SecretRef;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Everything that is needed to connect to one database, and no secret: the password is a supplier
 * that is asked at every connection, since tokens expire and passwords are rotated.
 *
 * <p>Unless said otherwise the server has to prove who it is before it gets the password: {@link
 * TlsVerification#VERIFY_FULL}, against the JVM's trust store or the root certificate that is
 * named.
 */
public final class ConnectionDetails {
  private final String host;
  private final int port;
  private final String database;
  private final String user;
  private final Supplier<String> password;
  private final TlsVerification tls;
  private final TrustedRoots roots;
  private final Map<String, String> parameters;

  private ConnectionDetails(Builder builder) {
    this.host = builder.host;
    this.port = builder.port;
    this.database = builder.database;
    this.user = builder.user;
    this.password = builder.password;
    this.tls = builder.tls;
    this.roots = builder.roots;
    this.parameters = Map.copyOf(builder.parameters);
  }

  /**
   * Starts the details of a PostgreSQL database. TLS is {@link TlsVerification#VERIFY_FULL} unless
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
   * Reads a JDBC URL of the form {@code jdbc:postgresql://host:port/database?parameters}. TLS is
   * {@link TlsVerification#VERIFY_FULL} unless {@code sslmode} says otherwise, also where the
   * driver alone would go without; {@code sslrootcert} names the root certificate. A parameter that
   * the driver does not know, or that would undo what is said here, is refused.
   *
   * @param url the URL, without user and password
   * @param user name of the role
   * @param password where its password is
   * @return the details
   * @throws io.clouddb.error.InvalidArgumentException when the URL is of another form, or holds a
   *     user or a password
   */
  public static ConnectionDetails ofJdbcUrl(String url, String user, SecretRef password) {
    JdbcUrl.Place place = JdbcUrl.place(url);
    Builder builder = postgresql(place.host(), place.port(), place.database(), user, password);
    JdbcUrl.readParameters(url, builder);
    return builder.build();
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
   * The file that the server's certificate is checked against.
   *
   * @return a PEM file; empty when it is checked against the JVM's trust store, certificates that
   *     are no file, or nothing
   */
  public Optional<Path> rootCertificate() {
    return roots instanceof TrustedRoots.InFile file ? Optional.of(file.pem()) : Optional.empty();
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
   * Where the database is, for messages and to compare: nothing of how it is connected to.
   *
   * @return for example {@code db.example.com:5432/shop}
   */
  public String address() {
    return JdbcUrl.encodedAddress(this);
  }

  /**
   * The JDBC URL, without user and password. It is whole: who connects by it checks the server in
   * the same way. Root certificates that are no file are in it, which makes it long, and has the
   * driver load {@link TrustedRootsFactory}.
   *
   * @return for example {@code
   *     jdbc:postgresql://db.example.com:5432/shop?sslmode=verify-full&sslrootcert=%2Fca.pem}
   */
  public String jdbcUrl() {
    return JdbcUrl.write(this, roots);
  }

  String trusted() {
    return roots.describe();
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
    copy.roots = roots;
    copy.parameters.putAll(parameters);
    return copy;
  }

  /** The address, how it is protected, and the user; no password. */
  @Override
  public String toString() {
    return "jdbc:postgresql://" + address() + "?sslmode=" + tls.sslMode() + " as " + user;
  }

  /** Builds {@link ConnectionDetails}. */
  public static final class Builder {
    private String host;
    private int port;
    private String database;
    private String user;
    private Supplier<String> password;
    private TlsVerification tls = TlsVerification.VERIFY_FULL;
    private TrustedRoots roots = TrustedRoots.OF_THE_JVM;
    private final Map<String, String> parameters = new LinkedHashMap<>();

    private Builder(
        String host, int port, String database, String user, Supplier<String> password) {
      this.host = bare(host);
      this.port = port;
      this.database = Objects.requireNonNull(database, "database");
      this.user = Objects.requireNonNull(user, "user");
      this.password = Objects.requireNonNull(password, "password");
    }

    /**
     * Names another host and port, for example a tunnel's. The server's certificate has to name
     * this host then, which it does not for a tunnel's {@code localhost}: have the server's own
     * name lead to the tunnel (a line in the machine's file of hosts), and name that here. {@link
     * TlsVerification#VERIFY_CA} asks for no name; on Amazon RDS whoever has any server of the
     * region would be trusted.
     *
     * @param newHost host name or address
     * @param newPort TCP port
     * @return this builder
     */
    public Builder at(String newHost, int newPort) {
      this.host = bare(newHost);
      this.port = newPort;
      return this;
    }

    /** An IPv6 address stands in brackets in URLs only. */
    private static String bare(String host) {
      return host.startsWith("[") && host.endsWith("]")
          ? host.substring(1, host.length() - 1)
          : host;
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
     * Says how the connection is protected. What does not check the server's certificate takes back
     * root certificates that were named before.
     *
     * @param mode the mode
     * @return this builder
     */
    public Builder tls(TlsVerification mode) {
      this.tls = Objects.requireNonNull(mode, "tls");
      if (!mode.verifies()) {
        this.roots = TrustedRoots.OF_THE_JVM;
      }
      return this;
    }

    /**
     * Names the certificates, one or more, that the server's own has to come from; no other is
     * trusted then. The file is read at every connection.
     *
     * @param pem a PEM file
     * @return this builder
     */
    public Builder rootCertificate(Path pem) {
      return roots(new TrustedRoots.InFile(Objects.requireNonNull(pem, "rootCertificate")));
    }

    /**
     * Gives the certificates, one or more, that the server's own has to come from; no other is
     * trusted then.
     *
     * @param pem the text of a PEM file
     * @return this builder
     * @throws io.clouddb.error.InvalidArgumentException when there is no certificate in it
     */
    public Builder rootCertificates(String pem) {
      try {
        return roots(new TrustedRoots.Inside(TrustedRootsFactory.argument(pem)));
      } catch (CertificateException e) {
        throw JdbcUrl.invalid("The root certificates are no certificates in PEM form");
      }
    }

    Builder roots(TrustedRoots value) {
      this.roots = value;
      return this;
    }

    /**
     * Sets a parameter of the JDBC driver. With {@code channelBinding} {@code require} a server has
     * to prove, too, that it knows the password and ends the TLS itself; it has to store the
     * password as SCRAM-SHA-256, and the driver to be 42.7.12 or later. {@link
     * ConnectionDetails#connect} and {@link ConnectionDetails#dataSource} ask the driver whether it
     * knows the parameter; who connects by the URL alone has to look himself.
     *
     * @param name the parameter's name as the driver spells it; not one of user, password, address,
     *     or TLS, which this builder's own methods say
     * @param value its value
     * @return this builder
     * @throws io.clouddb.error.InvalidArgumentException for those, and for a name that the driver
     *     does not know and would ignore
     */
    public Builder parameter(String name, String value) {
      DriverParameters.check(name);
      parameters.put(name, Objects.requireNonNull(value, name));
      return this;
    }

    /**
     * Finishes the details.
     *
     * @return the details
     * @throws io.clouddb.error.InvalidArgumentException naming all that is wrong
     */
    public ConnectionDetails build() {
      Problems problems = new Problems("The connection's description");
      problems.require(
          host.matches("[A-Za-z0-9._-]+")
              || host.matches("[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%[\\w.-]+)?"),
          "the host is no host name and no address");
      problems.require(port >= 1 && port <= 65_535, "the port is not one of 1 to 65535");
      problems.require(!database.isEmpty(), "the database has no name");
      problems.require(
          PlainText.is(database)
              && PlainText.is(user)
              && parameters.entrySet().stream()
                  .allMatch(each -> PlainText.is(each.getKey()) && PlainText.is(each.getValue())),
          "the database, the user or a parameter has half a character or a zero one");
      problems.require(
          !(roots instanceof TrustedRoots.InFile file) || PlainText.is(file.pem().toString()),
          "the path of the root certificate has half a character or a zero one");
      problems.require(
          tls.verifies() || roots == TrustedRoots.OF_THE_JVM,
          tls + " never looks at the root certificate that is named: say VERIFY_FULL");
      problems.require(
          tls != TlsVerification.VERIFY_CA || roots != TrustedRoots.OF_THE_JVM,
          "VERIFY_CA needs a root certificate (sslrootcert): every owner of a certificate for"
              + " whatever host would be trusted without");
      String clientKey = DriverParameters.clientKey(parameters.keySet());
      problems.require(
          clientKey == null || !tls.verifies() || roots instanceof TrustedRoots.InFile,
          clientKey
              + " needs rootCertificate(file) (sslrootcert) beside it: the driver takes a"
              + " client's certificate with roots in a file only");
      problems.orThrow();
      return new ConnectionDetails(this);
    }
  }
}
