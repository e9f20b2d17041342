/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

/**
 * A copy of the data of a running server, as "Making a Base Backup Using the Low Level API" in
 * PostgreSQL's manual has it. Where the server runs as another user than this JVM, it reads the
 * files itself and as that one: whatever it puts into its folders meanwhile leads this JVM nowhere.
 *
 * @param session on that server, used for nothing else meanwhile
 * @param major its major version
 * @param readable its data where this JVM may read the files, which is faster; null otherwise
 * @param limit how long the copy may take
 */
record BaseBackup(SuperuserSession session, int major, @Nullable Path readable, Duration limit) {
  private static final int RENAMED_IN = 15;
  private static final long CHUNK = 4 << 20;
  private static final long WHOLE = 1L << 62;

  /** The header of COPY in binary: signature and flags; the length of what extends it follows. */
  private static final int HEADER = 15;

  private static final int MOST_TRIES = 100;
  private static final String CONTROL = "./global/pg_control";
  private static final String STANDBY = "standby.signal";

  /** As in pg_basebackup: what belongs to this server's run and not to its data. */
  private static final String NO_CONTENT =
      "^[.]/(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp"
          + "|pg_subtrans)$";

  private static final String LEFT_OUT =
      "^(postmaster[.](pid|opts)|pg_internal[.]init.*|backup_label([.]old)?|backup_manifest"
          + "|tablespace_map([.]old)?|current_logfiles([.]tmp)?|postgresql[.]auto[.]conf.*"
          + "|(standby|recovery)[.]signal|pgsql_tmp.*|t[0-9]+_[0-9]+.*)$";

  /**
   * Copies the data.
   *
   * @param draft the folder that gets data and tablespaces
   * @param root where that folder's parts are moved to afterwards
   */
  void writeTo(Path draft, Path root) throws IOException, SQLException {
    long deadline = System.nanoTime() + limit.toNanos();
    Path data = draft.resolve(TemplateDatabase.DATA);
    Path tablespaces = draft.resolve(InstanceDirectory.TABLESPACES);
    session.value(
        major < RENAMED_IN
            ? "SELECT pg_catalog.pg_start_backup('clouddb replica', true, false)"
            : "SELECT pg_catalog.pg_backup_start('clouddb replica', true)");
    Set<String> all = new TreeSet<>();
    Set<String> elsewhere = new LinkedHashSet<>();
    for (List<@Nullable String> row : ReplicaState.tablespaces(session)) {
      String number = Objects.requireNonNull(row.get(0));
      all.add(number);
      if (!Objects.requireNonNullElse(row.get(2), "").startsWith("pg_tblspc/")) {
        elsewhere.add(number);
      }
    }
    try (BackupFiles files = new BackupFiles(data, tablespaces, elsewhere)) {
      copy(filesWith(all), files, deadline);
      // Last: how far a copy of a replica has to come is in it.
      files.write(CONTROL, 0, control());
    }
    List<@Nullable String> end =
        session.row(
            major < RENAMED_IN
                ? "SELECT labelfile, spcmapfile FROM pg_catalog.pg_stop_backup(false, false)"
                : "SELECT labelfile, spcmapfile FROM pg_catalog.pg_backup_stop(false)");
    PrivateFile.create(data.resolve("backup_label"), Objects.requireNonNull(end.get(0)));
    PrivateFile.create(data.resolve(STANDBY), "");
    // What ALTER SYSTEM has written there is among the settings, which it would win over here.
    PrivateFile.create(data.resolve("postgresql.auto.conf"), "");
    Set<String> mapped = numbers(Objects.requireNonNullElse(end.get(1), ""));
    if (!mapped.containsAll(elsewhere)) {
      throw new IOException("A tablespace was made while the data was copied: try again");
    }
    StringBuilder map = new StringBuilder();
    for (String number : mapped) {
      PrivateFolder.make(tablespaces.resolve(number));
      Path place = root.resolve(InstanceDirectory.TABLESPACES).resolve(number);
      map.append(number)
          .append(' ')
          .append(ServerSettings.slashes(place).replace("\\", "\\\\").replace("\n", "\\\n"))
          .append('\n');
    }
    if (!mapped.isEmpty()) {
      PrivateFile.create(data.resolve("tablespace_map"), map.toString());
    }
  }

  /**
   * The question for the files, and what is in them where the server reads them.
   *
   * @param tablespaces the numbers of those that are copied
   */
  private String filesWith(Set<String> tablespaces) {
    return String.format(
        """
      WITH RECURSIVE entry (path, folder, size) AS (
        SELECT '.'::pg_catalog.text, true, 0::bigint
        UNION ALL
        SELECT pg_catalog.concat(e.path, '/', n.name), s.isdir, s.size
        FROM entry e
        CROSS JOIN LATERAL pg_catalog.pg_ls_dir(
          CASE WHEN e.folder AND e.path OPERATOR(pg_catalog.!~) '%1$s' THEN e.path END, true, false)
          AS n (name)
        CROSS JOIN LATERAL pg_catalog.pg_stat_file(
          pg_catalog.concat(e.path, '/', n.name), true) AS s
        WHERE n.name OPERATOR(pg_catalog.!~) '%2$s'
          AND pg_catalog.concat(e.path, '/', n.name) OPERATOR(pg_catalog.<>) '%3$s'
          AND (e.path OPERATOR(pg_catalog.<>) './pg_tblspc'
            OR n.name OPERATOR(pg_catalog.=) ANY ('{%4$s}'::pg_catalog.text[]))
          AND s.isdir IS NOT NULL
      )
      SELECT e.path, p.start, CASE WHEN NOT e.folder AND '%6$b'::boolean
        THEN pg_catalog.pg_read_binary_file(e.path, p.start, '%5$d'::bigint, true) END, e.folder
      FROM entry e
      CROSS JOIN LATERAL pg_catalog.generate_series(
        0::bigint, CASE WHEN e.folder THEN 0::bigint ELSE e.size END, '%5$d'::bigint) AS p (start)
      """,
        NO_CONTENT,
        LEFT_OUT,
        CONTROL,
        String.join(",", tablespaces),
        readable == null ? CHUNK : WHOLE,
        readable == null);
  }

  private void copy(String sql, BackupFiles files, long deadline) throws IOException, SQLException {
    PGConnection driver = session.connection().unwrap(PGConnection.class);
    try (PGCopyInputStream copied =
            new PGCopyInputStream(driver, "COPY (" + sql + ") TO STDOUT (FORMAT binary)");
        DataInputStream in = new DataInputStream(new BufferedInputStream(copied))) {
      in.skipNBytes(HEADER);
      in.skipNBytes(in.readInt());
      while (in.readShort() >= 0) {
        if (System.nanoTime() > deadline) {
          throw new IOException("The data was not copied within " + limit);
        }
        String path = new String(bytes(in), StandardCharsets.UTF_8);
        in.skipNBytes(Integer.BYTES);
        long start = in.readLong();
        byte @Nullable [] part = optionalBytes(in);
        in.skipNBytes(Integer.BYTES);
        if (in.readBoolean()) {
          files.folder(path);
        } else if (readable != null) {
          files.copy(path, readable);
        } else if (part != null) {
          files.write(path, start, part);
        }
      }
    }
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    byte[] bytes = optionalBytes(in);
    if (bytes == null) {
      throw new IOException("The server does not name a file");
    }
    return bytes;
  }

  private static byte @Nullable [] optionalBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /** Until two in a row are the same: it is written in one piece, but not read in one. */
  private byte[] control() throws IOException, SQLException {
    byte[] before = new byte[0];
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      String hex =
          session.value(
              "SELECT pg_catalog.encode(pg_catalog.pg_read_binary_file(?), 'hex')", CONTROL);
      byte[] now = HexFormat.of().parseHex(Objects.requireNonNull(hex));
      if (Arrays.equals(before, now)) {
        return now;
      }
      before = now;
    }
    throw new IOException("pg_control is written all the time: try again when there is less load");
  }

  /**
   * The numbers in the lines of a map of tablespaces, in whose paths a backslash hides the next.
   */
  private static Set<String> numbers(String map) {
    Set<String> numbers = new LinkedHashSet<>();
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < map.length(); i++) {
      char c = map.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '\n') {
        numbers.add(line.toString().replaceFirst(" .*", ""));
        line.setLength(0);
      } else {
        line.append(c);
      }
    }
    return numbers;
  }
}
