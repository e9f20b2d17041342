/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import static io.clouddb.testkit.simulator.arm.ArmWire.id;
import static io.clouddb.testkit.simulator.arm.ArmWire.json;
import static io.clouddb.testkit.simulator.arm.ArmWire.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Backups and restores by plain HTTP, beside what Azure was recorded to answer ({@code
 * backup-shapes.txt}) and what its documents say that it refuses.
 */
class BackupShapesTest {
  private final RecordedShapes recorded = new RecordedShapes("backup-shapes.txt");
  private final ArmWire wire = new ArmWire();

  @BeforeEach
  void makeServer() throws Exception {
    wire.server("orders", "eastus", "Standard_D2ds_v5");
    wire.run("orders", "CREATE TABLE t AS SELECT 1 AS a");
    wire.clock.advance(Duration.ofMinutes(10));
    wire.clock.advanceUntilIdle();
  }

  @AfterEach
  void close() {
    wire.close();
  }

  private JsonNode backup(int index) throws Exception {
    return json(wire.send("GET", "orders/backups", "")).at("/value").get(index);
  }

  private String now() {
    return wire.clock.instant().toString();
  }

  private static String restore(String mode, String source, String moment, String... more) {
    return "{'location':'eastus','properties':{'createMode':'"
        + mode
        + "','sourceServerResourceId':'"
        + id(source)
        + "','pointInTimeUTC':'"
        + moment
        + "'"
        + String.join("", more)
        + "}}";
  }

  @Test
  void aBackupIsTakenListedAndDeletedAsRecorded() throws Exception {
    recorded.checkLeaves("Backups_ListByServer entry automatic", backup(0));
    assertThat(backup(0).at("/properties/backupType").asText()).isEqualTo("Full");
    assertThat(backup(0).at("/properties/source").asText()).isEqualTo("Automatic");
    // Recorded: backup_638673083114650813 of 2024-11-15T22:58:32.4650813+00:00.
    assertThat(backup(0).at("/name").asText()).matches("backup_[0-9]{18}");
    assertThat(backup(0).at("/properties/completedTime").asText())
        .matches("2026-01-01T00:[0-9:]{5}[.][0-9]{7}[+]00:00");
    HttpResponse<String> taken = wire.send("PUT", "orders/backups/before", "");
    recorded.check("Backups_Create", taken);
    assertThat(json(taken).at("/operation").asText()).isEqualTo("SnapshotManagementOperation");
    wire.clock.advanceUntilIdle();
    recorded.check("Backups_Get", wire.send("GET", "orders/backups/before", ""));
    recorded.checkLeaves("Backups_ListByServer entry on demand", backup(1));
    assertThat(backup(1).at("/properties/backupType").asText()).isEqualTo("Customer On-Demand");
    assertThat(backup(1).at("/properties/source").asText()).isEqualTo("Customer Initiated");
    assertThat(backup(1).at("/id").asText()).isEqualTo(id("orders") + "/backups/before");
    HttpResponse<String> deleted = wire.send("DELETE", "orders/backups/before", "");
    recorded.check("Backups_Delete", deleted);
    assertThat(json(deleted).at("/operation").asText())
        .isEqualTo("DropSnapshotManagementOperation");
    wire.clock.advanceUntilIdle();
    assertThat(wire.send("GET", "orders/backups/before", "").statusCode()).isEqualTo(404);
    assertThat(wire.send("DELETE", "orders/backups/before", "").statusCode()).isEqualTo(204);
  }

  @Test
  void aRestoreHasTheDataOfItsMomentAndTheSourcesSizeAndTags() throws Exception {
    wire.done(
        "PATCH",
        "orders",
        "{'tags':{'keys':'3'},'properties':{'backup':{'backupRetentionDays':17}}}");
    wire.done(
        "PUT",
        "orders/configurations/work_mem",
        "{'properties':{'value':'8192','source':'user-override'}}");
    wire.done("PUT", "orders/backups/before", "");
    String moment =
        json(wire.send("GET", "orders/backups/before", ""))
            .at("/properties/completedTime")
            .asText();
    wire.run("orders", "INSERT INTO t VALUES (2)");
    HttpResponse<String> accepted =
        wire.done(
            "PUT",
            "again",
            restore(
                "PointInTimeRestore",
                "orders",
                moment,
                ",'backup':{'backupRetentionDays':7,'geoRedundantBackup':'Disabled'}"));
    recorded.check("Servers_Create restore", accepted);
    assertThat(json(accepted).at("/operation").asText())
        .isEqualTo("RestoreSnapshotManagementOperation");
    assertThat(wire.ask("again", "SELECT sum(a) FROM t")).isEqualTo("1");
    JsonNode server = json(wire.send("GET", "again", ""));
    assertThat(server.at("/tags")).isEqualTo(json(wire.send("GET", "orders", "")).at("/tags"));
    assertThat(server.at("/sku/name").asText()).isEqualTo("Standard_D2ds_v5");
    assertThat(server.at("/properties/backup/backupRetentionDays").asInt()).isEqualTo(17);
    assertThat(server.at("/properties/highAvailability/mode").asText()).isEqualTo("Disabled");
    // "The values of all server parameters on the original server are not automatically applied."
    assertThat(
            json(wire.send("GET", "again/configurations/work_mem", ""))
                .at("/properties/source")
                .asText())
        .isEqualTo("system-default");
  }

  /** "Retained according to your backup retention window": what has gone does not come back. */
  @Test
  void aLongerRetentionBringsBackNothing() throws Exception {
    wire.done("PUT", "orders/backups/of-old", "");
    wire.clock.advance(Duration.ofDays(8));
    retain(35);
    assertThat(wire.send("GET", "orders/backups/of-old", "").statusCode()).isEqualTo(404);
    wire.done("PUT", "orders/backups/of-late", "");
    wire.clock.advance(Duration.ofDays(8));
    assertThat(wire.send("GET", "orders/backups/of-late", "").statusCode()).isEqualTo(200);
    retain(7);
    retain(35);
    assertThat(wire.send("GET", "orders/backups/of-late", "").statusCode()).isEqualTo(404);
    wire.done("PUT", "orders/backups/of-late", "");
  }

  private void retain(int days) throws Exception {
    wire.done(
        "PATCH", "orders", "{'properties':{'backup':{'backupRetentionDays':%d}}}".formatted(days));
  }

  @Test
  void aServerThatWasDeletedIsRevivedForFiveDays() throws Exception {
    wire.done("DELETE", "orders", "");
    assertThat(wire.send("GET", "orders/backups", "").statusCode()).isEqualTo(404);
    wire.clock.advance(Duration.ofDays(4));
    wire.done("PUT", "again", restore("ReviveDropped", "orders", now()));
    assertThat(wire.ask("again", "SELECT sum(a) FROM t")).isEqualTo("1");
    wire.clock.advance(Duration.ofDays(2));
    wire.failed(
        "ResourceNotFound", wire.send("PUT", "late", restore("ReviveDropped", "orders", now())));
  }

  @Test
  void refusesWhatTheDocumentsForbid() throws Exception {
    String before = "2025-12-31T23:00:00Z";
    refused(
        400,
        "InvalidParameterValue",
        "is not between",
        wire.send("PUT", "again", restore("PointInTimeRestore", "orders", before)));
    refused(
        400,
        "InvalidParameterValue",
        "is not deleted",
        wire.send("PUT", "again", restore("ReviveDropped", "orders", now())));
    refused(
        400,
        "InvalidParameterValue",
        "no geo-redundant backups",
        wire.send(
            "PUT", "again", restore("GeoRestore", "orders", now()).replace("eastus", "westus")));
    refused(
        400,
        "InvalidParameterValue",
        "is in eastus",
        wire.send(
            "PUT",
            "again",
            restore("PointInTimeRestore", "orders", now()).replace("eastus", "westus")));
    refused(
        404,
        "ResourceNotFound",
        "nobody",
        wire.send("PUT", "again", restore("PointInTimeRestore", "nobody", now())));
    refused(
        400,
        "InvalidParameterValue",
        "public and private",
        wire.send(
            "PUT",
            "again",
            restore(
                "PointInTimeRestore",
                "orders",
                now(),
                ",'network':{'delegatedSubnetResourceId':'/s','privateDnsZoneArmResourceId':'/z'}")));
    String automatic = backup(0).at("/name").asText();
    refused(
        400,
        "InvalidParameterValue",
        "automated",
        wire.send("DELETE", "orders/backups/" + automatic, ""));
    refused(
        400,
        "InvalidParameterValue",
        "has none",
        wire.send("PUT", "orders/backups/b", "{'tags':{}}"));
    wire.done("PUT", "orders/backups/one", "");
    // As documented, also of a name that is taken.
    wire.failed("InternalServerError", wire.send("PUT", "orders/backups/one", ""));
    wire.send("PUT", "orders/backups/two", "");
    wire.failed("InternalServerError", wire.send("PUT", "orders/backups/three", ""));
    wire.clock.advanceUntilIdle();
    for (int i = 3; i <= 7; i++) {
      wire.done("PUT", "orders/backups/by-hand-" + i, "");
    }
    refused(
        400, "InvalidParameterValue", "7 on-demand", wire.send("PUT", "orders/backups/eighth", ""));
    wire.server("small", "eastus", "Standard_B2s");
    refused(400, "InvalidParameterValue", "Burstable", wire.send("PUT", "small/backups/one", ""));
  }

  @Test
  void backupsByHandGoWithTheRetention() throws Exception {
    wire.done("PUT", "orders/backups/one", "");
    wire.clock.advance(Duration.ofDays(6));
    assertThat(wire.send("GET", "orders/backups/one", "").statusCode()).isEqualTo(200);
    wire.clock.advance(Duration.ofDays(2));
    assertThat(wire.send("GET", "orders/backups/one", "").statusCode()).isEqualTo(404);
    assertThat(wire.show("orders", "/backup/earliestRestoreDate")).startsWith("2026-01-02T");
  }

  @Test
  void geoRestoreNeedsAnHourAndThePair() throws Exception {
    wire.done(
        "PUT",
        "geo",
        "{'location':'eastus','properties':{'administratorLogin':'app_admin','version':'16',"
            + "'administratorLoginPassword':'"
            + ArmWire.PASSWORD
            + "',"
            + "'backup':{'geoRedundantBackup':'Enabled'},'storage':{'storageSizeGB':128}},"
            + ArmWire.size("Standard_D2ds_v5")
            + "}");
    assertThat(wire.show("geo", "/backup/geoRedundantBackup")).isEqualTo("Enabled");
    wire.run("geo", "CREATE TABLE t AS SELECT 1 AS a");
    String body = restore("GeoRestore", "geo", now()).replace("eastus", "westus");
    HttpResponse<String> early = wire.send("PUT", "far", body);
    wire.failed("InvalidParameterValue", early);
    assertThat(json(wire.send("GET", ArmWire.operation(early), "")).at("/error/message").asText())
        .isEqualTo("Unable to geo-restore server geo as its geo-backups aren't available yet.");
    wire.clock.advance(Duration.ofHours(1));
    refused(
        400,
        "InvalidParameterValue",
        "no geo-redundant backups",
        wire.send("PUT", "far", body.replace("westus", "northeurope")));
    wire.done("PUT", "far", body);
    assertThat(wire.ask("far", "SELECT sum(a) FROM t")).isEqualTo("1");
    assertThat(wire.show("far", "/backup/geoRedundantBackup")).isEqualTo("Disabled");
  }
}
