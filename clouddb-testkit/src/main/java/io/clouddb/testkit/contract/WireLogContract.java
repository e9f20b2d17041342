/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.WireLog;
import io.clouddb.table.Condition;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Item;
import io.clouddb.table.ItemConditionFailedException;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Query;
import io.clouddb.table.Table;
import io.clouddb.table.Transaction;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a provider does with secrets when all logs of its process are on: no line has one, but of
 * loggers that a warning tells of. {@link SimulatedCloudContract} has it as a piece; a provider
 * with further programs, whose logins differ, extends it by itself for each. The test runs the
 * program in a process of its own, with {@code slf4j-simple} on its class path.
 */
public abstract class WireLogContract {
  /** In each secret of the program, and in nothing else. */
  public static final String SECRET = "Geheim2Secret";

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** The name of a logger may be empty, as that of Azure's is. */
  private static final Pattern LINE = Pattern.compile("\\[[^]]*] [A-Z]+ ([A-Za-z0-9_.$]*) - .*");

  private static final Pattern WARNING =
      Pattern.compile(".*may be written to the log in clear by ([^ ]+(?:, [^ ]+)*), which.*");

  @TempDir private Path folder;

  /** For providers. */
  protected WireLogContract() {}

  /**
   * The program, whose {@code main} calls {@link #create}.
   *
   * @return the class that extends this one, unless it says otherwise
   */
  protected Class<?> program() {
    return getClass();
  }

  /**
   * What is known to write secrets.
   *
   * @return loggers
   */
  protected abstract List<WireLog> known();

  /**
   * The whole program but the simulator.
   *
   * @param config what to open
   * @param spec what to create; its admin is replaced
   * @throws SQLException when the instance cannot be connected to
   */
  public static void create(CloudConfig config, InstanceSpec spec) throws SQLException {
    try (CloudDb cloud = CloudDb.open(config)) {
      SecretRef password = SecretRef.literal("1-" + SECRET);
      Instance instance =
          cloud
              .instances()
              .create(spec.toBuilder().admin(AdminLogin.of("app_admin", password)).build())
              .await(LIMIT);
      try (Connection connection = instance.connection().connect()) {
        assertThat(connection.isValid(1)).isTrue();
      }
      SecretRef next = SecretRef.literal("2-" + SECRET);
      cloud
          .instances()
          .modify(instance.id(), InstanceChange.builder().adminPassword(next).build())
          .await(LIMIT);
    }
  }

  /**
   * Makes a table, and writes, changes and reads an item that has {@link #SECRET} in its key and
   * its attributes: for the program of a provider of tables.
   *
   * @param config what to open
   * @param spec what to create; its key is a partition attribute {@code pk} of texts
   */
  public static void useItems(CloudConfig config, GlobalTableSpec spec) {
    try (CloudDb cloud = CloudDb.open(config)) {
      cloud.tables().create(spec).await(LIMIT);
      Table table = cloud.tables().open(spec);
      ItemKey key = ItemKey.of("8-" + SECRET);
      table.put(Item.builder().set("pk", "8-" + SECRET).set("text", "9-" + SECRET).build());
      table.update(key, Update.of().set("text", Value.of("10-" + SECRET)));
      assertThat(table.get(key, true)).isPresent();
      assertThat(table.query(Query.partition("8-" + SECRET))).hasSize(1);
      assertThatThrownBy(
              () ->
                  table.delete(key, Condition.attribute("text").equalTo(Value.of("11-" + SECRET))))
          .isInstanceOf(ItemConditionFailedException.class)
          .hasMessageNotContaining(SECRET);
      table.transact(Transaction.of().delete(key));
    }
  }

  /**
   * A request that shows credentials of the program's own, which the simulator refuses.
   *
   * @param config what to open, with credentials that have {@link #SECRET} in them
   */
  public static void ask(CloudConfig config) {
    try (CloudDb cloud = CloudDb.open(config)) {
      cloud.instances().find("orders");
      throw new IllegalStateException("A simulator took credentials that are not its own");
    } catch (CloudDbException refused) {
      // What was sent is in the log all the same.
    }
  }

  @Tag("slow")
  @Test
  void noLineHasASecretButThoseThatAreWarnedOf() throws IOException, InterruptedException {
    Set<String> warned = new TreeSet<>();
    Set<String> told = new TreeSet<>();
    String logger = "";
    for (String line : log()) {
      Matcher header = LINE.matcher(line);
      if (header.matches()) {
        logger = header.group(1);
      }
      Matcher warning = WARNING.matcher(line);
      if (warning.matches()) {
        warned.addAll(List.of(warning.group(1).split(", ", -1)));
      }
      if (line.contains(SECRET)) {
        told.add(logger);
      }
    }
    // The driver's, of the simulator's own CREATE ROLE.
    assertThat(told).isNotEmpty();
    told.removeIf(name -> name.startsWith("org.postgresql."));
    assertThat(told)
        .isEqualTo(known().stream().map(WireLog::name).collect(toCollection(TreeSet::new)));
    assertThat(warned).containsAll(told).contains("org.postgresql");
  }

  private List<String> log() throws IOException, InterruptedException {
    Path levels = folder.resolve("logging.properties");
    Files.write(
        levels,
        List.of(
            "handlers=java.util.logging.ConsoleHandler",
            ".level=ALL",
            "java.util.logging.ConsoleHandler.level=ALL",
            "java.util.logging.SimpleFormatter.format=[jul] LEVEL %3$s - %5$s%n"));
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Djava.util.logging.config.file=" + levels);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace");
    for (String name : List.of("clouddb.testkit.memory", "clouddb.testkit.postgres.binaries")) {
      if (System.getProperty(name) != null) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    command.add(program().getName());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(log);
    assertThat(process.exitValue())
        .as(String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())))
        .isZero();
    return lines;
  }
}
