/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import java.nio.file.Path;
import java.util.Map;

/** What a server's certificate has to come from, and how PostgreSQL's JDBC driver is told so. */
sealed interface TrustedRoots {
  String FACTORY = "sslfactory";
  String FACTORY_ARGUMENT = "sslfactoryarg";
  String FILE = "sslrootcert";

  /**
   * The JVM's own trust store. The driver's default is a file in the user's home, which is missing
   * almost everywhere.
   */
  TrustedRoots OF_THE_JVM = new OfTheJvm();

  /** The parameters that the driver needs. */
  Map<String, String> parameters();

  /** For a sentence that says what a certificate does not come from. */
  String describe();

  /** See {@link #OF_THE_JVM}. */
  record OfTheJvm() implements TrustedRoots {
    static final String FACTORY_CLASS = "org.postgresql.ssl.DefaultJavaSSLFactory";

    @Override
    public Map<String, String> parameters() {
      return Map.of(FACTORY, FACTORY_CLASS);
    }

    @Override
    public String describe() {
      return "a certificate authority that this JVM trusts";
    }
  }

  /** A PEM file, read at every connection. */
  record InFile(Path pem) implements TrustedRoots {
    @Override
    public Map<String, String> parameters() {
      return Map.of(FILE, pem.toString());
    }

    @Override
    public String describe() {
      return "the certificates in " + pem;
    }
  }

  /** Certificates that travel inside the URL, so that they need no file that could be lost. */
  record Inside(String argument) implements TrustedRoots {
    @Override
    public Map<String, String> parameters() {
      return Map.of(FACTORY, TrustedRootsFactory.class.getName(), FACTORY_ARGUMENT, argument);
    }

    @Override
    public String describe() {
      return "the certificates that were named for it";
    }
  }
}
