/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes {@code jdbc:postgresql://host:port/database?parameters} as the driver does: it
 * takes names as they stand, decodes values (a + is a space), and knows no {@code #}. No message
 * repeats the URL, which may hold a password.
 */
final class JdbcUrl {
  private static final String PREFIX = "jdbc:postgresql://";
  private static final int POSTGRESQL_PORT = 5432;
  private static final String SECRET =
      "A user or password in a JDBC URL is refused: URLs end up in logs";
  private static final char UNDECODABLE = '\uFFFD';

  private JdbcUrl() {}

  /** Where it leads, without how. */
  record Place(String host, int port, String database) {}

  static Place place(String url) {
    if (!url.startsWith(PREFIX)) {
      throw invalid("A JDBC URL of the form jdbc:postgresql://host:port/database is needed");
    }
    if (url.indexOf('#') >= 0) {
      throw invalid("A # in a JDBC URL is refused: it begins nothing there; in a value it is %23");
    }
    if (url.chars().anyMatch(c -> c <= ' ' || c == '\\' || c == 127)) {
      throw invalid("The JDBC URL is malformed: a space in it is written %20");
    }
    int question = url.indexOf('?');
    String server = url.substring(PREFIX.length(), question < 0 ? url.length() : question);
    int slash = server.indexOf('/');
    String address = slash < 0 ? server : server.substring(0, slash);
    if (address.contains("@")) {
      throw invalid(SECRET);
    }
    if (address.contains(",")) {
      throw invalid("The JDBC URL names several hosts: name the one that is to be reached");
    }
    String database = slash < 0 ? "" : server.substring(slash + 1);
    if (address.isEmpty() || database.isEmpty()) {
      throw invalid("The JDBC URL names no host or no database");
    }
    if (database.contains("/")) {
      throw invalid("In a JDBC URL, / in the name of a database is written %2F");
    }
    int colon = address.lastIndexOf(':');
    boolean hasPort = colon > address.lastIndexOf(']');
    String host = hasPort ? address.substring(0, colon) : address;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      throw invalid("In a JDBC URL, an IPv6 address stands in brackets: [::1]:5432");
    }
    return new Place(
        host, hasPort ? port(address.substring(colon + 1)) : POSTGRESQL_PORT, decode(database));
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      throw invalid("The port in the JDBC URL is no number from 1 to 65535");
    }
    return Integer.parseInt(text);
  }

  /** Has a builder take over what is said after the question mark. */
  static void readParameters(String url, ConnectionDetails.Builder builder) {
    Map<String, String> all = pairs(url);
    readTls(all, builder);
    readRoots(all, builder);
    all.forEach(builder::parameter);
  }

  private static Map<String, String> pairs(String url) {
    Map<String, String> all = new LinkedHashMap<>();
    int question = url.indexOf('?');
    if (question < 0) {
      return all;
    }
    for (String pair : url.substring(question + 1).split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (DriverParameters.isSecret(name)) {
        throw invalid(SECRET);
      }
      if (all.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
        throw invalid(
            name.matches("[A-Za-z_]{1,40}")
                ? "The JDBC URL says " + name + " twice"
                : "The JDBC URL says a parameter twice");
      }
    }
    return all;
  }

  private static void readTls(Map<String, String> all, ConnectionDetails.Builder builder) {
    String ssl = all.remove("ssl");
    String mode = all.remove("sslmode");
    if (ssl != null && !ssl.isEmpty() && !ssl.equalsIgnoreCase("true")) {
      throw invalid(
          "ssl in a JDBC URL is true, which is sslmode=verify-full; with anything else the driver"
              + " goes without TLS when the server says so. No TLS is sslmode=disable");
    }
    if (mode != null) {
      TlsVerification tls = mode(mode);
      if (ssl != null && tls != TlsVerification.VERIFY_FULL) {
        throw invalid(
            "The JDBC URL says ssl=true, which is sslmode=verify-full, and another sslmode: say"
                + " one of them");
      }
      for (String name : List.of(TrustedRoots.FILE, TrustedRoots.FACTORY)) {
        if (!tls.verifies() && all.containsKey(name)) {
          throw invalid(
              "sslmode="
                  + tls.sslMode()
                  + " in a JDBC URL does not go with "
                  + name
                  + ", by which a server is checked: say sslmode=verify-full, or leave "
                  + name
                  + " out");
        }
      }
      builder.tls(tls);
    }
  }

  private static TlsVerification mode(String text) {
    for (TlsVerification candidate : TlsVerification.values()) {
      if (candidate.sslMode().equalsIgnoreCase(text)) {
        return candidate;
      }
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.equals("allow") || lower.equals("prefer")) {
      throw invalid(
          "sslmode="
              + lower
              + " is refused: it protects from nobody, since whoever answers in the server's place"
              + " says that there is no TLS. Say verify-full, or disable");
    }
    throw invalid("sslmode is one of disable, require, verify-ca and verify-full");
  }

  private static void readRoots(Map<String, String> all, ConnectionDetails.Builder builder) {
    String factory = all.remove(TrustedRoots.FACTORY);
    String argument = all.remove(TrustedRoots.FACTORY_ARGUMENT);
    String file = all.remove(TrustedRoots.FILE);
    if (file != null && factory == null && argument == null) {
      try {
        builder.rootCertificate(Path.of(file));
      } catch (InvalidPathException e) {
        throw invalid("sslrootcert in the JDBC URL is no path of a file");
      }
    } else if (TrustedRootsFactory.class.getName().equals(factory)
        && argument != null
        && file == null) {
      try {
        TrustedRootsFactory.check(argument);
      } catch (CertificateException e) {
        throw invalid("sslfactoryarg in the JDBC URL holds no certificates");
      }
      builder.roots(new TrustedRoots.Inside(argument));
    } else if (factory == null ? argument != null : !isOfTheJvm(factory, argument, file)) {
      throw invalid(
          "sslfactory in a JDBC URL is refused: it decides who is trusted. Name the root"
              + " certificate by sslrootcert=/path/to/ca.pem; without, the JVM's trust store"
              + " decides");
    }
  }

  private static boolean isOfTheJvm(
      String factory, @Nullable String argument, @Nullable String file) {
    return TrustedRoots.OfTheJvm.FACTORY_CLASS.equals(factory) && argument == null && file == null;
  }

  /** The whole URL. */
  static String write(ConnectionDetails details, TrustedRoots roots) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("sslmode", details.tls().sslMode());
    if (details.tls().verifies()) {
      all.putAll(new TreeMap<>(roots.parameters()));
    }
    all.putAll(new TreeMap<>(new HashMap<>(details.parameters())));
    return PREFIX + encodedAddress(details) + "?" + query(all);
  }

  /** The address alone, as it stands in a URL. */
  static String encodedAddress(ConnectionDetails details) {
    String host = details.host().contains(":") ? "[" + details.host() + "]" : details.host();
    return host + ":" + details.port() + "/" + encode(details.database());
  }

  private static String query(Map<String, String> all) {
    List<String> pairs = new ArrayList<>();
    all.forEach((name, value) -> pairs.add(name + "=" + encode(value)));
    return String.join("&", pairs);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String decode(String text) {
    try {
      String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
      if (decoded.indexOf(UNDECODABLE) < 0) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      // Said below, without the text.
    }
    throw invalid(
        "The JDBC URL is not encoded as URLs are, in UTF-8: in a value, % is written %25");
  }

  static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }
}
