/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * Makes {@code CreateDBInstance} and the parameters of its group out of a spec. A pure function;
 * the password and the tag of the attempt are not part of it.
 */
final class CreateMapping {
  private static final String ENGINE = "postgres";
  private static final int OLDEST_MAJOR = 11;
  private static final Pattern VERSION = Pattern.compile("([0-9]{2,3})(\\.[0-9]{1,3})?");

  /** Names that RDS refuses for the master user of PostgreSQL. */
  private static final Set<String> RESERVED_USERS = Set.of("admin", "rdsadmin", "public", "none");

  private final InstanceSpec spec;
  private final FieldMapping<CreateDbInstanceRequest.Builder> fields;
  private final int major;

  CreateMapping(String provider, InstanceSpec spec) {
    this.spec = spec;
    this.fields =
        new FieldMapping<>(Plan.builder(provider, spec), CreateDbInstanceRequest.builder());
    this.major = engine();
    instance();
    new StorageMapping(fields, spec.storage()).map();
    admin(spec.admin());
    policies();
    network(spec.network().orElse(null));
    PostgresParameters parameters = new PostgresParameters(fields);
    parameters.tls(spec.tls(), major);
    spec.logicalReplication().ifPresent(parameters::logicalReplication);
    parameters.named(spec.parameters());
    tags();
  }

  Plan plan() {
    return fields.plan();
  }

  CreateDbInstanceRequest.Builder request() {
    return fields.request();
  }

  Map<String, String> parameters() {
    return fields.parameters();
  }

  /** The family of parameter groups, for example {@code postgres16}. */
  String family() {
    return ENGINE + major;
  }

  private int engine() {
    if (spec.engine().equals(Engine.POSTGRESQL)) {
      fields.honour(
          InstanceField.ENGINE, "Engine", ENGINE, CreateDbInstanceRequest.Builder::engine);
    } else {
      fields.refuse(
          InstanceField.ENGINE,
          "this release makes no " + spec.engine() + " on RDS",
          Engine.POSTGRESQL.toString());
    }
    Matcher matcher = VERSION.matcher(spec.engineVersion());
    int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (number >= OLDEST_MAJOR) {
      fields.honour(
          InstanceField.ENGINE_VERSION,
          "EngineVersion",
          spec.engineVersion(),
          CreateDbInstanceRequest.Builder::engineVersion);
    } else {
      fields.refuse(
          InstanceField.ENGINE_VERSION,
          "RDS has no PostgreSQL " + spec.engineVersion(),
          "a version from " + OLDEST_MAJOR + " on, such as 16 or 16.4");
    }
    return number;
  }

  private void instance() {
    fields.honour(
        InstanceField.NAME,
        "DBInstanceIdentifier",
        spec.name(),
        CreateDbInstanceRequest.Builder::dbInstanceIdentifier);
    size(spec.size());
    fields.honour(
        InstanceField.AVAILABILITY,
        "MultiAZ",
        spec.availability() == Availability.REGIONAL,
        CreateDbInstanceRequest.Builder::multiAZ);
    spec.database().ifPresent(this::database);
    spec.deletionProtection()
        .ifPresent(
            on ->
                fields.honour(
                    InstanceField.DELETION_PROTECTION,
                    "DeletionProtection",
                    on,
                    CreateDbInstanceRequest.Builder::deletionProtection));
    spec.insights().ifPresent(this::insights);
  }

  private void insights(Insights insights) {
    fields.honour(
        InstanceField.INSIGHTS,
        "EnablePerformanceInsights",
        insights.collected(),
        (request, on) ->
            request
                .enablePerformanceInsights(on)
                .databaseInsightsMode(DatabaseInsightsMode.STANDARD));
    InsightsRetention.map(
        fields, insights, CreateDbInstanceRequest.Builder::performanceInsightsRetentionPeriod);
  }

  private void size(InstanceSize size) {
    Optional<String> chosen = InstanceClasses.choose(size);
    if (chosen.isPresent()) {
      fields.honour(
          InstanceField.SIZE,
          "DBInstanceClass",
          chosen.get(),
          CreateDbInstanceRequest.Builder::dbInstanceClass);
    } else {
      fields.refuse(InstanceField.SIZE, noClass(size), "InstanceSize.named(\"db....\")");
    }
  }

  static String noClass(InstanceSize size) {
    return size.name().isPresent()
        ? "'" + size.name().get() + "' is no DB instance class: they begin with 'db.'"
        : "no known DB instance class has " + size;
  }

  private void database(String name) {
    if (Character.isLetter(name.charAt(0))) {
      fields.honour(
          InstanceField.DATABASE, "DBName", name, CreateDbInstanceRequest.Builder::dbName);
    } else {
      fields.refuse(
          InstanceField.DATABASE,
          "on RDS the name of a database begins with a letter",
          "another name, or CREATE DATABASE afterwards");
    }
  }

  private void admin(AdminLogin admin) {
    InstanceField field =
        admin.managed() ? InstanceField.ADMIN_MANAGED_PASSWORD : InstanceField.ADMIN_LOGIN;
    String user = admin.user();
    if (!Character.isLetter(user.charAt(0))
        || RESERVED_USERS.contains(user)
        || user.startsWith("pg_")
        || user.startsWith("rds_")) {
      fields.refuse(
          field, "RDS refuses '" + user + "' as the master user's name", "app_admin, for example");
      return;
    }
    if (admin.managed()) {
      fields.honour(
          field,
          "ManageMasterUserPassword",
          true,
          (request, on) -> request.manageMasterUserPassword(on).masterUsername(user));
    } else {
      fields.honour(field, "MasterUsername", user, CreateDbInstanceRequest.Builder::masterUsername);
    }
  }

  private void policies() {
    PolicyMapping<CreateDbInstanceRequest.Builder> policies =
        new PolicyMapping<>(
            fields,
            CreateDbInstanceRequest.Builder::backupRetentionPeriod,
            CreateDbInstanceRequest.Builder::preferredBackupWindow,
            CreateDbInstanceRequest.Builder::preferredMaintenanceWindow);
    spec.backups()
        .ifPresent(
            policy ->
                policies.backups(
                    policy, spec.maintenance().orElse(null), PolicyMapping.DEFAULT_RETENTION_DAYS));
    spec.maintenance().ifPresent(policies::maintenance);
  }

  private void network(@Nullable Network network) {
    if (network == null) {
      fields.honour(
          InstanceField.PRIVATE_NETWORK,
          "PubliclyAccessible",
          false,
          CreateDbInstanceRequest.Builder::publiclyAccessible);
      return;
    }
    if (!network.securityGroups().isEmpty()) {
      fields.request().vpcSecurityGroupIds(network.securityGroups());
    }
    if (network.dnsZone().isPresent()) {
      fields.refuse(
          network.isPublic() ? InstanceField.PUBLIC_ACCESS : InstanceField.PRIVATE_NETWORK,
          "RDS takes no private DNS zone: it makes the instance's name itself",
          "the network without dnsZone(...)");
    } else if (network.isPublic()) {
      publicAccess(network);
    } else if (!network.allowedCidrs().isEmpty()) {
      fields.refuse(
          InstanceField.PRIVATE_NETWORK,
          "a private network and public address ranges are asked for at once",
          "one of the two; in a private network a VPC security group says who may connect");
    } else {
      fields.request().publiclyAccessible(false);
      fields.honour(
          InstanceField.PRIVATE_NETWORK,
          "DBSubnetGroupName",
          network.privateNetwork().orElseThrow(),
          CreateDbInstanceRequest.Builder::dbSubnetGroupName);
    }
  }

  /** The addresses belong to a security group, which is EC2's and not made here. */
  private void publicAccess(Network network) {
    if (network.securityGroups().isEmpty()) {
      fields.refuse(
          InstanceField.PUBLIC_ACCESS,
          "on RDS a VPC security group says which addresses may connect",
          "make one in EC2 that allows "
              + String.join(", ", network.allowedCidrs())
              + ", name it by securityGroup(...), and add preferring("
              + InstanceField.PUBLIC_ACCESS
              + ")");
      return;
    }
    fields.adjust(
        InstanceField.PUBLIC_ACCESS,
        "PubliclyAccessible",
        true,
        "which addresses may connect is what the security groups "
            + network.securityGroups()
            + " say, not this spec",
        CreateDbInstanceRequest.Builder::publiclyAccessible);
  }

  private void tags() {
    Tags.plan(fields, "Tags", spec.tags());
    fields.request().tags(tags(spec.tags()));
  }

  static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(entry -> Tag.builder().key(entry.getKey()).value(entry.getValue()).build())
        .toList();
  }
}
