/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters of a server, as a configuration file. */
final class ServerSettings {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)*");

  /** Where the server listens and where its files are is decided elsewhere. */
  private static final Set<String> RESERVED =
      Set.of(
          "port",
          "listen_addresses",
          "unix_socket_directories",
          "data_directory",
          "hba_file",
          "config_file",
          "include",
          "include_dir",
          "include_if_exists",
          "ssl",
          "ssl_cert_file",
          "ssl_key_file",
          "primary_conninfo",
          "primary_slot_name");

  private static final long ENOUGH_SHARED_MEMORY = 1L << 30;

  private ServerSettings() {}

  static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw invalid("'" + name + "' is no name of a parameter of PostgreSQL");
    }
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw invalid("The parameter " + name + " is set by the builder's own methods");
    }
    return name;
  }

  static String checkValue(String value) {
    if (value.chars().anyMatch(c -> c < ' ')) {
      throw invalid("A value of a parameter of PostgreSQL is one line");
    }
    return value;
  }

  /** What ALTER SYSTEM has set on a server, but for what is decided elsewhere. */
  static Map<String, String> alteredBySql(SuperuserSession session) throws SQLException {
    Map<String, String> altered = new LinkedHashMap<>();
    for (List<@Nullable String> row :
        session.rows(
            "SELECT name, setting FROM pg_catalog.pg_file_settings"
                + " WHERE sourcefile OPERATOR(pg_catalog.~) 'postgresql[.]auto[.]conf$'"
                + " ORDER BY seqno")) {
      String name = row.get(0);
      String value = row.get(1);
      if (name != null && value != null && !RESERVED.contains(name)) {
        altered.put(name, value);
      }
    }
    return altered;
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  /**
   * The text of the file.
   *
   * @param settings what somebody has set
   * @param followed by which a replica finds its primary
   */
  static String text(
      Map<String, String> settings,
      Map<String, String> followed,
      InstanceDirectory directory,
      boolean ssl)
      throws IOException {
    Path root = directory.root();
    Map<String, String> all = new LinkedHashMap<>();
    all.put("hba_file", slashes(directory.access()));
    all.put("log_timezone", "UTC");
    all.put("timezone", "UTC");
    all.put("logging_collector", "off");
    if (isSharedMemorySmall()) {
      // Parallel queries would fail in a container, whose /dev/shm has 64 MB by default.
      all.put("dynamic_shared_memory_type", "mmap");
    }
    if (ssl) {
      all.put("ssl", "on");
      all.put("ssl_cert_file", slashes(root.resolve(ServerCertificate.CERTIFICATE)));
      all.put("ssl_key_file", slashes(root.resolve(ServerCertificate.KEY)));
    }
    if (!followed.isEmpty()) {
      // It is 5 seconds by default, which is how long a replica waits after each failed try.
      all.put("wal_retrieve_retry_interval", "200ms");
    }
    all.putAll(settings);
    all.putAll(followed);
    StringBuilder text = new StringBuilder();
    all.forEach(
        (name, value) ->
            text.append(name)
                .append(" = '")
                .append(value.replace("\\", "\\\\").replace("'", "''"))
                .append("'\n"));
    return text.toString();
  }

  static String slashes(Path path) {
    return path.toString().replace('\\', '/');
  }

  private static boolean isSharedMemorySmall() throws IOException {
    if (!Files.isDirectory(MemoryDirectory.SHARED_MEMORY)) {
      return false;
    }
    FileStore store = Files.getFileStore(MemoryDirectory.SHARED_MEMORY);
    return store.getUsableSpace() < ENOUGH_SHARED_MEMORY;
  }
}
