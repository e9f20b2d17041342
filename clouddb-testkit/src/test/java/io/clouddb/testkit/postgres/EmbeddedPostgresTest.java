/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedPostgresTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static EmbeddedPostgresBuilder fast() {
    return EmbeddedPostgres.builder().durable(false);
  }

  private static String ask(ConnectionDetails details, String sql) throws SQLException {
    try (Connection connection = details.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void run(ConnectionDetails details, String... statements) throws SQLException {
    try (Connection connection = details.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<ProcessHandle> processesOf(EmbeddedPostgres postgres) {
    String path = postgres.directory().toString();
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().filter(line -> line.contains(path)).isPresent())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16, 17, 18})
  void runsEachVersionInUtf8WithoutALocale(int version) throws Exception {
    try (EmbeddedPostgres postgres = fast().version(version).start()) {
      assertThat(postgres.version()).isEqualTo(version);
      assertThat(ask(postgres.superuser(), "SHOW server_version")).startsWith(version + ".");
      assertThat(ask(postgres.superuser(), "SHOW server_encoding")).isEqualTo("UTF8");
      assertThat(ask(postgres.superuser(), "SHOW wal_level")).isEqualTo("replica");
    }
  }

  @Test
  void takes16WhenNoVersionIsAskedFor() {
    try (EmbeddedPostgres postgres = fast().start()) {
      assertThat(postgres.version()).isEqualTo(16);
    }
  }

  @Test
  void namesTheArtifactOfAVersionThatIsMissing() {
    assertThatThrownBy(() -> fast().version(13).start())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("PostgreSQL 13 were not found")
        .hasMessageContaining("Found: ")
        .hasMessageContaining("16.")
        .hasMessageContaining(
            "io.zonky.test.postgres:" + Platform.current().artifactId() + ":13.<latest>")
        .hasMessageContaining(EmbeddedPostgres.BINARIES_PROPERTY);
  }

  @Test
  void keepsPortAndDataOverAStop() throws Exception {
    try (EmbeddedPostgres postgres = fast().start()) {
      int port = postgres.port();
      ConnectionDetails details = postgres.superuser();
      run(details, "CREATE TABLE t AS SELECT 42 AS answer");
      postgres.stop();
      assertThat(postgres.isRunning()).isFalse();
      assertThatThrownBy(details::connect).isInstanceOf(SQLException.class);
      postgres.stop();
      postgres.start().start();
      assertThat(postgres.port()).isEqualTo(port);
      assertThat(ask(details, "SELECT answer FROM t")).isEqualTo("42");
    }
  }

  @Test
  void keepsWhatWasCommittedOverAKill() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      run(postgres.superuser(), "CREATE TABLE t (answer int)", "INSERT INTO t VALUES (42)");
      try (Connection open = postgres.superuser().connect()) {
        postgres.kill();
        assertThat(postgres.isRunning()).isFalse();
        assertThat(open.isValid(5)).isFalse();
      }
      postgres.start();
      assertThat(ask(postgres.superuser(), "SELECT answer FROM t")).isEqualTo("42");
      assertThat(postgres.log()).content().contains("automatic recovery in progress");
    }
  }

  @Test
  void appliesASettingAtTheNextStart() throws Exception {
    try (EmbeddedPostgres postgres = fast().setting("work_mem", "7MB").start()) {
      assertThat(ask(postgres.superuser(), "SHOW work_mem")).isEqualTo("7MB");
      postgres.setting("wal_level", "logical").setting("cluster_name", "it's \\ here");
      assertThat(ask(postgres.superuser(), "SHOW wal_level")).isEqualTo("replica");
      postgres.restart();
      assertThat(ask(postgres.superuser(), "SHOW wal_level")).isEqualTo("logical");
      assertThat(ask(postgres.superuser(), "SHOW cluster_name")).isEqualTo("it's \\ here");
      postgres.resetSetting("wal_level").restart();
      assertThat(ask(postgres.superuser(), "SHOW wal_level")).isEqualTo("replica");
    }
  }

  @Test
  void refusesASettingThatTheServerDoesNotKnow() {
    assertThatThrownBy(() -> fast().setting("no_such_thing", "1").start())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("unrecognized configuration parameter \"no_such_thing\"");
    assertThatThrownBy(() -> fast().setting("port", "1"))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> fast().setting("a\nport", "1"))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> fast().setting("work_mem", "1'\nport=1"))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void verifiesItsOwnCertificate() throws Exception {
    try (EmbeddedPostgres postgres = fast().ssl(true).start()) {
      assertThat(postgres.superuser().tls()).isEqualTo(TlsVerification.VERIFY_FULL);
      String sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
      assertThat(ask(postgres.superuser(), sql)).isEqualTo("t");
      ConnectionDetails plain =
          postgres.superuser().toBuilder().tls(TlsVerification.DISABLED).build();
      assertThat(ask(plain, sql)).isEqualTo("f");
    }
  }

  @Test
  void refusesPlainConnectionsWhenToldTo() throws Exception {
    try (EmbeddedPostgres postgres = fast().sslOnly(true).start()) {
      assertThat(ask(postgres.superuser(), "SELECT 1")).isEqualTo("1");
      assertThat(ask(postgres.superuserWithoutTls(), "SELECT 1")).isEqualTo("1");
      ConnectionDetails plain =
          postgres.superuserWithoutTls().toBuilder().database("template1").build();
      assertThatThrownBy(plain::connect).hasMessageContaining("no encryption");
      try (Connection session = postgres.superuser().connect();
          Statement statement = session.createStatement()) {
        statement.execute("CREATE ROLE app LOGIN PASSWORD 'hunter2'");
      }
      ConnectionDetails app =
          postgres.connection("postgres", "app", SecretRef.literal("hunter2")).toBuilder()
              .tls(TlsVerification.DISABLED)
              .build();
      assertThatThrownBy(app::connect).hasMessageContaining("no encryption");
    }
  }

  @Test
  void asksForThePassword() throws Exception {
    try (EmbeddedPostgres postgres = fast().start()) {
      ConnectionDetails wrong =
          postgres.connection("postgres", "postgres", SecretRef.literal("wrong"));
      assertThatThrownBy(wrong::connect).hasMessageContaining("password authentication failed");
      assertThat(postgres.toString()).doesNotContain("password");
    }
  }

  @Test
  void leavesNothingBehind() {
    EmbeddedPostgres postgres = fast().start();
    assertThat(processesOf(postgres)).isNotEmpty();
    postgres.close();
    postgres.close();
    assertThat(postgres.directory()).doesNotExist();
    for (ProcessHandle process : processesOf(postgres)) {
      // The watchdog has been told, and may need a moment to go.
      assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(10));
    }
    assertThat(processesOf(postgres)).isEmpty();
    assertThatThrownBy(postgres::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void keepsItsDataWhenToldToAndGoesOnWithIt(@TempDir Path temporary) throws Exception {
    Path directory = temporary.resolve("kept");
    try (EmbeddedPostgres postgres = fast().dataDirectory(directory).keepData(true).start()) {
      run(postgres.superuser(), "CREATE TABLE t AS SELECT 42 AS answer");
    }
    assertThatThrownBy(() -> fast().version(17).dataDirectory(directory).keepData(true).start())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("data of PostgreSQL 16");
    try (EmbeddedPostgres postgres = fast().dataDirectory(directory).start()) {
      assertThat(ask(postgres.superuser(), "SELECT answer FROM t")).isEqualTo("42");
    }
    assertThat(directory).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavesADirectoryAloneInWhichAnotherOneRuns(boolean keepData, @TempDir Path temporary)
      throws Exception {
    Path directory = temporary.resolve("kept");
    Path pidFile = directory.resolve("data/postmaster.pid");
    try (EmbeddedPostgres postgres = fast().dataDirectory(directory).keepData(true).start()) {
      run(postgres.superuser(), "CREATE TABLE t AS SELECT 42 AS answer");
      String before = Files.readString(pidFile);
      assertThatThrownBy(() -> fast().dataDirectory(directory).keepData(keepData).start())
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining(directory.toString());
      assertThat(pidFile).hasContent(before);
      postgres.restart();
      assertThat(ask(postgres.superuser(), "SELECT answer FROM t")).isEqualTo("42");
    }
  }

  @Test
  void keepsItsDataInMemoryWhereThatIsAskedForAndHasRoom() throws Exception {
    String before = System.setProperty(EmbeddedPostgres.MEMORY_PROPERTY, "true");
    try {
      Path memory = MemoryDirectory.SHARED_MEMORY;
      boolean hasRoom =
          Files.isDirectory(memory) && Files.getFileStore(memory).getUsableSpace() >= 4L << 30;
      Path used;
      try (EmbeddedPostgres postgres = fast().start()) {
        used = postgres.directory();
        assertThat(used.startsWith(memory)).isEqualTo(hasRoom);
        if (hasRoom) {
          assertThat(Files.getPosixFilePermissions(used))
              .doesNotContain(OTHERS_READ, OTHERS_WRITE, GROUP_READ, GROUP_WRITE);
        }
      }
      assertThat(used).doesNotExist();
      System.clearProperty(EmbeddedPostgres.MEMORY_PROPERTY);
      try (EmbeddedPostgres postgres = fast().start()) {
        assertThat(postgres.directory().startsWith(memory)).isFalse();
      }
    } finally {
      if (before == null) {
        System.clearProperty(EmbeddedPostgres.MEMORY_PROPERTY);
      } else {
        System.setProperty(EmbeddedPostgres.MEMORY_PROPERTY, before);
      }
    }
  }

  @Test
  void refusesADirectoryThatIsSomebodyElses(@TempDir Path temporary) throws Exception {
    Path file = Files.writeString(temporary.resolve("mine.txt"), "mine");
    assertThatThrownBy(() -> fast().dataDirectory(temporary).start())
        .isInstanceOf(InvalidArgumentException.class);
    assertThat(file).hasContent("mine");
  }

  @Test
  void saysThatAPortIsTaken() throws Exception {
    try (ServerSocket taken =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      assertThatThrownBy(() -> fast().port(taken.getLocalPort()).start())
          .hasMessageContaining("Free port " + taken.getLocalPort());
    }
  }

  /** Another server that looks for a port would be found there by who waits for this one. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere a stand-in would be refused, too")
  void keepsItsPortWhileItIsDown() throws Exception {
    // Nobody connects: what is left of a connection is in the way of who is so strict.
    EmbeddedPostgres postgres = fast().start();
    int port = postgres.superuser().port();
    try (postgres) {
      for (Runnable end : List.<Runnable>of(postgres::stop, postgres::kill)) {
        end.run();
        assertThatThrownBy(() -> new Socket(LOOPBACK, port).close())
            .isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> listen(port, false).close()).isInstanceOf(BindException.class);
        listen(port, true).close();
        assertThat(postgres.start().superuser().port()).isEqualTo(port);
        assertThat(postgres.isRunning()).isTrue();
      }
      postgres.kill();
    }
    postgres.stop();
    assertThatThrownBy(postgres::restart).hasMessageContaining("closed");
    listen(port, false).close();
  }

  private static ServerSocket listen(int port, boolean besideWhoDoesNot) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(besideWhoDoesNot);
      socket.bind(new InetSocketAddress(LOOPBACK, port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Test
  void preparesOnceForThreadsThatStartTogether(@TempDir Path empty) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Callable<String> start =
          () -> {
            try (EmbeddedPostgres postgres = fast().workDirectory(empty).start()) {
              return ask(postgres.superuser(), "SELECT 'up'");
            }
          };
      List<Future<String>> results = threads.invokeAll(List.of(start, start, start));
      for (Future<String> result : results) {
        assertThat(result.get()).isEqualTo("up");
      }
    } finally {
      threads.shutdownNow();
    }
    try (var files = Files.list(empty)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("draft") || name.startsWith("server"))
          .filteredOn(name -> name.startsWith("postgres-") && !name.endsWith(".lock"))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(OperatingUser.Way.class)
  void runsInEveryWayThatThisMachineHas(OperatingUser.Way way) throws Exception {
    var user = OperatingUser.tryWay(way);
    assumeTrue(user.isPresent(), "not on this machine: " + way);
    try (EmbeddedPostgres postgres = fast().operatingUser(user.get()).start()) {
      assertThat(ask(postgres.superuser(), "SELECT 1")).isEqualTo("1");
      postgres.kill();
      postgres.restart();
      assertThat(ask(postgres.superuser(), "SELECT 2")).isEqualTo("2");
    }
  }

  @Test
  void leavesNoServerWhenTheThreadThatClosesItIsInterrupted() {
    EmbeddedPostgres postgres = fast().start();
    boolean kept;
    Thread.currentThread().interrupt();
    try {
      postgres.close();
    } finally {
      kept = Thread.interrupted();
    }
    assertThat(kept).isTrue();
    assertThat(serversOf(postgres)).isEmpty();
    for (ProcessHandle process : processesOf(postgres)) {
      // The watchdog has been told, and may need a moment to go.
      assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(10));
    }
    assertThat(postgres.directory()).doesNotExist();
  }

  @Test
  void leavesNoServerWhenTheThreadThatStartsItIsInterrupted() {
    EmbeddedPostgres postgres = fast().start();
    try (postgres) {
      postgres.stop();
      Thread.currentThread().interrupt();
      assertThatThrownBy(postgres::start).isInstanceOf(CloudDbException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(postgres.isRunning()).isFalse();
      assertThat(serversOf(postgres)).isEmpty();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void givesServersNothingOfTheEnvironmentButWhatTheyNeed() {
    assertThat(Command.builder(List.of("postgres")).environment().keySet())
        .contains("PATH", "LC_ALL")
        .allMatch(name -> name.equals("LC_ALL") || Command.isNeeded(name));
    assertThat(List.of("PATH", "LD_PRELOAD", "NSS_WRAPPER_PASSWD", "NSS_WRAPPER_GROUP", "NIX_LD"))
        .allMatch(Command::isNeeded);
    assertThat(
            List.of("PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "LD_AUDIT", "JAVA_HOME"))
        .noneMatch(Command::isNeeded);
    assertThat(Command.builder(List.of("postgres")).environment()).containsEntry("LC_ALL", "C");
  }

  /** Its processes, but for the watchdog. */
  private static List<ProcessHandle> serversOf(EmbeddedPostgres postgres) {
    return processesOf(postgres).stream()
        // A watchdog that goes meanwhile has no command line any more.
        .filter(p -> p.info().commandLine().filter(line -> !line.contains("watchdog")).isPresent())
        .toList();
  }
}
