/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which parameters of PostgreSQL's JDBC driver (42.7) may be set by name. The driver ignores a name
 * that it does not know; here it is refused, since it may have been meant to protect.
 */
final class DriverParameters {
  /** Neither who is reached, nor as whom, nor how that is protected. */
  private static final Set<String> FREE =
      Set.of(
          "adaptiveFetch",
          "adaptiveFetchMaximum",
          "adaptiveFetchMinimum",
          "allowEncodingChanges",
          "ApplicationName",
          "assumeMinServerVersion",
          "autosave",
          "binaryTransfer",
          "binaryTransferDisable",
          "binaryTransferEnable",
          "cancelSignalTimeout",
          "channelBinding",
          "cleanupSavepoints",
          "connectTimeout",
          "convertBooleanToNumeric",
          "currentSchema",
          "databaseMetadataCacheFields",
          "databaseMetadataCacheFieldsMiB",
          "defaultRowFetchSize",
          "disableColumnSanitiser",
          "escapeSyntaxCallMode",
          "flushCacheOnDdl",
          "groupStartupParameters",
          "gsslib",
          "gssResponseTimeout",
          "gssUseDefaultCreds",
          "hideUnprivilegedObjects",
          "hostRecheckSeconds",
          "jaasApplicationName",
          "jaasLogin",
          "kerberosServerName",
          "loadBalanceHosts",
          "localSocketAddress",
          "loginTimeout",
          "logServerErrorDetail",
          "logUnclosedConnections",
          "maxResultBuffer",
          "maxSendBufferSize",
          "options",
          "pemKeyAlgorithm",
          "preferQueryMode",
          "preparedStatementCacheQueries",
          "preparedStatementCacheSizeMiB",
          "prepareThreshold",
          "protocolVersion",
          "queryTimeout",
          "quoteReturningIdentifiers",
          "readOnly",
          "readOnlyMode",
          "receiveBufferSize",
          "replication",
          "requireAuth",
          "reWriteBatchedInserts",
          "reWriteBatchedInsertsSize",
          "scramMaxIterations",
          "sendBufferSize",
          "socketTimeout",
          "sslcert",
          "sslkey",
          "sslNegotiation",
          "sslResponseTimeout",
          "sspiServiceClass",
          "stringtype",
          "targetServerType",
          "tcpKeepAlive",
          "tcpNoDelay",
          "unknownLength",
          "useSpnego");

  /** A driver that ignored one of these would be less careful than was asked for. */
  private static final Set<String> PROTECTING =
      Set.of("channelBinding", "requireAuth", "scramMaxIterations", "sslcert", "sslkey");

  /** These bring a key of the client's, which the driver takes beside roots in a file only. */
  private static final Set<String> CLIENT_KEY = Set.of("sslcert", "sslkey");

  private static final String SECRET =
      "a user or a password is refused here: parameters end up in URLs, and URLs in logs";
  private static final String TLS = "it is said by tls(TlsVerification)";
  private static final String ROOTS =
      "it is said by rootCertificate(file) or rootCertificates(text); without, the JVM's trust"
          + " store decides";
  private static final String WHERE =
      "it is said by host, port and database, and would win over them";
  private static final String CODE =
      "it names a class that the driver runs with the password in reach; use a data source of the"
          + " driver's own for that";
  private static final String LOG = "the driver's log would have the password in it";

  /** By names in lower case, so that a slip of the shift key is told what is to be done too. */
  private static final Map<String, String> REFUSED = refused();

  private DriverParameters() {}

  private static Map<String, String> refused() {
    Map<String, String> reasons = new HashMap<>();
    for (String name : Set.of("user", "password", "sslpassword")) {
      reasons.put(name, SECRET);
    }
    for (String name : Set.of("ssl", "sslmode")) {
      reasons.put(name, TLS);
    }
    for (String name : Set.of("sslrootcert", "sslfactory", "sslfactoryarg")) {
      reasons.put(name, ROOTS);
    }
    reasons.put("sslhostnameverifier", "the host name is checked by tls(VERIFY_FULL), and no less");
    reasons.put("gssencmode", "encryption by Kerberos would stand in the place of TLS");
    for (String name :
        Set.of("host", "hostaddr", "port", "dbname", "pghost", "pgport", "pgdbname", "service")) {
      reasons.put(name, WHERE);
    }
    for (String name :
        Set.of(
            "authenticationpluginclassname",
            "classloaderstrategy",
            "connectexecutor",
            "connectexecutorarg",
            "socketfactory",
            "socketfactoryarg",
            "sslpasswordcallback",
            "xmlfactoryfactory")) {
      reasons.put(name, CODE);
    }
    for (String name : Set.of("loggerfile", "loggerlevel")) {
      reasons.put(name, LOG);
    }
    return Map.copyOf(reasons);
  }

  /** Throws for a parameter that may not be set by name. */
  static void check(String name) {
    if (FREE.contains(name)) {
      return;
    }
    String reason = REFUSED.get(name.toLowerCase(Locale.ROOT));
    if (reason != null) {
      throw invalid("The parameter " + name + " is refused: " + reason);
    }
    for (String known : FREE) {
      if (known.equalsIgnoreCase(name)) {
        throw invalid("The driver ignores " + name + " in silence: the name is " + known);
      }
    }
    // A name that is none may be a piece of a password.
    throw invalid(
        (name.matches("[A-Za-z_]{1,40}") ? "The parameter " + name : "A parameter")
            + " is refused: the JDBC driver knows none of that name, and would ignore it in"
            + " silence");
  }

  /**
   * Throws for a parameter that this driver does not know: it may be older than the list here, and
   * ignores then what was meant to protect. One that lists nothing, as JDBC allows, says nothing of
   * what it knows: it is refused for what protects alone.
   */
  static void check(Driver driver, String url, Collection<String> names) throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    Set<String> unknown = new TreeSet<>(names);
    DriverPropertyInfo[] listed = driver.getPropertyInfo(url, new Properties());
    if (listed.length == 0) {
      unknown.retainAll(PROTECTING);
    }
    for (DriverPropertyInfo known : listed) {
      unknown.remove(known.name);
    }
    if (!unknown.isEmpty()) {
      throw new SQLException(
          "The JDBC driver on the class path ("
              + driver.getClass().getName()
              + " "
              + driver.getMajorVersion()
              + "."
              + driver.getMinorVersion()
              + ") does not know "
              + String.join(", ", unknown)
              + ", and would ignore it in silence. Nothing was sent. Add"
              + " org.postgresql:postgresql in a newer version, 42.7.12 or later; or leave the"
              + " parameter out.");
    }
  }

  static boolean isSecret(String name) {
    return SECRET.equals(REFUSED.get(name.toLowerCase(Locale.ROOT)));
  }

  /** One that says that the client shows a certificate; null when none does. */
  static @Nullable String clientKey(Collection<String> names) {
    return names.stream().filter(CLIENT_KEY::contains).sorted().findFirst().orElse(null);
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }
}
