/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.server.InstanceRequest;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code CreateDBInstance}. */
final class CreateAction {
  /** What the service chooses by chance when the caller does not. */
  private static final String BACKUP_WINDOW = "08:14-08:44";

  private static final String MAINTENANCE_WINDOW = "tue:11:02-tue:11:32";
  private static final String LATE_BACKUP_WINDOW = "20:14-20:44";

  /** Those of a VPC, when the caller names none. */
  static final List<String> DEFAULT_SECURITY_GROUPS = List.of("sg-0123456789abcdef0");

  private final RdsState state;
  private final Call call;
  private final String region;
  private final QueryForm form;
  private final Map<String, Object> members = new LinkedHashMap<>();

  CreateAction(RdsState state, QueryCall call) {
    this.state = state;
    this.call = call.call();
    this.region = call.region();
    this.form = call.form();
  }

  SimulatedInstance run() {
    ResourceKey key = state.key(region, form.required("DBInstanceIdentifier"));
    InstanceRules.identifier(key.name());
    members.put(Members.CLASS, form.required(Members.CLASS));
    InstanceRules.instanceClass((String) members.get(Members.CLASS));
    String engine = form.required("Engine");
    if (!engine.equals("postgres")) {
      throw new NotSimulatedException("the engine " + engine);
    }
    String version = form.text(Members.VERSION).orElse("17");
    int major = InstanceRules.major(version);
    state.requireOffered(major);
    members.put(Members.VERSION, InstanceRules.fullVersion(version));
    storage(key);
    policies();
    network();
    ParameterGroup group = group(major);
    switches();
    Map<String, String> tags = form.tags();
    InstanceRules.tags(tags.size());
    members.put(Members.TAGS, tags);
    members.put(Members.HIDDEN, state.hiddenDescriptions());
    String user = form.required("MasterUsername");
    InstanceRules.user(user);
    Optional<String> database = form.text(Members.DATABASE);
    database.ifPresent(InstanceRules::database);
    database.ifPresent(name -> members.put(Members.DATABASE, name));
    String password = password(key, user);
    form.complete();
    if (state.servers().find(key).isPresent()) {
      throw exists(key);
    }
    InstanceRequest.Builder request =
        InstanceRequest.of(key, major, user, SecretRef.literal(password))
            .parameters(group.parameters());
    database.ifPresent(request::database);
    members.forEach(request::attribute);
    create(request.build(), key);
    SimulatedInstance instance = state.instance(key);
    AutomatedBackups.schedule(state, instance);
    return instance;
  }

  private void create(InstanceRequest request, ResourceKey key) {
    try {
      // How it ends shows in the instance's status.
      Object unused = state.servers().lifeCycle(call).create(request);
    } catch (SimulatorException e) {
      throw refused(e, key);
    }
  }

  static RuntimeException refused(SimulatorException e, ResourceKey key) {
    return switch (e.reason()) {
      case ALREADY_EXISTS -> exists(key);
      case QUOTA ->
          AwsError.badRequest(
              "InstanceQuotaExceeded",
              "DBInstanceQuotaExceeded: the quota of DB instances is reached");
      default -> e;
    };
  }

  static AwsError exists(ResourceKey key) {
    return AwsError.badRequest(
        "DBInstanceAlreadyExists", "DB instance already exists: " + key.name());
  }

  private void storage(ResourceKey instance) {
    Disk disk = Disk.asked(form);
    members.put(Members.STORAGE, disk.size());
    members.put(Members.STORAGE_TYPE, disk.type());
    disk.allIops().ifPresent(value -> members.put(Members.IOPS, value));
    disk.allThroughput().ifPresent(value -> members.put(Members.THROUGHPUT, value));
    disk.limit().ifPresent(value -> members.put(Members.STORAGE_LIMIT, value));
    boolean encrypted = form.bool(Members.ENCRYPTED).orElse(false);
    Optional<String> key = form.text(Members.KEY);
    if (key.isPresent() && !encrypted) {
      throw AwsError.combination("KmsKeyId can be specified for encrypted storage only");
    }
    members.put(Members.ENCRYPTED, encrypted);
    if (encrypted) {
      members.put(Members.KEY, key.orElseGet(() -> RdsState.arn(instance, "kms", "key/aws-rds")));
    }
  }

  private void policies() {
    int retention = form.integer(Members.RETENTION).orElse(1);
    InstanceRules.retention(retention);
    members.put(Members.RETENTION, retention);
    Optional<String> backup = form.text(Members.BACKUP_WINDOW);
    Optional<String> maintenance = form.text(Members.MAINTENANCE_WINDOW);
    InstanceRules.windows(backup, maintenance);
    String weekly = maintenance.orElse(MAINTENANCE_WINDOW);
    String daily =
        backup.orElseGet(
            () ->
                TimeWindow.backup(BACKUP_WINDOW).overlaps(TimeWindow.maintenance(weekly))
                    ? LATE_BACKUP_WINDOW
                    : BACKUP_WINDOW);
    members.put(Members.MAINTENANCE_WINDOW, weekly);
    members.put(Members.BACKUP_WINDOW, daily);
  }

  private void network() {
    String subnetGroup = subnetGroup(state, form.text(Members.SUBNET_GROUP).orElse("default"));
    members.put(Members.SUBNET_GROUP, subnetGroup);
    List<String> securityGroups = form.texts("VpcSecurityGroupIds.VpcSecurityGroupId");
    securityGroups.forEach(InstanceRules::securityGroup);
    members.put(
        Members.SECURITY_GROUPS,
        securityGroups.isEmpty() ? DEFAULT_SECURITY_GROUPS : securityGroups);
    members.put(Members.PUBLIC, form.bool(Members.PUBLIC).orElse(subnetGroup.equals("default")));
  }

  /** Its name is kept as a lowercase string: the API Reference, {@code CreateDBSubnetGroup}. */
  static String subnetGroup(RdsState state, String named) {
    String name = named.toLowerCase(Locale.ROOT);
    if (!state.subnetGroups().contains(name)) {
      throw AwsError.notFound(
          "DBSubnetGroupNotFoundFault", "DB subnet group '" + name + "' does not exist.");
    }
    return name;
  }

  private ParameterGroup group(int major) {
    ParameterGroup group =
        state.group(
            region, form.text(Members.GROUP).orElse(ParameterGroup.byDefault(major).name()));
    requireFamily(group, major);
    members.put(Members.GROUP, group.name());
    return group;
  }

  static void requireFamily(ParameterGroup group, int major) {
    String family = ParameterGroup.byDefault(major).family();
    if (!group.family().equals(family)) {
      throw AwsError.combination(
          "The Parameter Group "
              + group.name()
              + " with DBParameterGroupFamily "
              + group.family()
              + " cannot be used for this instance. Please use a Parameter Group with"
              + " DBParameterGroupFamily "
              + family);
    }
  }

  private void switches() {
    members.put(Members.MULTI_AZ, form.bool(Members.MULTI_AZ).orElse(false));
    members.put(Members.PROTECTED, form.bool(Members.PROTECTED).orElse(false));
    boolean insights = form.bool("EnablePerformanceInsights").orElse(false);
    members.put(Members.PERFORMANCE_INSIGHTS, insights);
    Optional<Integer> kept = form.integer(Members.INSIGHTS_RETENTION);
    kept.ifPresent(days -> InstanceRules.insightsRetention(days, insights));
    if (insights) {
      members.put(Members.INSIGHTS_RETENTION, kept.orElse(InstanceRules.INSIGHTS_LEAST));
    }
    members.put(Members.INSIGHTS_MODE, insights(form).orElse("standard"));
    members.put(Members.MINOR_UPGRADES, form.bool(Members.MINOR_UPGRADES).orElse(true));
    members.put(Members.COPY_TAGS, form.bool(Members.COPY_TAGS).orElse(false));
    if (form.integer(Members.MONITORING).orElse(0) != 0) {
      throw new NotSimulatedException("enhanced monitoring");
    }
    members.put(Members.MONITORING, 0);
  }

  static Optional<String> insights(QueryForm form) {
    Optional<String> mode = form.text(Members.INSIGHTS_MODE);
    mode.filter(other -> !other.equals("standard"))
        .ifPresent(
            other -> {
              throw new NotSimulatedException("the Database Insights mode " + other);
            });
    return mode;
  }

  private String password(ResourceKey key, String user) {
    boolean managed = form.bool("ManageMasterUserPassword").orElse(false);
    Optional<String> own = form.text("MasterUserPassword");
    if (managed && own.isPresent()) {
      throw AwsError.combination(
          "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.");
    }
    if (!managed) {
      String password =
          own.orElseThrow(
              () ->
                  AwsError.badRequest(
                      "MissingParameter",
                      "The parameter MasterUserPassword must be provided and must not be blank."));
      InstanceRules.password(password);
      return password;
    }
    String password = MasterSecrets.newPassword();
    members.put(Members.SECRET, MasterSecrets.create(state, key, user, password));
    return password;
  }
}
