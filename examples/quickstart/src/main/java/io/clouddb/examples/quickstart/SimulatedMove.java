/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.command.Interruption;
import io.clouddb.examples.quickstart.application.RunningApplication;
import io.clouddb.examples.quickstart.cloud.RunningClouds;
import io.clouddb.examples.quickstart.ledger.LedgerCheck;
import io.clouddb.examples.quickstart.ledger.LedgerResult;
import io.clouddb.examples.quickstart.shop.ShopData;
import io.clouddb.examples.terminal.Amounts;
import io.clouddb.examples.terminal.Display;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A shop on one simulated cloud moves to another; its application writes all the time. */
final class SimulatedMove implements Move {
  private static final Duration CREATE_LIMIT = Duration.ofMinutes(3);
  private static final Duration AFTERWARDS = Duration.ofSeconds(2);

  private final Cloud sourceCloud;
  private final Cloud targetCloud;
  private final ShopData data;
  private @Nullable RunningClouds clouds;
  private @Nullable RunningApplication application;

  SimulatedMove(Cloud sourceCloud, Cloud targetCloud, ShopData data) {
    this.sourceCloud = sourceCloud;
    this.targetCloud = targetCloud;
    this.data = data;
  }

  @Override
  public String title() {
    return sourceCloud.service()
        + " to "
        + targetCloud.service()
        + ", "
        + Amounts.count(data.total())
        + " rows";
  }

  @Override
  public String sourceName() {
    return sourceCloud.service() + " (simulated), ";
  }

  @Override
  public String targetName() {
    return targetCloud.service() + " (simulated), ";
  }

  @Override
  public String id() {
    return "quickstart";
  }

  @Override
  public MigrationFolder migrationFolder(RunFolder folder) {
    return folder.ofThisRun();
  }

  @Override
  public Ends open(RunFolder folder, Display display, Interruption interruption)
      throws IOException, SQLException, InterruptedException {
    display.begin("clouds");
    RunningClouds running = RunningClouds.start(sourceCloud, targetCloud, folder.log("clouds"));
    clouds = running;
    // A database that is made or filled does not feel an interrupt; without its cloud it ends.
    Thread worker = Thread.currentThread();
    interruption.stopBy(
        () -> {
          worker.interrupt();
          running.close();
        });
    display.done("clouds", "simulated " + running.describe() + ", in a process of their own");

    display.begin("create");
    Ends ends;
    try (CloudDb from = CloudDb.open(running.config(sourceCloud));
        CloudDb to = CloudDb.open(running.config(targetCloud))) {
      Operation<Instance> source =
          from.instances().create(spec("shop", running.network(sourceCloud)));
      Operation<Instance> target =
          to.instances().create(spec("shop-moved", running.network(targetCloud)));
      while (source.status() == Operation.Status.RUNNING
          || target.status() == Operation.Status.RUNNING) {
        display.progress(progress(sourceCloud, source), progress(targetCloud, target));
        TimeUnit.MILLISECONDS.sleep(50);
      }
      ends =
          new Ends(
              source.await(CREATE_LIMIT).connection(), target.await(CREATE_LIMIT).connection());
    }
    display.done(
        "create",
        describe(sourceCloud, ends.source()) + ", " + describe(targetCloud, ends.target()));

    display.begin("fill");
    try (Connection connection = ends.source().connect()) {
      data.fill(connection);
    }
    display.done(
        "fill",
        Amounts.count(data.total())
            + " rows in "
            + data.tables()
            + " tables, "
            + size(ends.source()));

    display.begin("application");
    application =
        RunningApplication.start(
            folder.application(),
            migrationFolder(folder).route(),
            ends.source(),
            ends.target(),
            data);
    display.done(
        "application",
        "writes with "
            + RunningApplication.CONNECTIONS
            + " connections from now on, on the source");
    return ends;
  }

  private static String progress(Cloud cloud, Operation<Instance> operation) {
    return cloud.title()
        + ": "
        + (operation.status() == Operation.Status.RUNNING ? operation.progress() : "done");
  }

  private static InstanceSpec spec(String name, Optional<Network> network) {
    InstanceSpec.Builder spec =
        InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(128)))
            .database("shop")
            .admin(AdminLogin.of("shop_admin", SecretRef.literal(newPassword())))
            .logicalReplication(true)
            .tag("made-by", "quickstart");
    network.ifPresent(spec::network);
    return spec.build();
  }

  private static String newPassword() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    // The clouds want several kinds of characters.
    return "Aa1-" + HexFormat.of().formatHex(bytes);
  }

  private static String describe(Cloud cloud, ConnectionDetails database) throws SQLException {
    try (Connection connection = database.connect()) {
      return "PostgreSQL "
          + connection.getMetaData().getDatabaseProductVersion()
          + " on "
          + cloud.service();
    }
  }

  private static String size(ConnectionDetails database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_database_size(current_database())")) {
      row.next();
      return Amounts.bytes(row.getLong(1));
    }
  }

  @Override
  public String application() {
    RunningApplication running = application;
    if (running == null) {
      return "";
    }
    return Amounts.count(running.status().acknowledged())
        + " writes"
        + (running.status().errors() > 0 ? ", " + running.status().errors() + " ERRORS" : "")
        + (running.isAlive() ? "" : ", application ENDED");
  }

  @Override
  public ApplicationReport finish(Ends ends, MigrationReport report, Display display)
      throws IOException, SQLException, InterruptedException {
    RunningApplication running = application;
    if (running == null) {
      return ApplicationReport.NONE;
    }
    boolean moved = report.status() == MigrationReport.Status.COMPLETED;
    if (moved) {
      display.begin("afterwards");
      long before = running.status().acknowledged();
      awaitMoreWrites(running, display);
      display.done(
          "afterwards",
          "the application wrote "
              + Amounts.count(running.status().acknowledged() - before)
              + " times more, on the target");
    }
    display.begin("ledger");
    boolean ended = running.stop();
    LedgerResult writes;
    try (Connection connection = (moved ? ends.target() : ends.source()).connect()) {
      writes = LedgerCheck.check(connection, running.ledger());
    }
    display.done(
        "ledger",
        Amounts.count(writes.acknowledged())
            + " acknowledged writes looked up on the "
            + (moved ? "target" : "source"));
    if (!ended) {
      throw new IOException("The application did not end well; see its log");
    }
    return new ApplicationReport(true, running.status(), writes);
  }

  private static void awaitMoreWrites(RunningApplication running, Display display)
      throws InterruptedException {
    long end = System.nanoTime() + AFTERWARDS.toNanos();
    while (System.nanoTime() < end) {
      display.progress(Amounts.count(running.status().acknowledged()) + " writes");
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Override
  public void close() {
    RunningApplication running = application;
    if (running != null) {
      running.close();
    }
    RunningClouds runningClouds = clouds;
    if (runningClouds != null) {
      runningClouds.close();
    }
  }
}
