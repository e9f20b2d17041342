/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.server.ReplicaRequest;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code CreateDBInstanceReadReplica}. The API Reference: "RDS creates read replicas with backups
 * disabled. All other attributes (including DB security groups and DB parameter groups) are
 * inherited from the source DB instance or cluster, except as specified." Across regions the
 * parameter group and the security group are the default ones.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.Cnsdr.html">
 *     Cross-Region replication considerations</a>
 */
final class CreateReplicaAction {
  private static final Pattern ARN =
      Pattern.compile("arn:([a-z-]+):rds:([a-z0-9-]+):([0-9]+):db:([a-zA-Z0-9-]+)");

  /** Of the source alone. */
  private static final Set<String> NOT_INHERITED =
      Set.of(
          Members.PENDING,
          Members.STATUS,
          Members.GROUP_PENDING,
          Members.HIDDEN,
          Members.KEY,
          Members.STORAGE,
          Members.STORAGE_TYPE,
          Members.STORAGE_LIMIT,
          Members.IOPS,
          Members.THROUGHPUT,
          Members.TAGS);

  private final RdsState state;
  private final Call call;
  private final String region;
  private final QueryForm form;
  private final Map<String, Object> members = new LinkedHashMap<>();

  CreateReplicaAction(RdsState state, QueryCall call) {
    this.state = state;
    this.call = call.call();
    this.region = call.region();
    this.form = call.form();
  }

  SimulatedInstance run() {
    ResourceKey key = state.key(region, form.required("DBInstanceIdentifier"));
    InstanceRules.identifier(key.name());
    String named = form.required("SourceDBInstanceIdentifier");
    SimulatedInstance source = state.instance(source(named));
    boolean near = RdsState.region(source.key()).equals(region);
    members.putAll(source.attributes());
    members.keySet().removeAll(NOT_INHERITED);
    machine();
    storage(source);
    key(source, near);
    network(near && !named.startsWith("arn:"));
    ParameterGroup group = group(source, near);
    switches();
    members.put(Members.RETENTION, 0);
    Map<String, String> tags = form.tags();
    InstanceRules.tags(tags.size());
    members.put(Members.TAGS, tags);
    members.put(Members.HIDDEN, state.hiddenDescriptions());
    signed(source, near);
    form.complete();
    if (state.servers().find(key).isPresent()) {
      throw CreateAction.exists(key);
    }
    ReplicaRules.source(state, source, region);
    ReplicaRequest.Builder request =
        ReplicaRequest.of(key, source.key()).parameters(group.parameters());
    members.forEach(request::attribute);
    if (!near) {
      // The User Guide, "How Amazon RDS does cross-Region replication": the source is modifying
      // until its snapshot is there.
      request.holdSource();
    }
    try {
      // How it ends shows in the instance's status.
      Object unused = state.servers().replicas(call).create(request.build());
    } catch (SimulatorException e) {
      throw CreateAction.refused(e, key);
    }
    return state.instance(key);
  }

  /**
   * The API Reference: ignored where a region is neither in China nor in GovCloud; there "you must
   * specify this parameter when you create an encrypted read replica from another Region".
   */
  private void signed(SimulatedInstance source, boolean near) {
    boolean signed = form.text("PreSignedUrl").isPresent();
    boolean asked =
        !near
            && !AwsPartition.of(region).equals(AwsPartition.COMMERCIAL)
            && source.attribute(Members.ENCRYPTED, Boolean.class).orElse(false);
    if (asked && !signed) {
      throw AwsError.combination(
          "PreSignedUrl must be specified for an encrypted source in another region.");
    }
  }

  /** By its name in this region, by its ARN in any of the partition. */
  private ResourceKey source(String named) {
    Matcher arn = ARN.matcher(named);
    if (arn.matches()) {
      if (!arn.group(3).equals(state.account())) {
        throw new NotSimulatedException("a source in another account");
      }
      String its = AwsPartition.of(arn.group(2));
      if (!its.equals(arn.group(1)) || !its.equals(AwsPartition.of(region))) {
        throw AwsError.value("The ARN " + named + " is none of this partition.");
      }
      return state.key(arn.group(2), arn.group(4));
    }
    ResourceKey key = state.key(region, named);
    InstanceRules.identifier(key.name(), "SourceDBInstanceIdentifier");
    return key;
  }

  private void machine() {
    form.text(Members.CLASS)
        .ifPresent(
            name -> {
              InstanceRules.instanceClass(name);
              members.put(Members.CLASS, name);
            });
    members.put(Members.MULTI_AZ, form.bool(Members.MULTI_AZ).orElse(false));
  }

  private void storage(SimulatedInstance source) {
    Disk disk = Disk.of(source).forReplica(form);
    members.put(Members.STORAGE, disk.size());
    members.put(Members.STORAGE_TYPE, disk.type());
    disk.allIops().ifPresent(value -> members.put(Members.IOPS, value));
    disk.allThroughput().ifPresent(value -> members.put(Members.THROUGHPUT, value));
    disk.limit().ifPresent(value -> members.put(Members.STORAGE_LIMIT, value));
  }

  private void key(SimulatedInstance source, boolean near) {
    boolean encrypted = source.attribute(Members.ENCRYPTED, Boolean.class).orElse(false);
    Optional<String> key = form.text(Members.KEY);
    if (near) {
      if (key.isPresent()) {
        throw AwsError.combination(
            "Your request does not require the KMS key parameter. Please remove the KMS key"
                + " parameter and try your request again.");
      }
      source.attribute(Members.KEY, String.class).ifPresent(own -> members.put(Members.KEY, own));
      return;
    }
    if (encrypted && key.isEmpty()) {
      throw AwsError.combination(
          "Cannot create a cross region unencrypted read replica from encrypted source.");
    }
    if (!encrypted && key.isPresent()) {
      throw AwsError.combination(
          "Cannot create a cross region encrypted read replica from unencrypted source.");
    }
    key.ifPresent(
        own -> {
          EncryptionKeys.requireOf(region, own);
          members.put(Members.KEY, own);
        });
  }

  /**
   * Beside its source is what names it by its identifier, as the API Reference has it for the same
   * region; whatever names it by its ARN chooses a subnet group, or gets the default one.
   */
  private void network(boolean besideItsSource) {
    Optional<String> named = form.text(Members.SUBNET_GROUP);
    if (named.isPresent() && besideItsSource) {
      throw AwsError.badRequest(
          "DBSubnetGroupNotAllowedFault",
          "DbSubnetGroupName should not be specified for read replicas that are created in the same"
              + " region as the master");
    }
    if (!besideItsSource) {
      String subnetGroup = CreateAction.subnetGroup(state, named.orElse("default"));
      members.put(Members.SUBNET_GROUP, subnetGroup);
      members.put(Members.SECURITY_GROUPS, CreateAction.DEFAULT_SECURITY_GROUPS);
      members.put(Members.PUBLIC, subnetGroup.equals("default"));
    }
    List<String> securityGroups = form.texts("VpcSecurityGroupIds.VpcSecurityGroupId");
    securityGroups.forEach(InstanceRules::securityGroup);
    if (!securityGroups.isEmpty()) {
      members.put(Members.SECURITY_GROUPS, securityGroups);
    }
    form.bool(Members.PUBLIC).ifPresent(on -> members.put(Members.PUBLIC, on));
  }

  private ParameterGroup group(SimulatedInstance source, boolean near) {
    if (form.text(Members.GROUP).isPresent()) {
      throw AwsError.combination(
          "A parameter group can't be specified during Read Replica creation for the following DB"
              + " engine: postgres");
    }
    ParameterGroup byDefault = ParameterGroup.byDefault(source.version());
    ParameterGroup group =
        near
            ? source
                .attribute(Members.GROUP, String.class)
                .map(name -> state.group(region, name))
                .orElse(byDefault)
            : byDefault;
    members.put(Members.GROUP, group.name());
    return group;
  }

  private void switches() {
    members.put(Members.PROTECTED, form.bool(Members.PROTECTED).orElse(false));
    members.put(Members.COPY_TAGS, form.bool(Members.COPY_TAGS).orElse(false));
    form.bool(Members.MINOR_UPGRADES).ifPresent(on -> members.put(Members.MINOR_UPGRADES, on));
    insights();
    if (form.integer(Members.MONITORING).orElse(0) != 0) {
      throw new NotSimulatedException("enhanced monitoring");
    }
    if (form.text(Members.INSIGHTS_MODE).isPresent()) {
      throw AwsError.combination("DatabaseInsightsMode isn't supported for read replicas.");
    }
  }

  private void insights() {
    boolean insights =
        form.bool("EnablePerformanceInsights")
            .orElse(Boolean.TRUE.equals(members.get(Members.PERFORMANCE_INSIGHTS)));
    Optional<Integer> kept = form.integer(Members.INSIGHTS_RETENTION);
    kept.ifPresent(days -> InstanceRules.insightsRetention(days, insights));
    Object inherited = members.remove(Members.INSIGHTS_RETENTION);
    members.put(Members.PERFORMANCE_INSIGHTS, insights);
    if (insights) {
      int days = inherited instanceof Integer known ? known : InstanceRules.INSIGHTS_LEAST;
      members.put(Members.INSIGHTS_RETENTION, kept.orElse(days));
    }
  }
}
