/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a replica comes to the server that it follows.
 *
 * @param port where that listens
 * @param authority what its certificate has to come from; empty when it has no TLS
 * @param role as whom
 * @param slot what it keeps for this replica
 */
record PrimaryAddress(int port, Optional<Path> authority, ReplicationRole role, String slot) {
  private static final String PASSWORD = "primary.pgpass";
  private static final String AUTHORITY = "primary-ca.crt";

  /** Not there: a certificate of whoever runs the server is none of its business. */
  private static final String NONE = "none";

  private static final int CONNECT_SECONDS = 10;

  /**
   * Writes what the server reads, password and certificate, into its directory.
   *
   * @return the parameters that it is told
   */
  Map<String, String> writeTo(InstanceDirectory directory) throws IOException {
    Path password = directory.root().resolve(PASSWORD);
    // Everybody who may read all settings sees the connection's text: the password is not in it.
    directory.write(password, "*:*:*:" + role.name() + ":" + role.password() + "\n");
    Map<String, String> text = new LinkedHashMap<>();
    // By name, since libpq looks for addresses in a certificate from 15 on only.
    text.put("host", "localhost");
    text.put("hostaddr", "127.0.0.1");
    text.put("port", Integer.toString(port));
    text.put("user", role.name());
    text.put("passfile", ServerSettings.slashes(password));
    text.put("application_name", slot);
    text.put("connect_timeout", Integer.toString(CONNECT_SECONDS));
    text.put("gssencmode", "disable");
    if (authority.isPresent()) {
      Path copy = directory.root().resolve(AUTHORITY);
      directory.write(copy, Files.readString(authority.get()));
      text.put("sslmode", "verify-full");
      text.put("sslrootcert", ServerSettings.slashes(copy));
      text.put("channel_binding", "require");
      for (String own : new String[] {"sslcert", "sslkey", "sslcrl"}) {
        text.put(own, ServerSettings.slashes(directory.root().resolve(NONE)));
      }
    } else {
      text.put("sslmode", "disable");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("primary_conninfo", quoted(text));
    parameters.put("primary_slot_name", slot);
    return parameters;
  }

  private static String quoted(Map<String, String> text) {
    StringBuilder quoted = new StringBuilder();
    text.forEach(
        (name, value) ->
            quoted
                .append(quoted.length() == 0 ? "" : " ")
                .append(name)
                .append("='")
                .append(value.replace("\\", "\\\\").replace("'", "\\'"))
                .append('\''));
    return quoted.toString();
  }
}
