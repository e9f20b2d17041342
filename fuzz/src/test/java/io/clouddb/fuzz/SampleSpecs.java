/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;

/** Specs that use every field, and specs of anything. */
final class SampleSpecs {
  private static final ObjectMapper JSON = new ObjectMapper();

  static final List<String> SPECS =
      List.of(small().build().toJson(), full().build().toJson(), networked().build().toJson());

  static final List<String> CHANGES = List.of(change().toJson());

  private SampleSpecs() {}

  static InstanceSpec.Builder small() {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(128)))
        .admin(AdminLogin.of("app_admin", SecretRef.environment("ADMIN_PW")));
  }

  private static InstanceSpec.Builder full() {
    return small()
        .size(InstanceSize.named("db.m7g.large"))
        .storage(
            Storage.provisionedIops(DataSize.gib(400), 12000)
                .growingTo(DataSize.gib(800))
                .encryptedWith("arn:aws:kms:us-east-1:1:key/2"))
        .availability(Availability.REGIONAL)
        .database("shop")
        .admin(AdminLogin.managed("app_admin"))
        .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7).withPointInTime())
        .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30)))
        .tls(TlsMode.REQUIRED)
        .deletionProtection(true)
        .logicalReplication(true)
        .insights(Insights.enabled())
        .parameter("work_mem", "8192")
        .tag("environment", "production")
        .preferring(InstanceField.BACKUP_WINDOW);
  }

  private static InstanceSpec.Builder networked() {
    return small()
        .admin(AdminLogin.of("app_admin", SecretRef.file(java.nio.file.Path.of("/run/pw"))))
        .network(Network.publicAccess("203.0.113.0/24", "2001:db8::/32").securityGroup("sg-1"));
  }

  private static InstanceChange change() {
    return InstanceChange.builder()
        .size(InstanceSize.atLeast(4, DataSize.gib(16)))
        .storageSize(DataSize.gib(256))
        .adminPassword(SecretRef.store("arn:x"))
        .backups(BackupPolicy.daily())
        .maintenance(MaintenanceWindow.weekly(DayOfWeek.FRIDAY, LocalTime.of(23, 59)))
        .parameter("work_mem", "8192")
        .tag("a", "b")
        .deletionProtection(false)
        .build();
  }

  /** A spec of any values, through the builder; most are refused. */
  static InstanceSpec built(Source source) {
    InstanceSpec.Builder spec =
        InstanceSpec.builder(
                source.chance(80) ? "orders" : source.text(),
                source.chance(90) ? Engine.POSTGRESQL : new Engine(source.text()),
                source.chance(80) ? "16" : source.changed(List.of("16", "16.4", "14.2.R3")))
            .size(size(source))
            .storage(storage(source))
            .admin(
                AdminLogin.of(
                    source.chance(80) ? "app_admin" : source.text(), SecretRef.environment("PW")));
    if (source.chance(30)) {
      spec.database(source.changed(List.of("shop", "Orders_1")));
    }
    if (source.chance(30)) {
      spec.network(
          Network.publicAccess(
              source.changed(List.of("203.0.113.0/24", "2001:db8::/32", "::ffff:1.2.3.4/128"))));
    }
    if (source.chance(30)) {
      spec.tag(source.changed(List.of("environment")), source.changed(List.of("production", "")));
    }
    if (source.chance(30)) {
      spec.parameter(source.changed(List.of("work_mem", "pg.x")), source.text());
    }
    if (source.chance(30)) {
      spec.backups(backups(source));
    }
    if (source.chance(30)) {
      spec.maintenance(
          MaintenanceWindow.weekly(source.pick(List.of(DayOfWeek.values())), time(source)));
    }
    return spec.build();
  }

  private static BackupPolicy backups(Source source) {
    BackupPolicy policy =
        source.chance(80) ? BackupPolicy.daily(time(source)) : BackupPolicy.none();
    policy = policy.retainDays((int) source.number());
    return source.chance(50) ? policy.withPointInTime() : policy;
  }

  private static LocalTime time(Source source) {
    return source.chance(50)
        ? LocalTime.of(source.below(24), source.below(60))
        : LocalTime.ofNanoOfDay(Math.floorMod(source.number(), 86_400_000_000_000L));
  }

  private static InstanceSize size(Source source) {
    return source.chance(30)
        ? InstanceSize.named(source.changed(List.of("db.m7g.large", "db-custom-2-8192")))
        : InstanceSize.atLeast((int) amount(source), new DataSize(amount(source) << 30));
  }

  private static Storage storage(Source source) {
    DataSize disk =
        source.chance(70)
            ? DataSize.gib(20 + source.below(4000))
            : new DataSize(source.number() & Long.MAX_VALUE);
    Storage storage =
        source.chance(70) ? Storage.ssd(disk) : Storage.provisionedIops(disk, (int) amount(source));
    if (source.chance(30)) {
      storage = storage.growingTo(new DataSize(source.number() & Long.MAX_VALUE));
    }
    return source.chance(20) ? storage.encryptedWith(source.text()) : storage;
  }

  private static long amount(Source source) {
    return source.chance(70) ? 1 + source.below(64) : Math.abs(source.number() >> 31);
  }

  /** A document in which the admin, or a part of it, whatever it is, became a text. */
  static String withAdminReplaced(Source source, String document, String text) {
    try {
      JsonNode root = JSON.readTree(document);
      List<Runnable> places = new ArrayList<>();
      places.add(() -> ((ObjectNode) root).put("admin", text));
      places.add(() -> ((ObjectNode) root).putArray("admin").add(text));
      places.add(() -> ((ObjectNode) root.get("admin")).putObject("user").put("x", text));
      collect(root.get("admin"), text, places);
      source.pick(places).run();
      return source.noted(root.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("A sample is no JSON", e);
    }
  }

  private static void collect(JsonNode node, String text, List<Runnable> places) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              field -> {
                String name = field.getKey();
                places.add(() -> object.put(name, text));
                collect(field.getValue(), text, places);
              });
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        places.add(() -> array.set(index, text));
      }
    }
  }
}
